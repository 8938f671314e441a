#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back. So does this one, where a
// library's header has brought the toolkit's.
#ifndef CU_COMPLEX_H_
#define CU_COMPLEX_H_
#include "gridstride/emulator/complex.hpp"
#endif
