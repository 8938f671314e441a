// What is done with a trained model: eval and predict.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "framework/data/mnist.hpp"
#include "tests/cli/program.hpp"

namespace gridstride {
namespace {

namespace fs = std::filesystem;
using tests::expect_refused;
using tests::get;
using tests::Outcome;
using tests::put;
using tests::run;
using tests::ScratchFolder;

/// One small trained model for the whole suite.
class TrainedProgram : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = new ScratchFolder;
    ASSERT_EQ(
        run({"data", "make", "mnist", "--synthetic", "--train", "3000", "--test", "300", "--out", data()})
            .status,
        0);
    const Outcome trained = run({"train", "mnist", "--model", "mlp", "--epochs", "3", "--data-dir", data(),
                                 "--out", model(), "--json", trained_json()});
    ASSERT_EQ(trained.status, 0) << trained.err;
  }
  static void TearDownTestSuite() { delete std::exchange(shared_, nullptr); }

  static std::string data() { return (*shared_ / "data").string(); }
  static std::string model() { return (*shared_ / "model").string(); }
  static std::string trained_json() { return (*shared_ / "trained.json").string(); }

  ScratchFolder folder_;

 private:
  static inline ScratchFolder* shared_ = nullptr;
};

TEST_F(TrainedProgram, EvalFindsWhatTrainingReported) {
  const std::string json = (folder_ / "eval.json").string();
  const Outcome outcome = run({"eval", model(), "--data-dir", data(), "--json", json});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(nlohmann::json::parse(get(json))["test"], nlohmann::json::parse(get(trained_json()))["test"]);
  EXPECT_NE(outcome.out.find("synthetic mnist: test accuracy"), std::string::npos);
}

TEST_F(TrainedProgram, PredictTellsTheDigitsInFiles) {
  const data::Dataset test = data::load_mnist(data()).test;
  const std::string json = (folder_ / "predict.json").string();
  const Outcome whole =
      run({"predict", data() + "/t10k-images-idx3-ubyte.gz", "--checkpoint", model(), "--json", json});
  ASSERT_EQ(whole.status, 0) << whole.err;
  const auto predictions = nlohmann::json::parse(get(json))["predictions"];
  ASSERT_EQ(predictions.size(), 300u);
  int right = 0;
  for (size_t i = 0; i < 300; ++i) right += predictions[i]["label"] == test.labels[i];
  EXPECT_EQ(right, nlohmann::json::parse(get(trained_json()))["test"]["correct"]);

  // The same image as a picture, and as its negative, is the same digit.
  std::string pgm = "P5 28 28 255\n", negative = pgm;
  for (int i = 0; i < 784; ++i) {
    pgm += static_cast<char>(test.images[i]);
    negative += static_cast<char>(255 - test.images[i]);
  }
  put(folder_ / "digit.pgm", pgm);
  put(folder_ / "negative.pgm", negative);
  const std::string answer = ".pgm: " + predictions[0]["label"].dump() + " (";
  const Outcome plain = run({"predict", (folder_ / "digit.pgm").string(), "--checkpoint", model()});
  const Outcome inverted =
      run({"predict", (folder_ / "negative.pgm").string(), "--checkpoint", model(), "--invert"});
  EXPECT_NE(plain.out.find("digit" + answer), std::string::npos) << plain.out;
  EXPECT_NE(inverted.out.find("negative" + answer), std::string::npos) << inverted.out;
  EXPECT_TRUE(plain.out.find("\nsynthetic mnist: ") != std::string::npos) << plain.out;
}

TEST_F(TrainedProgram, WhatCannotBePredictedIsOneLine) {
  put(folder_ / "small.pgm", "P5 2 2 255\nabcd");
  put(folder_ / "text", "seven");
  const auto predict = [&](const std::string& file) {
    return run({"predict", (folder_ / file).string(), "--checkpoint", model()});
  };
  expect_refused(predict("small.pgm"), 1, {"small.pgm: holds images of 2 x 2", "28 x 28"});
  expect_refused(predict("text"), 1, {"text: begins with 'seve', which is no image"});
  expect_refused(predict("none.png"), 1, {"none.png: cannot be read: No such file"});
  expect_refused(predict(""), 1, {"name a file, not a folder"});
  expect_refused(run({"predict"}), 2, {"files is required"});
  expect_refused(run({"predict", "x.png", "--checkpoint", (folder_ / "none").string()}), 1,
                 {"no such checkpoint"});
  expect_refused(run({"eval", (folder_ / "none").string()}), 1, {"no such checkpoint"});
  expect_refused(run({"eval", (folder_ / "text").string()}), 1, {"text: is not a whole safetensors file"});
}

}  // namespace
}  // namespace gridstride
