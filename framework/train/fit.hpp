#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <vector>

#include "framework/train/evaluate.hpp"
#include "framework/train/recipe.hpp"

namespace gridstride::train {

struct FitOptions {
  Recipe recipe;
  data::Normalization normalization;
  std::filesystem::path out;     ///< the run's folder, for kCheckpointFile; empty: nothing is saved
  bool resume = false;           ///< go on from the checkpoint in `out`
  int64_t checkpoint_every = 0;  ///< steps between checkpoints; 0: at the end of each epoch only
  bool prefetch = true;
};

struct StartReport {
  int64_t parameters = 0;
  int64_t first_step = 0;  ///< > 0 where a run is resumed
  int64_t total_steps = 0;
  int64_t steps_per_epoch = 0;
};

struct StepReport {
  int64_t step = 0;  ///< steps done, this one included
  int64_t total_steps = 0;
  int64_t epoch = 0;  ///< counted from 1
  double loss = 0;    ///< of this batch
  double lr = 0;
  int64_t correct = 0, count = 0;  ///< of this batch
  double seconds = 0;              ///< since fit began
  double images_per_second = 0;    ///< since fit began
};

struct EpochReport {
  int64_t epoch = 0;                          ///< counted from 1
  double train_loss = 0, train_accuracy = 0;  ///< means over the epoch, while the model was changing
  Evaluation test = {};
  double seconds = 0;  ///< since fit began
};

/// What fit tells while it runs. Any of them may be empty.
struct Callbacks {
  std::function<void(const StartReport&)> on_start;
  std::function<void(const StepReport&)> on_step;
  std::function<void(const EpochReport&)> on_epoch;
  std::function<void(const std::filesystem::path&)> on_checkpoint;
};

struct FitResult {
  bool interrupted = false;  ///< `stop` was set: the checkpoint is written, `test` is empty
  int64_t step = 0, total_steps = 0;
  Evaluation test = {};                      ///< after the last step
  std::vector<EpochReport> epochs;           ///< those that this call finished
  double seconds = 0, training_seconds = 0;  ///< the latter without looking at the test set
  std::filesystem::path checkpoint;
};

/// Train by the recipe. Seeds default_generator() with the recipe's seed, so that the same recipe, data,
/// kernels and device give the same bits, however often the run was interrupted and resumed. When `stop`
/// becomes true the step at hand is finished and a checkpoint written. Errors    UserError for a recipe, a
/// checkpoint or a disk that will not do, and when the loss is not finite
FitResult fit(const FitOptions& options, const data::Dataset& train, const data::Dataset& test,
              const Callbacks& callbacks, const std::atomic<bool>& stop);

}  // namespace gridstride::train
