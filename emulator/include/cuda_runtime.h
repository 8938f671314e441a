/// The CUDA runtime as every kernel and host file includes it, on a machine whose CUDA device is its CPU.
#pragma once
// Programs count on these coming with it.
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/atomics.hpp"
#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/launch.hpp"
#include "gridstride/emulator/math.hpp"
#include "gridstride/emulator/memory_access.hpp"
#include "gridstride/emulator/shared.hpp"
#include "gridstride/emulator/sync.hpp"
#include "gridstride/emulator/thread.hpp"
#include "gridstride/emulator/video.hpp"
#include "gridstride/emulator/warp.hpp"
