#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// One step of Adam with decoupled weight decay, as torch.optim.AdamW.
///   m[i]      = beta1 * m[i] + (1 - beta1) * grad[i]
///   v[i]      = beta2 * v[i] + (1 - beta2) * grad[i]^2
///   param[i] -= lr * weight_decay * param[i]
///   param[i] -= lr / (1 - beta1^step) * m[i] / (sqrt(v[i] / (1 - beta2^step)) + eps)
/// Shapes    grad (n), param (n), m (n), v (n): m and v zeros at first; step counts from 1
/// Strides   contiguous; no aliases
/// Numerics  fp32, bias corrections in double on the host; deterministic
/// Errors    std::invalid_argument "[adamw] ..."; CudaError from the launch
/// Cost      14*n flop; 28*n bytes
/// Source    Loshchilov and Hutter, Decoupled weight decay regularization, arXiv:1711.05101
struct AdamW {
  struct Args {
    int64_t n = 0;
    float lr = 1e-3f, beta1 = 0.9f, beta2 = 0.999f, eps = 1e-8f, weight_decay = 1e-2f;
    int64_t step = 1;
    const float* grad = nullptr;
    float* param = nullptr;
    float* m = nullptr;
    float* v = nullptr;
  };

  static constexpr std::string_view kName = "adamw";
  static constexpr std::string_view kTitle = "param -= lr * (m' / (sqrt(v') + eps) + weight_decay * param)";

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
