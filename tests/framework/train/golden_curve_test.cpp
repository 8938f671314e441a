// Ten steps of each demo model against PyTorch in double; golden_curve.py printed the numbers.
#include <gtest/gtest.h>

#include "framework/optim/adamw.hpp"
#include "framework/optim/sgd.hpp"
#include "framework/tensor/generator.hpp"
#include "framework/train/recipe.hpp"
#include "framework/train/step.hpp"

namespace gridstride::train {
namespace {

constexpr int kSteps = 10;
constexpr int64_t kCount = 16, kSide = 28;
// The largest difference that was seen is a tenth of this: fp32 against double over ten steps.
constexpr double kTolerance = 1e-4;

/// Noise with three bright rows whose place is the label.
data::Batch make_batch(int step) {
  data::Batch batch{.images = std::vector<float>(kCount * kSide * kSide),
                    .labels = std::vector<int32_t>(kCount),
                    .shape = {kCount, 1, kSide, kSide},
                    .position = {}};
  default_generator().uniform(batch.images, 0, 1);
  for (int64_t i = 0; i < kCount; ++i) {
    const auto label = static_cast<int32_t>((7 * i + step) % 10);
    batch.labels[static_cast<std::size_t>(i)] = label;
    for (int64_t e = 0; e < 3 * kSide; ++e) {
      batch.images[static_cast<std::size_t>((i * kSide + 2 * label) * kSide + e)] += 1;
    }
  }
  return batch;
}

std::vector<double> curve(nn::Module& model, optim::Optimizer& optimizer, double lr) {
  model
      .eval();  // without dropout, whose random numbers PyTorch does not share; the tape records all the same
  std::vector<double> losses;
  for (int step = 0; step < kSteps; ++step) {
    losses.push_back(train_step(model, optimizer, make_batch(step), lr).loss);
  }
  return losses;
}

void expect_near(const std::vector<double>& losses, const std::vector<double>& golden) {
  ASSERT_EQ(losses.size(), golden.size());
  for (std::size_t i = 0; i < golden.size(); ++i)
    EXPECT_NEAR(losses[i], golden[i], kTolerance) << "step " << i;
}

TEST(GoldenCurve, MlpWithNesterovMomentum) {
  manual_seed(7);
  const auto model = make_model("mlp");
  optim::SGD sgd(model->named_parameters(), {.momentum = 0.9, .weight_decay = 1e-3, .nesterov = true});
  expect_near(curve(*model, sgd, 0.02), {2.234125, 2.231727, 2.176648, 2.059755, 1.956046, 1.890089, 1.759613,
                                         1.560361, 1.440834, 1.297326});
}

TEST(GoldenCurve, CnnWithAdamW) {
  manual_seed(7);
  const auto model = make_model("cnn");
  optim::AdamW adamw(model->named_parameters(), {.weight_decay = 1e-2});
  expect_near(curve(*model, adamw, 1e-3), {2.310299, 2.280038, 2.281137, 2.213111, 2.153150, 2.112860,
                                           2.032583, 1.932892, 1.829069, 1.713989});
}

}  // namespace
}  // namespace gridstride::train
