// Each block reduces its share to one number, and a second launch of the same kernel reduces those numbers.
//
// A thread first sums its own elements in a register; then a warp sums its lanes with shuffles, and the block
// its warps through shared memory. Who adds what to what is fixed by n alone: same input, same bits. What is
// left to gain is the second launch.
#include "kernels/core/buffer.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"
#include "kernels/device/block.cuh"
#include "kernels/sum/sum.hpp"

namespace gridstride {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kElemsPerBlock = 8 * kThreads;
constexpr int64_t kMostBlocks = 1024;

// [kernel]
__global__ void sum_blocks(const float* x, float* block_sums, float scale, int64_t n) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  float total = 0;
  for (int64_t i = first; i < n; i += stride) total += x[i];
  total = block_sum<kThreads>(total);
  if (threadIdx.x == 0) block_sums[blockIdx.x] = scale * total;
}
// [kernel]

void launch(const Sum::Args& args, cudaStream_t stream) {
  const unsigned blocks = grid_1d(args.n, kElemsPerBlock, kMostBlocks);
  if (blocks == 1) {
    sum_blocks<<<1, kThreads, 0, stream>>>(args.x, args.y, args.scale, args.n);
  } else {
    DeviceBuffer<float> block_sums(blocks, stream);
    sum_blocks<<<blocks, kThreads, 0, stream>>>(args.x, block_sums.data(), 1.0f, args.n);
    sum_blocks<<<1, kThreads, 0, stream>>>(block_sums.data(), args.y, args.scale, blocks);
  }
  check_launch("sum/02_two_pass");
}

GRIDSTRIDE_VARIANT(Sum, .idea = "registers, shuffles, shared memory, then the blocks' sums", .launch = launch,
                   .cures = {"atomic-contention"});

}  // namespace
}  // namespace gridstride
