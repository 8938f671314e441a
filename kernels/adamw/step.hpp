#pragma once

#include <cmath>

#include "kernels/adamw/adamw.hpp"

namespace gridstride {

/// What is the same for every parameter of a step, computed in double on the host.
struct AdamWStep {
  float size;  ///< lr / (1 - beta1^step)
  float root;  ///< sqrt(1 - beta2^step)
  float keep;  ///< 1 - lr * weight_decay

  explicit AdamWStep(const AdamW::Args& args) {
    const double t = static_cast<double>(args.step);
    size = static_cast<float>(args.lr / (1 - std::pow(double{args.beta1}, t)));
    root = static_cast<float>(std::sqrt(1 - std::pow(double{args.beta2}, t)));
    keep = static_cast<float>(1 - double{args.lr} * args.weight_decay);
  }
};

}  // namespace gridstride
