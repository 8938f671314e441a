#pragma once

#include <cstdint>
#include <string_view>

#include "kernels/core/cost.hpp"
#include "kernels/core/sizes.hpp"

namespace gridstride {

/// The shape that max pooling and its gradient share.
struct Pool2dShape {
  int64_t n = 1;  ///< images
  int64_t c = 1;  ///< channels
  int64_t h = 1, w = 1;
  int64_t r = 1, s = 1;  ///< the window
  int64_t stride_h = 1, stride_w = 1;
  int64_t pad_h = 0, pad_w = 0;

  int64_t p() const { return stride_h > 0 ? (h + 2 * pad_h - r) / stride_h + 1 : 0; }  ///< output height
  int64_t q() const { return stride_w > 0 ? (w + 2 * pad_w - s) / stride_w + 1 : 0; }  ///< output width

  int64_t x_elems() const { return elems_of({n, c, h, w}); }
  int64_t y_elems() const { return elems_of({n, c, p(), q()}); }

  void describe(Schema& schema);
  /// Throws std::invalid_argument "[op] ..."; afterwards every number fits an int, every size an int64_t, and
  /// every window holds at least one element.
  void check(std::string_view op) const;
  bool operator==(const Pool2dShape&) const = default;
};

}  // namespace gridstride
