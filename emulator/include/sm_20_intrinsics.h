#pragma once
#include "gridstride/emulator/math.hpp"
#include "gridstride/emulator/sync.hpp"
