#pragma once
#include "gridstride/emulator/math.hpp"
