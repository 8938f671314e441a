#include <limits>
#include <vector>

#include "kernels/conv2d/cases.hpp"
#include "kernels/conv2d/taps.hpp"
#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride {

Schema Conv2dWgrad::describe(Args& args) {
  Schema s;
  args.shape.describe(s);
  s.input("x", args.x, args.shape.x_elems()).input("dy", args.dy, args.shape.y_elems());
  s.update("dw", args.dw, args.shape.w_elems());
  return s;
}

void Conv2dWgrad::check(const Args& args) { args.shape.check(kName); }

Cost Conv2dWgrad::cost(const Args& args) {
  const Conv2dShape& shape = args.shape;
  const int64_t elems = shape.x_elems() + 2 * shape.w_elems() + shape.y_elems();
  return {.flops = shape.flops(), .bytes = sizeof(float) * static_cast<double>(elems)};
}

void Conv2dWgrad::reference(const Args& args) {
  std::vector<double> sums(args.dw, args.dw + args.shape.w_elems());
  conv2d_wgrad_products(args.shape, args.x, args.dy, sums.data());
  for (std::size_t i = 0; i < sums.size(); ++i) args.dw[i] = static_cast<float>(sums[i]);
}

std::vector<Conv2dWgrad::Args> Conv2dWgrad::cases() {
  std::vector<Args> all;
  for (const Conv2dShape& shape : conv2d_cases()) all.push_back({.shape = shape});
  return all;
}

Conv2dWgrad::Args Conv2dWgrad::bench_args(Device device) { return {.shape = conv2d_bench_shape(device)}; }

Tolerance Conv2dWgrad::tolerance(const Args& args) {
  const double eps = std::numeric_limits<float>::epsilon();
  const double products = static_cast<double>(args.shape.n * args.shape.p() * args.shape.q());
  return {.abs = eps * (16 + 2 * products), .rel = 4 * eps};
}

GRIDSTRIDE_OPERATION(Conv2dWgrad);

}  // namespace gridstride
