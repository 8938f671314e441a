#include "framework/nn/module.hpp"

namespace gridstride::nn {

std::vector<NamedTensor> Module::named_parameters() const {
  std::vector<NamedTensor> all;
  collect("", all);
  return all;
}

void Module::collect(const std::string& prefix, std::vector<NamedTensor>& all) const {
  for (const auto& [name, parameter] : parameters_) all.emplace_back(prefix + name, parameter);
  for (const auto& [name, child] : children_) child->collect(prefix + name + ".", all);
}

int64_t Module::parameter_count() const {
  int64_t count = 0;
  for (const auto& [name, parameter] : named_parameters()) count += parameter.numel();
  return count;
}

void Module::train(bool on) {
  training_ = on;
  for (const auto& [name, child] : children_) child->train(on);
}

Tensor Module::register_parameter(std::string name, Tensor parameter) {
  parameter.requires_grad_();
  parameters_.emplace_back(std::move(name), parameter);
  return parameter;
}

void Module::register_module(std::string name, std::shared_ptr<Module> child) {
  children_.emplace_back(std::move(name), std::move(child));
}

}  // namespace gridstride::nn
