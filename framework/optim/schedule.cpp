#include "framework/optim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gridstride::optim {
namespace {

/// From `from` to `to` along half a cosine, as `part` goes from 0 to 1.
double anneal(double from, double to, double part) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * std::clamp(part, 0.0, 1.0)));
}

}  // namespace

Schedule constant(double lr) {
  return [lr](int64_t) { return lr; };
}

Schedule cosine(double lr, int64_t total_steps, double final_lr) {
  const double last = static_cast<double>(std::max<int64_t>(1, total_steps - 1));
  return [=](int64_t step) { return anneal(lr, final_lr, static_cast<double>(step) / last); };
}

Schedule one_cycle(double max_lr, int64_t total_steps, OneCycle shape) {
  const double start = max_lr / shape.start_div;
  const double last = static_cast<double>(total_steps - 1);
  const double top = shape.warm * static_cast<double>(total_steps) - 1;
  return [=](int64_t step) {
    const double at = static_cast<double>(step);
    if (at < top) return anneal(start, max_lr, at / top);
    return anneal(max_lr, start / shape.final_div, (at - top) / (last - top));
  };
}

}  // namespace gridstride::optim
