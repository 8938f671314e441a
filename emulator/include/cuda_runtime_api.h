#pragma once
#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/managed.hpp"
#include "gridstride/emulator/texture_types.hpp"
