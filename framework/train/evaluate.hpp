#pragma once

#include <span>
#include <vector>

#include "framework/data/dataset.hpp"
#include "framework/data/loader.hpp"
#include "framework/nn/module.hpp"
#include "framework/train/metrics.hpp"

namespace gridstride::train {

/// What a model is worth on a dataset.
struct Evaluation {
  double loss = 0;  ///< mean cross-entropy
  ConfusionMatrix confusion = {};
  double accuracy() const { return confusion.accuracy(); }
};

/// Run the whole dataset through the model in evaluation mode; the mode is put back.
Evaluation evaluate(nn::Module& model, const data::Dataset& dataset, const data::Normalization& normalization,
                    int64_t batch = 500);

/// The model's answer for one image.
struct Prediction {
  int32_t label = 0;
  std::vector<float> probabilities = {};  ///< of every class
};

/// `images` are normalized, (count, channels, height, width).
std::vector<Prediction> predict(nn::Module& model, const Shape& shape, std::span<const float> images);

}  // namespace gridstride::train
