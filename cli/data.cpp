#include <fmt/core.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/mnist_source.hpp"
#include "framework/data/fetch.hpp"

namespace gridstride::cli {
namespace {

struct Flags {
  std::string dataset, data_dir, out;
  std::vector<std::string> mirrors;
  int64_t seed = 1;
  bool synthetic = false;
  int64_t train_count = data::kMnistTrainCount, test_count = data::kMnistTestCount;
};

int fetch(const Flags& flags) {
  const std::span<const std::string> given(flags.mirrors);
  const std::span<const std::string> mirrors = given.empty() ? data::mnist_mirrors() : given;
  fetch_mnist(data_folder(flags.data_dir) / "mnist", mirrors);
  return 0;
}

int make(const Flags& flags) {
  make_synthetic_mnist(flags.out.empty() ? synthetic_folder() : std::filesystem::path(flags.out), flags.seed,
                       flags.train_count, flags.test_count);
  return 0;
}

void add_dataset(CLI::App& app, Flags& flags) {
  app.add_option("dataset", flags.dataset, "mnist")->required()->check(CLI::IsMember({"mnist"}));
}

Action declare(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();

  auto* fetching = app.add_subcommand("fetch", "download a set from its public mirrors, checksums verified");
  add_dataset(*fetching, *flags);
  fetching->add_option("--data-dir", flags->data_dir,
                       "folder for data sets (default: $GRIDSTRIDE_DATA_DIR, else data/ of the repository)");
  fetching->add_option("--mirror", flags->mirrors,
                       "folder URL to fetch from instead; may be given several times");

  auto* making = app.add_subcommand("make", "write a synthetic set in the same file format");
  add_dataset(*making, *flags);
  making->add_flag("--synthetic", flags->synthetic, "say that the set is not the real one")->required();
  making->add_option("--seed", flags->seed, "of the digits")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{0}, INT64_MAX));
  const CLI::Range counts(int64_t{1}, int64_t{1'000'000});
  making->add_option("--train", flags->train_count, "training images")->capture_default_str()->check(counts);
  making->add_option("--test", flags->test_count, "test images")->capture_default_str()->check(counts);
  making->add_option("--out", flags->out,
                     "folder for the files (default: data/synthetic-mnist of the repository)");

  return [flags, fetching, making] {
    if (fetching->parsed()) return fetch(*flags);
    if (making->parsed()) return make(*flags);
    throw UsageError("data: say what to do: fetch or make (see: gridstride data --help)");
  };
}

GRIDSTRIDE_COMMAND("data", "fetch mnist | make mnist --synthetic: get a data set, or write one in its format",
                   declare);

}  // namespace
}  // namespace gridstride::cli
