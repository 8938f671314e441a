#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __MATH_CONSTANTS_H__
#include "gridstride/emulator/math_constants.hpp"
