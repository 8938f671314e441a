#include "cli/mnist_source.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/command.hpp"
#include "framework/data/fetch.hpp"
#include "framework/data/synthetic.hpp"

namespace gridstride::cli {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kSyntheticSeed = 1;

std::string named_folder(const std::string& data_dir) {
  if (!data_dir.empty()) return data_dir;
  const char* from_environment = std::getenv("GRIDSTRIDE_DATA_DIR");
  return from_environment ? from_environment : "";
}

/// Redraws one line on a terminal; elsewhere a line per file is enough.
void show_progress(const data::RemoteFile& file, uint64_t bytes_here) {
  if (!::isatty(STDOUT_FILENO)) return;
  fmt::print("\r\033[Kfetching {} {} %", file.name, 100 * bytes_here / file.bytes);
  std::fflush(stdout);
}

MnistSource open_synthetic() {
  const fs::path folder = synthetic_folder();
  if (!data::find_mnist(folder)) {
    make_synthetic_mnist(folder, kSyntheticSeed, data::kMnistTrainCount, data::kMnistTestCount);
  }
  return {data::load_mnist(folder), folder};
}

}  // namespace

void add_mnist_flags(CLI::App& app, MnistFlags& flags) {
  auto* data_dir =
      app.add_option("--data-dir", flags.data_dir,
                     "folder with MNIST's files (default: $GRIDSTRIDE_DATA_DIR, else data/ of the "
                     "repository, fetched where it is missing)");
  app.add_flag("--synthetic", flags.synthetic, "use synthetic digits, not MNIST")->excludes(data_dir);
}

fs::path data_folder(const std::string& data_dir) {
  const std::string named = named_folder(data_dir);
  return named.empty() ? repository_root() / "data" : fs::path(named);
}

fs::path synthetic_folder() { return repository_root() / "data/synthetic-mnist"; }

MnistSource open_mnist(const MnistFlags& flags) {
  if (flags.synthetic) return open_synthetic();
  const fs::path folder = data_folder(flags.data_dir);
  const bool named = !named_folder(flags.data_dir).empty();
  if (!named && !data::find_mnist(folder)) {
    try {
      fetch_mnist(folder / "mnist", data::mnist_mirrors());
    } catch (const data::NetworkError& error) {
      fmt::print("mnist: {}\nsynthetic mnist: no MNIST here, so this run takes synthetic digits instead\n",
                 error.what());
      return open_synthetic();
    }
  }
  return {data::load_mnist(folder), folder};
}

void fetch_mnist(const fs::path& folder, std::span<const std::string> mirrors) {
  for (const data::RemoteFile& file : data::mnist_files()) {
    data::Fetched fetched;
    try {
      fetched = data::fetch_file(file, mirrors, folder, show_progress);
    } catch (...) {
      if (::isatty(STDOUT_FILENO)) fmt::print("\r\033[K");
      throw;
    }
    if (::isatty(STDOUT_FILENO)) fmt::print("\r\033[K");
    fmt::print("mnist: {} {}, {} bytes, checksum right\n", (folder / file.name).string(),
               fetched == data::Fetched::kDownloaded ? "fetched" : "is there", file.bytes);
  }
}

void make_synthetic_mnist(const fs::path& folder, uint64_t seed, int64_t train_count, int64_t test_count) {
  data::write_mnist(folder, data::make_synthetic_digits(seed, train_count, test_count));
  fmt::print("synthetic mnist: {} training and {} test digits drawn from seed {} into {}\n", train_count,
             test_count, seed, folder.string());
}

}  // namespace gridstride::cli
