/// CUDA arrays: what they are, copies from and to them, and surfaces on them.
#include <numeric>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

std::vector<int> counted(int n, int first = 0) {
  std::vector<int> out(n);
  std::iota(out.begin(), out.end(), first);
  return out;
}

class ArrayTest : public RuntimeTest {
 protected:
  void TearDown() override {
    for (const cudaArray_t array : arrays_) EXPECT_EQ(cudaFreeArray(array), cudaSuccess);
    RuntimeTest::TearDown();
  }

  cudaArray_t make(cudaExtent extent, unsigned flags = cudaArrayDefault) {
    const cudaChannelFormatDesc channels = cudaCreateChannelDesc<int>();
    arrays_.push_back(nullptr);
    EXPECT_EQ(cudaMalloc3DArray(&arrays_.back(), &channels, extent, flags), cudaSuccess);
    return arrays_.back();
  }

  static std::vector<int> read(cudaArray_t array, int count) {
    std::vector<int> out(count, -1);
    EXPECT_EQ(cudaMemcpyFromArray(out.data(), array, 0, 0, count * sizeof(int), cudaMemcpyDeviceToHost),
              cudaSuccess);
    return out;
  }

 private:
  std::vector<cudaArray_t> arrays_;
};
GRIDSTRIDE_EVERY_SCHEDULE(ArrayTest);

TEST_P(ArrayTest, ItTellsWhatItIs) {
  cudaChannelFormatDesc channels = {};
  cudaExtent extent = {};
  unsigned flags = 0;
  const cudaArray_t array = make({5, 4, 3}, cudaArraySurfaceLoadStore);
  EXPECT_EQ(cudaArrayGetInfo(&channels, &extent, &flags, array), cudaSuccess);
  EXPECT_EQ(channels.x, 32);
  EXPECT_EQ(channels.y, 0);
  EXPECT_EQ(channels.f, cudaChannelFormatKindSigned);
  EXPECT_EQ(extent.width * 100 + extent.height * 10 + extent.depth, 543u);
  EXPECT_EQ(flags, cudaArraySurfaceLoadStore);
}

TEST_P(ArrayTest, WhatCannotBeIsRefused) {
  cudaArray_t array = nullptr;
  const cudaChannelFormatDesc ints = cudaCreateChannelDesc<int>();
  const cudaChannelFormatDesc triple{8, 8, 8, 0, cudaChannelFormatKindUnsigned};
  EXPECT_EQ(cudaMallocArray(&array, &triple, 4, 4), cudaErrorInvalidChannelDescriptor);
  EXPECT_EQ(cudaMallocArray(&array, &ints, 0, 4), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMalloc3DArray(&array, &ints, {4, 4, 5}, cudaArrayCubemap), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMalloc3DArray(&array, &ints, {4, 5, 6}, cudaArrayCubemap), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMalloc3DArray(&array, &ints, {4, 0, 4}), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFreeArray(reinterpret_cast<cudaArray_t>(&array)), cudaErrorInvalidResourceHandle);
  EXPECT_EQ(cudaFreeArray(nullptr), cudaSuccess);
}

TEST_P(ArrayTest, RunsGoOnInTheNextRow) {
  const cudaArray_t array = make({4, 3, 0});
  const std::vector<int> all = counted(12), part = counted(5, 100);
  EXPECT_EQ(cudaMemcpyToArray(array, 0, 0, all.data(), 48, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaMemcpyToArray(array, 8, 1, part.data(), 20, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(read(array, 12), (std::vector<int>{0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 11}));
  EXPECT_EQ(cudaMemcpyToArray(array, 8, 2, part.data(), 12, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
}

TEST_P(ArrayTest, RectanglesKeepTheirShape) {
  const cudaArray_t array = make({4, 3, 0});
  const std::vector<int> zeros(12, 0), block = counted(8, 1);
  EXPECT_EQ(cudaMemcpyToArrayAsync(array, 0, 0, zeros.data(), 48, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(cudaMemcpy2DToArray(array, 4, 1, block.data(), 16, 8, 2, cudaMemcpyHostToDevice), cudaSuccess);
  EXPECT_EQ(read(array, 12), (std::vector<int>{0, 0, 0, 0, 0, 1, 2, 0, 0, 5, 6, 0}));
  std::vector<int> back(6, -1);
  EXPECT_EQ(cudaMemcpy2DFromArray(back.data(), 12, array, 4, 1, 8, 2, cudaMemcpyDeviceToHost), cudaSuccess);
  EXPECT_EQ(back, (std::vector<int>{1, 2, -1, 5, 6, -1}));
  EXPECT_EQ(cudaMemcpy2DToArray(array, 12, 1, block.data(), 16, 8, 2, cudaMemcpyHostToDevice),
            cudaErrorInvalidValue);
}

TEST_P(ArrayTest, BoxesGoBetweenArraysAndPitchedMemory) {
  const std::vector<int> values = counted(4 * 3 * 2);
  const cudaArray_t first = make({4, 3, 2}), second = make({5, 5, 5});
  cudaMemcpy3DParms in = {};
  in.srcPtr = make_cudaPitchedPtr(const_cast<int*>(values.data()), 16, 4, 3);
  in.dstArray = first;
  in.extent = make_cudaExtent(4, 3, 2);
  in.kind = cudaMemcpyHostToDevice;
  EXPECT_EQ(cudaMemcpy3D(&in), cudaSuccess);
  cudaMemcpy3DParms across = {};
  across.srcArray = first, across.srcPos = make_cudaPos(1, 1, 0);
  across.dstArray = second, across.dstPos = make_cudaPos(2, 3, 3);
  across.extent = make_cudaExtent(3, 2, 2);
  across.kind = cudaMemcpyDeviceToDevice;
  EXPECT_EQ(cudaMemcpy3DAsync(&across), cudaSuccess);
  std::vector<int> out(2 * 2 * 2, -1);
  cudaMemcpy3DParms back = {};
  back.srcArray = second, back.srcPos = make_cudaPos(3, 3, 3);
  back.dstPtr = make_cudaPitchedPtr(out.data(), 8, 2, 2);
  back.extent = make_cudaExtent(2, 2, 2);
  back.kind = cudaMemcpyDeviceToHost;
  EXPECT_EQ(cudaMemcpy3D(&back), cudaSuccess);
  EXPECT_EQ(out, (std::vector<int>{6, 7, 10, 11, 18, 19, 22, 23}));
  back.srcPos.x = 4;
  EXPECT_EQ(cudaMemcpy3D(&back), cudaErrorInvalidValue);
}

class SurfaceObject {
 public:
  explicit SurfaceObject(cudaArray_t array) {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    EXPECT_EQ(cudaCreateSurfaceObject(&handle_, &resource), cudaSuccess);
  }
  ~SurfaceObject() { EXPECT_EQ(cudaDestroySurfaceObject(handle_), cudaSuccess); }
  SurfaceObject(const SurfaceObject&) = delete;
  SurfaceObject& operator=(const SurfaceObject&) = delete;
  operator cudaSurfaceObject_t() const { return handle_; }

 private:
  cudaSurfaceObject_t handle_ = 0;
};

__global__ void write_all(cudaSurfaceObject_t line, cudaSurfaceObject_t plane, cudaSurfaceObject_t box,
                          cudaSurfaceObject_t layers) {
  const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y),
            z = static_cast<int>(threadIdx.z), x_bytes = x * static_cast<int>(sizeof(int));
  surf3Dwrite(100 * z + 10 * y + x, box, x_bytes, y, z);
  surf2DLayeredwrite(1000 + 100 * z + 10 * y + x, layers, x_bytes, y, z);
  if (z == 0) surf2Dwrite(10 * y + x, plane, x_bytes, y);
  if (z == 0 && y == 0) surf1Dwrite(x, line, x_bytes);
}

__global__ void read_all(cudaSurfaceObject_t line, cudaSurfaceObject_t plane, cudaSurfaceObject_t box,
                         cudaSurfaceObject_t layers, int* out) {
  const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y),
            z = static_cast<int>(threadIdx.z), x_bytes = x * static_cast<int>(sizeof(int));
  int layered = 0;
  surf2DLayeredread(&layered, layers, x_bytes, y, z);
  out[x + 4 * (y + 3 * z)] = surf3Dread<int>(box, x_bytes, y, z) + surf2Dread<int>(plane, x_bytes, y) +
                             surf1Dread<int>(line, x_bytes) + layered;
}

TEST_P(ArrayTest, SurfacesAreWrittenAndReadInPlace) {
  constexpr unsigned kFlags = cudaArraySurfaceLoadStore;
  const cudaArray_t line_array = make({4, 0, 0}, kFlags), plane_array = make({4, 3, 0}, kFlags),
                    box_array = make({4, 3, 2}, kFlags),
                    layer_array = make({4, 3, 2}, kFlags | cudaArrayLayered);
  const SurfaceObject line(line_array), plane(plane_array), box(box_array), layers(layer_array);
  DeviceArray<int> out(24, -1);
  write_all<<<1, dim3(4, 3, 2)>>>(line, plane, box, layers);
  read_all<<<1, dim3(4, 3, 2)>>>(line, plane, box, layers, out.data());
  const std::vector<int> got = out.host();
  for (int i = 0; i < 24; ++i) {
    const int x = i % 4, y = i / 4 % 3, z = i / 12;
    EXPECT_EQ(got[i], 1000 + 200 * z + 30 * y + 4 * x);
  }
  EXPECT_EQ(read(plane_array, 12), (std::vector<int>{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}));
}

__global__ void cross_the_border(cudaSurfaceObject_t plane, int* out, cudaSurfaceBoundaryMode mode) {
  surf2Dwrite(77, plane, -4, 0, mode);
  surf2Dwrite(88, plane, 16, 5, mode);
  out[0] = surf2Dread<int>(plane, -8, -1, mode);
  out[1] = surf2Dread<int>(plane, 40, 1, mode);
}

TEST_P(ArrayTest, BoundaryModesSayWhatLiesOutside) {
  const cudaArray_t array = make({4, 2, 0}, cudaArraySurfaceLoadStore);
  const SurfaceObject plane(array);
  const std::vector<int> values = counted(8, 10);
  DeviceArray<int> out(2, -1);
  cudaMemcpyToArray(array, 0, 0, values.data(), 32, cudaMemcpyHostToDevice);
  cross_the_border<<<1, 1>>>(plane, out.data(), cudaBoundaryModeZero);
  EXPECT_EQ(out.host(), (std::vector<int>{0, 0}));
  EXPECT_EQ(read(array, 8), values);
  cross_the_border<<<1, 1>>>(plane, out.data(), cudaBoundaryModeClamp);
  EXPECT_EQ(out.host(), (std::vector<int>{77, 88}));
  cross_the_border<<<1, 1>>>(plane, out.data(), cudaBoundaryModeTrap);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
  EXPECT_NE(only_report().find("a surface access of 4 bytes at x = -4 bytes"), std::string::npos)
      << only_report();
  EXPECT_NE(only_report().find("array_test.cu:"), std::string::npos);
  cudaDeviceReset();
}

TEST_P(ArrayTest, SurfacesNeedAnArrayMadeForThem) {
  cudaResourceDesc resource = {};
  resource.resType = cudaResourceTypeArray;
  resource.res.array.array = make({4, 2, 0});
  cudaSurfaceObject_t surface = 0;
  EXPECT_EQ(cudaCreateSurfaceObject(&surface, &resource), cudaErrorInvalidValue);
}

}  // namespace
}  // namespace gridstride::emulator
