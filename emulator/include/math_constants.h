#pragma once
#include "gridstride/emulator/math_constants.hpp"
