#pragma once

#include "kernels/conv2d/shape.hpp"

namespace gridstride {

/// Call f(x_index, w_index, y_index) for every product that a convolution is made of, in the output's order.
/// The convolution and its two gradients are the same products, summed into a different one of the three:
///   y[yi] += x[xi] * w[wi]      dx[xi] += dy[yi] * w[wi]      dw[wi] += dy[yi] * x[xi]
template <class F>
void for_each_tap(const Conv2dShape& shape, F f) {
  const int64_t P = shape.p(), Q = shape.q();
  int64_t yi = 0;
  for (int64_t n = 0; n < shape.n; ++n) {
    for (int64_t k = 0; k < shape.k; ++k) {
      for (int64_t p = 0; p < P; ++p) {
        for (int64_t q = 0; q < Q; ++q, ++yi) {
          int64_t wi = k * shape.c * shape.r * shape.s;
          for (int64_t c = 0; c < shape.c; ++c) {
            for (int64_t r = 0; r < shape.r; ++r) {
              for (int64_t s = 0; s < shape.s; ++s, ++wi) {
                const int64_t h = p * shape.stride_h - shape.pad_h + r;
                const int64_t w = q * shape.stride_w - shape.pad_w + s;
                if (h < 0 || h >= shape.h || w < 0 || w >= shape.w) continue;
                f(((n * shape.c + c) * shape.h + h) * shape.w + w, wi, yi);
              }
            }
          }
        }
      }
    }
  }
}

/// The three references, for any floating-point type: sums are added to what the last argument holds.
template <class T, class Sum>
void conv2d_products(const Conv2dShape& shape, const T* x, const T* w, Sum* y) {
  for_each_tap(shape, [=](int64_t xi, int64_t wi, int64_t yi) { y[yi] += Sum(x[xi]) * Sum(w[wi]); });
}
template <class T, class Sum>
void conv2d_dgrad_products(const Conv2dShape& shape, const T* dy, const T* w, Sum* dx) {
  for_each_tap(shape, [=](int64_t xi, int64_t wi, int64_t yi) { dx[xi] += Sum(dy[yi]) * Sum(w[wi]); });
}
template <class T, class Sum>
void conv2d_wgrad_products(const Conv2dShape& shape, const T* x, const T* dy, Sum* dw) {
  for_each_tap(shape, [=](int64_t xi, int64_t wi, int64_t yi) { dw[wi] += Sum(dy[yi]) * Sum(x[xi]); });
}

}  // namespace gridstride
