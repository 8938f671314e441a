#include <cmath>
#include <limits>

#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/softmax_cross_entropy/softmax_cross_entropy.hpp"

namespace gridstride {

Schema SoftmaxCrossEntropy::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "rows").dim("c", args.c, "classes");
  // With an odd number of classes the logits are so far apart that exp overflows unless the maximum is
  // subtracted.
  s.input("logits", args.logits, elems_of({args.n, args.c}), normal(0, args.c % 2 == 0 ? 3 : 40));
  s.input("labels", args.labels, args.n, integer(0, args.c - 1));
  s.output("loss", args.loss, args.n).output("probs", args.probs, elems_of({args.n, args.c}));
  return s;
}

void SoftmaxCrossEntropy::check(const Args& args) {
  check_array(kName, "logits", {{"n", args.n}, {"c", args.c}});
  check_array(kName, "loss", {{"n", args.n}});
}

Cost SoftmaxCrossEntropy::cost(const Args& args) {
  const double n = static_cast<double>(args.n), elems = n * static_cast<double>(args.c);
  return {.flops = 5 * elems, .bytes = 8 * elems + 8 * n};
}

void SoftmaxCrossEntropy::reference(const Args& args) {
  for (int64_t row = 0; row < args.n; ++row) {
    const float* x = args.logits + row * args.c;
    double max = -std::numeric_limits<double>::infinity(), sum = 0;
    for (int64_t j = 0; j < args.c; ++j) max = std::fmax(max, x[j]);
    for (int64_t j = 0; j < args.c; ++j) sum += std::exp(x[j] - max);
    const int32_t label = args.labels[row];
    const bool valid = 0 <= label && label < args.c;
    args.loss[row] = valid ? static_cast<float>(std::log(sum) - (x[label] - max))
                           : std::numeric_limits<float>::quiet_NaN();
    for (int64_t j = 0; j < args.c; ++j) {
      args.probs[row * args.c + j] = static_cast<float>(std::exp(x[j] - max) / sum);
    }
  }
}

std::vector<SoftmaxCrossEntropy::Args> SoftmaxCrossEntropy::cases() {
  return {{0, 0},  {0, 10},   {3, 0},    {1, 1},   {5, 1},    {1, 2},    {2, 31},   {33, 32},
          {7, 33}, {256, 10}, {257, 10}, {1, 127}, {31, 129}, {3, 1000}, {2, 4099}, {20011, 3}};
}

SoftmaxCrossEntropy::Args SoftmaxCrossEntropy::bench_args(Device device) {
  return device == Device::cuda ? Args{.n = 65536, .c = 1024} : Args{.n = 1024, .c = 1024};
}

// A sum of c positive numbers carries about sqrt(c) roundings; exp adds the rounding of its argument, |x - m|
// <= 30.
Tolerance SoftmaxCrossEntropy::tolerance(const Args& args) {
  const double roundings = 32 + 4 * std::sqrt(static_cast<double>(args.c));
  return {.abs = roundings * 0x1p-24, .rel = 0x1p-22};
}

GRIDSTRIDE_OPERATION(SoftmaxCrossEntropy);

}  // namespace gridstride
