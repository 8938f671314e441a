/// Copies from and to CUDA arrays: an array's part is an area of device memory.
#include <string>

#include "array.hpp"
#include "copy_operation.hpp"
#include "error.hpp"

namespace gridstride::emulator {
namespace {

cudaError_t refuse(const char* name, const char* role) {
  return fail(cudaErrorInvalidValue, std::string(name) + ": beyond the " + role + "'s end");
}

bool within(std::size_t begin, std::size_t count, std::size_t end) {
  return begin <= end && count <= end - begin;
}

/// A rectangle of an array's first slice; x and width in bytes.
bool rectangle(cudaArray_const_t array, std::size_t x, std::size_t y, std::size_t width, std::size_t rows,
               Area& area) {
  const detail::Texels& texels = array->texels;
  area = {texels.at(x, static_cast<int>(y), 0), texels.row_bytes, width, rows};
  return within(x, width, texels.row_bytes) && within(y, rows, static_cast<std::size_t>(texels.height));
}

/// Bytes of an array in a row, from (x, y) on through as many rows as it takes.
bool run(cudaArray_const_t array, std::size_t x, std::size_t y, std::size_t bytes, Area& area) {
  const detail::Texels& texels = array->texels;
  area = {texels.at(x, static_cast<int>(y), 0), bytes, bytes, 1};
  return x < texels.row_bytes && within(x + y * texels.row_bytes, bytes, texels.slice_bytes);
}

cudaError_t copy_run(const char* name, cudaArray_const_t array, std::size_t x, std::size_t y, bool to_array,
                     const void* memory, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream,
                     bool asynchronous) {
  Area area;
  const Area other{memory, bytes, bytes, 1};
  if (!exists(name, array)) return cudaErrorInvalidResourceHandle;
  if (!run(array, x, y, bytes, area)) return refuse(name, "array");
  return copy(name, to_array ? area : other, to_array ? other : area, kind, stream, asynchronous);
}

cudaError_t copy_rectangle(const char* name, cudaArray_const_t array, std::size_t x, std::size_t y,
                           bool to_array, const Area& other, cudaMemcpyKind kind, cudaStream_t stream,
                           bool asynchronous) {
  Area area;
  if (!exists(name, array)) return cudaErrorInvalidResourceHandle;
  if (!rectangle(array, x, y, other.width, other.rows, area)) return refuse(name, "array");
  return copy(name, to_array ? area : other, to_array ? other : area, kind, stream, asynchronous);
}

/// The part of an array; `extent` has its width in bytes.
cudaError_t part(const char* name, cudaArray_t array, const cudaPos& at, const cudaExtent& extent,
                 Area& area) {
  const detail::Texels& texels = array->texels;
  const std::size_t x = at.x * static_cast<std::size_t>(texels.texel_bytes);
  if (!within(x, extent.width, texels.row_bytes) ||
      !within(at.y, extent.height, static_cast<std::size_t>(texels.height)) ||
      !within(at.z, extent.depth, static_cast<std::size_t>(texels.depth))) {
    return refuse(name, "array");
  }
  area = {texels.at(x, static_cast<int>(at.y), static_cast<int>(at.z)),
          texels.row_bytes,
          extent.width,
          extent.height,
          texels.slice_bytes,
          extent.depth};
  return cudaSuccess;
}

}  // namespace

Area area_of(const cudaPitchedPtr& memory, const cudaPos& at, const cudaExtent& extent) {
  const std::size_t slice = memory.pitch * (memory.ysize != 0 ? memory.ysize : extent.height);
  const auto* base = static_cast<const char*>(memory.ptr);
  return {base == nullptr ? nullptr : base + at.x + at.y * memory.pitch + at.z * slice,
          memory.pitch,
          extent.width,
          extent.height,
          slice,
          extent.depth};
}

cudaError_t areas_of(const char* name, const cudaMemcpy3DParms* params, Area& target, Area& source) {
  if (params == nullptr) return fail(cudaErrorInvalidValue);
  cudaExtent extent = params->extent;
  for (const cudaArray_t array : {params->srcArray, params->dstArray}) {
    if (array == nullptr) continue;
    if (!exists(name, array)) return cudaErrorInvalidResourceHandle;
    extent.width = params->extent.width * static_cast<std::size_t>(array->texels.texel_bytes);
  }
  target = area_of(params->dstPtr, params->dstPos, extent);
  source = area_of(params->srcPtr, params->srcPos, extent);
  cudaError_t error = cudaSuccess;
  if (params->dstArray != nullptr) error = part(name, params->dstArray, params->dstPos, extent, target);
  if (error == cudaSuccess && params->srcArray != nullptr) {
    error = part(name, params->srcArray, params->srcPos, extent, source);
  }
  return error;
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaMemcpyToArray(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                              std::size_t bytes, cudaMemcpyKind kind) {
  return copy_run("cudaMemcpyToArray", target, x, y, true, source, bytes, kind, nullptr, false);
}

cudaError_t cudaMemcpyToArrayAsync(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                                   std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  return copy_run("cudaMemcpyToArrayAsync", target, x, y, true, source, bytes, kind, stream, true);
}

cudaError_t cudaMemcpyFromArray(void* target, cudaArray_const_t source, std::size_t x, std::size_t y,
                                std::size_t bytes, cudaMemcpyKind kind) {
  return copy_run("cudaMemcpyFromArray", source, x, y, false, target, bytes, kind, nullptr, false);
}

cudaError_t cudaMemcpyFromArrayAsync(void* target, cudaArray_const_t source, std::size_t x, std::size_t y,
                                     std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  return copy_run("cudaMemcpyFromArrayAsync", source, x, y, false, target, bytes, kind, stream, true);
}

cudaError_t cudaMemcpy2DToArray(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                                std::size_t source_pitch, std::size_t width_bytes, std::size_t height,
                                cudaMemcpyKind kind) {
  return copy_rectangle("cudaMemcpy2DToArray", target, x, y, true,
                        {source, source_pitch, width_bytes, height}, kind, nullptr, false);
}

cudaError_t cudaMemcpy2DToArrayAsync(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                                     std::size_t source_pitch, std::size_t width_bytes, std::size_t height,
                                     cudaMemcpyKind kind, cudaStream_t stream) {
  return copy_rectangle("cudaMemcpy2DToArrayAsync", target, x, y, true,
                        {source, source_pitch, width_bytes, height}, kind, stream, true);
}

cudaError_t cudaMemcpy2DFromArray(void* target, std::size_t target_pitch, cudaArray_const_t source,
                                  std::size_t x, std::size_t y, std::size_t width_bytes, std::size_t height,
                                  cudaMemcpyKind kind) {
  return copy_rectangle("cudaMemcpy2DFromArray", source, x, y, false,
                        {target, target_pitch, width_bytes, height}, kind, nullptr, false);
}

cudaError_t cudaMemcpy2DFromArrayAsync(void* target, std::size_t target_pitch, cudaArray_const_t source,
                                       std::size_t x, std::size_t y, std::size_t width_bytes,
                                       std::size_t height, cudaMemcpyKind kind, cudaStream_t stream) {
  return copy_rectangle("cudaMemcpy2DFromArrayAsync", source, x, y, false,
                        {target, target_pitch, width_bytes, height}, kind, stream, true);
}
