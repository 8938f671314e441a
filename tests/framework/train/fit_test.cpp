#include "framework/train/fit.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "framework/io/error.hpp"
#include "framework/io/safetensors.hpp"
#include "framework/train/checkpoint.hpp"
#include "tests/framework/expect_error.hpp"
#include "tests/framework/io/scratch_folder.hpp"
#include "tests/framework/train/tiny_digits.hpp"

namespace gridstride::train {
namespace {

using tests::expect_error;
using tests::tiny_digits;

// 50 images in batches of 16: three full ones and a rest of two, four steps an epoch.
class Fit : public ::testing::TestWithParam<const char*> {
 protected:
  FitOptions options(const char* name) const {
    FitOptions o;
    o.recipe = default_recipe(GetParam());
    o.recipe.epochs = 3;
    o.recipe.batch = 16;
    o.recipe.seed = 11;
    o.out = folder_.path() / name;
    return o;
  }
  FitResult run(const FitOptions& o, const Callbacks& callbacks = {}) {
    return fit(o, train_, test_, callbacks, stop_);
  }
  /// Callbacks that ask for the end once `steps` are done, as Ctrl-C does.
  Callbacks stop_behind(int64_t steps) {
    stop_ = false;
    return {.on_start = {},
            .on_step = [this, steps](const StepReport& r) { stop_ = r.step >= steps; },
            .on_epoch = {},
            .on_checkpoint = {}};
  }
  static io::SafeTensors content(const FitOptions& o) {
    return io::read_safetensors(o.out / kCheckpointFile);
  }

  tests::ScratchFolder folder_;
  data::Dataset train_ = tiny_digits(50), test_ = tiny_digits(20, 2);
  std::atomic<bool> stop_ = false;
};

TEST_P(Fit, SameSeedSameBitsAndAnotherSeedOthers) {
  const FitOptions a = options("a"), b = options("b");
  FitOptions c = options("c");
  c.recipe.seed = 12;
  std::vector<double> losses;
  const FitResult result = run(a, {.on_start = {},
                                   .on_step = [&](const StepReport& r) { losses.push_back(r.loss); },
                                   .on_epoch = {},
                                   .on_checkpoint = {}});
  std::size_t i = 0;
  run(b, {.on_start = {},
          .on_step = [&](const StepReport& r) { EXPECT_EQ(r.loss, losses.at(i++)); },
          .on_epoch = {},
          .on_checkpoint = {}});
  run(c);
  EXPECT_EQ(losses.size(), 12u);
  EXPECT_EQ(content(a), content(b));
  EXPECT_NE(content(a).arrays, content(c).arrays);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(result.epochs.size(), 3u);
  EXPECT_EQ(result.test.confusion.total(), 20);
}

// Stopped twice, in the middle of an epoch and exactly at the end of one.
TEST_P(Fit, InterruptedRunsEndWithTheSameBits) {
  const FitOptions whole = options("whole");
  const FitResult expected = run(whole);

  FitOptions part = options("part");
  EXPECT_TRUE(run(part, stop_behind(3)).interrupted);
  part.resume = true;
  FitResult result = run(part, stop_behind(8));
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.step, 8);
  EXPECT_NE(content(part), content(whole));
  result = run(part, stop_behind(1000));
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(content(part), content(whole));
  EXPECT_EQ(result.test.loss, expected.test.loss);
  ASSERT_EQ(result.epochs.size(), 1u);
  EXPECT_EQ(result.epochs[0].train_loss, expected.epochs[2].train_loss);
}

// kill -9: only the last periodic checkpoint is left.
TEST_P(Fit, GoesOnFromAPeriodicCheckpoint) {
  const FitOptions whole = options("whole");
  run(whole);
  FitOptions killed = options("killed");
  killed.checkpoint_every = 3;
  struct Killed {};
  Callbacks callbacks;
  callbacks.on_step = [](const StepReport& r) {
    if (r.step == 8) throw Killed();
  };
  EXPECT_THROW(run(killed, callbacks), Killed);
  killed.resume = true;
  callbacks.on_step = {};
  callbacks.on_start = [](const StartReport& r) { EXPECT_EQ(r.first_step, 6); };
  run(killed, callbacks);
  EXPECT_EQ(content(killed), content(whole));
}

TEST_P(Fit, ResumingACompleteRunOnlyEvaluates) {
  FitOptions o = options("done");
  const FitResult first = run(o);
  o.resume = true;
  Callbacks callbacks;
  callbacks.on_step = [](const StepReport&) { ADD_FAILURE() << "nothing is left to do"; };
  const FitResult second = run(o, callbacks);
  EXPECT_EQ(second.test.loss, first.test.loss);
  EXPECT_EQ(second.test.confusion.correct(), first.test.confusion.correct());
}

TEST_P(Fit, LearnsTheTinyDigits) {
  FitOptions o = options("learn");
  o.recipe.epochs = 20;
  o.out.clear();
  const FitResult result = run(o);
  EXPECT_LT(result.epochs.back().train_loss, 0.25 * result.epochs.front().train_loss);
  EXPECT_GE(result.test.accuracy(), 0.9);
}

TEST_P(Fit, RefusesToResumeAnotherRun) {
  FitOptions o = options("run");
  run(o, stop_behind(1));
  o.resume = true;
  o.recipe.epochs = 4;
  expect_error<UserError>([&] { run(o); }, {kCheckpointFile, "recipe.epochs = '3'", "'4'", "--out"});
  o.recipe.epochs = 3;
  train_.images[5] ^= 1;
  expect_error<UserError>([&] { run(o); }, {kCheckpointFile, "data.sha256"});
  FitOptions fresh = options("fresh");
  fresh.resume = true;
  expect_error<UserError>([&] { run(fresh); }, {kCheckpointFile, "--resume"});
}

TEST_P(Fit, SaysWhenTheLossIsNoNumber) {
  FitOptions o = options("diverged");
  o.recipe.optimizer = "sgd";
  o.recipe.schedule = "constant";
  o.recipe.lr = 1e30;
  expect_error<UserError>([&] { run(o); }, {"step", "the loss is", "--lr"});
}

INSTANTIATE_TEST_SUITE_P(Models, Fit, ::testing::Values("mlp", "cnn"),
                         [](const auto& info) { return std::string(info.param); });

TEST(FitErrors, NamesTheFolderItCannotMake) {
  FitOptions o;
  o.out = "/proc/no/such/run";
  expect_error<UserError>([&] { fit(o, tiny_digits(1), tiny_digits(1), {}, false); }, {"/proc/no/such/run"});
}

TEST(FitErrors, AnEmptySetIsRefused) {
  expect_error<UserError>([&] { fit({}, tiny_digits(0), tiny_digits(1), {}, false); },
                          {"training set is empty"});
}

}  // namespace
}  // namespace gridstride::train
