#include <fmt/core.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/mnist_source.hpp"
#include "cli/report.hpp"
#include "framework/train/checkpoint.hpp"
#include "kernels/core/dispatch.hpp"

namespace gridstride::cli {
namespace {

struct Flags {
  std::string checkpoint = "runs/mnist-cnn", kernels, json;
  MnistFlags source;
};

int evaluate(Flags flags) {
  if (!flags.kernels.empty()) force_variants(flags.kernels);
  const train::TrainedModel trained = train::load_model(flags.checkpoint);
  // A model of synthetic digits is asked about its own kind, unless the user wants to see how it does on
  // others.
  if (flags.source.data_dir.empty() && trained.data.synthetic) flags.source.synthetic = true;
  announce_device();
  const MnistSource source = open_mnist(flags.source);
  const std::string label = source.label();
  fmt::print("{}: {} trained on {} images of {}, {} of {} steps\n", label, trained.recipe.model,
             trained.data.count, trained.data.name, trained.step, trained.total_steps);
  fmt::print("{}: {} test images from {}\n", label, source.mnist.test.count, source.folder.string());
  const train::Evaluation evaluation =
      train::evaluate(*trained.model, source.mnist.test, trained.data.normalization);
  print_evaluation(label, evaluation);
  nlohmann::ordered_json json = {{"checkpoint", flags.checkpoint},
                                 {"model", trained.recipe.model},
                                 {"trained_on", trained.data.name},
                                 {"dataset", source.mnist.test.name},
                                 {"synthetic", source.mnist.test.synthetic}};
  json["test"] = to_json(evaluation);
  write_json(flags.json, json);
  return 0;
}

Action declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("checkpoint", flags->checkpoint, "a checkpoint, or the folder of a run")
      ->capture_default_str();
  app.add_option("--kernels", flags->kernels, "variants to use, such as gemm=03_shared_tile");
  add_output_file(app, "--json", flags->json, "write the results to this file");
  add_mnist_flags(app, flags->source);
  return [flags] { return evaluate(*flags); };
}

GRIDSTRIDE_COMMAND("eval", "measure a checkpoint on the test images: accuracy, F1, confusion matrix",
                   declare);

}  // namespace
}  // namespace gridstride::cli
