#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// While one lives, operations on this thread record nothing: for evaluation.
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool before_;
};
bool grad_enabled();

namespace autograd {

/// Where an operation's vjp leaves the gradients of its inputs, by the input's position in record().
class Gradients {
 public:
  /// Does anybody need the gradient of input `i`? If not, do not compute it.
  virtual bool wants(std::size_t i) const = 0;
  /// Hand over (std::move) a gradient that a kernel wrote from scratch. Where there is one already, the two
  /// are summed.
  virtual void put(std::size_t i, Tensor gradient) = 0;
  /// For kernels that add: the gradient so far (zeros at first), in the input's shape.
  virtual Tensor sum_into(std::size_t i) = 0;

 protected:
  ~Gradients() = default;
};

/// A vector-Jacobian product: given d loss / d output, leave d loss / d input.
using Vjp = std::function<void(const Tensor& dy, Gradients& dx)>;

/// One operation on the tape: how to go back through it.
struct Node {
  Node(std::string_view name, std::vector<Tensor> inputs, Vjp vjp);
  ~Node();

  std::string_view name;
  int64_t number;  ///< place on the tape: an input's node always has a smaller one
  std::vector<Tensor> inputs;
  std::vector<int64_t> versions;  ///< of the inputs, when they were used
  Vjp vjp;                        ///< empty once backward has passed
};

/// Write an operation on the tape, unless nothing needs its gradient. Returns `y`.
/// A vjp that keeps tensors keeps detached ones: keeping `y` itself would be a cycle.
Tensor record(std::string_view name, Tensor y, std::vector<Tensor> inputs, Vjp vjp);

}  // namespace autograd

/// Walk the tape back from `y` and leave in every leaf that requires it the gradient of sum(cotangent * y).
/// Leaves' gradients accumulate over calls; the graph is freed on the way, so it can be walked once.
/// Without a cotangent y must have one element: the loss.
/// Errors    std::invalid_argument "[backward] ..."
void backward(const Tensor& y);
void backward(const Tensor& y, const Tensor& cotangent);

}  // namespace gridstride
