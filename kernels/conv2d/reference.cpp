#include <limits>
#include <vector>

#include "kernels/conv2d/cases.hpp"
#include "kernels/conv2d/conv2d.hpp"
#include "kernels/conv2d/taps.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride {

Schema Conv2d::describe(Args& args) {
  Schema s;
  args.shape.describe(s);
  s.choice("epilogue", args.epilogue, {"none", "bias", "bias_relu"}, "what happens on the way into y");
  s.input("x", args.x, args.shape.x_elems()).input("w", args.w, args.shape.w_elems());
  s.input("bias", args.bias, args.epilogue == Epilogue::none ? 0 : args.shape.k);
  s.output("y", args.y, args.shape.y_elems());
  return s;
}

void Conv2d::check(const Args& args) { args.shape.check(kName); }

Cost Conv2d::cost(const Args& args) {
  const Conv2dShape& shape = args.shape;
  const int64_t bias = args.epilogue == Epilogue::none ? 0 : shape.k;
  const int64_t elems = shape.x_elems() + shape.w_elems() + bias + shape.y_elems();
  return {.flops = shape.flops(), .bytes = sizeof(float) * static_cast<double>(elems)};
}

void Conv2d::reference(const Args& args) {
  const Conv2dShape& shape = args.shape;
  std::vector<double> sums(static_cast<std::size_t>(shape.y_elems()));
  conv2d_products(shape, args.x, args.w, sums.data());
  const int64_t plane = shape.p() * shape.q();
  for (int64_t i = 0; i < shape.y_elems(); ++i) {
    double y = sums[static_cast<std::size_t>(i)];
    if (args.epilogue != Epilogue::none) y += args.bias[i / plane % shape.k];
    if (args.epilogue == Epilogue::bias_relu && y < 0) y = 0;
    args.y[i] = static_cast<float>(y);
  }
}

std::vector<Conv2d::Args> Conv2d::cases() {
  std::vector<Args> all;
  Epilogue epilogue = Epilogue::none;
  for (const Conv2dShape& shape : conv2d_cases()) {
    all.push_back({.shape = shape, .epilogue = epilogue});
    epilogue = static_cast<Epilogue>((static_cast<int>(epilogue) + 1) % 3);
  }
  return all;
}

Conv2d::Args Conv2d::bench_args(Device device) { return {.shape = conv2d_bench_shape(device)}; }

Tolerance Conv2d::tolerance(const Args& args) {
  // As for a matrix product: the roundings of n products of size 1 add up to about eps * n in the worst of
  // random cases.
  const double eps = std::numeric_limits<float>::epsilon();
  const double products = static_cast<double>(args.shape.c * args.shape.r * args.shape.s);
  return {.abs = eps * (16 + 2 * products), .rel = 4 * eps};
}

GRIDSTRIDE_OPERATION(Conv2d);

}  // namespace gridstride
