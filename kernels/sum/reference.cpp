#include <cmath>

#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/sum/sum.hpp"

namespace gridstride {

Schema Sum::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "elements").real("scale", args.scale, "factor of the sum");
  s.input("x", args.x, args.n).output("y", args.y, 1);
  return s;
}

void Sum::check(const Args& args) { check_array(kName, "x", {{"n", args.n}}); }

Cost Sum::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = n, .bytes = 4 * n + 4};
}

void Sum::reference(const Args& args) {
  double total = 0;
  for (int64_t i = 0; i < args.n; ++i) total += args.x[i];
  *args.y = static_cast<float>(args.scale * total);
}

std::vector<Sum::Args> Sum::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 2, 3, 4, 5, 31, 33, 255, 257, 1023, 10007, 300007, 1100003}) {
    all.push_back({.n = n, .scale = n % 2 == 0 ? 1.0f : -0.5f});
  }
  return all;
}

Sum::Args Sum::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 28 : int64_t{1} << 20};
}

// Added one after the other, n normal numbers pass partial sums of about sqrt(n), each rounded once: the
// errors of n random roundings of that size add up to about n * eps.
Tolerance Sum::tolerance(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.abs = std::abs(args.scale) * 0x1p-24 * (n + 8), .rel = 0x1p-22};
}

GRIDSTRIDE_OPERATION(Sum);

}  // namespace gridstride
