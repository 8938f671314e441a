#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/conv2d/cases.hpp"
#include "kernels/conv2d/taps.hpp"
#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride {

Schema Conv2dDgrad::describe(Args& args) {
  Schema s;
  args.shape.describe(s);
  s.input("dy", args.dy, args.shape.y_elems()).input("w", args.w, args.shape.w_elems());
  s.output("dx", args.dx, args.shape.x_elems());
  return s;
}

void Conv2dDgrad::check(const Args& args) { args.shape.check(kName); }

Cost Conv2dDgrad::cost(const Args& args) {
  const Conv2dShape& shape = args.shape;
  const int64_t elems = shape.x_elems() + shape.w_elems() + shape.y_elems();
  return {.flops = shape.flops(), .bytes = sizeof(float) * static_cast<double>(elems)};
}

void Conv2dDgrad::reference(const Args& args) {
  std::vector<double> sums(static_cast<std::size_t>(args.shape.x_elems()));
  conv2d_dgrad_products(args.shape, args.dy, args.w, sums.data());
  std::transform(sums.begin(), sums.end(), args.dx, [](double sum) { return static_cast<float>(sum); });
}

std::vector<Conv2dDgrad::Args> Conv2dDgrad::cases() {
  std::vector<Args> all;
  for (const Conv2dShape& shape : conv2d_cases()) all.push_back({.shape = shape});
  return all;
}

Conv2dDgrad::Args Conv2dDgrad::bench_args(Device device) { return {.shape = conv2d_bench_shape(device)}; }

Tolerance Conv2dDgrad::tolerance(const Args& args) {
  const double eps = std::numeric_limits<float>::epsilon();
  const double products = static_cast<double>(args.shape.k * args.shape.r * args.shape.s);
  return {.abs = eps * (16 + 2 * products), .rel = 4 * eps};
}

GRIDSTRIDE_OPERATION(Conv2dDgrad);

}  // namespace gridstride
