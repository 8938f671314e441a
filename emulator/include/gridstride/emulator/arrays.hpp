/// CUDA arrays: texels in one, two or three dimensions or in layers, for textures and surfaces.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __CHANNEL_DESCRIPTOR_H__

#include <type_traits>

#include "gridstride/emulator/extents.hpp"

enum cudaChannelFormatKind {
  cudaChannelFormatKindSigned = 0,
  cudaChannelFormatKindUnsigned = 1,
  cudaChannelFormatKindFloat = 2,
  cudaChannelFormatKindNone = 3,
};

/// Bits of each channel; zero where there is none.
struct cudaChannelFormatDesc {
  int x, y, z, w;
  cudaChannelFormatKind f;
};

enum : unsigned {
  cudaArrayDefault = 0x00,
  cudaArrayLayered = 0x01,
  cudaArraySurfaceLoadStore = 0x02,
  cudaArrayCubemap = 0x04,
  cudaArrayTextureGather = 0x08,
};

namespace gridstride::emulator::detail {

/// The number type of a texel, which is a number or one of CUDA's vectors.
template <class T>
struct TexelTraits {
  using Scalar = std::remove_cvref_t<decltype(T::x)>;
};
template <class T>
requires std::is_arithmetic_v<T>
struct TexelTraits<T> {
  using Scalar = T;
};

template <class T>
using TexelScalar = typename TexelTraits<T>::Scalar;
template <class T>
inline constexpr int kTexelChannels = static_cast<int>(sizeof(T) / sizeof(TexelScalar<T>));

template <class T>
concept Texel = sizeof(TexelScalar<T>) <= 4 &&
                (kTexelChannels<T> == 1 || kTexelChannels<T> == 2 || kTexelChannels<T> == 4);

}  // namespace gridstride::emulator::detail

inline cudaChannelFormatDesc cudaCreateChannelDesc(int x, int y, int z, int w, cudaChannelFormatKind kind) {
  return {x, y, z, w, kind};
}

template <class T>
inline cudaChannelFormatDesc cudaCreateChannelDesc() {
  using namespace gridstride::emulator::detail;
  using Scalar = TexelScalar<T>;
  constexpr int kBits = 8 * sizeof(Scalar), kChannels = kTexelChannels<T>;
  return {kBits, kChannels > 1 ? kBits : 0, kChannels > 2 ? kBits : 0, kChannels > 3 ? kBits : 0,
          std::is_floating_point_v<Scalar> ? cudaChannelFormatKindFloat
          : std::is_signed_v<Scalar>       ? cudaChannelFormatKindSigned
                                           : cudaChannelFormatKindUnsigned};
}

inline cudaChannelFormatDesc cudaCreateChannelDescHalf() { return {16, 0, 0, 0, cudaChannelFormatKindFloat}; }
inline cudaChannelFormatDesc cudaCreateChannelDescHalf1() { return cudaCreateChannelDescHalf(); }
inline cudaChannelFormatDesc cudaCreateChannelDescHalf2() {
  return {16, 16, 0, 0, cudaChannelFormatKindFloat};
}
inline cudaChannelFormatDesc cudaCreateChannelDescHalf4() {
  return {16, 16, 16, 16, cudaChannelFormatKindFloat};
}

cudaError_t cudaMallocArray(cudaArray_t* array, const cudaChannelFormatDesc* channels, std::size_t width,
                            std::size_t height = 0, unsigned flags = 0);
cudaError_t cudaMalloc3DArray(cudaArray_t* array, const cudaChannelFormatDesc* channels, cudaExtent extent,
                              unsigned flags = 0);
cudaError_t cudaFreeArray(cudaArray_t array);
cudaError_t cudaArrayGetInfo(cudaChannelFormatDesc* channels, cudaExtent* extent, unsigned* flags,
                             cudaArray_t array);
cudaError_t cudaGetChannelDesc(cudaChannelFormatDesc* channels, cudaArray_const_t array);

// Offsets and widths along x are in bytes.
cudaError_t cudaMemcpyToArray(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                              std::size_t bytes, cudaMemcpyKind kind);
cudaError_t cudaMemcpyToArrayAsync(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                                   std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream = nullptr);
cudaError_t cudaMemcpyFromArray(void* target, cudaArray_const_t source, std::size_t x, std::size_t y,
                                std::size_t bytes, cudaMemcpyKind kind);
cudaError_t cudaMemcpyFromArrayAsync(void* target, cudaArray_const_t source, std::size_t x, std::size_t y,
                                     std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream = nullptr);
cudaError_t cudaMemcpy2DToArray(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                                std::size_t source_pitch, std::size_t width_bytes, std::size_t height,
                                cudaMemcpyKind kind);
cudaError_t cudaMemcpy2DToArrayAsync(cudaArray_t target, std::size_t x, std::size_t y, const void* source,
                                     std::size_t source_pitch, std::size_t width_bytes, std::size_t height,
                                     cudaMemcpyKind kind, cudaStream_t stream = nullptr);
cudaError_t cudaMemcpy2DFromArray(void* target, std::size_t target_pitch, cudaArray_const_t source,
                                  std::size_t x, std::size_t y, std::size_t width_bytes, std::size_t height,
                                  cudaMemcpyKind kind);
cudaError_t cudaMemcpy2DFromArrayAsync(void* target, std::size_t target_pitch, cudaArray_const_t source,
                                       std::size_t x, std::size_t y, std::size_t width_bytes,
                                       std::size_t height, cudaMemcpyKind kind,
                                       cudaStream_t stream = nullptr);
