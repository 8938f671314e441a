#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/command.hpp"
#include "cli/report.hpp"
#include "framework/data/image.hpp"
#include "framework/data/mnist.hpp"
#include "framework/io/error.hpp"
#include "framework/train/checkpoint.hpp"
#include "framework/train/evaluate.hpp"
#include "kernels/core/dispatch.hpp"

namespace gridstride::cli {
namespace {

constexpr int64_t kBatch = 256;

struct Flags {
  std::vector<std::string> files;
  std::string checkpoint = "runs/mnist-cnn", kernels, json;
  bool invert = false;
  std::optional<int64_t> limit;
};

data::Images read_digits(const std::string& file, const Flags& flags) {
  data::Images images = data::read_images(file);
  if (images.height != data::kMnistSide || images.width != data::kMnistSide) {
    throw UserError(
        fmt::format("{}: holds images of {} x {}; the model wants 28 x 28, a light digit on black", file,
                    images.height, images.width));
  }
  if (flags.limit) images.count = std::min(images.count, *flags.limit);
  images.pixels.resize(static_cast<size_t>(images.count * images.height * images.width));
  if (flags.invert) {
    for (uint8_t& pixel : images.pixels) pixel = static_cast<uint8_t>(255 - pixel);
  }
  return images;
}

std::vector<train::Prediction> predict_digits(const train::TrainedModel& trained,
                                              const data::Images& images) {
  const int64_t elems = images.height * images.width;
  const auto [mean, stddev] = trained.data.normalization;
  std::vector<train::Prediction> predictions;
  for (int64_t begin = 0; begin < images.count; begin += kBatch) {
    const int64_t count = std::min(kBatch, images.count - begin);
    std::vector<float> normalized;
    for (int64_t i = begin * elems; i < (begin + count) * elems; ++i) {
      normalized.push_back((static_cast<float>(images.pixels[static_cast<size_t>(i)]) / 255.0f - mean) /
                           stddev);
    }
    for (auto& p : train::predict(*trained.model, {count, 1, images.height, images.width}, normalized)) {
      predictions.push_back(std::move(p));
    }
  }
  return predictions;
}

int predict(const Flags& flags) {
  if (!flags.kernels.empty()) force_variants(flags.kernels);
  announce_device();
  const train::TrainedModel trained = train::load_model(flags.checkpoint);
  std::vector<data::Images> digits;  // all files are read before the first answer is given
  for (const std::string& file : flags.files) digits.push_back(read_digits(file, flags));
  const std::string label = trained.data.synthetic ? "synthetic mnist" : "mnist";
  nlohmann::ordered_json json = {{"checkpoint", flags.checkpoint},
                                 {"trained_on", trained.data.name},
                                 {"synthetic", trained.data.synthetic},
                                 {"predictions", nlohmann::ordered_json::array()}};
  for (size_t f = 0; f < flags.files.size(); ++f) {
    int64_t index = 0;
    for (const train::Prediction& p : predict_digits(trained, digits[f])) {
      const float probability = p.probabilities[static_cast<size_t>(p.label)];
      const std::string place = digits[f].count > 1 ? fmt::format("[{}]", index) : "";
      fmt::print("{}: {}{}: {} ({:.1f} %)\n", label, flags.files[f], place, p.label, 100 * probability);
      json["predictions"].push_back({{"file", flags.files[f]},
                                     {"index", index},
                                     {"label", p.label},
                                     {"probabilities", p.probabilities}});
      ++index;
    }
  }
  write_json(flags.json, json);
  return 0;
}

Action declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("files", flags->files, "28 x 28 images: PNG, PGM or IDX, a light digit on black")
      ->required();
  app.add_option("--checkpoint", flags->checkpoint, "a checkpoint, or the folder of a run")
      ->capture_default_str();
  app.add_flag("--invert", flags->invert, "the files show a dark digit on white");
  app.add_option("--limit", flags->limit, "of each file the first images only")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 40));
  app.add_option("--kernels", flags->kernels, "variants to use, such as gemm=03_shared_tile");
  add_output_file(app, "--json", flags->json, "write the predictions to this file");
  return [flags] { return predict(*flags); };
}

GRIDSTRIDE_COMMAND("predict", "tell the digits in image files with a trained model", declare);

}  // namespace
}  // namespace gridstride::cli
