#include "framework/train/checkpoint.hpp"

#include <gtest/gtest.h>

#include "framework/io/error.hpp"
#include "framework/io/safetensors.hpp"
#include "framework/tensor/generator.hpp"
#include "framework/train/evaluate.hpp"
#include "kernels/core/dispatch.hpp"
#include "tests/framework/expect_error.hpp"
#include "tests/framework/io/scratch_folder.hpp"
#include "tests/framework/random_tensor.hpp"
#include "tests/framework/train/tiny_digits.hpp"

namespace gridstride::train {
namespace {

using tests::expect_error;

/// An mlp's run in a folder of its own, as it would stand after 7 of 9 steps.
struct Saved {
  explicit Saved(int64_t seed = 1) {
    manual_seed(seed);
    model = make_model("mlp");
    optimizer = make_optimizer(recipe, model->named_parameters());
    for (const auto& [name, tensor] : optimizer->state()) {
      Tensor(tensor).copy_from_host(tests::random_tensor(tensor.shape(), seed).to_host());
    }
    optimizer->set_steps(7);
  }
  RunState state() {
    return {recipe,
            data,
            *model,
            *optimizer,
            {.step = 7,
             .total_steps = 9,
             .position = {2, 1},
             .epoch_loss = 1.0 / 3,
             .epoch_correct = 5,
             .epoch_seen = 16}};
  }
  std::vector<float> parameters() const {
    std::vector<float> all;
    for (const auto& [name, tensor] : model->named_parameters()) {
      const std::vector<float> values = tensor.to_host();
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  }

  Recipe recipe = default_recipe("mlp");
  DataIdentity data = identify(tests::tiny_digits(8), {});
  std::unique_ptr<nn::Module> model;
  std::unique_ptr<optim::Optimizer> optimizer;
};

class Checkpoint : public ::testing::Test {
 protected:
  void SetUp() override {
    manual_seed(5);
    save_checkpoint(file_, saved_.state());
  }
  /// Change the file, then expect that resuming refuses it with a line that contains `parts`, and that the
  /// run which asked for it is untouched.
  template <class Change>
  void expect_refused(Change change, std::initializer_list<const char*> parts) {
    io::SafeTensors content = io::read_safetensors(file_);
    change(content);
    io::write_safetensors(file_, content);
    Saved other(2);
    const std::vector<float> before = other.parameters();
    RunState state = other.state();
    state.progress.step = 0;
    expect_error<UserError>([&] { resume_checkpoint(file_, state); }, parts);
    expect_error<UserError>([&] { resume_checkpoint(file_, state); }, {kCheckpointFile});
    EXPECT_EQ(other.parameters(), before);
    EXPECT_EQ(state.progress.step, 0);
  }

  tests::ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / kCheckpointFile;
  Saved saved_;
};

TEST_F(Checkpoint, GivesBackTheWholeState) {
  const Generator::State random = default_generator().state();
  Saved other(2);
  ASSERT_NE(other.parameters(), saved_.parameters());
  RunState state = other.state();
  state.progress = {};
  state.progress.total_steps = 9;
  other.optimizer->set_steps(0);
  resume_checkpoint(file_, state);

  EXPECT_EQ(other.parameters(), saved_.parameters());
  for (std::size_t i = 0; i < other.optimizer->state().size(); ++i) {
    EXPECT_EQ(other.optimizer->state()[i].second.to_host(), saved_.optimizer->state()[i].second.to_host());
  }
  EXPECT_EQ(other.optimizer->steps(), 7);
  EXPECT_EQ(default_generator().state(), random);
  EXPECT_EQ(state.progress.step, 7);
  EXPECT_EQ(state.progress.position, (data::Position{2, 1}));
  EXPECT_EQ(state.progress.epoch_loss, 1.0 / 3);
  EXPECT_EQ(state.progress.epoch_correct, 5);
  EXPECT_EQ(state.progress.epoch_seen, 16);
}

TEST_F(Checkpoint, EqualStatesAreEqualBytes) {
  const std::filesystem::path again = folder_.path() / "again";
  save_checkpoint(again, saved_.state());
  EXPECT_EQ(io::read_safetensors(again), io::read_safetensors(file_));
}

TEST_F(Checkpoint, GivesAModelThatPredictsAlike) {
  const TrainedModel trained = load_model(folder_.path());
  EXPECT_EQ(trained.recipe, saved_.recipe);
  EXPECT_EQ(trained.data.sha256, saved_.data.sha256);
  EXPECT_TRUE(trained.data.synthetic);
  EXPECT_EQ(trained.step, 7);
  EXPECT_FALSE(trained.model->is_training());
  const data::Dataset digits = tests::tiny_digits(8);
  EXPECT_EQ(evaluate(*trained.model, digits, {}).loss, evaluate(*saved_.model, digits, {}).loss);
}

TEST_F(Checkpoint, RefusesAnotherRecipe) {
  expect_refused([](io::SafeTensors& c) { c.metadata["recipe.lr"] = "0.5"; }, {"recipe.lr = '0.5'"});
}
TEST_F(Checkpoint, RefusesAMissingTensor) {
  expect_refused([](io::SafeTensors& c) { c.arrays.erase("optimizer.1.bias.m"); }, {"optimizer.1.bias.m"});
}
TEST_F(Checkpoint, RefusesATensorOfAnotherShape) {
  expect_refused(
      [](io::SafeTensors& c) {
        c.arrays["model.4.bias"].shape = {2, 5};
      },
      {"model.4.bias", "(2, 5)", "(10)"});
}
TEST_F(Checkpoint, RefusesATensorOfAnotherType) {
  expect_refused([](io::SafeTensors& c) { c.arrays["model.4.bias"].dtype = io::Dtype::kI32; },
                 {"model.4.bias", "I32"});
}
TEST_F(Checkpoint, RefusesAPositionThatCannotBe) {
  expect_refused([](io::SafeTensors& c) { c.metadata["progress.step"] = "10"; }, {"step 10 of 9"});
}
TEST_F(Checkpoint, RefusesWordsForNumbers) {
  expect_refused([](io::SafeTensors& c) { c.metadata["generator.offset"] = "7x"; },
                 {"generator.offset", "'7x'"});
}
TEST_F(Checkpoint, RefusesAnotherRunsLength) {
  expect_refused([](io::SafeTensors& c) { c.metadata["progress.total_steps"] = "90"; }, {"90 steps", "9"});
}
TEST_F(Checkpoint, RefusesFilesOfOthers) {
  expect_refused([](io::SafeTensors& c) { c.metadata.erase("format"); }, {"not a checkpoint"});
}

TEST_F(Checkpoint, RefusesOtherKernels) {
  const bool first = forced_variant("relu") != "01_grid_stride";
  force_variants(first ? "relu=01_grid_stride" : "relu=02_float4");
  Saved other(2);
  RunState state = other.state();
  expect_error<UserError>([&] { resume_checkpoint(file_, state); }, {"kernels", "relu=0"});
}

TEST_F(Checkpoint, SaysWhatALoadedFileLacks) {
  expect_error<UserError>([&] { load_model(folder_.path() / "none"); }, {"none", "no such checkpoint"});
  io::SafeTensors content = io::read_safetensors(file_);
  content.metadata["recipe.model"] = "cnm";
  io::write_safetensors(file_, content);
  expect_error<UserError>([&] { load_model(file_); }, {kCheckpointFile, "'cnm'", "did you mean cnn"});
}

}  // namespace
}  // namespace gridstride::train
