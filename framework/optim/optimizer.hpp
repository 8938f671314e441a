#pragma once

#include <cstdint>
#include <vector>

#include "framework/nn/module.hpp"

namespace gridstride::optim {

/// Moves parameters along their gradients.
class Optimizer {
 public:
  explicit Optimizer(std::vector<nn::NamedTensor> parameters) : parameters_(std::move(parameters)) {}
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// Forget all gradients; the next backward starts from nothing.
  void zero_grad();
  /// One update with this learning rate; parameters that no gradient has reached stay.
  void step(double lr);

  /// How often step was called.
  int64_t steps() const { return steps_; }
  /// Everything a checkpoint must hold besides the parameters: steps() and these tensors, by name.
  const std::vector<nn::NamedTensor>& state() const { return state_; }
  void set_steps(int64_t steps) { steps_ = steps; }

 protected:
  /// Update parameter `i`, whose gradient is defined; steps() counts this step already.
  virtual void update(std::size_t i, Tensor& parameter, const Tensor& grad, double lr) = 0;
  /// One tensor of zeros for every parameter, saved under "<parameter>.<name>".
  std::vector<Tensor> make_state(const char* name);

 private:
  std::vector<nn::NamedTensor> parameters_;
  std::vector<nn::NamedTensor> state_;
  int64_t steps_ = 0;
};

}  // namespace gridstride::optim
