/// The CUDA runtime as every kernel and host file includes it, on a machine whose CUDA device is its CPU.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __CUDA_RUNTIME_H__
#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/atomics.hpp"
#include "gridstride/emulator/clusters.hpp"
#include "gridstride/emulator/cub.hpp"
#include "gridstride/emulator/default_stream.hpp"
#include "gridstride/emulator/graph.hpp"
#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/interprocess.hpp"
#include "gridstride/emulator/kernel_address.hpp"
#include "gridstride/emulator/launch.hpp"
#include "gridstride/emulator/launch_attributes.hpp"
#include "gridstride/emulator/managed.hpp"
#include "gridstride/emulator/math.hpp"
#include "gridstride/emulator/memory_access.hpp"
#include "gridstride/emulator/occupancy.hpp"
#include "gridstride/emulator/peers.hpp"
#include "gridstride/emulator/pools.hpp"
#include "gridstride/emulator/ptx.hpp"
#include "gridstride/emulator/scoped_atomics.hpp"
#include "gridstride/emulator/shared.hpp"
#include "gridstride/emulator/shared_window.hpp"
#include "gridstride/emulator/stream_attributes.hpp"
#include "gridstride/emulator/surfaces.hpp"
#include "gridstride/emulator/sync.hpp"
#include "gridstride/emulator/tensor_map.hpp"
#include "gridstride/emulator/textures.hpp"
#include "gridstride/emulator/thread.hpp"
#include "gridstride/emulator/twins.hpp"
#include "gridstride/emulator/video.hpp"
#include "gridstride/emulator/warp.hpp"
#include "gridstride/emulator/words.hpp"
#if defined(__CUDACC__)
// nvcc's own header brings these along, and programs have come to count on it.
#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmath>
#include <cstdlib>
#include <new>
#if defined(__CUDACC_EXTENDED_LAMBDA__)
#include <functional>
#endif
#endif
#include <utility>
