
#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/relu/relu.hpp"

namespace gridstride {

Schema Relu::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "elements");
  s.input("x", args.x, args.n).output("y", args.y, args.n);
  return s;
}

void Relu::check(const Args& args) { check_array(kName, "x", {{"n", args.n}}); }

Cost Relu::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = n, .bytes = 8 * n};
}

void Relu::reference(const Args& args) {
  for (int64_t i = 0; i < args.n; ++i) {
    const double x = args.x[i];
    args.y[i] = x <= 0 ? 0.0f : static_cast<float>(x);
  }
}

std::vector<Relu::Args> Relu::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 2, 3, 4, 5, 31, 33, 255, 257, 1023, 10007, 1100003}) all.push_back({.n = n});
  return all;
}

Relu::Args Relu::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 28 : int64_t{1} << 22};
}

Tolerance Relu::tolerance(const Args&) { return {}; }

GRIDSTRIDE_OPERATION(Relu);

}  // namespace gridstride
