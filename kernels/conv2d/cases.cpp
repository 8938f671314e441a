#include "kernels/conv2d/cases.hpp"

namespace gridstride {

std::vector<Conv2dShape> conv2d_cases() {
  return {
      {.n = 0, .c = 3, .h = 5, .w = 4, .k = 2, .r = 3, .s = 3},  // no images: dw stays, y and dx are empty
      {.n = 2, .c = 0, .h = 4, .w = 5, .k = 3, .r = 2, .s = 2},  // no channels: y is the bias alone
      {.n = 2, .c = 3, .h = 4, .w = 5, .k = 0, .r = 2, .s = 2},  // no filters: dx is zero
      {.n = 1, .c = 2, .h = 0, .w = 3, .k = 2, .r = 1, .s = 1, .pad_h = 1},  // nothing but padding
      {.n = 1, .c = 1, .h = 1, .w = 1, .k = 1, .r = 1, .s = 1},
      {.n = 3, .c = 1, .h = 5, .w = 7, .k = 1, .r = 1, .s = 1},
      {.n = 2, .c = 3, .h = 5, .w = 4, .k = 5, .r = 5, .s = 4},                          // one window
      {.n = 2, .c = 2, .h = 2, .w = 3, .k = 3, .r = 5, .s = 4, .pad_h = 2, .pad_w = 1},  // larger than x
      {.n = 1, .c = 1, .h = 9, .w = 8, .k = 2, .r = 2, .s = 3, .stride_h = 3, .stride_w = 2},
      {.n = 2, .c = 3, .h = 7, .w = 6, .k = 4, .r = 2, .s = 1, .stride_h = 4, .stride_w = 3},  // gaps in x
      {.n = 1, .c = 2, .h = 6, .w = 5, .k = 3, .r = 3, .s = 2, .stride_w = 2, .pad_h = 4, .pad_w = 3},
      {.n = 1, .c = 31, .h = 4, .w = 3, .k = 33, .r = 3, .s = 3, .pad_h = 1, .pad_w = 1},
      {.n = 1, .c = 33, .h = 3, .w = 5, .k = 31, .r = 2, .s = 3, .pad_w = 1},
      {.n = 2, .c = 17, .h = 11, .w = 13, .k = 37, .r = 3, .s = 3, .stride_h = 2, .stride_w = 1, .pad_h = 1},
      {.n = 1, .c = 64, .h = 4, .w = 4, .k = 65, .r = 1, .s = 1},
      {.n = 3, .c = 1, .h = 28, .w = 28, .k = 32, .r = 3, .s = 3},                          // a digit
      {.n = 1, .c = 3, .h = 32, .w = 32, .k = 16, .r = 5, .s = 5, .pad_h = 2, .pad_w = 2},  // a photograph
      {.n = 2, .c = 32, .h = 13, .w = 13, .k = 64, .r = 3, .s = 3},
      {.n = 1, .c = 65, .h = 9, .w = 8, .k = 67, .r = 3, .s = 2, .pad_h = 1},
      {.n = 2,
       .c = 4,
       .h = 31,
       .w = 33,
       .k = 3,
       .r = 7,
       .s = 7,
       .stride_h = 2,
       .stride_w = 2,
       .pad_h = 3,
       .pad_w = 3},
      {.n = 1031, .c = 2, .h = 3, .w = 2, .k = 3, .r = 2, .s = 2},  // many small images
      {.n = 1, .c = 1, .h = 1, .w = 70001, .k = 2, .r = 1, .s = 3, .pad_w = 1},
  };
}

Conv2dShape conv2d_bench_shape(Device device) {
  if (device == Device::cuda) {
    return {.n = 128, .c = 64, .h = 56, .w = 56, .k = 64, .r = 3, .s = 3, .pad_h = 1, .pad_w = 1};
  }
  return {.n = 64, .c = 32, .h = 13, .w = 13, .k = 64, .r = 3, .s = 3};
}

}  // namespace gridstride
