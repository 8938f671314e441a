#include "framework/optim/optimizer.hpp"

namespace gridstride::optim {

void Optimizer::zero_grad() {
  for (const auto& [name, parameter] : parameters_) parameter.set_grad({});
}

void Optimizer::step(double lr) {
  ++steps_;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Tensor& parameter = parameters_[i].second;
    if (!parameter.grad().defined()) continue;
    update(i, parameter, parameter.grad(), lr);
    parameter.mark_changed();
  }
}

std::vector<Tensor> Optimizer::make_state(const char* name) {
  std::vector<Tensor> made;
  for (const auto& [path, parameter] : parameters_) {
    made.push_back(Tensor::zeros(parameter.shape()));
    state_.emplace_back(path + "." + name, made.back());
  }
  return made;
}

}  // namespace gridstride::optim
