#pragma once

#include "framework/data/loader.hpp"
#include "framework/nn/module.hpp"
#include "framework/optim/optimizer.hpp"

namespace gridstride::train {

/// What one step saw, before its update.
struct StepResult {
  double loss = 0;  ///< mean cross-entropy of the batch
  int64_t correct = 0, count = 0;
};

/// One step of training: zero, forward, loss, backward, update, report.
StepResult train_step(nn::Module& model, optim::Optimizer& optimizer, const data::Batch& batch, double lr);

}  // namespace gridstride::train
