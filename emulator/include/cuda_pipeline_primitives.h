/// Asynchronous copies as C functions. A copy may be over at any moment before its thread waits for it; here
/// it is over when the call returns.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define _CUDA_PIPELINE_PRIMITIVES_H_

#include <cstddef>
#include <cstring>

/// The last `zeros` of `bytes` (4, 8 or 16) are not read, and become zero.
inline void __pipeline_memcpy_async(void* shared, const void* global, std::size_t bytes,
                                    std::size_t zeros = 0) {
  std::memcpy(shared, global, bytes - zeros);
  std::memset(static_cast<unsigned char*>(shared) + bytes - zeros, 0, zeros);
}

inline void __pipeline_commit() {}
inline void __pipeline_wait_prior(std::size_t) {}
