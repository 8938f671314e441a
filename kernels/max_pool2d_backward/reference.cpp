#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/core/registry.hpp"
#include "kernels/max_pool2d/windows.hpp"
#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"

namespace gridstride {

Schema MaxPool2dBackward::describe(Args& args) {
  Schema s;
  args.shape.describe(s);
  s.input("dy", args.dy, args.shape.y_elems());
  // Places in the plane and one beyond each end of it; many lie outside their window and are not followed.
  s.input("argmax", args.argmax, args.shape.y_elems(), integer(-1, args.shape.h * args.shape.w));
  s.output("dx", args.dx, args.shape.x_elems());
  return s;
}

void MaxPool2dBackward::check(const Args& args) { args.shape.check(kName); }

Cost MaxPool2dBackward::cost(const Args& args) {
  const double x = static_cast<double>(args.shape.x_elems()), y = static_cast<double>(args.shape.y_elems());
  return {.flops = y, .bytes = sizeof(float) * (x + 2 * y)};
}

void MaxPool2dBackward::reference(const Args& args) {
  std::vector<double> sums(static_cast<std::size_t>(args.shape.x_elems()));
  max_pool2d_backward_windows(args.shape, args.dy, args.argmax, sums.data());
  std::transform(sums.begin(), sums.end(), args.dx, [](double sum) { return static_cast<float>(sum); });
}

std::vector<MaxPool2dBackward::Args> MaxPool2dBackward::cases() {
  std::vector<Args> all;
  for (const Pool2dShape& shape : pool2d_cases()) all.push_back({.shape = shape});
  return all;
}

MaxPool2dBackward::Args MaxPool2dBackward::bench_args(Device device) {
  return {.shape = pool2d_bench_shape(device == Device::cuda)};
}

Tolerance MaxPool2dBackward::tolerance(const Args& args) {
  // At most r * s windows meet in a pixel.
  const double eps = std::numeric_limits<float>::epsilon();
  return {.abs = eps * (4 + 2 * static_cast<double>(args.shape.r * args.shape.s)), .rel = 4 * eps};
}

GRIDSTRIDE_OPERATION(MaxPool2dBackward);

}  // namespace gridstride
