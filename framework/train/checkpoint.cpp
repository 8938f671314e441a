#include "framework/train/checkpoint.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "framework/io/error.hpp"
#include "framework/io/safetensors.hpp"
#include "framework/io/sha256.hpp"
#include "framework/tensor/generator.hpp"
#include "kernels/core/dispatch.hpp"

namespace gridstride::train {
namespace {

using Text = std::map<std::string, std::string>;
namespace fs = std::filesystem;

constexpr const char* kFormat = "gridstride-run-1";

constexpr const char* kSum = "tensors.sha256";

/// Of all tensors, in the order of their names.
std::string sum_of(const io::SafeTensors& content) {
  std::string sums;
  for (const auto& [name, array] : content.arrays)
    sums += name + io::sha256(std::as_bytes(std::span(array.bytes)));
  return io::sha256(std::as_bytes(std::span(sums)));
}

/// Variants that the user forced; they decide the bits as much as the seed does.
std::string forced_kernels() {
  std::string list;
  for (const AnyOperation* op : operations()) {
    const std::string_view variant = forced_variant(op->name());
    if (!variant.empty()) list += fmt::format("{}{}={}", list.empty() ? "" : ",", op->name(), variant);
  }
  return list;
}

/// What two runs must have in common for one to go on where the other stopped.
Text identity_text(const Recipe& recipe, const DataIdentity& data) {
  Text text;
  for (const auto& [key, value] : to_text(recipe)) text["recipe." + key] = value;
  text["data.name"] = data.name;
  text["data.synthetic"] = data.synthetic ? "yes" : "no";
  text["data.count"] = fmt::to_string(data.count);
  text["data.sha256"] = data.sha256;
  text["data.mean"] = fmt::to_string(data.normalization.mean);
  text["data.stddev"] = fmt::to_string(data.normalization.stddev);
  text["kernels"] = forced_kernels();
  text["device"] = GRIDSTRIDE_DEVICE_NAME;  // each adds in an order of its own
  return text;
}

Text progress_text(const Progress& p, int64_t optimizer_steps, const Generator::State& random) {
  return {{"progress.step", fmt::to_string(p.step)},
          {"progress.total_steps", fmt::to_string(p.total_steps)},
          {"progress.epoch", fmt::to_string(p.position.epoch)},
          {"progress.batch", fmt::to_string(p.position.batch)},
          {"progress.epoch_loss", fmt::to_string(p.epoch_loss)},
          {"progress.epoch_correct", fmt::to_string(p.epoch_correct)},
          {"progress.epoch_seen", fmt::to_string(p.epoch_seen)},
          {"optimizer.steps", fmt::to_string(optimizer_steps)},
          {"generator.seed", fmt::to_string(random.seed)},
          {"generator.offset", fmt::to_string(random.offset)}};
}

/// A checkpoint's metadata, read without trust.
class Metadata {
 public:
  Metadata(const fs::path& file, const Text& text) : file_(file), text_(text) {
    const auto format = text.find("format");
    if (format == text.end() || format->second != kFormat) {
      throw UserError(file.string() + ": not a checkpoint of a Gridstride run; its format is not '" +
                      std::string(kFormat) + "'");
    }
  }

  const std::string& at(const std::string& key) const {
    const auto found = text_.find(key);
    if (found == text_.end()) throw UserError(file_.string() + ": its metadata lack '" + key + "'");
    return found->second;
  }

  template <class T>
  T number(const std::string& key) const {
    const std::string& text = at(key);
    T value{};
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size()) {
      throw UserError(file_.string() + ": '" + key + "' wants a number, got " + io::escaped(text));
    }
    return value;
  }

  Recipe recipe() const {
    Text recipe;
    for (const auto& [key, value] : text_) {
      if (key.starts_with("recipe.")) recipe[key.substr(std::strlen("recipe."))] = value;
    }
    try {
      return from_text(recipe);
    } catch (const UserError& error) {
      throw UserError(file_.string() + ": " + error.what());
    }
  }

  Progress progress() const {
    const Progress p{.step = number<int64_t>("progress.step"),
                     .total_steps = number<int64_t>("progress.total_steps"),
                     .position = {number<int64_t>("progress.epoch"), number<int64_t>("progress.batch")},
                     .epoch_loss = number<double>("progress.epoch_loss"),
                     .epoch_correct = number<int64_t>("progress.epoch_correct"),
                     .epoch_seen = number<int64_t>("progress.epoch_seen")};
    if (p.step < 0 || p.step > p.total_steps || p.position < data::Position{} || p.position.batch < 0) {
      throw UserError(fmt::format("{}: step {} of {} at epoch {}, batch {} cannot be", file_.string(), p.step,
                                  p.total_steps, p.position.epoch, p.position.batch));
    }
    return p;
  }

  DataIdentity data() const {
    return {.name = at("data.name"),
            .synthetic = at("data.synthetic") == "yes",
            .count = number<int64_t>("data.count"),
            .sha256 = at("data.sha256"),
            .normalization = {number<float>("data.mean"), number<float>("data.stddev")}};
  }

 private:
  fs::path file_;
  const Text& text_;
};

std::vector<nn::NamedTensor> with_prefix(const char* prefix, const std::vector<nn::NamedTensor>& tensors) {
  std::vector<nn::NamedTensor> named;
  for (const auto& [name, tensor] : tensors) named.emplace_back(prefix + name, tensor);
  return named;
}

std::vector<nn::NamedTensor> tensors_of(const RunState& state) {
  std::vector<nn::NamedTensor> all = with_prefix("model.", state.model.named_parameters());
  for (auto& entry : with_prefix("optimizer.", state.optimizer.state())) all.push_back(std::move(entry));
  return all;
}

/// Fill tensors from a file: all of them, or none where one does not fit.
void load_tensors(const fs::path& file, const io::SafeTensors& content,
                  std::vector<nn::NamedTensor> tensors) {
  std::vector<std::span<const float>> values;
  for (const auto& [name, tensor] : tensors) {
    const auto found = content.arrays.find(name);
    if (found == content.arrays.end()) throw UserError(file.string() + ": no tensor '" + name + "' in it");
    if (found->second.shape != tensor.shape() || found->second.dtype != io::Dtype::kF32) {
      throw UserError(fmt::format("{}: '{}' is {} {}, the model wants F32 {}", file.string(), name,
                                  io::dtype_name(found->second.dtype), to_string(found->second.shape),
                                  to_string(tensor.shape())));
    }
    values.push_back(found->second.values<float>());
  }
  if (Metadata(file, content.metadata).at(kSum) != sum_of(content)) {
    throw UserError(
        file.string() +
        ": damaged: its numbers are not those that were written; take another checkpoint, or train again");
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].second.copy_from_host(values[i]);
}

}  // namespace

DataIdentity identify(const data::Dataset& dataset, const data::Normalization& normalization) {
  const std::string labels = io::sha256(std::as_bytes(std::span(dataset.labels)));
  const std::string pixels = io::sha256(std::as_bytes(std::span(dataset.images)));
  const std::string both = labels + pixels;
  return {.name = dataset.name,
          .synthetic = dataset.synthetic,
          .count = dataset.count,
          .sha256 = io::sha256(std::as_bytes(std::span(both))),
          .normalization = normalization};
}

void save_checkpoint(const fs::path& file, const RunState& state) {
  io::SafeTensors content;
  content.metadata = identity_text(state.recipe, state.data);
  content.metadata.merge(progress_text(state.progress, state.optimizer.steps(), default_generator().state()));
  content.metadata["format"] = kFormat;
  for (const auto& [name, tensor] : tensors_of(state)) {
    content.arrays[name] = io::Array::of<float>(tensor.shape(), tensor.to_host());
  }
  content.metadata[kSum] = sum_of(content);
  io::write_safetensors(file, content);
}

void resume_checkpoint(const fs::path& file, RunState& state) {
  if (!fs::exists(file)) {
    throw UserError(file.string() + ": no checkpoint to resume from; leave out --resume to start afresh");
  }
  const io::SafeTensors content = io::read_safetensors(file);
  const Metadata metadata(file, content.metadata);
  const Text identity = identity_text(state.recipe, state.data);
  std::vector<std::pair<std::string, std::string>> wants(identity.begin(), identity.end());
  // Another model has other defaults, too: it is the difference to name.
  std::ranges::stable_partition(wants, [](const auto& want) { return want.first == "recipe.model"; });
  for (const auto& [key, wanted] : wants) {
    if (metadata.at(key) != wanted) {
      throw UserError(
          fmt::format("{}: made with {} = {}, this run has '{}'; use the same data and flags, or "
                      "another --out",
                      file.string(), key, io::escaped(metadata.at(key)), wanted));
    }
  }
  const Progress progress = metadata.progress();
  if (progress.total_steps != state.progress.total_steps) {
    throw UserError(fmt::format("{}: of a run of {} steps, this one has {}", file.string(),
                                progress.total_steps, state.progress.total_steps));
  }
  const auto optimizer_steps = metadata.number<int64_t>("optimizer.steps");
  const Generator::State random{metadata.number<int64_t>("generator.seed"),
                                metadata.number<int64_t>("generator.offset")};
  load_tensors(file, content, tensors_of(state));
  state.optimizer.set_steps(optimizer_steps);
  state.progress = progress;
  default_generator().set_state(random);
}

TrainedModel load_model(const fs::path& path) {
  const fs::path file = fs::is_directory(path) ? path / kCheckpointFile : path;
  if (!fs::exists(file)) {
    throw UserError(file.string() + ": no such checkpoint; train a model first, or name its folder");
  }
  const io::SafeTensors content = io::read_safetensors(file);
  const Metadata metadata(file, content.metadata);
  const Progress progress = metadata.progress();
  TrainedModel trained{.recipe = metadata.recipe(),
                       .data = metadata.data(),
                       .step = progress.step,
                       .total_steps = progress.total_steps};
  trained.model = make_model(trained.recipe.model);
  load_tensors(file, content, with_prefix("model.", trained.model->named_parameters()));
  trained.model->eval();
  return trained;
}

}  // namespace gridstride::train
