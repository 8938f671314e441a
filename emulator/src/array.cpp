/// CUDA arrays: allocation and what can be asked about them.
#include "array.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>

#include "error.hpp"
#include "memory.hpp"

namespace gridstride::emulator {
namespace {

using detail::TexelFormat;
using detail::Texels;

struct Arrays {
  std::mutex mutex;
  std::set<const cudaArray*> live;
};

Arrays& arrays() {
  static auto* all = new Arrays;  // destructors of the program's statics may still free
  return *all;
}

bool texel_format(cudaChannelFormatKind kind, int bits, TexelFormat& format) {
  const bool is_signed = kind == cudaChannelFormatKindSigned;
  const bool is_float = kind == cudaChannelFormatKindFloat;
  if (!is_signed && !is_float && kind != cudaChannelFormatKindUnsigned) return false;
  if (is_float && bits == 8) return false;
  switch (bits) {
    case 8:
      format = is_signed ? TexelFormat::Signed8 : TexelFormat::Unsigned8;
      return true;
    case 16:
      format = is_float ? TexelFormat::Half : is_signed ? TexelFormat::Signed16 : TexelFormat::Unsigned16;
      return true;
    case 32:
      format = is_float ? TexelFormat::Float : TexelFormat::Integer32;
      return true;
  }
  return false;
}

std::string spelled(const cudaExtent& extent) {
  return std::to_string(extent.width) + " x " + std::to_string(extent.height) + " x " +
         std::to_string(extent.depth);
}

/// Why there can be no such array; empty when there can.
std::string objection(const cudaExtent& extent, unsigned flags) {
  constexpr unsigned kOffered =
      cudaArrayLayered | cudaArraySurfaceLoadStore | cudaArrayCubemap | cudaArrayTextureGather;
  constexpr std::size_t kMost = std::size_t{1} << 28;
  if (flags & ~kOffered) return "flags " + std::to_string(flags) + " are not offered by the emulator";
  const bool layered = flags & cudaArrayLayered;
  const bool one_cube = extent.depth == 6, cubes = layered && extent.depth % 6 == 0;
  if ((flags & cudaArrayCubemap) && (extent.width != extent.height || !(one_cube || cubes))) {
    return "a cubemap has six square faces, or six for each layer; " + spelled(extent) + " is none";
  }
  const bool skips = extent.height == 0 && extent.depth != 0 && !layered;
  if (extent.width == 0 || skips || (layered && extent.depth == 0) ||
      std::max({extent.width, extent.height, extent.depth}) > kMost) {
    return "an array of " + spelled(extent) + (layered ? " layers" : "") + " is none";
  }
  if ((flags & cudaArrayTextureGather) && (extent.height == 0 || extent.depth != 0)) {
    return "cudaArrayTextureGather is for two-dimensional arrays";
  }
  return {};
}

cudaError_t make(const char* name, cudaArray_t* array, const cudaChannelFormatDesc* channels,
                 cudaExtent extent, unsigned flags) {
  if (array == nullptr || channels == nullptr) return fail(cudaErrorInvalidValue);
  if (device_error() != cudaSuccess) return fail(device_error());
  auto made = std::make_unique<cudaArray>(cudaArray{*channels, extent, flags, {}});
  Texels& texels = made->texels;
  if (!describe_texel(*channels, texels)) return fail(cudaErrorInvalidChannelDescriptor);
  if (const std::string why = objection(extent, flags); !why.empty()) {
    return fail(cudaErrorInvalidValue, std::string(name) + ": " + why);
  }
  texels.width = static_cast<int>(extent.width);
  texels.height = static_cast<int>(std::max<std::size_t>(extent.height, 1));
  texels.depth = static_cast<int>(std::max<std::size_t>(extent.depth, 1));
  texels.row_bytes = extent.width * static_cast<std::size_t>(texels.texel_bytes);
  texels.slice_bytes = texels.row_bytes * static_cast<std::size_t>(texels.height);
  const std::size_t bytes = texels.slice_bytes * static_cast<std::size_t>(texels.depth);
  texels.base = static_cast<unsigned char*>(Memory::instance().allocate(bytes, MemoryKind::Device));
  if (texels.base == nullptr) {
    return fail(cudaErrorMemoryAllocation, std::string(name) + ": no memory for " + spelled(extent));
  }
  *array = made.release();
  const std::scoped_lock lock(arrays().mutex);
  arrays().live.insert(*array);
  return cudaSuccess;
}

}  // namespace

bool describe_texel(const cudaChannelFormatDesc& channels, Texels& texels) {
  const int bits[] = {channels.x, channels.y, channels.z, channels.w};
  texels.channels = static_cast<int>(4 - std::count(bits, bits + 4, 0));
  texels.texel_bytes = texels.channels * channels.x / 8;
  const bool uniform = std::all_of(bits, bits + texels.channels, [&](int b) { return b == channels.x; });
  return uniform && texels.channels != 0 && texels.channels != 3 &&
         texel_format(channels.f, channels.x, texels.format);
}

bool exists(const char* name, cudaArray_const_t array) {
  const std::scoped_lock lock(arrays().mutex);
  if (arrays().live.count(array) != 0) return true;
  fail(cudaErrorInvalidResourceHandle,
       std::string(name) + ": the array was never allocated, or was freed already");
  return false;
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaMallocArray(cudaArray_t* array, const cudaChannelFormatDesc* channels, std::size_t width,
                            std::size_t height, unsigned flags) {
  if (flags & cudaArrayLayered) {
    return fail(cudaErrorInvalidValue, "cudaMallocArray: layers need cudaMalloc3DArray");
  }
  return make("cudaMallocArray", array, channels, {width, height, 0}, flags);
}

cudaError_t cudaMalloc3DArray(cudaArray_t* array, const cudaChannelFormatDesc* channels, cudaExtent extent,
                              unsigned flags) {
  return make("cudaMalloc3DArray", array, channels, extent, flags);
}

cudaError_t cudaFreeArray(cudaArray_t array) {
  if (array == nullptr) return cudaSuccess;
  wait_for_device();  // kernels may still use it
  if (!exists("cudaFreeArray", array)) return cudaErrorInvalidResourceHandle;
  {
    const std::scoped_lock lock(arrays().mutex);
    arrays().live.erase(array);
  }
  const std::unique_ptr<cudaArray> freed(array);
  Allocation allocation;
  if (Memory::instance().remove(freed->texels.base, allocation)) Memory::instance().recycle(allocation, {});
  return cudaSuccess;
}

cudaError_t cudaArrayGetInfo(cudaChannelFormatDesc* channels, cudaExtent* extent, unsigned* flags,
                             cudaArray_t array) {
  if (!exists("cudaArrayGetInfo", array)) return cudaErrorInvalidResourceHandle;
  if (channels != nullptr) *channels = array->channels;
  if (extent != nullptr) *extent = array->extent;
  if (flags != nullptr) *flags = array->flags;
  return cudaSuccess;
}

cudaError_t cudaGetChannelDesc(cudaChannelFormatDesc* channels, cudaArray_const_t array) {
  return cudaArrayGetInfo(channels, nullptr, nullptr, const_cast<cudaArray_t>(array));
}
