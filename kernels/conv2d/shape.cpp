#include "kernels/conv2d/shape.hpp"

#include <limits>
#include <stdexcept>
#include <utility>

#include "kernels/core/schema.hpp"
#include "kernels/core/sizes.hpp"

namespace gridstride {
namespace {

constexpr int64_t kMostInt = std::numeric_limits<int32_t>::max();

}  // namespace

void Conv2dShape::describe(Schema& schema) {
  schema.dim("n", n, "images").dim("c", c, "input channels").dim("h", h, "height").dim("w", w, "width");
  schema.dim("k", k, "filters").dim("r", r, "filter height").dim("s", s, "filter width");
  schema.dim("stride_h", stride_h, "rows from window to window")
      .dim("stride_w", stride_w, "columns from window to window");
  schema.dim("pad_h", pad_h, "rows of zeros above and below")
      .dim("pad_w", pad_w, "columns of zeros left and right");
}

void Conv2dShape::check(std::string_view op) const {
  const auto fail = [op](const std::string& what) {
    throw std::invalid_argument("[" + std::string(op) + "] " + what);
  };
  const auto within = [&](const char* name, int64_t value, int64_t least) {
    if (value >= least && value <= kMostInt) return;
    fail(std::string(name) + " must be " + std::to_string(least) + ".." + std::to_string(kMostInt) +
         ", got " + std::to_string(value));
  };
  within("n", n, 0), within("c", c, 0), within("h", h, 0), within("w", w, 0), within("k", k, 0);
  within("r", r, 1), within("s", s, 1), within("stride_h", stride_h, 1), within("stride_w", stride_w, 1);
  within("pad_h", pad_h, 0), within("pad_w", pad_w, 0);

  const auto window = [&](const char* names, int64_t filter, int64_t image, int64_t pad) {
    within(names, image + 2 * pad, 0);
    if (filter > image + 2 * pad) {
      fail("a filter of " + std::to_string(filter) + " does not fit into " + names + " = " +
           std::to_string(image + 2 * pad) + "; use a smaller filter or more padding");
    }
  };
  window("h + 2 pad_h", r, h, pad_h), window("w + 2 pad_w", s, w, pad_w);
  check_array(op, "x", {{"n", n}, {"c", c}, {"h", h}, {"w", w}});
  check_array(op, "w", {{"k", k}, {"c", c}, {"r", r}, {"s", s}});
  check_array(op, "y", {{"n", n}, {"k", k}, {"p", p()}, {"q", q()}});
}

double Conv2dShape::flops() const {
  return 2.0 * static_cast<double>(y_elems()) * static_cast<double>(c * r * s);
}

std::string Conv2dShape::why_not_tiled() const {
  for (const auto& [name, elems] :
       {std::pair{"one image of x", elems_of({c, h, w})},
        std::pair{"one image of y", elems_of({k, p(), q()})}, std::pair{"one filter", elems_of({c, r, s})},
        std::pair{"one channel of w", elems_of({k, r, s})}}) {
    if (elems > kMostInt) {
      return std::string(name) + " has " + std::to_string(elems) +
             " elements, the tiled kernels count them in 32 bits";
    }
  }
  for (const auto& [name, elems] : {std::pair{"x", x_elems()}, std::pair{"y", y_elems()}}) {
    if (elems > int64_t{1} << 36) {
      return std::string(name) + " has " + std::to_string(elems) + " elements, more tiles than a grid holds";
    }
  }
  return {};
}

}  // namespace gridstride
