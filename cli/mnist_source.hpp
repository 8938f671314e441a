#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <span>
#include <string>

#include "framework/data/mnist.hpp"

namespace gridstride::cli {

/// Where a command takes its digits from, as its flags say.
struct MnistFlags {
  std::string data_dir;
  bool synthetic = false;
};

void add_mnist_flags(CLI::App& app, MnistFlags& flags);

/// The folder for data sets: --data-dir, else GRIDSTRIDE_DATA_DIR, else data/ of the repository.
std::filesystem::path data_folder(const std::string& data_dir);
/// Where synthetic digits lie unless the user says otherwise.
std::filesystem::path synthetic_folder();

/// A set, and the folder it came from.
struct MnistSource {
  data::Mnist mnist;
  std::filesystem::path folder;

  /// What every line of a report begins with: "mnist" or "synthetic mnist".
  std::string label() const { return mnist.train.synthetic ? "synthetic mnist" : "mnist"; }
};

/// The named folder's set; where none is named, the repository's, which is fetched first if need be, and
/// where no mirror can be reached the synthetic one, which is made first if need be. Says what it does.
MnistSource open_mnist(const MnistFlags& flags);

/// Bring MNIST's four files into `folder`, showing how far it is. Errors    NetworkError, UserError
void fetch_mnist(const std::filesystem::path& folder, std::span<const std::string> mirrors);

/// Write synthetic digits into `folder`.
void make_synthetic_mnist(const std::filesystem::path& folder, uint64_t seed, int64_t train_count,
                          int64_t test_count);

}  // namespace gridstride::cli
