#include <cmath>

#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"

namespace gridstride {

Schema Accumulate::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "elements").real("alpha", args.alpha, "factor of x");
  s.input("x", args.x, args.n).update("y", args.y, args.n);
  return s;
}

void Accumulate::check(const Args& args) { check_array(kName, "x", {{"n", args.n}}); }

Cost Accumulate::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = 2 * n, .bytes = 12 * n};
}

void Accumulate::reference(const Args& args) {
  for (int64_t i = 0; i < args.n; ++i) {
    args.y[i] = static_cast<float>(args.y[i] + double{args.alpha} * args.x[i]);
  }
}

std::vector<Accumulate::Args> Accumulate::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 2, 3, 4, 5, 31, 33, 255, 257, 1023, 10007, 1100003}) {
    all.push_back({.n = n, .alpha = n % 2 == 0 ? 1.0f : -0.37f});
  }
  return all;
}

Accumulate::Args Accumulate::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 28 : int64_t{1} << 22};
}

// The product may be rounded before it is added: half a unit of the largest |alpha * x| in the data.
Tolerance Accumulate::tolerance(const Args& args) {
  return {.abs = 8 * std::abs(args.alpha) * 0x1p-24, .rel = 0x1p-23};
}

GRIDSTRIDE_OPERATION(Accumulate);

}  // namespace gridstride
