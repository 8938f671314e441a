#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "framework/autograd/tape.hpp"
#include "framework/tensor/stream.hpp"
#include "kernels/accumulate/accumulate.hpp"
#include "kernels/core/dispatch.hpp"

namespace gridstride {
namespace {

using autograd::Node;

void add_to(Tensor sum, const Tensor& term) {
  run<Accumulate>({.n = sum.numel(), .alpha = 1, .x = term.data(), .y = sum.data()}, current_stream());
}

std::invalid_argument error(const std::string& what) { return std::invalid_argument("[backward] " + what); }

/// Gradients on their way back: those of leaves go to the leaf itself, the others wait here for their node.
class Walk {
 public:
  void start(const Tensor& y, Tensor cotangent) {
    add(y, std::move(cotangent));
    run();
  }

  void add(const Tensor& x, Tensor gradient) {
    if (gradient.shape() != x.shape()) {
      throw error("a gradient of shape " + to_string(gradient.shape()) + " for a tensor of shape " +
                  to_string(x.shape()));
    }
    if (x.is_leaf()) {
      if (x.grad().defined()) return add_to(x.grad(), gradient);
      return x.set_grad(gradient.shares_storage() ? gradient.clone() : std::move(gradient));
    }
    Tensor& sum = waiting(x);
    if (sum.defined()) return add_to(own(sum), gradient);
    sum = std::move(gradient);
  }

  Tensor sum_into(const Tensor& x) {
    if (x.is_leaf()) {
      if (!x.grad().defined()) x.set_grad(Tensor::zeros(x.shape()));
      return x.grad();
    }
    Tensor& sum = waiting(x);
    if (!sum.defined()) sum = Tensor::zeros(x.shape());
    return own(sum);
  }

 private:
  class Slots final : public autograd::Gradients {
   public:
    Slots(Walk& walk, const Node& node) : walk_(walk), node_(node) {}
    bool wants(std::size_t i) const override {
      const Tensor& input = node_.inputs.at(i);
      return input.defined() && input.requires_grad();
    }
    void put(std::size_t i, Tensor gradient) override {
      if (wants(i)) walk_.add(node_.inputs[i], std::move(gradient));
    }
    Tensor sum_into(std::size_t i) override { return walk_.sum_into(node_.inputs.at(i)); }

   private:
    Walk& walk_;
    const Node& node_;
  };

  Tensor& waiting(const Tensor& x) {
    Pending& pending = pending_[x.node()->number];
    pending.node = x.node();
    return pending.gradient;
  }

  // What somebody else still sees must not become the place where further terms are added.
  static Tensor& own(Tensor& sum) {
    if (sum.shares_storage()) sum = sum.clone();
    return sum;
  }

  // A node's inputs were recorded before it, so the largest number has all of its terms.
  void run() {
    while (!pending_.empty()) {
      auto [node, dy] = std::move(pending_.extract(std::prev(pending_.end())).mapped());
      if (!node->vjp) {
        throw error("the graph behind '" + std::string(node->name) +
                    "' was freed by an earlier backward; run the forward pass again");
      }
      for (std::size_t i = 0; i < node->inputs.size(); ++i) {
        if (node->inputs[i].defined() && node->inputs[i].version() != node->versions[i]) {
          throw error("an input of '" + std::string(node->name) + "', of shape " +
                      to_string(node->inputs[i].shape()) + ", was changed after it was used");
        }
      }
      Slots slots(*this, *node);
      node->vjp(dy, slots);
      node->vjp = nullptr;
      node->inputs.clear();
    }
  }

  struct Pending {
    std::shared_ptr<Node> node;
    Tensor gradient;
  };
  std::map<int64_t, Pending> pending_;
};

}  // namespace

void backward(const Tensor& y) {
  if (y.numel() != 1) {
    throw error("a loss has one element, this has shape " + to_string(y.shape()) +
                "; reduce it, or pass a cotangent");
  }
  backward(y, Tensor::full(y.shape(), 1));
}

void backward(const Tensor& y, const Tensor& cotangent) {
  if (!y.requires_grad()) {
    throw error(
        "no gradient is recorded for this tensor: nothing it came from requires one, or it was made under "
        "NoGrad");
  }
  const NoGrad guard;
  Walk().start(y, cotangent);
}

}  // namespace gridstride
