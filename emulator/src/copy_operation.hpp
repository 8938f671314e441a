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

/// The part of pitched memory that begins at `at`; `extent` has its width in bytes.
Area area_of(const cudaPitchedPtr& memory, const cudaPos& at, const cudaExtent& extent);
/// What a cudaMemcpy3D copies: parts of pitched memory or of arrays.
cudaError_t areas_of(const char* name, const cudaMemcpy3DParms* params, Area& target, Area& source);
/// Queues a copy, or makes it where it is the caller's turn. Both areas have the same shape; `name` is the
/// call that an error names.
cudaError_t copy(const char* name, const Area& target, const Area& source, cudaMemcpyKind kind,
                 cudaStream_t handle, bool asynchronous);
cudaError_t copy_operation(const char* name, const Area& target, const Area& source, cudaMemcpyKind kind,
                           std::shared_ptr<const Operation>& made);
cudaError_t fill_operation(const char* name, const Area& target, unsigned value, unsigned element_bytes,
                           std::shared_ptr<const Operation>& made);

}  // namespace gridstride::emulator
