#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define CU_COMPLEX_H_
#include "gridstride/emulator/complex.hpp"
