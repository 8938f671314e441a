#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/gemm/gemm.hpp"

namespace gridstride {

Schema Gemm::describe(Args& args) {
  Schema s;
  s.dim("m", args.m, "rows of C").dim("n", args.n, "columns of C").dim("k", args.k, "length of each sum");
  s.flag("ta", args.ta, "A is stored transposed").flag("tb", args.tb, "B is stored transposed");
  s.real("alpha", args.alpha, "factor of the product").real("beta", args.beta, "factor of the old C");
  s.choice("epilogue", args.epilogue, {"none", "bias", "bias_relu"}, "what happens on the way into C");
  s.input("a", args.a, elems_of({args.m, args.k})).input("b", args.b, elems_of({args.k, args.n}));
  s.input("bias", args.bias, args.epilogue == Epilogue::none ? 0 : args.n);
  if (args.beta == 0) {
    s.output("c", args.c, elems_of({args.m, args.n}));
  } else {
    s.update("c", args.c, elems_of({args.m, args.n}));
  }
  return s;
}

void Gemm::check(const Args& args) {
  check_array(kName, "A", {{"m", args.m}, {"k", args.k}});
  check_array(kName, "B", {{"k", args.k}, {"n", args.n}});
  check_array(kName, "C", {{"m", args.m}, {"n", args.n}});
}

Cost Gemm::cost(const Args& args) {
  const double m = static_cast<double>(args.m), n = static_cast<double>(args.n),
               k = static_cast<double>(args.k);
  const double c_passes = args.beta == 0 ? 1 : 2;
  const double bias = args.epilogue == Epilogue::none ? 0 : n;
  return {.flops = 2 * m * n * k, .bytes = sizeof(float) * (m * k + k * n + c_passes * m * n + bias)};
}

void Gemm::reference(const Args& args) {
  std::vector<double> sums(static_cast<std::size_t>(args.n));
  for (int64_t i = 0; i < args.m; ++i) {
    std::fill(sums.begin(), sums.end(), 0.0);
    for (int64_t l = 0; l < args.k; ++l) {
      const double a = args.ta ? args.a[l * args.m + i] : args.a[i * args.k + l];
      for (int64_t j = 0; j < args.n; ++j) {
        sums[static_cast<std::size_t>(j)] +=
            a * static_cast<double>(args.tb ? args.b[j * args.k + l] : args.b[l * args.n + j]);
      }
    }
    for (int64_t j = 0; j < args.n; ++j) {
      double x = args.alpha * sums[static_cast<std::size_t>(j)];
      if (args.beta != 0) x += static_cast<double>(args.beta) * args.c[i * args.n + j];
      if (args.epilogue != Epilogue::none) x += args.bias[j];
      if (args.epilogue == Epilogue::bias_relu && x < 0) x = 0;
      args.c[i * args.n + j] = static_cast<float>(x);
    }
  }
}

std::vector<Gemm::Args> Gemm::cases() {
  using enum Epilogue;
  return {
      {.m = 0, .n = 5, .k = 3},
      {.m = 5, .n = 0, .k = 3},
      {.m = 3, .n = 4, .k = 0, .beta = 0.5f},  // an empty sum still scales C
      {.m = 3, .n = 4, .k = 0, .epilogue = bias_relu},
      {.m = 1, .n = 1, .k = 1},
      {.m = 1, .n = 1, .k = 1000},
      {.m = 1, .n = 257, .k = 19, .epilogue = bias},
      {.m = 259, .n = 1, .k = 33, .ta = true},
      {.m = 31, .n = 33, .k = 31},
      {.m = 33, .n = 31, .k = 37, .ta = true, .alpha = -0.5f},
      {.m = 32, .n = 32, .k = 32, .tb = true, .beta = 1},
      {.m = 33, .n = 65, .k = 7, .ta = true, .tb = true, .beta = -2, .epilogue = bias_relu},
      {.m = 64, .n = 64, .k = 64, .epilogue = bias_relu},
      {.m = 64, .n = 68, .k = 60, .ta = true, .tb = true},
      {.m = 65, .n = 63, .k = 17, .tb = true, .epilogue = bias},
      {.m = 127, .n = 129, .k = 101, .alpha = 2, .beta = 0.25f, .epilogue = bias},
      {.m = 128, .n = 10, .k = 128, .tb = true, .epilogue = bias},  // the layers of a small classifier
      {.m = 10, .n = 128, .k = 128, .ta = true, .beta = 1},
      {.m = 128, .n = 128, .k = 400, .tb = true, .epilogue = bias_relu},
      {.m = 2, .n = 3, .k = 9973},
      {.m = 300, .n = 260, .k = 36, .ta = true},
      {.m = 1031, .n = 3, .k = 5},
      {.m = 1, .n = 4099, .k = 2, .tb = true},
  };
}

Gemm::Args Gemm::bench_args(Device device) {
  const int64_t side = device == Device::cuda ? 4096 : 512;
  return {.m = side, .n = side, .k = side};
}

Tolerance Gemm::tolerance(const Args& args) {
  // The worst case of k roundings grows like k, what happens with random signs like sqrt(k): the products are
  // of size 1, the sums of size sqrt(k), and an error of eps * k is five deviations out. Old C and bias add
  // theirs.
  const double eps = std::numeric_limits<float>::epsilon();
  const double k = static_cast<double>(args.k);
  return {.abs = eps * (std::abs(args.alpha) * (8 + 2 * k) + 8 * std::abs(args.beta) + 8), .rel = 4 * eps};
}

GRIDSTRIDE_OPERATION(Gemm);

}  // namespace gridstride
