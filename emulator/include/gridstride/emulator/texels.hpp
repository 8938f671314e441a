/// Texels in memory, as textures and surfaces see them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "gridstride/emulator/narrow_float.hpp"
#include "gridstride/emulator/texture_types.hpp"

namespace gridstride::emulator::detail {

enum class TexelFormat : unsigned char { Unsigned8, Signed8, Unsigned16, Signed16, Integer32, Half, Float };

struct Texels {
  unsigned char* base = nullptr;
  std::size_t row_bytes = 0, slice_bytes = 0;
  int width = 0, height = 0, depth = 0;  // depth counts slices or layers; at least one of each
  int channels = 0, texel_bytes = 0;
  TexelFormat format{};

  unsigned char* at(std::size_t x_bytes, int y, int z) const {
    return base + x_bytes + static_cast<std::size_t>(y) * row_bytes +
           static_cast<std::size_t>(z) * slice_bytes;
  }
};

/// A texel as a texture unit hands it out: four registers, each an integer's or a float's bits.
struct TexelBits {
  std::uint32_t channel[4] = {};
};

template <class T>
inline T load_channel(const unsigned char* texel, int channel) {
  T value;
  std::memcpy(&value, texel + channel * sizeof(T), sizeof(T));
  return value;
}

/// The integers of `bits` bits become [0, 1], those with a sign [-1, 1] with two codes for -1.
template <class T>
inline std::uint32_t channel_bits(T value, bool normalized) {
  if (!normalized) return static_cast<std::uint32_t>(static_cast<std::int32_t>(value));
  constexpr T kMost = static_cast<T>(static_cast<T>(-1) < 0 ? (1u << (8 * sizeof(T) - 1)) - 1 : ~0u);
  const float scaled = static_cast<float>(value) / static_cast<float>(kMost);
  return std::bit_cast<std::uint32_t>(scaled < -1.0f ? -1.0f : scaled);
}

inline std::uint32_t load_channel_bits(const unsigned char* texel, int channel, TexelFormat format,
                                       bool normalized) {
  switch (format) {
    case TexelFormat::Unsigned8:
      return channel_bits(load_channel<std::uint8_t>(texel, channel), normalized);
    case TexelFormat::Signed8:
      return channel_bits(load_channel<std::int8_t>(texel, channel), normalized);
    case TexelFormat::Unsigned16:
      return channel_bits(load_channel<std::uint16_t>(texel, channel), normalized);
    case TexelFormat::Signed16:
      return channel_bits(load_channel<std::int16_t>(texel, channel), normalized);
    case TexelFormat::Half:
      return std::bit_cast<std::uint32_t>(widen(load_channel<std::uint16_t>(texel, channel), HalfFormat{}));
    case TexelFormat::Integer32:
    case TexelFormat::Float:
      break;
  }
  return load_channel<std::uint32_t>(texel, channel);
}

/// What the kernel wanted the registers to be.
template <Texel T>
inline T to_texel(const TexelBits& bits) {
  using Scalar = TexelScalar<T>;
  Scalar channels[kTexelChannels<T>];
  for (int i = 0; i < kTexelChannels<T>; ++i) {
    if constexpr (std::is_same_v<Scalar, float>) {
      channels[i] = std::bit_cast<float>(bits.channel[i]);
    } else {
      channels[i] = static_cast<Scalar>(bits.channel[i]);
    }
  }
  T texel;
  std::memcpy(&texel, channels, sizeof texel);
  return texel;
}

}  // namespace gridstride::emulator::detail
