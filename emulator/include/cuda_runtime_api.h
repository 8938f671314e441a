#pragma once
#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/managed.hpp"
