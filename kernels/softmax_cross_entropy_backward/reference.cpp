#include <limits>

#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"

namespace gridstride {

Schema SoftmaxCrossEntropyBackward::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "rows").dim("c", args.c, "classes").real("scale", args.scale, "factor of the gradient");
  s.input("probs", args.probs, elems_of({args.n, args.c}), uniform(0, 1));
  s.input("labels", args.labels, args.n, integer(0, args.c - 1)).input("dloss", args.dloss, 1);
  s.output("dlogits", args.dlogits, elems_of({args.n, args.c}));
  return s;
}

void SoftmaxCrossEntropyBackward::check(const Args& args) {
  check_array(kName, "probs", {{"n", args.n}, {"c", args.c}});
  check_array(kName, "labels", {{"n", args.n}});
}

Cost SoftmaxCrossEntropyBackward::cost(const Args& args) {
  const double n = static_cast<double>(args.n), elems = n * static_cast<double>(args.c);
  return {.flops = 2 * elems, .bytes = 8 * elems + 4 * n + 4};
}

void SoftmaxCrossEntropyBackward::reference(const Args& args) {
  const double factor = double{args.scale} * args.dloss[0];
  for (int64_t row = 0; row < args.n; ++row) {
    const int32_t label = args.labels[row];
    const bool valid = 0 <= label && label < args.c;
    for (int64_t j = 0; j < args.c; ++j) {
      const double error = double{args.probs[row * args.c + j]} - (j == label ? 1 : 0);
      args.dlogits[row * args.c + j] =
          valid ? static_cast<float>(error * factor) : std::numeric_limits<float>::quiet_NaN();
    }
  }
}

std::vector<SoftmaxCrossEntropyBackward::Args> SoftmaxCrossEntropyBackward::cases() {
  std::vector<Args> all{{0, 0},  {0, 10},   {3, 0},    {1, 1},   {5, 1},    {1, 2},    {2, 31},   {33, 32},
                        {7, 33}, {256, 10}, {257, 10}, {1, 127}, {31, 129}, {3, 1000}, {2, 4099}, {70001, 4}};
  for (auto& args : all) args.scale = args.n > 0 ? 1.0f / static_cast<float>(args.n) : 1.0f;
  return all;
}

SoftmaxCrossEntropyBackward::Args SoftmaxCrossEntropyBackward::bench_args(Device device) {
  return device == Device::cuda ? Args{.n = 65536, .c = 1024} : Args{.n = 1024, .c = 1024};
}

Tolerance SoftmaxCrossEntropyBackward::tolerance(const Args&) { return {.abs = 0x1p-126, .rel = 0x1p-22}; }

GRIDSTRIDE_OPERATION(SoftmaxCrossEntropyBackward);

}  // namespace gridstride
