/// Texture fetches: addressing and filtering as the programming guide's appendix on texture fetching
/// defines them, weights in steps of 1/256 included.
#pragma once

#include <cmath>

#include "gridstride/emulator/texels.hpp"
#include "gridstride/emulator/vectors.hpp"

namespace gridstride::emulator::detail {

struct Texture {
  Texels texels;
  cudaTextureAddressMode address[3];
  bool linear, normalized_coordinates, normalized_values;
  TexelBits border;
};

inline const Texture& texture_behind(cudaTextureObject_t handle) {
  return *reinterpret_cast<const Texture*>(handle);
}

/// The texel that an index means along an axis of n texels; -1 is the border.
inline int addressed(int i, int n, cudaTextureAddressMode mode) {
  if (i >= 0 && i < n) return i;
  const auto modulo = [i](int m) { return i % m < 0 ? i % m + m : i % m; };
  switch (mode) {
    case cudaAddressModeWrap:
      return modulo(n);
    case cudaAddressModeMirror:
      return modulo(2 * n) < n ? modulo(2 * n) : 2 * n - 1 - modulo(2 * n);
    case cudaAddressModeBorder:
      return -1;
    case cudaAddressModeClamp:
      break;
  }
  return i < 0 ? 0 : n - 1;
}

/// The two neighbours along an axis, and how much of the second one there is in the result.
struct Neighbours {
  int index[2] = {0, 0};
  float weight = 0;
};

inline Neighbours neighbours(const Texture& texture, int axis, int n, float coordinate, bool linear) {
  constexpr float kFar = 0x1p29f;  // beyond every texture, within int
  float x = texture.normalized_coordinates ? coordinate * static_cast<float>(n) : coordinate;
  if (linear) x -= 0.5f;
  if (!(x > -kFar)) x = x != x ? 0.0f : -kFar;
  if (x > kFar) x = kFar;
  const float floor = std::floor(x);
  const int i = static_cast<int>(floor);
  const cudaTextureAddressMode mode = texture.address[axis];
  return {{addressed(i, n, mode), linear ? addressed(i + 1, n, mode) : 0},
          linear ? std::floor((x - floor) * 256.0f + 0.5f) * 0x1p-8f : 0.0f};
}

inline TexelBits texel_at(const Texture& texture, int x, int y, int z) {
  if ((x | y | z) < 0) return texture.border;
  const Texels& texels = texture.texels;
  const unsigned char* texel = texels.at(static_cast<std::size_t>(x) * texels.texel_bytes, y, z);
  TexelBits out;
  for (int i = 0; i < texels.channels; ++i) {
    out.channel[i] = load_channel_bits(texel, i, texels.format, texture.normalized_values);
  }
  return out;
}

/// A texture of 1, 2 or 3 dimensions at `at`, in the slice `layer` where it has fewer than three.
template <int Dimensions>
TexelBits sample(const Texture& texture, const float (&at)[Dimensions], int layer = 0) {
  const int sizes[] = {texture.texels.width, texture.texels.height, texture.texels.depth};
  Neighbours axes[3];
  axes[2].index[0] = addressed(layer, texture.texels.depth, cudaAddressModeClamp);
  for (int i = 0; i < Dimensions; ++i) axes[i] = neighbours(texture, i, sizes[i], at[i], texture.linear);
  if (!texture.linear) return texel_at(texture, axes[0].index[0], axes[1].index[0], axes[2].index[0]);

  float sum[4] = {};
  for (unsigned corner = 0; corner < 1u << Dimensions; ++corner) {
    float weight = 1;
    for (int i = 0; i < Dimensions; ++i) weight *= corner >> i & 1 ? axes[i].weight : 1 - axes[i].weight;
    const TexelBits texel = texel_at(texture, axes[0].index[corner & 1], axes[1].index[corner >> 1 & 1],
                                     axes[2].index[corner >> 2 & 1]);
    for (int i = 0; i < 4; ++i) sum[i] += weight * std::bit_cast<float>(texel.channel[i]);
  }
  TexelBits out;
  for (int i = 0; i < 4; ++i) out.channel[i] = std::bit_cast<std::uint32_t>(sum[i]);
  return out;
}

/// A cubemap in the direction (x, y, z): the face that it meets, seen from the cube's centre. Source: CUDA
/// Programming Guide, "Cubemap Textures".
inline TexelBits sample_cube(const Texture& texture, float x, float y, float z, int layer = 0) {
  const float ax = std::fabs(x), ay = std::fabs(y), az = std::fabs(z);
  const bool along_x = ax >= ay && ax >= az, along_y = !along_x && ay >= az;
  const bool positive = (along_x ? x : along_y ? y : z) >= 0;
  const float sign = positive ? 1.0f : -1.0f;
  const float m = along_x ? ax : along_y ? ay : az;
  const float s = along_x ? -sign * z : along_y ? x : sign * x;
  const float t = along_y ? sign * z : -y;
  const int face = (along_x ? 0 : along_y ? 2 : 4) + (positive ? 0 : 1);
  return sample<2>(texture, {(s / m + 1) / 2, (t / m + 1) / 2}, 6 * layer + face);
}

/// Linear memory by index: no addressing, and zero where there is nothing.
inline TexelBits fetch(const Texture& texture, int x) {
  return x >= 0 && x < texture.texels.width ? texel_at(texture, x, 0, 0) : TexelBits{};
}

/// One channel of the four texels that a linear filter would read, counterclockwise from the lower left.
inline TexelBits gather(const Texture& texture, float x, float y, int channel) {
  const Neighbours h = neighbours(texture, 0, texture.texels.width, x, true);
  const Neighbours v = neighbours(texture, 1, texture.texels.height, y, true);
  constexpr int kCorners[4][2] = {{0, 1}, {1, 1}, {1, 0}, {0, 0}};
  TexelBits out;
  for (int i = 0; i < 4; ++i) {
    const auto [right, down] = kCorners[i];
    out.channel[i] = texel_at(texture, h.index[right], v.index[down], 0).channel[channel & 3];
  }
  return out;
}

}  // namespace gridstride::emulator::detail

/// Every fetch comes in two forms, which return the texel or store it. A texture has one mipmap level, which
/// a level or gradients cannot miss.
#define GRIDSTRIDE_TEXTURE_FETCH(NAME, PARAMETERS, BITS)                                 \
  template <gridstride::emulator::detail::Texel T>                                       \
  inline T NAME(cudaTextureObject_t handle, GRIDSTRIDE_UNWRAP PARAMETERS) {              \
    using namespace gridstride::emulator::detail;                                        \
    const Texture& texture = texture_behind(handle);                                     \
    return to_texel<T>(BITS);                                                            \
  }                                                                                      \
  template <gridstride::emulator::detail::Texel T>                                       \
  inline void NAME(T* texel, cudaTextureObject_t handle, GRIDSTRIDE_UNWRAP PARAMETERS) { \
    using namespace gridstride::emulator::detail;                                        \
    const Texture& texture = texture_behind(handle);                                     \
    *texel = to_texel<T>(BITS);                                                          \
  }
#define GRIDSTRIDE_UNWRAP(...) __VA_ARGS__

GRIDSTRIDE_TEXTURE_FETCH(tex1Dfetch, (int x), fetch(texture, x))
GRIDSTRIDE_TEXTURE_FETCH(tex1D, (float x), sample<1>(texture, {x}))
GRIDSTRIDE_TEXTURE_FETCH(tex2D, (float x, float y), (sample<2>(texture, {x, y})))
GRIDSTRIDE_TEXTURE_FETCH(tex3D, (float x, float y, float z), (sample<3>(texture, {x, y, z})))
GRIDSTRIDE_TEXTURE_FETCH(tex1DLayered, (float x, int layer), sample<1>(texture, {x}, layer))
GRIDSTRIDE_TEXTURE_FETCH(tex2DLayered, (float x, float y, int layer), (sample<2>(texture, {x, y}, layer)))
GRIDSTRIDE_TEXTURE_FETCH(texCubemap, (float x, float y, float z), sample_cube(texture, x, y, z))
GRIDSTRIDE_TEXTURE_FETCH(texCubemapLayered, (float x, float y, float z, int layer),
                         sample_cube(texture, x, y, z, layer))
GRIDSTRIDE_TEXTURE_FETCH(tex1DLod, (float x, float), sample<1>(texture, {x}))
GRIDSTRIDE_TEXTURE_FETCH(tex2DLod, (float x, float y, float), (sample<2>(texture, {x, y})))
GRIDSTRIDE_TEXTURE_FETCH(tex3DLod, (float x, float y, float z, float), (sample<3>(texture, {x, y, z})))
GRIDSTRIDE_TEXTURE_FETCH(tex1DGrad, (float x, float, float), sample<1>(texture, {x}))
GRIDSTRIDE_TEXTURE_FETCH(tex2DGrad, (float x, float y, float2, float2), (sample<2>(texture, {x, y})))
GRIDSTRIDE_TEXTURE_FETCH(tex2Dgather, (float x, float y, int channel = 0), gather(texture, x, y, channel))

#undef GRIDSTRIDE_UNWRAP
#undef GRIDSTRIDE_TEXTURE_FETCH
