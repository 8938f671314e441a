#include "kernels/max_pool2d/shape.hpp"

#include <limits>
#include <stdexcept>
#include <string>

#include "kernels/core/schema.hpp"
#include "kernels/core/sizes.hpp"

namespace gridstride {

void Pool2dShape::describe(Schema& schema) {
  schema.dim("n", n, "images").dim("c", c, "channels").dim("h", h, "height").dim("w", w, "width");
  schema.dim("r", r, "window height").dim("s", s, "window width");
  schema.dim("stride_h", stride_h, "rows from window to window")
      .dim("stride_w", stride_w, "columns from window to window");
  schema.dim("pad_h", pad_h, "rows outside above and below")
      .dim("pad_w", pad_w, "columns outside left and right");
}

void Pool2dShape::check(std::string_view op) const {
  constexpr int64_t kMostInt = std::numeric_limits<int32_t>::max();
  const auto fail = [op](const std::string& what) {
    throw std::invalid_argument("[" + std::string(op) + "] " + what);
  };
  const auto within = [&](const char* name, int64_t value, int64_t least) {
    if (value >= least && value <= kMostInt) return;
    fail(std::string(name) + " must be " + std::to_string(least) + ".." + std::to_string(kMostInt) +
         ", got " + std::to_string(value));
  };
  within("n", n, 0), within("c", c, 0), within("h", h, 1), within("w", w, 1);
  within("r", r, 1), within("s", s, 1), within("stride_h", stride_h, 1), within("stride_w", stride_w, 1);
  within("pad_h", pad_h, 0), within("pad_w", pad_w, 0), within("h * w", h * w, 1);

  const auto window = [&](const char* names, const char* pad_name, int64_t size, int64_t image, int64_t pad) {
    within(names, image + 2 * pad, 1);
    if (pad >= size) {
      fail(std::string(pad_name) + " must be smaller than the window's " + std::to_string(size) + ", got " +
           std::to_string(pad) + ": a window may not lie outside the image");
    }
    if (size > image + 2 * pad) {
      fail("a window of " + std::to_string(size) + " does not fit into " + names + " = " +
           std::to_string(image + 2 * pad) + "; use a smaller window or more padding");
    }
  };
  window("h + 2 pad_h", "pad_h", r, h, pad_h), window("w + 2 pad_w", "pad_w", s, w, pad_w);
  within("p * q", p() * q(), 1);
  check_array(op, "x", {{"n", n}, {"c", c}, {"h", h}, {"w", w}});
  check_array(op, "y", {{"n", n}, {"c", c}, {"p", p()}, {"q", q()}});
}

}  // namespace gridstride
