#include "framework/train/progress.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gridstride::train {
namespace {

/// What a printer writes for a run of two epochs of `steps` steps each, of 50 ms.
std::string printed(ProgressPrinter::Style style, int64_t steps) {
  std::FILE* const file = std::tmpfile();
  {
    ProgressPrinter printer(file, "synthetic mnist", style);
    const Callbacks tell = printer.callbacks();
    tell.on_start({.parameters = 1234, .first_step = 0, .total_steps = 2 * steps, .steps_per_epoch = steps});
    for (int64_t s = 1; s <= 2 * steps; ++s) {
      const double seconds = 0.05 * static_cast<double>(s);
      tell.on_step({.step = s,
                    .total_steps = 2 * steps,
                    .epoch = (s - 1) / steps + 1,
                    .loss = 0.5,
                    .seconds = seconds,
                    .images_per_second = 320});
      if (s % steps == 0)
        tell.on_epoch({.epoch = s / steps, .train_loss = 0.25, .train_accuracy = 0.5, .seconds = seconds});
    }
  }
  std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

TEST(Progress, WritesPlainLinesNowAndThen) {
  const std::string text = printed(ProgressPrinter::Style::lines, 100);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 2 * 10 + 2);
  EXPECT_TRUE(text.starts_with("synthetic mnist: 1234 parameters, 200 steps\n")) << text;
  EXPECT_NE(text.find("synthetic mnist: epoch 1/2 50/100 loss 0.5000 320 images/s, 0:08 left\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("synthetic mnist: epoch 2/2 train loss 0.2500 accuracy 50.00 %"), std::string::npos)
      << text;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    EXPECT_EQ(text.compare(at, 15, "synthetic mnist"), 0) << "every line names the data";
  }
}

TEST(Progress, WritesEachStepOfAShortEpochOnce) {
  EXPECT_EQ(std::ranges::count(printed(ProgressPrinter::Style::lines, 3), '\n'), 1 + 2 * 3 + 2);
}

TEST(Progress, RedrawsABarAndLeavesNone) {
  const std::string text = printed(ProgressPrinter::Style::bar, 100);
  EXPECT_NE(text.find("[############............]"), std::string::npos) << text;
  EXPECT_NE(text.find("[########################]"), std::string::npos) << text;
  EXPECT_LT(std::ranges::count(text, '\r'), 110) << "about ten a second";
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
  EXPECT_TRUE(text.ends_with('\n')) << "a bar is wiped away";
}

}  // namespace
}  // namespace gridstride::train
