/// Asynchronous copies as C functions: done when their thread waits for them, and not before.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define _CUDA_PIPELINE_PRIMITIVES_H_

#include <cstddef>

#include "gridstride/emulator/twins.hpp"

/// The last `zeros` of `bytes` (4, 8 or 16) are not read, and become zero.
inline void __pipeline_memcpy_async(void* shared, const void* global, std::size_t bytes,
                                    std::size_t zeros = 0) {
  gridstride::twin::start_copy(shared, global, bytes, zeros);
}

inline void __pipeline_commit() { gridstride::twin::commit(gridstride::twin::Kind::Copies); }
inline void __pipeline_wait_prior(std::size_t left) {
  gridstride::twin::wait(gridstride::twin::Kind::Copies, static_cast<unsigned>(left));
}
