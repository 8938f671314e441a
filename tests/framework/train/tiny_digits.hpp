#pragma once

#include "framework/data/dataset.hpp"
#include "framework/tensor/generator.hpp"

namespace gridstride::tests {

/// Noise in MNIST's shape, with three bright rows whose place is the label.
inline data::Dataset tiny_digits(int64_t count, int64_t seed = 1) {
  data::Dataset set{.name = "tiny digits",
                    .synthetic = true,
                    .count = count,
                    .height = 28,
                    .width = 28,
                    .classes = 10,
                    .images = {},
                    .labels = {}};
  std::vector<float> noise(static_cast<std::size_t>(count * set.image_elems()));
  Generator(seed).uniform(noise, 0, 128);
  for (const float v : noise) set.images.push_back(static_cast<uint8_t>(v));
  for (int64_t i = 0; i < count; ++i) {
    const int64_t label = 7 * i % 10;
    set.labels.push_back(static_cast<uint8_t>(label));
    for (int64_t e = 0; e < 3 * 28; ++e)
      set.images[static_cast<std::size_t>((i * 28 + 2 * label) * 28 + e)] += 127;
  }
  return set;
}

}  // namespace gridstride::tests
