/// Texture fetches against the formulas of the programming guide, written out here in double precision.
#include <cuda_fp16.h>

#include <array>
#include <cmath>
#include <functional>
#include <random>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

/// An array of up to three dimensions, filled with `values`.
template <class T>
class DeviceImage {
 public:
  DeviceImage(cudaExtent extent, const std::vector<T>& values, unsigned flags = cudaArrayDefault,
              cudaChannelFormatDesc channels = cudaCreateChannelDesc<T>()) {
    EXPECT_EQ(cudaMalloc3DArray(&array_, &channels, extent, flags), cudaSuccess);
    const std::size_t height = std::max<std::size_t>(extent.height, 1);
    cudaMemcpy3DParms copy = {};
    copy.srcPtr =
        make_cudaPitchedPtr(const_cast<T*>(values.data()), extent.width * sizeof(T), extent.width, height);
    copy.dstArray = array_;
    copy.extent = make_cudaExtent(extent.width, height, std::max<std::size_t>(extent.depth, 1));
    copy.kind = cudaMemcpyHostToDevice;
    EXPECT_EQ(cudaMemcpy3D(&copy), cudaSuccess);
  }
  ~DeviceImage() { EXPECT_EQ(cudaFreeArray(array_), cudaSuccess); }
  DeviceImage(const DeviceImage&) = delete;
  DeviceImage& operator=(const DeviceImage&) = delete;

  cudaArray_t array() const { return array_; }
  cudaResourceDesc resource() const {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array_;
    return resource;
  }

 private:
  cudaArray_t array_ = nullptr;
};

struct Mode {
  cudaTextureAddressMode address = cudaAddressModeClamp;
  bool linear = false;
  bool normalized = false;
  cudaTextureReadMode read = cudaReadModeElementType;
};

cudaTextureDesc description(const Mode& mode) {
  cudaTextureDesc out = {};
  for (auto& address : out.addressMode) address = mode.address;
  out.filterMode = mode.linear ? cudaFilterModeLinear : cudaFilterModePoint;
  out.normalizedCoords = mode.normalized;
  out.readMode = mode.read;
  for (int i = 0; i < 4; ++i) out.borderColor[i] = 0.25f * static_cast<float>(i + 1);
  return out;
}

class TextureObject {
 public:
  TextureObject(const cudaResourceDesc& resource, const Mode& mode) {
    const cudaTextureDesc texture = description(mode);
    EXPECT_EQ(cudaCreateTextureObject(&handle_, &resource, &texture, nullptr), cudaSuccess);
  }
  ~TextureObject() { EXPECT_EQ(cudaDestroyTextureObject(handle_), cudaSuccess); }
  TextureObject(const TextureObject&) = delete;
  TextureObject& operator=(const TextureObject&) = delete;
  operator cudaTextureObject_t() const { return handle_; }

 private:
  cudaTextureObject_t handle_ = 0;
};

/// The guide's definition, in one to three dimensions. `texel` is asked for indices within the texture.
struct Reference {
  std::vector<int> size;
  Mode mode;
  std::function<double(const std::vector<int>&)> texel;

  /// An index within [0, n), or -1 for the border; by counting, not by a formula.
  int index(int i, int n) const {
    if (i >= 0 && i < n) return i;
    const bool periodic = mode.normalized;
    if (mode.address == cudaAddressModeBorder) return -1;
    if (mode.address == cudaAddressModeWrap && periodic) {
      while (i < 0) i += n;
      while (i >= n) i -= n;
      return i;
    }
    if (mode.address == cudaAddressModeMirror && periodic) {
      while (i < 0 || i >= n) i = i < 0 ? -1 - i : 2 * n - 1 - i;
      return i;
    }
    return i < 0 ? 0 : n - 1;
  }

  double at(const std::vector<int>& place) const {
    std::vector<int> inside;
    for (std::size_t d = 0; d < size.size(); ++d) inside.push_back(index(place[d], size[d]));
    for (const int i : inside) {
      if (i < 0) return 0.25;
    }
    return texel(inside);
  }

  double sample(const std::vector<float>& coordinates) const {
    std::vector<int> first;
    std::vector<double> weight;
    for (std::size_t d = 0; d < size.size(); ++d) {
      double x = mode.normalized ? coordinates[d] * static_cast<float>(size[d]) : coordinates[d];
      if (mode.linear) x = static_cast<float>(x) - 0.5f;
      first.push_back(static_cast<int>(std::floor(x)));
      weight.push_back(mode.linear ? std::round((x - std::floor(x)) * 256) / 256 : 0);
    }
    double sum = 0;
    for (int corner = 0; corner < 1 << size.size(); ++corner) {
      double w = 1;
      std::vector<int> place = first;
      for (std::size_t d = 0; d < size.size(); ++d) {
        const bool second = corner >> d & 1;
        place[d] += second;
        w *= second ? weight[d] : 1 - weight[d];
      }
      if (w != 0) sum += w * at(place);
    }
    return sum;
  }
};

std::vector<float> random_values(std::size_t count, float low, float high, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> between(low, high);
  std::vector<float> out(count);
  for (float& value : out) value = between(random);
  return out;
}

/// Coordinates on, between and beyond the texels.
std::vector<float> coordinates(int n, bool normalized, unsigned seed) {
  const float end = static_cast<float>(n);
  std::vector<float> out = random_values(90, -2.5f * end, 3.5f * end, seed);
  for (const float x : {0.0f, 0.5f, -0.5f, 1.0f, end, end - 0.5f, end + 0.5f, 2 * end, -end})
    out.push_back(x);
  if (normalized) {
    for (float& x : out) x /= end;
  }
  return out;
}

std::vector<Mode> float_modes() {
  std::vector<Mode> out;
  for (const auto address :
       {cudaAddressModeWrap, cudaAddressModeClamp, cudaAddressModeMirror, cudaAddressModeBorder}) {
    for (const bool linear : {false, true}) {
      for (const bool normalized : {false, true}) out.push_back({address, linear, normalized});
    }
  }
  return out;
}

__global__ void fetch_1d(cudaTextureObject_t texture, const float* x, float* out, int n) {
  const int i = static_cast<int>(threadIdx.x);
  if (i >= n) return;
  out[i] = tex1D<float>(texture, x[i]);
  tex1D(&out[n + i], texture, x[i]);
  out[2 * n + i] = tex1DLod<float>(texture, x[i], 0.0f);
}
__global__ void fetch_2d(cudaTextureObject_t texture, const float* x, const float* y, float* out, int n) {
  const int i = static_cast<int>(threadIdx.x);
  if (i < n) out[i] = tex2D<float>(texture, x[i], y[i]);
}
__global__ void fetch_3d(cudaTextureObject_t texture, const float* x, const float* y, const float* z,
                         float* out, int n) {
  const int i = static_cast<int>(threadIdx.x);
  if (i < n) out[i] = tex3D<float>(texture, x[i], y[i], z[i]);
}

TEST(Texture, OneDimension) {
  const std::vector<float> texels = random_values(13, -1, 1, 1);
  const DeviceImage<float> image({13, 0, 0}, texels);
  for (const Mode& mode : float_modes()) {
    const TextureObject texture(image.resource(), mode);
    const std::vector<float> x = coordinates(13, mode.normalized, 2);
    const int n = static_cast<int>(x.size());
    DeviceArray<float> at(x), out(3 * x.size(), NAN);
    fetch_1d<<<1, 128>>>(texture, at.data(), out.data(), n);
    const std::vector<float> got = out.host();
    const Reference truth{{13}, mode, [&](auto& i) { return texels[i[0]]; }};
    for (int i = 0; i < n; ++i) {
      ASSERT_NEAR(got[i], truth.sample({x[i]}), mode.linear ? 1e-6 : 0) << mode.address << ' ' << x[i];
      ASSERT_EQ(got[n + i], got[i]);
      ASSERT_EQ(got[2 * n + i], got[i]);
    }
  }
}

TEST(Texture, TwoDimensions) {
  const std::vector<float> texels = random_values(7 * 5, -1, 1, 3);
  const DeviceImage<float> image({7, 5, 0}, texels);
  for (const Mode& mode : float_modes()) {
    const TextureObject texture(image.resource(), mode);
    const std::vector<float> x = coordinates(7, mode.normalized, 4), y = coordinates(5, mode.normalized, 5);
    const int n = static_cast<int>(x.size());
    DeviceArray<float> at_x(x), at_y(y), out(x.size(), NAN);
    fetch_2d<<<1, 128>>>(texture, at_x.data(), at_y.data(), out.data(), n);
    const std::vector<float> got = out.host();
    const Reference truth{{7, 5}, mode, [&](auto& i) { return texels[i[0] + 7 * i[1]]; }};
    for (int i = 0; i < n; ++i) {
      ASSERT_NEAR(got[i], truth.sample({x[i], y[i]}), mode.linear ? 1e-6 : 0)
          << mode.address << ' ' << x[i] << ' ' << y[i];
    }
  }
}

TEST(Texture, ThreeDimensions) {
  const std::vector<float> texels = random_values(4 * 5 * 6, -1, 1, 6);
  const DeviceImage<float> image({4, 5, 6}, texels);
  for (const Mode& mode : float_modes()) {
    const TextureObject texture(image.resource(), mode);
    const std::vector<float> x = coordinates(4, mode.normalized, 7), y = coordinates(5, mode.normalized, 8),
                             z = coordinates(6, mode.normalized, 9);
    const int n = static_cast<int>(x.size());
    DeviceArray<float> at_x(x), at_y(y), at_z(z), out(x.size(), NAN);
    fetch_3d<<<1, 128>>>(texture, at_x.data(), at_y.data(), at_z.data(), out.data(), n);
    const std::vector<float> got = out.host();
    const Reference truth{{4, 5, 6}, mode, [&](auto& i) { return texels[i[0] + 4 * (i[1] + 5 * i[2])]; }};
    for (int i = 0; i < n; ++i) {
      ASSERT_NEAR(got[i], truth.sample({x[i], y[i], z[i]}), mode.linear ? 1e-6 : 0) << mode.address;
    }
  }
}

__global__ void fetch_layers(cudaTextureObject_t rows, cudaTextureObject_t planes, float* out) {
  const int layer = static_cast<int>(threadIdx.x) - 1;
  out[2 * threadIdx.x] = tex1DLayered<float>(rows, 1.5f, layer);
  out[2 * threadIdx.x + 1] = tex2DLayered<float>(planes, 1.5f, 2.5f, layer);
}

TEST(Texture, LayersAreChosenNotFiltered) {
  std::vector<float> texels(4 * 4 * 3);
  for (std::size_t i = 0; i < texels.size(); ++i) texels[i] = static_cast<float>(i);
  const DeviceImage<float> rows({4, 0, 3}, texels, cudaArrayLayered),
      planes({4, 4, 3}, texels, cudaArrayLayered);
  const Mode mode{.linear = true};
  const TextureObject of_rows(rows.resource(), mode), of_planes(planes.resource(), mode);
  DeviceArray<float> out(10, NAN);
  fetch_layers<<<1, 5>>>(of_rows, of_planes, out.data());
  const std::vector<float> got = out.host();
  for (int t = 0; t < 5; ++t) {
    const int layer = std::min(std::max(t - 1, 0), 2);
    EXPECT_EQ(got[2 * t], static_cast<float>(4 * layer + 1));
    EXPECT_EQ(got[2 * t + 1], static_cast<float>(16 * layer + 4 * 2 + 1));
  }
}

template <class T>
__global__ void fetch_texels(cudaTextureObject_t texture, T* out, int n) {
  for (int i = 0; i < n; ++i) out[i] = tex1D<T>(texture, static_cast<float>(i) + 0.5f);
}

/// Every texel of T comes back as it went in.
template <class T>
void expect_whole_texels() {
  std::mt19937 random(5);
  std::vector<unsigned char> bytes(32 * sizeof(T));
  for (auto& byte : bytes) byte = static_cast<unsigned char>(random() % 120);  // no float is a NaN
  std::vector<T> texels(32);
  std::memcpy(texels.data(), bytes.data(), bytes.size());
  const DeviceImage<T> image({32, 0, 0}, texels);
  const TextureObject texture(image.resource(), {});
  DeviceArray<T> out(32, T{});
  fetch_texels<T><<<1, 1>>>(texture, out.data(), 32);
  EXPECT_EQ(std::memcmp(out.host().data(), texels.data(), bytes.size()), 0) << sizeof(T);
}

TEST(Texture, WholeTexelsOfEveryType) {
  expect_whole_texels<signed char>(), expect_whole_texels<char2>(), expect_whole_texels<char4>();
  expect_whole_texels<unsigned char>(), expect_whole_texels<uchar2>(), expect_whole_texels<uchar4>();
  expect_whole_texels<short>(), expect_whole_texels<short2>(), expect_whole_texels<short4>();
  expect_whole_texels<unsigned short>(), expect_whole_texels<ushort2>(), expect_whole_texels<ushort4>();
  expect_whole_texels<int>(), expect_whole_texels<int2>(), expect_whole_texels<int4>();
  expect_whole_texels<unsigned>(), expect_whole_texels<uint2>(), expect_whole_texels<uint4>();
  expect_whole_texels<float>(), expect_whole_texels<float2>(), expect_whole_texels<float4>();
}

TEST(Texture, IntegersAsNormalizedFloats) {
  std::vector<char2> bytes;
  for (int i = -128; i < 128; ++i) bytes.push_back(make_char2(static_cast<signed char>(i), 127));
  const DeviceImage<char2> image({256, 0, 0}, bytes);
  const TextureObject texture(image.resource(), {.read = cudaReadModeNormalizedFloat});
  DeviceArray<float2> out(256, float2{});
  fetch_texels<float2><<<1, 1>>>(texture, out.data(), 256);
  const std::vector<float2> got = out.host();
  for (int i = 0; i < 256; ++i) {
    EXPECT_EQ(got[i].x, std::max(static_cast<float>(i - 128) / 127.0f, -1.0f));
    EXPECT_EQ(got[i].y, 1.0f);
  }
  const std::vector<unsigned short> words = {0, 1, 32768, 65535};
  const DeviceImage<unsigned short> wide({4, 0, 0}, words);
  const TextureObject of_words(wide.resource(), {.linear = true, .read = cudaReadModeNormalizedFloat});
  DeviceArray<float> floats(4, NAN);
  fetch_texels<float><<<1, 1>>>(of_words, floats.data(), 4);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(floats.host()[i], static_cast<float>(words[i]) / 65535.0f);
}

TEST(Texture, HalvesAreReadAsFloats) {
  std::vector<ushort2> halves;
  for (unsigned i = 0; i < 0x7c00; i += 31) {
    halves.push_back(make_ushort2(static_cast<unsigned short>(i), static_cast<unsigned short>(i | 0x8000)));
  }
  const int n = static_cast<int>(halves.size());
  const DeviceImage<ushort2> image({halves.size(), 0, 0}, halves, cudaArrayDefault,
                                   cudaCreateChannelDescHalf2());
  const TextureObject texture(image.resource(), {});
  DeviceArray<float2> out(halves.size(), float2{});
  fetch_texels<float2><<<1, 1>>>(texture, out.data(), n);
  const std::vector<float2> got = out.host();
  for (int i = 0; i < n; ++i) {
    EXPECT_EQ(got[i].x, __half2float(__ushort_as_half(halves[i].x)));
    EXPECT_EQ(got[i].y, -got[i].x);
  }
}

__global__ void fetch_linear(cudaTextureObject_t texture, int4* out) {
  out[threadIdx.x] = tex1Dfetch<int4>(texture, static_cast<int>(threadIdx.x) - 1);
}

TEST(Texture, LinearMemoryByIndex) {
  std::vector<int4> texels;
  for (int i = 0; i < 6; ++i) texels.push_back(make_int4(i + 1, -i, 3 * i, 1 << 30));
  DeviceArray<int4> memory(texels), out(8, make_int4(-1, -1, -1, -1));
  cudaResourceDesc resource = {};
  resource.resType = cudaResourceTypeLinear;
  resource.res.linear.devPtr = memory.data();
  resource.res.linear.desc = cudaCreateChannelDesc<int4>();
  resource.res.linear.sizeInBytes = 6 * sizeof(int4);
  const TextureObject texture(resource, {});
  fetch_linear<<<1, 8>>>(texture, out.data());
  const std::vector<int4> got = out.host();
  for (int i = 0; i < 8; ++i) {
    const bool inside = i > 0 && i < 7;
    EXPECT_EQ(got[i].x, inside ? i : 0);
    EXPECT_EQ(got[i].y, inside ? 1 - i : 0);
    EXPECT_EQ(got[i].w, inside ? 1 << 30 : 0);
  }
}

TEST(Texture, PitchedMemory) {
  const std::vector<float> texels = random_values(6 * 3, -1, 1, 8);
  float* memory = nullptr;
  std::size_t pitch = 0;
  ASSERT_EQ(cudaMallocPitch(&memory, &pitch, 6 * sizeof(float), 3), cudaSuccess);
  ASSERT_EQ(
      cudaMemcpy2D(memory, pitch, texels.data(), 6 * sizeof(float), 6 * sizeof(float), 3, cudaMemcpyDefault),
      cudaSuccess);
  cudaResourceDesc resource = {};
  resource.resType = cudaResourceTypePitch2D;
  auto& pitched = resource.res.pitch2D;
  pitched.devPtr = memory;
  pitched.desc = cudaCreateChannelDesc<float>();
  pitched.width = 6, pitched.height = 3, pitched.pitchInBytes = pitch;
  const Mode mode{.linear = true};
  {
    const TextureObject texture(resource, mode);
    const std::vector<float> x = coordinates(6, false, 1), y = coordinates(3, false, 2);
    DeviceArray<float> at_x(x), at_y(y), out(x.size(), NAN);
    fetch_2d<<<1, 128>>>(texture, at_x.data(), at_y.data(), out.data(), static_cast<int>(x.size()));
    const std::vector<float> got = out.host();
    const Reference truth{{6, 3}, mode, [&](auto& i) { return texels[i[0] + 6 * i[1]]; }};
    for (std::size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(got[i], truth.sample({x[i], y[i]}), 1e-6);
  }
  cudaFree(memory);
}

__global__ void gather_corners(cudaTextureObject_t texture, float4* out) {
  out[0] = tex2Dgather<float4>(texture, 2.0f, 1.0f);
  out[1] = tex2Dgather<float4>(texture, 2.0f, 1.0f, 1);
}

TEST(Texture, GatherReadsOneChannelOfFourTexels) {
  std::vector<float2> texels;
  for (int i = 0; i < 12; ++i) texels.push_back(make_float2(static_cast<float>(i), static_cast<float>(-i)));
  const DeviceImage<float2> image({4, 3, 0}, texels, cudaArrayTextureGather);
  const TextureObject texture(image.resource(), {});
  DeviceArray<float4> out(2, float4{});
  gather_corners<<<1, 1>>>(texture, out.data());
  const std::vector<float4> got = out.host();  // columns 1 and 2, rows 0 and 1
  EXPECT_EQ((std::array{got[0].x, got[0].y, got[0].z, got[0].w}), (std::array{5.0f, 6.0f, 2.0f, 1.0f}));
  EXPECT_EQ((std::array{got[1].x, got[1].y, got[1].z, got[1].w}), (std::array{-5.0f, -6.0f, -2.0f, -1.0f}));
}

cudaError_t create(const cudaResourceDesc& resource, const Mode& mode) {
  cudaTextureObject_t texture = 0;
  const cudaTextureDesc wanted = description(mode);
  return cudaCreateTextureObject(&texture, &resource, &wanted, nullptr);
}

TEST(Texture, WhatCannotBeIsRefused) {
  const DeviceImage<int> ints({4, 0, 0}, {1, 2, 3, 4});
  EXPECT_EQ(create(ints.resource(), {.linear = true}), cudaErrorInvalidValue);
  EXPECT_EQ(create(ints.resource(), {.read = cudaReadModeNormalizedFloat}), cudaErrorInvalidValue);
  cudaResourceDesc mipmapped = {};
  mipmapped.resType = cudaResourceTypeMipmappedArray;
  EXPECT_EQ(create(mipmapped, {}), cudaErrorInvalidValue);
  cudaResourceDesc beyond = {};
  DeviceArray<float> memory(8, 0.0f);
  beyond.resType = cudaResourceTypeLinear;
  beyond.res.linear.devPtr = memory.data() + 4;
  beyond.res.linear.desc = cudaCreateChannelDesc<float>();
  beyond.res.linear.sizeInBytes = 5 * sizeof(float);
  EXPECT_EQ(create(beyond, {}), cudaErrorInvalidValue);
  cudaTextureObject_t forgotten = 12345;
  EXPECT_EQ(cudaDestroyTextureObject(forgotten), cudaErrorInvalidValue);
}

}  // namespace
}  // namespace gridstride::emulator
