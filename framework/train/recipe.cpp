#include "framework/train/recipe.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "framework/optim/adamw.hpp"
#include "framework/optim/sgd.hpp"
#include "framework/train/word_list.hpp"

namespace gridstride::train {
namespace {

template <class T>
T parse(const std::map<std::string, std::string>& text, const std::string& key) {
  const auto found = text.find(key);
  if (found == text.end()) throw UserError("no '" + key + "' in the recipe");
  T value{};
  const char* const end = found->second.data() + found->second.size();
  const auto [stop, error] = std::from_chars(found->second.data(), end, value);
  if (error != std::errc() || stop != end) {
    throw UserError("'" + key + "' in the recipe wants a number, got " + io::escaped(found->second));
  }
  return value;
}

std::string word(const std::map<std::string, std::string>& text, const std::string& key) {
  const auto found = text.find(key);
  if (found == text.end()) throw UserError("no '" + key + "' in the recipe");
  return found->second;
}

}  // namespace

std::vector<std::string> optimizer_names() { return {"adamw", "sgd"}; }
std::vector<std::string> schedule_names() { return {"one-cycle", "cosine", "constant"}; }

double default_lr(std::string_view model, std::string_view optimizer) {
  require_word("model", model, model_names());
  require_word("optimizer", optimizer, optimizer_names());
  if (optimizer == "sgd") return 0.05;
  return model == "cnn" ? 5e-3 : 3e-3;
}

Recipe default_recipe(std::string_view model) {
  Recipe recipe{.model = std::string(model), .lr = default_lr(model, "adamw"), .weight_decay = 1e-2};
  recipe.epochs = model == "mlp" ? 5 : 2;
  return recipe;
}

void check(const Recipe& recipe) {
  require_word("model", recipe.model, model_names());
  require_word("optimizer", recipe.optimizer, optimizer_names());
  require_word("schedule", recipe.schedule, schedule_names());
  const auto at_least_one = [](const char* flag, int64_t value) {
    if (value < 1) throw UserError(fmt::format("--{} wants at least 1, got {}", flag, value));
  };
  at_least_one("epochs", recipe.epochs);
  at_least_one("batch", recipe.batch);
  if (!(recipe.lr > 0) || std::isinf(recipe.lr)) {
    throw UserError(fmt::format("--lr wants a positive number, got {}", recipe.lr));
  }
  if (!(recipe.weight_decay >= 0) || std::isinf(recipe.weight_decay)) {
    throw UserError(fmt::format("--weight-decay wants 0 or more, got {}", recipe.weight_decay));
  }
  if (!(recipe.momentum >= 0 && recipe.momentum < 1)) {
    throw UserError(fmt::format("--momentum wants 0 to below 1, got {}", recipe.momentum));
  }
}

std::map<std::string, std::string> to_text(const Recipe& r) {
  return {{"model", r.model},
          {"optimizer", r.optimizer},
          {"schedule", r.schedule},
          {"epochs", fmt::to_string(r.epochs)},
          {"batch", fmt::to_string(r.batch)},
          {"lr", fmt::to_string(r.lr)},
          {"weight_decay", fmt::to_string(r.weight_decay)},
          {"momentum", fmt::to_string(r.momentum)},
          {"seed", fmt::to_string(r.seed)}};
}

Recipe from_text(const std::map<std::string, std::string>& text) {
  Recipe recipe{.model = word(text, "model"),
                .optimizer = word(text, "optimizer"),
                .schedule = word(text, "schedule"),
                .epochs = parse<int64_t>(text, "epochs"),
                .batch = parse<int64_t>(text, "batch"),
                .lr = parse<double>(text, "lr"),
                .weight_decay = parse<double>(text, "weight_decay"),
                .momentum = parse<double>(text, "momentum"),
                .seed = parse<int64_t>(text, "seed")};
  check(recipe);
  return recipe;
}

std::unique_ptr<optim::Optimizer> make_optimizer(const Recipe& recipe,
                                                 std::vector<nn::NamedTensor> parameters) {
  require_word("optimizer", recipe.optimizer, optimizer_names());
  if (recipe.optimizer == "sgd") {
    const optim::SGDOptions options{
        .momentum = recipe.momentum, .weight_decay = recipe.weight_decay, .nesterov = recipe.momentum > 0};
    return std::make_unique<optim::SGD>(std::move(parameters), options);
  }
  const optim::AdamWOptions options{.weight_decay = recipe.weight_decay};
  return std::make_unique<optim::AdamW>(std::move(parameters), options);
}

optim::Schedule make_schedule(const Recipe& recipe, int64_t total_steps) {
  require_word("schedule", recipe.schedule, schedule_names());
  if (recipe.schedule == "one-cycle") return optim::one_cycle(recipe.lr, total_steps);
  if (recipe.schedule == "cosine") return optim::cosine(recipe.lr, total_steps);
  return optim::constant(recipe.lr);
}

}  // namespace gridstride::train
