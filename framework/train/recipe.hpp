#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/nn/module.hpp"
#include "framework/optim/optimizer.hpp"
#include "framework/optim/schedule.hpp"

namespace gridstride::train {

/// Everything but the data and the kernels that decides the bits of a run.
struct Recipe {
  std::string model = "cnn";
  std::string optimizer = "adamw";     ///< or sgd, with Nesterov momentum
  std::string schedule = "one-cycle";  ///< or cosine, constant
  int64_t epochs = 1;
  int64_t batch = 64;
  double lr = 1e-3;  ///< the largest of the schedule
  double weight_decay = 0;
  double momentum = 0.9;  ///< of sgd
  int64_t seed = 0;

  bool operator==(const Recipe&) const = default;
};

std::vector<std::string> model_names();
std::vector<std::string> optimizer_names();
std::vector<std::string> schedule_names();

/// What a model is trained with where the user says nothing.
/// Errors    UserError for a name that is not in the lists above
Recipe default_recipe(std::string_view model);
/// The learning rate that suits another optimizer, schedule and batch as they are.
double default_lr(std::string_view model, std::string_view optimizer);
/// Errors    UserError "--batch wants ..., got ..."
void check(const Recipe& recipe);

/// The recipe as text, for a checkpoint's metadata, and back. Doubles survive exactly.
std::map<std::string, std::string> to_text(const Recipe& recipe);
Recipe from_text(const std::map<std::string, std::string>& text);

/// Build what the recipe names. The model draws its parameters from default_generator().
std::unique_ptr<nn::Module> make_model(std::string_view name);
std::unique_ptr<optim::Optimizer> make_optimizer(const Recipe& recipe,
                                                 std::vector<nn::NamedTensor> parameters);
optim::Schedule make_schedule(const Recipe& recipe, int64_t total_steps);

}  // namespace gridstride::train
