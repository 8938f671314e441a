#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __DEVICE_LAUNCH_PARAMETERS_H__
#include "gridstride/emulator/thread.hpp"
