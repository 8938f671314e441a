#include <cmath>
#include <stdexcept>
#include <string>

#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/sgd/sgd.hpp"

namespace gridstride {

Schema Sgd::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "parameters").real("lr", args.lr, "learning rate");
  s.real("momentum", args.momentum, "how much of the velocity stays");
  s.real("weight_decay", args.weight_decay, "added to the gradient times the parameter");
  s.flag("nesterov", args.nesterov, "look one step ahead");
  s.input("grad", args.grad, args.n).update("param", args.param, args.n);
  s.update("velocity", args.velocity, args.momentum == 0 ? 0 : args.n);
  return s;
}

void Sgd::check(const Args& args) {
  check_array(kName, "param", {{"n", args.n}});
  if (args.nesterov && args.momentum <= 0) {
    throw std::invalid_argument("[sgd] nesterov needs momentum > 0, got " + std::to_string(args.momentum));
  }
}

Cost Sgd::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = 6 * n, .bytes = (args.momentum == 0 ? 12 : 20) * n};
}

void Sgd::reference(const Args& args) {
  for (int64_t i = 0; i < args.n; ++i) {
    const double g = args.grad[i] + double{args.weight_decay} * args.param[i];
    double direction = g;
    if (args.momentum != 0) {
      const double velocity = double{args.momentum} * args.velocity[i] + g;
      args.velocity[i] = static_cast<float>(velocity);
      direction = args.nesterov ? g + args.momentum * velocity : velocity;
    }
    args.param[i] = static_cast<float>(args.param[i] - args.lr * direction);
  }
}

std::vector<Sgd::Args> Sgd::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 3, 4, 5, 31, 33, 255, 257, 10007, 1100003}) {
    all.push_back({.n = n, .lr = 0.1f, .momentum = 0.9f, .weight_decay = 5e-4f});
  }
  all.push_back({.n = 1001, .lr = 0.5f});
  all.push_back({.n = 1001, .lr = 0.5f, .weight_decay = 0.1f});
  all.push_back({.n = 1001, .lr = 0.5f, .momentum = 0.5f});
  all.push_back({.n = 1001, .lr = 0.5f, .momentum = 0.9f, .weight_decay = 0.1f, .nesterov = true});
  return all;
}

Sgd::Args Sgd::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 27 : int64_t{1} << 23, .momentum = 0.9f};
}

// A handful of roundings of numbers of size 8 and less.
Tolerance Sgd::tolerance(const Args& args) {
  return {.abs = 32 * (1 + std::abs(args.lr)) * 0x1p-24, .rel = 0x1p-22};
}

GRIDSTRIDE_OPERATION(Sgd);

}  // namespace gridstride
