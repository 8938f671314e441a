#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// One step of stochastic gradient descent, as torch.optim.SGD (dampening 0).
///   g           = grad[i] + weight_decay * param[i]
///   velocity[i] = momentum * velocity[i] + g
///   param[i]   -= lr * (nesterov ? g + momentum * velocity[i] : velocity[i])
/// Shapes    grad (n), param (n), velocity (n): zeros at first; without momentum it is not touched and may be
/// null Strides   contiguous; no aliases Numerics  fp32; deterministic Errors    std::invalid_argument "[sgd]
/// ..."; CudaError from the launch Cost      6*n flop; 20*n bytes, 12*n without momentum Source    Sutskever
/// et al., On the importance of initialization and momentum in deep learning, ICML 2013
struct Sgd {
  struct Args {
    int64_t n = 0;
    float lr = 0.01f, momentum = 0, weight_decay = 0;
    bool nesterov = false;
    const float* grad = nullptr;
    float* param = nullptr;
    float* velocity = nullptr;
  };

  static constexpr std::string_view kName = "sgd";
  static constexpr std::string_view kTitle = "velocity = momentum * velocity + grad; param -= lr * velocity";

  static Schema describe(Args& args);
  static void check(const Args& args);
  static Cost cost(const Args& args);
  static void reference(const Args& args);
  static std::vector<Args> cases();
  static Args bench_args(Device device);
  static Tolerance tolerance(const Args& args);
  static std::string_view policy(const Args& args, Device device);
};

}  // namespace gridstride
