/// Boxes of memory: allocation, copies of their parts, fills; and copies that name devices.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace {

constexpr std::size_t kWidth = 12, kHeight = 5, kDepth = 4;

class Boxes : public ::testing::Test {
 protected:
  void SetUp() override {
    cudaDeviceReset();
    ASSERT_EQ(cudaMalloc3D(&box_, extent_), cudaSuccess);
    std::iota(host_.begin(), host_.end(), static_cast<unsigned char>(1));
  }
  void TearDown() override {
    EXPECT_EQ(cudaFree(box_.ptr), cudaSuccess);
    cudaGetLastError();
  }
  cudaMemcpy3DParms upload() {
    cudaMemcpy3DParms copy{};
    copy.srcPtr = make_cudaPitchedPtr(host_.data(), kWidth, kWidth, kHeight);
    copy.dstPtr = box_;
    copy.extent = extent_;
    copy.kind = cudaMemcpyHostToDevice;
    return copy;
  }
  std::vector<unsigned char> download() {
    std::vector<unsigned char> back(host_.size());
    cudaMemcpy3DParms copy{};
    copy.srcPtr = box_;
    copy.dstPtr = make_cudaPitchedPtr(back.data(), kWidth, kWidth, kHeight);
    copy.extent = extent_;
    copy.kind = cudaMemcpyDeviceToHost;
    EXPECT_EQ(cudaMemcpy3D(&copy), cudaSuccess);
    return back;
  }

  const cudaExtent extent_ = make_cudaExtent(kWidth, kHeight, kDepth);
  cudaPitchedPtr box_{};
  std::vector<unsigned char> host_ = std::vector<unsigned char>(kWidth * kHeight * kDepth);
};

TEST_F(Boxes, RoundTrip) {
  EXPECT_GE(box_.pitch, kWidth);
  EXPECT_EQ(box_.ysize, kHeight);
  const cudaMemcpy3DParms copy = upload();
  ASSERT_EQ(cudaMemcpy3D(&copy), cudaSuccess);
  EXPECT_EQ(download(), host_);
}

TEST_F(Boxes, PartsAtPositions) {
  ASSERT_EQ(cudaMemset3D(box_, 0, extent_), cudaSuccess);
  cudaMemcpy3DParms copy = upload();
  copy.srcPos = make_cudaPos(1, 2, 3);
  copy.dstPos = make_cudaPos(4, 0, 1);
  copy.extent = make_cudaExtent(3, 2, 1);
  ASSERT_EQ(cudaMemcpy3DAsync(&copy), cudaSuccess);
  std::vector<unsigned char> expected(host_.size());
  for (std::size_t y = 0; y < 2; ++y) {
    for (std::size_t x = 0; x < 3; ++x) {
      expected[4 + x + kWidth * (y + kHeight)] = host_[1 + x + kWidth * (2 + y + kHeight * 3)];
    }
  }
  EXPECT_EQ(download(), expected);
}

TEST_F(Boxes, FillsLeaveTheRestAlone) {
  const cudaMemcpy3DParms copy = upload();
  ASSERT_EQ(cudaMemcpy3D(&copy), cudaSuccess);
  ASSERT_EQ(cudaMemset3D(box_, 200, make_cudaExtent(2, 2, 2)), cudaSuccess);
  std::vector<unsigned char> expected = host_;
  for (std::size_t i = 0; i < 8; ++i) {
    expected[i % 2 + kWidth * (i / 2 % 2 + kHeight * (i / 4))] = 200;
  }
  EXPECT_EQ(download(), expected);
}

TEST_F(Boxes, WrongOnes) {
  cudaMemcpy3DParms copy = upload();
  copy.extent.depth = kDepth + 1;
  EXPECT_EQ(cudaMemcpy3D(&copy), cudaErrorInvalidValue) << "beyond the end";
  copy = upload();
  copy.kind = cudaMemcpyDeviceToHost;
  EXPECT_EQ(cudaMemcpy3D(&copy), cudaErrorInvalidValue);
  copy = upload();
  copy.srcPtr.pitch = kWidth - 1;
  EXPECT_EQ(cudaMemcpy3D(&copy), cudaErrorInvalidPitchValue);
  copy = upload();
  copy.extent.height = 0;
  EXPECT_EQ(cudaMemcpy3D(&copy), cudaSuccess) << "nothing to do";
  EXPECT_EQ(cudaMemcpy3D(nullptr), cudaErrorInvalidValue);
}

TEST_F(Boxes, CopiesThatNameDevices) {
  char* other = nullptr;
  ASSERT_EQ(cudaMalloc(&other, 8), cudaSuccess);
  ASSERT_EQ(cudaMemset(other, 9, 8), cudaSuccess);
  ASSERT_EQ(cudaMemcpyPeer(box_.ptr, 0, other, 0, 8), cudaSuccess);
  EXPECT_EQ(download()[7], 9);
  EXPECT_EQ(cudaMemcpyPeerAsync(box_.ptr, 0, other, 1, 8), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaFree(other), cudaSuccess);
}

TEST(Peers, OneDeviceHasNone) {
  int value = -1;
  EXPECT_EQ(cudaDeviceCanAccessPeer(&value, 0, 0), cudaSuccess);
  EXPECT_EQ(value, 0);
  EXPECT_EQ(cudaDeviceCanAccessPeer(&value, 0, 1), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaDeviceEnablePeerAccess(1, 0), cudaErrorInvalidDevice);
  EXPECT_EQ(cudaDeviceDisablePeerAccess(0), cudaErrorPeerAccessNotEnabled);
  EXPECT_EQ(cudaDeviceGetP2PAttribute(&value, cudaDevP2PAttrAccessSupported, 0, 1), cudaErrorInvalidDevice);
  char id[32];
  EXPECT_EQ(cudaDeviceGetPCIBusId(id, sizeof id, 0), cudaSuccess);
  EXPECT_EQ(cudaDeviceGetByPCIBusId(&value, id), cudaSuccess);
  EXPECT_EQ(value, 0);
  EXPECT_EQ(cudaDeviceGetByPCIBusId(&value, "0000:99:00.0"), cudaErrorInvalidDevice);
  cudaDeviceProp wanted{};
  EXPECT_EQ(cudaChooseDevice(&value, &wanted), cudaSuccess);
  EXPECT_EQ(value, 0);
  cudaGetLastError();
}

TEST(Errors, EveryOneHasANameAndAText) {
  EXPECT_STREQ(cudaGetErrorName(cudaErrorGraphExecUpdateFailure), "cudaErrorGraphExecUpdateFailure");
  EXPECT_STREQ(cudaGetErrorString(cudaErrorStreamCaptureUnjoined), "capturing stream has unjoined work");
  EXPECT_EQ(static_cast<int>(cudaErrorTooManyPeers), 711);
}

}  // namespace
