#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/max_pool2d/shape.hpp"

namespace gridstride {

/// The reference, for any floating-point type.
template <class T>
void max_pool2d_windows(const Pool2dShape& shape, const T* x, T* y, int32_t* argmax) {
  for (int64_t i = 0; i < shape.y_elems(); ++i) {
    const int64_t q = i % shape.q(), p = i / shape.q() % shape.p(), plane = i / (shape.p() * shape.q());
    const int64_t top = p * shape.stride_h - shape.pad_h, left = q * shape.stride_w - shape.pad_w;
    int64_t winner = -1;
    for (int64_t row = std::max<int64_t>(top, 0); row < std::min(top + shape.r, shape.h); ++row) {
      for (int64_t col = std::max<int64_t>(left, 0); col < std::min(left + shape.s, shape.w); ++col) {
        const T* image = x + plane * shape.h * shape.w;
        const int64_t at = row * shape.w + col;
        if (winner < 0 || image[at] > image[winner] || std::isnan(image[at])) winner = at;
      }
    }
    y[i] = x[plane * shape.h * shape.w + winner];
    argmax[i] = static_cast<int32_t>(winner);
  }
}

/// Its gradient: dx[argmax] += dy, if the element lies in its window.
template <class T, class Sum>
void max_pool2d_backward_windows(const Pool2dShape& shape, const T* dy, const int32_t* argmax, Sum* dx) {
  for (int64_t i = 0; i < shape.y_elems(); ++i) {
    const int64_t q = i % shape.q(), p = i / shape.q() % shape.p(), plane = i / (shape.p() * shape.q());
    const int64_t row = argmax[i] / shape.w, col = argmax[i] % shape.w;
    const int64_t r = row - p * shape.stride_h + shape.pad_h, s = col - q * shape.stride_w + shape.pad_w;
    const bool in_image = argmax[i] >= 0 && row < shape.h;
    const bool in_window = r >= 0 && r < shape.r && s >= 0 && s < shape.s;
    if (in_image && in_window) dx[plane * shape.h * shape.w + argmax[i]] += Sum(dy[i]);
  }
}

/// The shapes on which max pooling and its gradient are tried, edge sizes first.
std::vector<Pool2dShape> pool2d_cases();
Pool2dShape pool2d_bench_shape(bool large);

}  // namespace gridstride
