#include "framework/data/mnist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <system_error>

#include "framework/data/idx.hpp"
#include "framework/io/atomic_file.hpp"
#include "framework/io/error.hpp"

namespace gridstride::data {
namespace fs = std::filesystem;
namespace {

constexpr std::array kParts = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                               "t10k-labels-idx1-ubyte"};
constexpr std::string_view kSyntheticNote = "SYNTHETIC.txt";

std::optional<fs::path> find_part(const fs::path& folder, const std::string& part) {
  std::string dotted = part;
  dotted[dotted.rfind("-idx")] = '.';
  for (const std::string& name : {part + ".gz", part, dotted + ".gz", dotted}) {
    std::error_code unreadable;
    if (fs::exists(folder / name, unreadable)) return folder / name;
  }
  return std::nullopt;
}

std::vector<std::string> missing_parts(const fs::path& folder) {
  std::vector<std::string> missing;
  for (const char* part : kParts) {
    if (!find_part(folder, part)) missing.emplace_back(part);
  }
  return missing;
}

std::array<fs::path, 3> places(const fs::path& folder) {
  return {folder / "mnist", folder / "MNIST/raw", folder};
}

[[noreturn]] void throw_missing(const fs::path& folder) {
  std::error_code unreadable;
  if (!fs::is_directory(folder, unreadable)) {
    throw UserError(
        fmt::format("{}: is not a folder that can be read; name the one that holds MNIST's files, or "
                    "fetch them: gridstride data fetch mnist",
                    folder.string()));
  }
  const auto best =
      std::ranges::min(places(folder), {}, [](const fs::path& p) { return missing_parts(p).size(); });
  const auto missing = missing_parts(best);
  const bool none = missing.size() == kParts.size();
  throw UserError(fmt::format(
      "{}: {} {}.gz; fetch it: gridstride data fetch mnist --data-dir {}", (none ? folder : best).string(),
      none ? "holds none of MNIST's files, such as" : "lacks", missing.front(), folder.string()));
}

Dataset load_pair(const fs::path& folder, const char* images_part, const char* labels_part) {
  const fs::path images_path = *find_part(folder, images_part), labels_path = *find_part(folder, labels_part);
  Idx images = read_idx(images_path, 3);
  Idx labels = read_idx(labels_path, 1);
  const int64_t count = images.shape[0];
  if (images.shape[1] != kMnistSide || images.shape[2] != kMnistSide) {
    throw UserError(fmt::format("{}: holds images of {} x {}, where MNIST's are 28 x 28; check the path",
                                images_path.string(), images.shape[1], images.shape[2]));
  }
  if (count == 0) throw UserError(images_path.string() + ": holds no images; fetch or copy it again");
  if (labels.shape[0] != count) {
    throw UserError(fmt::format("{}: holds {} labels for the {} images of {}; fetch or copy both again",
                                labels_path.string(), labels.shape[0], count,
                                images_path.filename().string()));
  }
  const auto wrong =
      std::ranges::find_if(labels.values, [](uint8_t label) { return label >= kMnistClasses; });
  if (wrong != labels.values.end()) {
    throw UserError(
        fmt::format("{}: label {} is {}, where digits 0 to 9 were expected; fetch or copy it again",
                    labels_path.string(), wrong - labels.values.begin(), *wrong));
  }
  const bool synthetic = fs::exists(folder / kSyntheticNote);
  return {synthetic ? "synthetic digits" : "MNIST",
          synthetic,
          count,
          1,
          kMnistSide,
          kMnistSide,
          kMnistClasses,
          std::move(images.values),
          std::move(labels.values)};
}

void write_pair(const fs::path& folder, const Dataset& set, const char* images_part,
                const char* labels_part) {
  write_idx(folder / (std::string(images_part) + ".gz"), {{set.count, set.height, set.width}, set.images});
  write_idx(folder / (std::string(labels_part) + ".gz"), {{set.count}, set.labels});
}

}  // namespace

std::optional<fs::path> find_mnist(const fs::path& folder) {
  for (const fs::path& place : places(folder)) {
    if (missing_parts(place).empty()) return place;
  }
  return std::nullopt;
}

Mnist load_mnist(const fs::path& folder) {
  const auto place = find_mnist(folder);
  if (!place) throw_missing(folder);
  return {load_pair(*place, kParts[0], kParts[1]), load_pair(*place, kParts[2], kParts[3])};
}

void write_mnist(const fs::path& folder, const Mnist& mnist) {
  io::make_folder(folder);
  // The note comes first: no moment may pass in which synthetic files look like real ones.
  if (mnist.train.synthetic) {
    io::write_file(folder / kSyntheticNote,
                   "The digits in this folder are synthetic: drawn by gridstride, in MNIST's file format.\n"
                   "They are not MNIST, and accuracies measured on them say nothing about MNIST.\n");
  }
  write_pair(folder, mnist.train, kParts[0], kParts[1]);
  write_pair(folder, mnist.test, kParts[2], kParts[3]);
}

}  // namespace gridstride::data
