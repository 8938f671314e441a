#include "framework/train/recipe.hpp"

#include <gtest/gtest.h>

#include "framework/io/error.hpp"
#include "tests/framework/expect_error.hpp"

namespace gridstride::train {
namespace {

using tests::expect_error;

TEST(Recipe, SurvivesTextExactly) {
  Recipe r = default_recipe("mlp");
  r.lr = 0.1 + 0.2;
  r.seed = -5;
  EXPECT_EQ(from_text(to_text(r)), r);
}

TEST(Recipe, DefaultsAreSound) {
  for (const std::string& model : model_names()) {
    EXPECT_NO_THROW(check(default_recipe(model)));
    EXPECT_GT(make_model(model)->parameter_count(), 0);
  }
  EXPECT_EQ(make_model("cnn")->parameter_count(), 320 + 18496 + 204928 + 1290);
  EXPECT_EQ(make_model("mlp")->parameter_count(), 100480 + 1290);
}

TEST(Recipe, RefusesWhatCannotTrain) {
  const auto refused = [](auto change, std::initializer_list<const char*> parts) {
    Recipe r;
    change(r);
    expect_error<UserError>([&] { check(r); }, parts);
  };
  refused([](Recipe& r) { r.model = "cmn"; }, {"--model", "cnn or mlp", "'cmn'", "did you mean cnn"});
  refused([](Recipe& r) { r.optimizer = "adam"; }, {"--optimizer", "adamw or sgd"});
  refused([](Recipe& r) { r.schedule = ""; }, {"one-cycle, cosine or constant"});
  refused([](Recipe& r) { r.epochs = 0; }, {"--epochs", "0"});
  refused([](Recipe& r) { r.batch = -3; }, {"--batch", "-3"});
  refused([](Recipe& r) { r.lr = std::stod("nan"); }, {"--lr", "nan"});
  refused([](Recipe& r) { r.lr = 0; }, {"--lr", "0"});
  refused([](Recipe& r) { r.weight_decay = -1; }, {"--weight-decay", "-1"});
  refused([](Recipe& r) { r.momentum = 1; }, {"--momentum", "1"});
}

TEST(Recipe, RefusesTextThatIsNone) {
  auto text = to_text(Recipe{});
  text["epochs"] = "two";
  expect_error<UserError>([&] { from_text(text); }, {"epochs", "'two'"});
  text.erase("epochs");
  expect_error<UserError>([&] { from_text(text); }, {"no 'epochs'"});
}

}  // namespace
}  // namespace gridstride::train
