#include <fmt/core.h>
#include <sys/resource.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "bench/environment.hpp"
#include "cli/command.hpp"
#include "cli/mnist_source.hpp"
#include "cli/report.hpp"
#include "cli/stop_signal.hpp"
#include "framework/io/error.hpp"
#include "framework/train/checkpoint.hpp"
#include "framework/train/fit.hpp"
#include "framework/train/progress.hpp"
#include "framework/train/run_folder.hpp"
#include "kernels/core/dispatch.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride::cli {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string dataset, model = "cnn", optimizer, out, kernels, json;
  std::optional<int64_t> epochs, batch, limit;
  std::optional<double> lr;
  int64_t seed = 0, checkpoint_every = 100;
  bool resume = false;
  MnistFlags source;

  fs::path folder() const { return out.empty() ? "runs/mnist-" + model : out; }
};

/// The recipe that the flags ask for. What is wrong with it is wrong use.
train::Recipe recipe_of(const Flags& flags) try {
  train::Recipe recipe = train::default_recipe(flags.model);
  if (!flags.optimizer.empty()) {
    recipe.optimizer = flags.optimizer;
    recipe.lr = train::default_lr(flags.model, flags.optimizer);
  }
  recipe.epochs = flags.epochs.value_or(recipe.epochs);
  recipe.batch = flags.batch.value_or(recipe.batch);
  recipe.lr = flags.lr.value_or(recipe.lr);
  recipe.seed = flags.seed;
  train::check(recipe);
  return recipe;
} catch (const UserError& error) {
  throw UsageError(error.what());
}

/// A word as a shell reads it back.
std::string quoted(const std::string& word) {
  if (!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                              "-_./=,:+@") == std::string::npos) {
    return word;
  }
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

/// The words that were given, and --resume.
std::string resume_command(const CLI::App& app) {
  std::string words = "./gridstride train mnist";
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0 || option->get_lnames().empty() || option->get_lnames()[0] == "resume") continue;
    words += " --" + option->get_lnames()[0];
    if (option->get_expected_max() > 0 && option->get_type_size() > 0) {
      words += " " + quoted(option->results().back());
    }
  }
  return words + " --resume";
}

int64_t peak_memory_bytes() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

nlohmann::ordered_json to_json(const Flags& flags, const train::Recipe& recipe, const MnistSource& source,
                               const train::FitResult& result) {
  nlohmann::ordered_json json = {{"dataset", source.mnist.train.name},
                                 {"synthetic", source.mnist.train.synthetic},
                                 {"data_folder", source.folder.string()},
                                 {"training_images", source.mnist.train.count},
                                 {"device", GRIDSTRIDE_DEVICE_NAME},
                                 {"kernels", flags.kernels},
                                 {"recipe", train::to_text(recipe)},
                                 {"checkpoint", result.checkpoint.string()},
                                 {"steps", result.step},
                                 {"seconds", result.seconds},
                                 {"training_seconds", result.training_seconds},
                                 {"peak_memory_bytes", peak_memory_bytes()},
                                 {"epochs", nlohmann::ordered_json::array()}};
  for (const train::EpochReport& epoch : result.epochs) {
    json["epochs"].push_back({{"epoch", epoch.epoch},
                              {"train_loss", epoch.train_loss},
                              {"train_accuracy", epoch.train_accuracy},
                              {"test_loss", epoch.test.loss},
                              {"test_accuracy", epoch.test.accuracy()},
                              {"seconds", epoch.seconds}});
  }
  json["test"] = cli::to_json(result.test);
  json["environment"] = bench::environment(repository_root());
  return json;
}

int train_mnist(const Flags& flags, const CLI::App& app) {
  const train::Recipe recipe = recipe_of(flags);
  if (!flags.kernels.empty()) force_variants(flags.kernels);
  announce_device();
  MnistSource source = open_mnist(flags.source);
  data::Mnist& mnist = source.mnist;
  if (flags.limit) mnist.train = mnist.train.first(*flags.limit);
  const std::string label = source.label();
  fmt::print("{}: {} training and {} test images from {}\n", label, mnist.train.count, mnist.test.count,
             source.folder.string());
  if (flags.resume && !fs::exists(flags.folder())) {
    throw UserError(flags.folder().string() +
                    ": no checkpoint to resume from; leave out --resume to start afresh");
  }
  const train::RunFolder folder(flags.folder());
  if (!flags.resume) {
    // A new run in an old run's folder must not cost the old run.
    const fs::path kept = folder.keep_earlier();
    if (!kept.empty()) fmt::print("{}: an earlier run's checkpoint is kept as {}\n", label, kept.string());
  }

  train::FitResult result;
  {
    const StopSignal stop;
    train::ProgressPrinter printer(stdout, label, train::ProgressPrinter::style_for(stdout));
    result = train::fit({.recipe = recipe,
                         .normalization = {},
                         .out = flags.folder(),
                         .resume = flags.resume,
                         .checkpoint_every = flags.checkpoint_every},
                        mnist.train, mnist.test, printer.callbacks(), StopSignal::requested());
  }
  if (result.interrupted) {
    fmt::print("{}: stopped after step {} of {}; go on with: {}\n", label, result.step, result.total_steps,
               resume_command(app));
    return StopSignal::exit_status();
  }
  print_evaluation(label, result.test);
  fmt::print("{}: {:.1f} s, {} MiB at most, checkpoint {}\n", label, result.seconds,
             peak_memory_bytes() >> 20, result.checkpoint.string());
  write_json(flags.json, to_json(flags, recipe, source, result));
  return 0;
}

Action declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  const CLI::Range at_least_one(int64_t{1}, int64_t{1} << 40), not_negative(int64_t{0}, INT64_MAX);
  app.add_option("dataset", flags->dataset, "mnist")->required()->check(CLI::IsMember({"mnist"}));
  app.add_option("--model", flags->model, "cnn or mlp")->capture_default_str();
  app.add_option("--epochs", flags->epochs, "times through the training images (default: the model's)");
  app.add_option("--batch", flags->batch, "images per step (default: the model's)");
  app.add_option("--lr", flags->lr, "highest learning rate (default: the model's and optimizer's)");
  app.add_option("--optimizer", flags->optimizer, "adamw or sgd (default: adamw)");
  app.add_option("--seed", flags->seed, "same seed, same device: same bits")
      ->capture_default_str()
      ->check(not_negative);
  app.add_option("--out", flags->out, "the run's folder (default: runs/mnist-MODEL)")
      ->check([](const std::string& folder) { return folder.empty() ? "names no folder" : ""; });
  app.add_flag("--resume", flags->resume,
               "go on from the checkpoint in the run's folder; give the same flags");
  app.add_option("--checkpoint-every", flags->checkpoint_every,
                 "steps between checkpoints; 0: at the ends of epochs")
      ->capture_default_str()
      ->check(not_negative);
  app.add_option("--kernels", flags->kernels,
                 "variants to use, such as gemm=03_shared_tile,conv2d=01_direct");
  app.add_option("--limit", flags->limit, "train on the first images only")->check(at_least_one);
  add_output_file(app, "--json", flags->json, "write the results to this file");
  add_mnist_flags(app, flags->source);
  return [flags, &app] { return train_mnist(*flags, app); };
}

GRIDSTRIDE_COMMAND("train",
                   "mnist: train a model, with checkpoints to go on from, and report its test accuracy",
                   declare);

}  // namespace
}  // namespace gridstride::cli
