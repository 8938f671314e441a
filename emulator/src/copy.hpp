/// Copies that check their pointers and take their turn on a stream.
#pragma once

#include <cstddef>

#include "gridstride/emulator/api_types.hpp"

namespace gridstride::emulator {

/// `rows` rows of `width` bytes, `pitch` apart.
struct Area {
  const void* base;
  std::size_t pitch;
  std::size_t width;
  std::size_t rows;

  std::size_t extent() const { return rows == 0 ? 0 : (rows - 1) * pitch + width; }
};

/// Both areas have the same width and number of rows. `name` is what an error calls the copy.
cudaError_t copy(const char* name, const Area& target, const Area& source, cudaMemcpyKind kind,
                 cudaStream_t handle, bool asynchronous);

}  // namespace gridstride::emulator
