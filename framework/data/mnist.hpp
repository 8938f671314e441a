#pragma once

#include <filesystem>
#include <optional>

#include "framework/data/dataset.hpp"

namespace gridstride::data {

inline constexpr int64_t kMnistSide = 28;
inline constexpr int64_t kMnistClasses = 10;
inline constexpr int64_t kMnistTrainCount = 60'000;
inline constexpr int64_t kMnistTestCount = 10'000;

/// Handwritten digits, 28 x 28, black background, with the classes 0 to 9.
/// Source    LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition, 1998
struct Mnist {
  Dataset train, test;
};

/// The folder that holds the four files: `folder` itself, or mnist/ or MNIST/raw/ (torchvision's place) in
/// it. The files may be compressed or not, and named with '-' or '.' before "idx". Nothing where one of the
/// four is missing.
std::optional<std::filesystem::path> find_mnist(const std::filesystem::path& folder);

/// Read and check all four files below `folder`.
/// Errors    UserError naming the file, or what is missing in the folder
Mnist load_mnist(const std::filesystem::path& folder);

/// Write the four files, gzip-compressed. A synthetic set gets a note beside them that says so, and that
/// `load_mnist` heeds.
void write_mnist(const std::filesystem::path& folder, const Mnist& mnist);

}  // namespace gridstride::data
