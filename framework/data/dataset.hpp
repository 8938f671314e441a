#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gridstride::data {

/// Labelled images on the host, as bytes; the loader makes numbers of them.
struct Dataset {
  std::string name;        ///< for reports: "MNIST", or "synthetic digits"
  bool synthetic = false;  ///< drawn by us; every line of a report must say so
  int64_t count = 0, channels = 1, height = 0, width = 0, classes = 0;
  std::vector<uint8_t> images;  ///< (count, channels, height, width)
  std::vector<uint8_t> labels;  ///< (count), each below `classes`

  int64_t image_elems() const { return channels * height * width; }
  /// The first `n` images, or all where there are fewer.
  Dataset first(int64_t n) const;
};

}  // namespace gridstride::data
