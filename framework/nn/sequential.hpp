#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "framework/nn/module.hpp"

namespace gridstride::nn {

/// Modules one after the other, named "0", "1", ...
///   nn::Sequential net{nn::Linear(784, 128), nn::ReLU(), nn::Linear(128, 10)};
/// Braces, because only they make the layers, and so draw their random weights, from left to right.
class Sequential final : public Module {
 public:
  Sequential() = default;
  template <class... Modules>
  requires(std::is_base_of_v<Module, Modules>&&...) explicit Sequential(Modules... modules) {
    (push_back(std::make_shared<Modules>(std::move(modules))), ...);
  }

  void push_back(std::shared_ptr<Module> module) {
    register_module(std::to_string(modules_.size()), module);
    modules_.push_back(std::move(module));
  }

  Tensor forward(const Tensor& x) override {
    Tensor y = x;
    for (const auto& module : modules_) y = module->forward(y);
    return y;
  }

 private:
  std::vector<std::shared_ptr<Module>> modules_;
};

}  // namespace gridstride::nn
