// The gradient of the filters is a matrix product as well: (K) x (N*P*Q) times (N*P*Q) x (C*R*S).
//
// Its result is small and its sums are very long, so one block per tile of dw would leave the device idle.
// The sum is split: each block takes a run of pixels, writes its partial sums aside, and a second kernel adds
// them up in a fixed order, so that the same input gives the same bits. Where dw is smaller than 64 x 64 the
// block's threads split the sum further among themselves instead of computing columns that nobody asked for.
// What stops it: both tiles come through registers and wait at the same barrier.
#include "kernels/conv2d/register_tile.cuh"
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/buffer.hpp"
#include "kernels/core/launch.hpp"
#include "kernels/core/variant.hpp"

namespace gridstride::conv {
namespace {

constexpr int kTilesPerBlock = 16;  // of kDepth pixels: enough to outweigh writing the partial sums
constexpr int kMostBlocks = 4096;
constexpr int kLanes = 32;
constexpr int kWide = 16;  // filters of a thread
static_assert(kDepth == kLanes && kThreads == 2 * kLanes);

/// Sums of some pixels: parts x (products, padded) x (filters, padded).
struct Partials {
  float* data;
  int products, filters;
  int tiles_per_block;
};

// [kernel]
/// Each lane of a warp has a pixel of the tile, so that both tiles are read along their rows; the first warp
/// fetches the first half of the filters and products, the second the rest.
template <int kFilterGroups, int kProductGroups>
__global__ void __launch_bounds__(kThreads)
    wgrad_implicit_gemm(Problem conv, WindowTaps taps, const float* dy, Partials partials) {
  constexpr int kFilters = kWide * kFilterGroups, kProducts = kSide * kProductGroups;
  constexpr int kSquares = kFilterGroups * kProductGroups;
  constexpr int kSlices = kThreads / kSquares;             // threads that share a square, and its sums
  __shared__ float sX[kDepth][kProducts + 1];              // (pixel,product)
  __shared__ alignas(16) float sDy[kDepth][kFilters + 4];  // (pixel,filter)
  const int lane = static_cast<int>(threadIdx.x) % kLanes, half = static_cast<int>(threadIdx.x) / kLanes;
  const int product_tiles = partials.products / kProducts, filter_tiles = partials.filters / kFilters;
  const int tile = static_cast<int>(blockIdx.x) % (product_tiles * filter_tiles);
  const int split = static_cast<int>(blockIdx.x) / (product_tiles * filter_tiles);
  const int product0 = tile / filter_tiles * kProducts, filter0 = tile % filter_tiles * kFilters;
  // What this thread brings into the tiles ...
  const int my_product = half * (kProducts / 2), my_filter = half * (kFilters / 2);
  const int product_run = min(kProducts / 2, conv.products() - product0 - my_product);
  const int filter_run = min(kFilters / 2, conv.filters - filter0 - my_filter);
  const Walk from_product(conv, product0 + my_product);
  // ... and what it multiplies.
  const int square = static_cast<int>(threadIdx.x) % kSquares,
            slice = static_cast<int>(threadIdx.x) / kSquares;
  const int x = square % kProductGroups, f = square / kProductGroups * kWide;
  const int begin = slice * (kDepth / kSlices), end = begin + kDepth / kSlices;

  // Sums of products and filters beyond the last are made, too, and not read: of zeros, brought in once.
  for (int i = max(product_run, 0); i < kProducts / 2; ++i) sX[lane][my_product + i] = 0;
  for (int i = max(filter_run, 0); i < kFilters / 2; ++i) sDy[lane][my_filter + i] = 0;

  float sum[kSide][kWide] = {};
  const int64_t tile0 = static_cast<int64_t>(split) * partials.tiles_per_block;
  for (int64_t t = tile0; t < tile0 + partials.tiles_per_block && t * kDepth < conv.pixels(); ++t) {
    const int64_t pixel = t * kDepth + lane, n = pixel / conv.target_plane();
    const int in_plane = static_cast<int>(pixel - n * conv.target_plane());
    Window window[1];
    Pixel gradient;
    if (n < conv.images) {
      window[0] = Window(conv, taps, n, in_plane);
      gradient = {dy + n * conv.filters * conv.target_plane(), in_plane};
    }
    gradient.copy(filter0 + my_filter, filter_run, conv.target_plane(), &sDy[lane][my_filter], 1);
    Walk(from_product).fill(conv, taps, window, product_run, &sX[lane][my_product], 1, 0);
    __syncthreads();
    multiply<kProductGroups>(sX, sDy, x, f, begin, end, sum);
    __syncthreads();
  }

  const int64_t part = static_cast<int64_t>(split) * kSlices + slice;
  for (int i = 0; i < kSide; ++i) {
    const int64_t product = part * partials.products + product0 + x + i * kProductGroups;
    for (int j = 0; j < kWide; ++j) partials.data[product * partials.filters + filter0 + f + j] = sum[i][j];
  }
}

/// dw += the partial sums, in the order of their pixels. A warp reads neighbouring filters.
__global__ void wgrad_add_partials(Problem conv, Partials partials, int parts, float* dw) {
  const int64_t first = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const int64_t part_elems = static_cast<int64_t>(partials.products) * partials.filters;
  for (int64_t i = first; i < static_cast<int64_t>(conv.products()) * conv.filters; i += stride) {
    const int64_t k = i % conv.filters, product = i / conv.filters;
    const int64_t tap = product / conv.channels, c = product % conv.channels;
    float sum = 0;
    for (int part = 0; part < parts; ++part) {
      sum += partials.data[part * part_elems + product * partials.filters + k];
    }
    dw[(k * conv.channels + c) * conv.taps_h * conv.taps_w + tap] += sum;
  }
}
// [kernel]

template <int kFilterGroups, int kProductGroups>
void launch_tiled(const Conv2dWgrad::Args& args, cudaStream_t stream) {
  constexpr int kFilters = kWide * kFilterGroups, kProducts = kSide * kProductGroups;
  constexpr int kSlices = kThreads / (kFilterGroups * kProductGroups);
  Problem conv = Problem::forward(args.shape);
  conv.source = args.x;
  const int64_t product_tiles = ceil_div(conv.products(), kProducts),
                filter_tiles = ceil_div(conv.filters, kFilters);
  const int64_t pixel_tiles = ceil_div(conv.pixels(), kDepth);
  const int64_t most_splits = std::max<int64_t>(kMostBlocks / (product_tiles * filter_tiles), 1);
  const int64_t tiles_per_block = std::max<int64_t>(kTilesPerBlock, ceil_div(pixel_tiles, most_splits));
  const int64_t splits = ceil_div(pixel_tiles, tiles_per_block);

  DeviceBuffer<float> sums(splits * kSlices * product_tiles * kProducts * filter_tiles * kFilters, stream);
  const Partials partials{sums.data(), static_cast<int>(product_tiles * kProducts),
                          static_cast<int>(filter_tiles * kFilters), static_cast<int>(tiles_per_block)};
  const auto blocks = static_cast<unsigned>(splits * product_tiles * filter_tiles);
  wgrad_implicit_gemm<kFilterGroups, kProductGroups>
      <<<blocks, kThreads, 0, stream>>>(conv, WindowTaps(args.shape), args.dy, partials);
  wgrad_add_partials<<<grid_1d(args.shape.w_elems(), 128), 128, 0, stream>>>(
      conv, partials, static_cast<int>(splits * kSlices), args.dw);
}

void launch(const Conv2dWgrad::Args& args, cudaStream_t stream) {
  const Conv2dShape& shape = args.shape;
  if (shape.w_elems() == 0 || shape.y_elems() == 0) return;
  const bool few_filters = shape.k <= 32, few_products = shape.c * shape.r * shape.s <= 16;
  const auto tiled = few_filters ? (few_products ? launch_tiled<2, 2> : launch_tiled<2, 8>)
                                 : (few_products ? launch_tiled<4, 2> : launch_tiled<4, 8>);
  tiled(args, stream);
  check_launch("conv2d_wgrad/02_implicit_gemm");
}

std::string unsupported(const Conv2dWgrad::Args& args) { return args.shape.why_not_tiled(); }

GRIDSTRIDE_VARIANT(Conv2dWgrad, .idea = "a matrix product over all pixels, split into partial sums",
                   .launch = launch, .unsupported = unsupported, .cures = {"unused-bytes"});

}  // namespace
}  // namespace gridstride::conv
