#include "kernels/core/registry.hpp"
#include "kernels/max_pool2d/max_pool2d.hpp"
#include "kernels/max_pool2d/windows.hpp"

namespace gridstride {

Schema MaxPool2d::describe(Args& args) {
  Schema s;
  args.shape.describe(s);
  s.input("x", args.x, args.shape.x_elems());
  s.output("y", args.y, args.shape.y_elems()).output("argmax", args.argmax, args.shape.y_elems());
  return s;
}

void MaxPool2d::check(const Args& args) { args.shape.check(kName); }

Cost MaxPool2d::cost(const Args& args) {
  const double x = static_cast<double>(args.shape.x_elems()), y = static_cast<double>(args.shape.y_elems());
  return {.flops = y * static_cast<double>(args.shape.r * args.shape.s),
          .bytes = sizeof(float) * (x + 2 * y)};
}

void MaxPool2d::reference(const Args& args) { max_pool2d_windows(args.shape, args.x, args.y, args.argmax); }

std::vector<MaxPool2d::Args> MaxPool2d::cases() {
  std::vector<Args> all;
  for (const Pool2dShape& shape : pool2d_cases()) all.push_back({.shape = shape});
  return all;
}

MaxPool2d::Args MaxPool2d::bench_args(Device device) {
  return {.shape = pool2d_bench_shape(device == Device::cuda)};
}

Tolerance MaxPool2d::tolerance(const Args&) { return {}; }

GRIDSTRIDE_OPERATION(MaxPool2d);

}  // namespace gridstride
