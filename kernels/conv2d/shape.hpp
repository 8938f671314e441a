#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernels/core/cost.hpp"
#include "kernels/core/sizes.hpp"

namespace gridstride {

/// The shape that a convolution and its two gradients share, in the letters of the literature.
struct Conv2dShape {
  int64_t n = 1;  ///< images
  int64_t c = 1;  ///< input channels
  int64_t h = 1, w = 1;
  int64_t k = 1;  ///< filters, which are the output's channels
  int64_t r = 1, s = 1;
  int64_t stride_h = 1, stride_w = 1;
  int64_t pad_h = 0, pad_w = 0;

  int64_t p() const { return stride_h > 0 ? (h + 2 * pad_h - r) / stride_h + 1 : 0; }  ///< output height
  int64_t q() const { return stride_w > 0 ? (w + 2 * pad_w - s) / stride_w + 1 : 0; }  ///< output width

  int64_t x_elems() const { return elems_of({n, c, h, w}); }
  int64_t w_elems() const { return elems_of({k, c, r, s}); }
  int64_t y_elems() const { return elems_of({n, k, p(), q()}); }
  double flops() const;  ///< of the forward pass and of each gradient alike, padding included

  void describe(Schema& schema);
  /// Throws std::invalid_argument "[op] ..."; afterwards every number fits an int, every size an int64_t.
  void check(std::string_view op) const;
  /// Why the tiled kernels cannot take this shape; empty if they can.
  std::string why_not_tiled() const;
  bool operator==(const Conv2dShape&) const = default;
};

}  // namespace gridstride
