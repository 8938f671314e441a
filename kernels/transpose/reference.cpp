#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/transpose/transpose.hpp"

namespace gridstride {

Schema Transpose::describe(Args& args) {
  Schema s;
  s.dim("m", args.m, "rows of x").dim("n", args.n, "columns of x");
  s.input("x", args.x, elems_of({args.m, args.n})).output("y", args.y, elems_of({args.m, args.n}));
  return s;
}

void Transpose::check(const Args& args) { check_array(kName, "x", {{"m", args.m}, {"n", args.n}}); }

Cost Transpose::cost(const Args& args) {
  return {.flops = 0, .bytes = 2 * sizeof(float) * static_cast<double>(args.m) * static_cast<double>(args.n)};
}

void Transpose::reference(const Args& args) {
  for (int64_t i = 0; i < args.m; ++i) {
    for (int64_t j = 0; j < args.n; ++j) args.y[j * args.m + i] = args.x[i * args.n + j];
  }
}

std::vector<Transpose::Args> Transpose::cases() {
  return {
      {.m = 0, .n = 0},     {.m = 0, .n = 5},    {.m = 5, .n = 0},     {.m = 1, .n = 1},
      {.m = 1, .n = 1037},  {.m = 1037, .n = 1}, {.m = 2, .n = 3},     {.m = 31, .n = 33},
      {.m = 33, .n = 31},   {.m = 32, .n = 32},  {.m = 64, .n = 96},   {.m = 127, .n = 129},
      {.m = 251, .n = 509}, {.m = 1000, .n = 3}, {.m = 3, .n = 10007}, {.m = 10007, .n = 3},
  };
}

Transpose::Args Transpose::bench_args(Device device) {
  const int64_t side = device == Device::cuda ? 16384 : 2048;
  return {.m = side, .n = side};
}

Tolerance Transpose::tolerance(const Args&) { return {}; }

GRIDSTRIDE_OPERATION(Transpose);

}  // namespace gridstride
