#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/tensor/tensor.hpp"

namespace gridstride::nn {

using NamedTensor = std::pair<std::string, Tensor>;

/// A function with parameters. It holds them and says how it is applied; all mathematics is in framework/ops.
class Module {
 public:
  Module() = default;
  Module(Module&&) = default;
  Module& operator=(Module&&) = default;
  virtual ~Module() = default;

  virtual Tensor forward(const Tensor& x) = 0;
  Tensor operator()(const Tensor& x) { return forward(x); }

  /// Parameters with their paths, "0.weight", in the order of registration.
  std::vector<NamedTensor> named_parameters() const;
  int64_t parameter_count() const;

  /// Dropout acts in training mode only.
  void train(bool on = true);
  void eval() { train(false); }
  bool is_training() const { return training_; }

 protected:
  Tensor register_parameter(std::string name, Tensor parameter);
  void register_module(std::string name, std::shared_ptr<Module> child);

 private:
  void collect(const std::string& prefix, std::vector<NamedTensor>& all) const;

  std::vector<NamedTensor> parameters_;
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> children_;
  bool training_ = true;
};

}  // namespace gridstride::nn
