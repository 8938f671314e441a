
#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {

Schema VectorAdd::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "elements");
  s.input("a", args.a, args.n).input("b", args.b, args.n).output("c", args.c, args.n);
  return s;
}

void VectorAdd::check(const Args& args) { check_array(kName, "c", {{"n", args.n}}); }

Cost VectorAdd::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = n, .bytes = 3 * sizeof(float) * n};
}

void VectorAdd::reference(const Args& args) {
  for (int64_t i = 0; i < args.n; ++i) args.c[i] = args.a[i] + args.b[i];
}

std::vector<VectorAdd::Args> VectorAdd::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 2, 3, 4, 5, 31, 32, 33, 255, 256, 257, 1023, 1025, 10007, 65536, 1000003}) {
    all.push_back({.n = n});
  }
  return all;
}

VectorAdd::Args VectorAdd::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 28 : int64_t{1} << 22};
}

Tolerance VectorAdd::tolerance(const Args&) { return {}; }

GRIDSTRIDE_OPERATION(VectorAdd);

}  // namespace gridstride
