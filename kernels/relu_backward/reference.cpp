
#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/relu_backward/relu_backward.hpp"

namespace gridstride {

Schema ReluBackward::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "elements");
  s.input("y", args.y, args.n).input("dy", args.dy, args.n).output("dx", args.dx, args.n);
  return s;
}

void ReluBackward::check(const Args& args) { check_array(kName, "y", {{"n", args.n}}); }

Cost ReluBackward::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = n, .bytes = 12 * n};
}

void ReluBackward::reference(const Args& args) {
  for (int64_t i = 0; i < args.n; ++i) args.dx[i] = args.y[i] <= 0 ? 0.0f : args.dy[i];
}

std::vector<ReluBackward::Args> ReluBackward::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 2, 3, 4, 5, 31, 33, 255, 257, 1023, 10007, 1100003}) all.push_back({.n = n});
  return all;
}

ReluBackward::Args ReluBackward::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 28 : int64_t{1} << 22};
}

Tolerance ReluBackward::tolerance(const Args&) { return {}; }

GRIDSTRIDE_OPERATION(ReluBackward);

}  // namespace gridstride
