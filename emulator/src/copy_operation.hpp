/// Copies and fills as operations, checked when they are made.
#pragma once

#include <cstddef>
#include <memory>

#include "stream.hpp"

namespace gridstride::emulator {

/// `slices` slices of `rows` rows of `width` bytes, the rows `pitch` bytes apart.
struct Area {
  const void* base = nullptr;
  std::size_t pitch = 0;
  std::size_t width = 0;
  std::size_t rows = 0;
  std::size_t slice_pitch = 0;
  std::size_t slices = 1;

  std::size_t bytes() const { return width * rows * slices; }
  /// From the first byte to just beyond the last.
  std::size_t extent() const {
    return bytes() == 0 ? 0 : (slices - 1) * slice_pitch + (rows - 1) * pitch + width;
  }
};

/// What a cudaMemcpy3D copies, once it is known to name no arrays.
cudaError_t areas_of(const char* name, const cudaMemcpy3DParms* params, Area& target, Area& source);
/// `name` is the call that an error names.
cudaError_t copy_operation(const char* name, const Area& target, const Area& source, cudaMemcpyKind kind,
                           std::shared_ptr<const Operation>& made);
cudaError_t fill_operation(const char* name, const Area& target, unsigned value, unsigned element_bytes,
                           std::shared_ptr<const Operation>& made);

}  // namespace gridstride::emulator
