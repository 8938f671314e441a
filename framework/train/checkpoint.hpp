#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "framework/data/dataset.hpp"
#include "framework/data/loader.hpp"
#include "framework/train/recipe.hpp"

namespace gridstride::train {

/// The file in a run's folder.
inline constexpr const char* kCheckpointFile = "checkpoint.safetensors";

/// What a checkpoint says of the data that a run was trained on.
struct DataIdentity {
  std::string name;
  bool synthetic = false;
  int64_t count = 0;
  std::string sha256;  ///< of labels and pixels
  data::Normalization normalization;
};
DataIdentity identify(const data::Dataset& dataset, const data::Normalization& normalization);

/// Where a run stands between two steps, besides tensors and random state.
struct Progress {
  int64_t step = 0;  ///< steps done
  int64_t total_steps = 0;
  data::Position position;  ///< the next batch
  double epoch_loss = 0;    ///< sums over the images of the epoch so far
  int64_t epoch_correct = 0, epoch_seen = 0;
};

/// A run between two steps: what a checkpoint holds. The file is one .safetensors that any reader opens; the
/// parameters are "model.<path>", the optimizer's tensors "optimizer.<path>", all else is metadata.
struct RunState {
  const Recipe& recipe;
  const DataIdentity& data;
  nn::Module& model;
  optim::Optimizer& optimizer;
  Progress progress;
};

/// Atomic: a reader sees the old file or the new one. Equal states give equal bytes.
void save_checkpoint(const std::filesystem::path& file, const RunState& state);

/// Continue a run: checks that recipe, data and kernels are those of `state`, then fills in its tensors,
/// its progress and default_generator().
/// Errors    UserError naming the file and what differs; `state` is then unchanged
void resume_checkpoint(const std::filesystem::path& file, RunState& state);

/// A model out of a checkpoint, in evaluation mode, with what is known of its making.
struct TrainedModel {
  Recipe recipe;
  DataIdentity data;
  std::unique_ptr<nn::Module> model = nullptr;
  int64_t step = 0, total_steps = 0;
};
/// `path` is the file or the run's folder.
TrainedModel load_model(const std::filesystem::path& path);

}  // namespace gridstride::train
