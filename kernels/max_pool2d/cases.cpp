#include "kernels/max_pool2d/windows.hpp"

namespace gridstride {

std::vector<Pool2dShape> pool2d_cases() {
  return {
      {.n = 0, .c = 3, .h = 4, .w = 4, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2},
      {.n = 2, .c = 0, .h = 4, .w = 4, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2},
      {.n = 1, .c = 1, .h = 1, .w = 1, .r = 1, .s = 1},
      {.n = 2, .c = 3, .h = 2, .w = 2, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2},
      {.n = 2, .c = 3, .h = 3, .w = 5, .r = 3, .s = 5, .stride_h = 2, .stride_w = 2},  // one window
      {.n = 1, .c = 2, .h = 1, .w = 1, .r = 3, .s = 2, .stride_h = 1, .stride_w = 1, .pad_h = 1, .pad_w = 1},
      {.n = 3, .c = 1, .h = 2, .w = 3, .r = 5, .s = 4, .stride_h = 2, .stride_w = 1, .pad_h = 2, .pad_w = 1},
      {.n = 2, .c = 2, .h = 5, .w = 4, .r = 2, .s = 3, .stride_h = 1, .stride_w = 1},  // overlap
      {.n = 16, .c = 5, .h = 3, .w = 3, .r = 3, .s = 3, .pad_h = 1, .pad_w = 1},  // windows share winners
      {.n = 2, .c = 5, .h = 7, .w = 5, .r = 2, .s = 1, .stride_h = 3, .stride_w = 2},  // gaps
      {.n = 4, .c = 7, .h = 5, .w = 5, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2},  // odd size
      {.n = 3, .c = 2, .h = 4, .w = 6, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2, .pad_h = 1},
      {.n = 2, .c = 3, .h = 9, .w = 8, .r = 3, .s = 3, .stride_h = 2, .stride_w = 2, .pad_h = 1, .pad_w = 1},
      {.n = 2, .c = 3, .h = 9, .w = 8, .r = 3, .s = 2, .stride_h = 3, .stride_w = 4, .pad_w = 1},
      {.n = 1, .c = 2, .h = 31, .w = 33, .r = 3, .s = 3, .stride_h = 1, .stride_w = 2},
      {.n = 5, .c = 32, .h = 26, .w = 26, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2},
      {.n = 3, .c = 64, .h = 11, .w = 11, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2},
      {.n = 70001, .c = 1, .h = 2, .w = 2, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2},  // many planes
      {.n = 1, .c = 1, .h = 1, .w = 70001, .r = 1, .s = 2, .stride_h = 1, .stride_w = 1},
  };
}

Pool2dShape pool2d_bench_shape(bool large) {
  if (large) return {.n = 256, .c = 64, .h = 112, .w = 112, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2};
  return {.n = 64, .c = 32, .h = 26, .w = 26, .r = 2, .s = 2, .stride_h = 2, .stride_w = 2};
}

}  // namespace gridstride
