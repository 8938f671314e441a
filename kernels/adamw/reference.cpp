#include <cmath>
#include <stdexcept>
#include <string>

#include "kernels/adamw/adamw.hpp"
#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"

namespace gridstride {
namespace {

void require(bool good, const char* what, float value) {
  if (!good) throw std::invalid_argument(std::string("[adamw] ") + what + ", got " + std::to_string(value));
}

}  // namespace

Schema AdamW::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "parameters").real("lr", args.lr, "learning rate");
  s.real("beta1", args.beta1, "memory of the mean").real("beta2", args.beta2, "memory of the square");
  s.real("eps", args.eps, "added to the denominator");
  s.real("weight_decay", args.weight_decay, "shrinks the parameter, times lr");
  s.dim("step", args.step, "counts from 1");
  s.input("grad", args.grad, args.n).update("param", args.param, args.n);
  s.update("m", args.m, args.n).update("v", args.v, args.n, uniform(0.01, 1));
  return s;
}

void AdamW::check(const Args& args) {
  check_array(kName, "param", {{"n", args.n}});
  if (args.step < 1)
    throw std::invalid_argument("[adamw] step counts from 1, got " + std::to_string(args.step));
  require(args.beta1 >= 0 && args.beta1 < 1, "beta1 must be in [0, 1)", args.beta1);
  require(args.beta2 >= 0 && args.beta2 < 1, "beta2 must be in [0, 1)", args.beta2);
  require(args.eps >= 0, "eps must be >= 0", args.eps);
}

Cost AdamW::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = 14 * n, .bytes = 28 * n};
}

void AdamW::reference(const Args& args) {
  const double beta1 = args.beta1, beta2 = args.beta2, t = static_cast<double>(args.step);
  const double correction1 = 1 - std::pow(beta1, t), correction2 = 1 - std::pow(beta2, t);
  for (int64_t i = 0; i < args.n; ++i) {
    const double g = args.grad[i];
    const double m = beta1 * args.m[i] + (1 - beta1) * g;
    const double v = beta2 * args.v[i] + (1 - beta2) * g * g;
    const double m_hat = m / correction1;
    const double v_hat = v / correction2;
    const double decayed = args.param[i] * (1 - double{args.lr} * args.weight_decay);
    args.m[i] = static_cast<float>(m);
    args.v[i] = static_cast<float>(v);
    args.param[i] = static_cast<float>(decayed - args.lr * m_hat / (std::sqrt(v_hat) + args.eps));
  }
}

std::vector<AdamW::Args> AdamW::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 3, 4, 5, 31, 33, 255, 257, 10007, 1100003}) all.push_back({.n = n, .step = n + 1});
  all.push_back({.n = 1001, .lr = 0.1f, .beta1 = 0.5f, .beta2 = 0.9f, .eps = 1e-3f, .weight_decay = 0.5f});
  all.push_back({.n = 1001, .lr = 0.1f, .beta1 = 0, .beta2 = 0, .weight_decay = 0, .step = 3});
  return all;
}

AdamW::Args AdamW::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 27 : int64_t{1} << 22, .step = 100};
}

// Rounding of param, m and v (size 8 and less), and of the update, which 1/sqrt(v_hat) and the correction of
// m magnify: v >= 0.01 in the data, and with beta2 = 0 down to eps.
Tolerance AdamW::tolerance(const Args& args) {
  const double gain = args.lr / (1 - std::pow(double{args.beta1}, static_cast<double>(args.step)));
  return {.abs = 16 * (1 + 10 * gain) * 0x1p-24, .rel = 0x1p-21};
}

GRIDSTRIDE_OPERATION(AdamW);

}  // namespace gridstride
