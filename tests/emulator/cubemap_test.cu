// Fetches from cubemaps, whose faces hold numbers that tell face, row and column.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace {

constexpr int kSize = 4, kTexels = 6 * kSize * kSize;

/// The direction from the cube's centre to the middle of a texel, after the table of the programming guide.
__host__ __device__ float3 direction(int face, int row, int column) {
  const float s = (column + 0.5f) / kSize * 2 - 1, t = (row + 0.5f) / kSize * 2 - 1;
  switch (face) {
    case 0:
      return {1, -t, -s};
    case 1:
      return {-1, -t, s};
    case 2:
      return {s, 1, t};
    case 3:
      return {s, -1, -t};
    case 4:
      return {s, -t, 1};
    default:
      return {-s, -t, -1};
  }
}

__global__ void fetch_all(cudaTextureObject_t cubes, int layer, bool layered, float* out) {
  const int i = static_cast<int>(threadIdx.x), face = i / (kSize * kSize);
  float3 at = direction(face, i / kSize % kSize, i % kSize);
  at = {3 * at.x, 3 * at.y, 3 * at.z};  // only the direction counts
  out[i] = layered ? texCubemapLayered<float>(cubes, at.x, at.y, at.z, layer)
                   : texCubemap<float>(cubes, at.x, at.y, at.z);
}

std::vector<float> fetched(int layers, int layer, unsigned flags) {
  std::vector<float> texels(static_cast<std::size_t>(layers * kTexels));
  std::iota(texels.begin(), texels.end(), 0.0f);
  cudaArray_t array = nullptr;
  const auto channels = cudaCreateChannelDesc<float>();
  const cudaExtent extent = make_cudaExtent(kSize, kSize, 6 * static_cast<std::size_t>(layers));
  EXPECT_EQ(cudaMalloc3DArray(&array, &channels, extent, flags), cudaSuccess);
  cudaMemcpy3DParms copy{};
  copy.srcPtr = make_cudaPitchedPtr(texels.data(), kSize * sizeof(float), kSize, kSize);
  copy.dstArray = array;
  copy.extent = extent;
  copy.kind = cudaMemcpyHostToDevice;
  EXPECT_EQ(cudaMemcpy3D(&copy), cudaSuccess);

  cudaResourceDesc resource{};
  resource.resType = cudaResourceTypeArray;
  resource.res.array.array = array;
  cudaTextureDesc description{};
  description.normalizedCoords = 1;
  description.filterMode = cudaFilterModeLinear;
  for (auto& mode : description.addressMode) mode = cudaAddressModeClamp;
  cudaTextureObject_t texture = 0;
  EXPECT_EQ(cudaCreateTextureObject(&texture, &resource, &description, nullptr), cudaSuccess);

  float* out = nullptr;
  EXPECT_EQ(cudaMallocManaged(&out, kTexels * sizeof(float)), cudaSuccess);
  fetch_all<<<1, kTexels>>>(texture, layer, (flags & cudaArrayLayered) != 0, out);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  std::vector<float> result(out, out + kTexels);
  EXPECT_EQ(cudaFree(out), cudaSuccess);
  EXPECT_EQ(cudaDestroyTextureObject(texture), cudaSuccess);
  EXPECT_EQ(cudaFreeArray(array), cudaSuccess);
  return result;
}

TEST(Cubemap, EveryDirectionMeetsItsTexel) {
  const std::vector<float> result = fetched(1, 0, cudaArrayCubemap);
  for (int i = 0; i < kTexels; ++i) EXPECT_EQ(result[static_cast<std::size_t>(i)], static_cast<float>(i));
}

TEST(Cubemap, LayersAreCubesOfTheirOwn) {
  const std::vector<float> result = fetched(3, 2, cudaArrayCubemap | cudaArrayLayered);
  for (int i = 0; i < kTexels; ++i) {
    EXPECT_EQ(result[static_cast<std::size_t>(i)], static_cast<float>(2 * kTexels + i));
  }
}

}  // namespace
