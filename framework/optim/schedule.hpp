#pragma once

#include <cstdint>
#include <functional>

namespace gridstride::optim {

/// The learning rate of a step, counted from 0. A function of the step alone, so there is no state to save.
using Schedule = std::function<double(int64_t step)>;

Schedule constant(double lr);

/// Half a cosine from lr down to `final_lr`, reached at the last step.
Schedule cosine(double lr, int64_t total_steps, double final_lr = 0);

/// Up to max_lr in the first `warm` part of the steps, then down to almost nothing, both as half cosines:
/// torch.optim.lr_scheduler.OneCycleLR without its momentum cycle.
/// Source    Smith and Topin, Super-convergence, arXiv:1708.07120
struct OneCycle {
  double warm = 0.3;       ///< part of the steps that goes up
  double start_div = 25;   ///< starts at max_lr / start_div
  double final_div = 1e4;  ///< ends at max_lr / start_div / final_div
};
Schedule one_cycle(double max_lr, int64_t total_steps, OneCycle shape = {});

}  // namespace gridstride::optim
