#pragma once
#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/memory_access.hpp"
