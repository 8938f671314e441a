#pragma once

#include <cuda_runtime.h>

namespace gridstride {

/// The stream on which the framework orders all its work. Its first use also tells the device's pool to keep
/// freed memory, so that a training step allocates from a cache.
cudaStream_t current_stream();

}  // namespace gridstride
