#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "kernels/bias_grad/bias_grad.hpp"
#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"

namespace gridstride {

Schema BiasGrad::describe(Args& args) {
  Schema s;
  s.dim("outer", args.outer, "rows or images").dim("channels", args.channels, "elements of the bias");
  s.dim("inner", args.inner, "pixels of an image, 1 for a linear layer");
  s.input("dy", args.dy, elems_of({args.outer, args.channels, args.inner}))
      .update("db", args.db, args.channels);
  return s;
}

void BiasGrad::check(const Args& args) {
  check_array(kName, "dy", {{"outer", args.outer}, {"channels", args.channels}, {"inner", args.inner}});
  check_array(kName, "db", {{"channels", args.channels}});
}

Cost BiasGrad::cost(const Args& args) {
  const double elems = static_cast<double>(elems_of({args.outer, args.channels, args.inner}));
  return {.flops = elems, .bytes = sizeof(float) * (elems + 2 * static_cast<double>(args.channels))};
}

void BiasGrad::reference(const Args& args) {
  std::vector<double> sums(args.db, args.db + args.channels);
  const float* dy = args.dy;
  for (int64_t o = 0; o < args.outer; ++o) {
    for (double& sum : sums) {
      for (int64_t i = 0; i < args.inner; ++i) sum += *dy++;
    }
  }
  for (std::size_t c = 0; c < sums.size(); ++c) args.db[c] = static_cast<float>(sums[c]);
}

std::vector<BiasGrad::Args> BiasGrad::cases() {
  return {
      {.outer = 0, .channels = 5, .inner = 3},  // db stays
      {.outer = 3, .channels = 0, .inner = 3},      {.outer = 3, .channels = 5, .inner = 0},
      {.outer = 1, .channels = 1, .inner = 1},      {.outer = 1, .channels = 1, .inner = 33},
      {.outer = 33, .channels = 1, .inner = 1},     {.outer = 31, .channels = 33, .inner = 1},
      {.outer = 7, .channels = 31, .inner = 5},     {.outer = 64, .channels = 10, .inner = 1},
      {.outer = 257, .channels = 129, .inner = 1},  {.outer = 5, .channels = 32, .inner = 676},
      {.outer = 9, .channels = 64, .inner = 121},   {.outer = 3, .channels = 3, .inner = 10007},
      {.outer = 1, .channels = 1031, .inner = 2},   {.outer = 2, .channels = 4099, .inner = 1},
      {.outer = 100003, .channels = 2, .inner = 1},
  };
}

BiasGrad::Args BiasGrad::bench_args(Device device) {
  if (device == Device::cuda) return {.outer = 256, .channels = 256, .inner = 56 * 56};
  return {.outer = 64, .channels = 32, .inner = 26 * 26};
}

Tolerance BiasGrad::tolerance(const Args& args) {
  const double eps = std::numeric_limits<float>::epsilon();
  return {.abs = eps * (16 + 2 * static_cast<double>(args.outer * args.inner)), .rel = 4 * eps};
}

GRIDSTRIDE_OPERATION(BiasGrad);

}  // namespace gridstride
