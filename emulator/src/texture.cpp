/// Texture and surface objects: a handle is the address of what the device functions read.
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "array.hpp"
#include "device_functions.hpp"
#include "error.hpp"
#include "gridstride/emulator/surfaces.hpp"
#include "gridstride/emulator/textures.hpp"
#include "memory.hpp"

namespace gridstride::emulator {
namespace {

using detail::TexelFormat;
using detail::Texels;
using detail::Texture;

/// An object with what it was made from.
struct TextureRecord {
  Texture texture;
  cudaResourceDesc resource;
  cudaTextureDesc description;
};
struct SurfaceRecord {
  Texels texels;
  cudaResourceDesc resource;
};

template <class Record>
class Objects {
 public:
  unsigned long long add(const Record& record) {
    auto owned = std::make_unique<Record>(record);
    const auto handle = reinterpret_cast<unsigned long long>(owned.get());
    const std::scoped_lock lock(mutex_);
    all_.emplace(handle, std::move(owned));
    return handle;
  }
  const Record* find(unsigned long long handle) {
    const std::scoped_lock lock(mutex_);
    const auto found = all_.find(handle);
    return found == all_.end() ? nullptr : found->second.get();
  }
  bool remove(unsigned long long handle) {
    const std::scoped_lock lock(mutex_);
    return all_.erase(handle) != 0;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<unsigned long long, std::unique_ptr<Record>> all_;
};

Objects<TextureRecord>& textures() {
  static auto* all = new Objects<TextureRecord>;
  return *all;
}
Objects<SurfaceRecord>& surfaces() {
  static auto* all = new Objects<SurfaceRecord>;
  return *all;
}

cudaError_t refuse(const char* why) {
  return fail(cudaErrorInvalidValue, std::string("cudaCreateTextureObject: ") + why);
}

/// Memory of the program's as texels: `rows` of `width`, `pitch` bytes apart.
cudaError_t describe_memory(void* pointer, const cudaChannelFormatDesc& channels, std::size_t width,
                            std::size_t rows, std::size_t pitch, Texels& texels) {
  if (!describe_texel(channels, texels)) return fail(cudaErrorInvalidChannelDescriptor);
  const std::size_t row_bytes = width * static_cast<std::size_t>(texels.texel_bytes);
  if (width == 0 || rows == 0) return refuse("the resource is empty");
  if (pitch < row_bytes) return refuse("the pitch is less than the width");
  const std::size_t bytes = (rows - 1) * pitch + row_bytes;
  Allocation known;
  if (!Memory::instance().find(pointer, known)) return refuse("the memory is not the device's");
  const auto begin = static_cast<unsigned char*>(pointer) - static_cast<unsigned char*>(known.base);
  if (bytes > known.bytes - static_cast<std::size_t>(begin)) return refuse("beyond the memory's end");
  texels.base = static_cast<unsigned char*>(pointer);
  texels.row_bytes = pitch;
  texels.slice_bytes = pitch * rows;
  texels.width = static_cast<int>(width);
  texels.height = static_cast<int>(rows);
  texels.depth = 1;
  return cudaSuccess;
}

cudaError_t describe_resource(const cudaResourceDesc& resource, Texels& texels) {
  switch (resource.resType) {
    case cudaResourceTypeArray: {
      const cudaArray_t array = resource.res.array.array;
      if (!exists("cudaCreateTextureObject", array)) return cudaErrorInvalidResourceHandle;
      texels = array->texels;
      return cudaSuccess;
    }
    case cudaResourceTypeLinear: {
      const auto& linear = resource.res.linear;
      if (!describe_texel(linear.desc, texels)) return fail(cudaErrorInvalidChannelDescriptor);
      const std::size_t width = linear.sizeInBytes / static_cast<std::size_t>(texels.texel_bytes);
      return describe_memory(linear.devPtr, linear.desc, width, 1, linear.sizeInBytes, texels);
    }
    case cudaResourceTypePitch2D: {
      const auto& pitched = resource.res.pitch2D;
      return describe_memory(pitched.devPtr, pitched.desc, pitched.width, pitched.height,
                             pitched.pitchInBytes, texels);
    }
    case cudaResourceTypeMipmappedArray:
      break;
  }
  return refuse("mipmapped arrays are not offered by the emulator");
}

bool is_integer(TexelFormat format) { return format != TexelFormat::Half && format != TexelFormat::Float; }

/// Wrapping and mirroring are for normalized coordinates; others are clamped instead, as CUDA has it.
cudaTextureAddressMode address_mode(cudaTextureAddressMode mode, bool normalized) {
  const bool periodic = mode == cudaAddressModeWrap || mode == cudaAddressModeMirror;
  return periodic && !normalized ? cudaAddressModeClamp : mode;
}

cudaError_t describe_texture(const cudaTextureDesc& description, cudaResourceType type, Texture& texture) {
  const bool integer = is_integer(texture.texels.format);
  const bool whole = description.readMode == cudaReadModeElementType;
  texture.linear = description.filterMode == cudaFilterModeLinear;
  texture.normalized_coordinates = description.normalizedCoords != 0;
  texture.normalized_values = integer && !whole;
  if (description.sRGB != 0) return refuse("sRGB is not offered by the emulator");
  if (texture.normalized_values && texture.texels.format == TexelFormat::Integer32) {
    return refuse("cudaReadModeNormalizedFloat is for integers of 8 and 16 bits");
  }
  if (type == cudaResourceTypeLinear) {
    if (texture.normalized_coordinates) return refuse("linear memory has no normalized coordinates");
    texture.linear = false;
  }
  if (texture.linear && integer && whole) return refuse("integers cannot be filtered linearly");
  for (int i = 0; i < 3; ++i) {
    texture.address[i] = address_mode(description.addressMode[i], texture.normalized_coordinates);
  }
  std::memcpy(texture.border.channel, description.borderColor, sizeof texture.border.channel);
  return cudaSuccess;
}

}  // namespace

void detail::refuse_surface_access(const Texels& surface, int x_bytes, int y, int z, std::size_t bytes,
                                   Site site) {
  char text[160];
  std::snprintf(text, sizeof text,
                "a surface access of %zu bytes at x = %d bytes, y = %d, z = %d; it has %zu x %d x %d", bytes,
                x_bytes, y, z, surface.row_bytes, surface.height, surface.depth);
  running_block_for("a surface function").stop(cudaErrorLaunchFailure, text, site);
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaCreateTextureObject(cudaTextureObject_t* texture, const cudaResourceDesc* resource,
                                    const cudaTextureDesc* description, const cudaResourceViewDesc* view) {
  if (texture == nullptr || resource == nullptr || description == nullptr) {
    return fail(cudaErrorInvalidValue);
  }
  if (view != nullptr) return refuse("resource views are not offered by the emulator");
  TextureRecord record{{}, *resource, *description};
  cudaError_t error = describe_resource(*resource, record.texture.texels);
  if (error == cudaSuccess) error = describe_texture(*description, resource->resType, record.texture);
  if (error == cudaSuccess) *texture = textures().add(record);
  return error;
}

cudaError_t cudaDestroyTextureObject(cudaTextureObject_t texture) {
  if (texture == 0) return cudaSuccess;
  wait_for_device();  // kernels may still read it
  return textures().remove(texture) ? cudaSuccess : fail(cudaErrorInvalidValue);
}

cudaError_t cudaGetTextureObjectResourceDesc(cudaResourceDesc* resource, cudaTextureObject_t texture) {
  const TextureRecord* record = textures().find(texture);
  if (resource == nullptr || record == nullptr) return fail(cudaErrorInvalidValue);
  *resource = record->resource;
  return cudaSuccess;
}

cudaError_t cudaGetTextureObjectTextureDesc(cudaTextureDesc* description, cudaTextureObject_t texture) {
  const TextureRecord* record = textures().find(texture);
  if (description == nullptr || record == nullptr) return fail(cudaErrorInvalidValue);
  *description = record->description;
  return cudaSuccess;
}

cudaError_t cudaCreateSurfaceObject(cudaSurfaceObject_t* surface, const cudaResourceDesc* resource) {
  constexpr const char* kName = "cudaCreateSurfaceObject";
  if (surface == nullptr || resource == nullptr) return fail(cudaErrorInvalidValue);
  if (resource->resType != cudaResourceTypeArray) {
    return fail(cudaErrorInvalidValue, std::string(kName) + ": a surface is a view of an array");
  }
  const cudaArray_t array = resource->res.array.array;
  if (!exists(kName, array)) return cudaErrorInvalidResourceHandle;
  if ((array->flags & cudaArraySurfaceLoadStore) == 0) {
    return fail(cudaErrorInvalidValue,
                std::string(kName) + ": the array was made without cudaArraySurfaceLoadStore");
  }
  *surface = surfaces().add({array->texels, *resource});
  return cudaSuccess;
}

cudaError_t cudaDestroySurfaceObject(cudaSurfaceObject_t surface) {
  if (surface == 0) return cudaSuccess;
  wait_for_device();
  return surfaces().remove(surface) ? cudaSuccess : fail(cudaErrorInvalidValue);
}

cudaError_t cudaGetSurfaceObjectResourceDesc(cudaResourceDesc* resource, cudaSurfaceObject_t surface) {
  const SurfaceRecord* record = surfaces().find(surface);
  if (resource == nullptr || record == nullptr) return fail(cudaErrorInvalidValue);
  *resource = record->resource;
  return cudaSuccess;
}
