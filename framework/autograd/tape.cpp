#include "framework/autograd/tape.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace gridstride {
namespace {

thread_local bool recording = true;
thread_local int64_t next_number = 0;

}  // namespace

NoGrad::NoGrad() : before_(std::exchange(recording, false)) {}
NoGrad::~NoGrad() { recording = before_; }
bool grad_enabled() { return recording; }

namespace autograd {

Node::Node(std::string_view name, std::vector<Tensor> inputs, Vjp vjp)
    : name(name), number(next_number++), inputs(std::move(inputs)), vjp(std::move(vjp)) {
  for (const Tensor& input : this->inputs) versions.push_back(input.defined() ? input.version() : 0);
}

// A long tape that is dropped unwalked would be destroyed by recursion, one stack frame per operation. So
// every node hands its inputs to the outermost destructor, which frees them one after the other.
Node::~Node() {
  thread_local std::vector<Tensor>* heap = nullptr;
  if (heap) {
    for (Tensor& input : inputs) heap->push_back(std::move(input));
    return;
  }
  std::vector<Tensor> mine = std::move(inputs);
  heap = &mine;
  while (!mine.empty()) {
    const Tensor next = std::move(mine.back());
    mine.pop_back();
  }
  heap = nullptr;
}

Tensor record(std::string_view name, Tensor y, std::vector<Tensor> inputs, Vjp vjp) {
  bool needed = false;
  for (const Tensor& input : inputs) needed |= input.defined() && input.requires_grad();
  if (needed && grad_enabled()) {
    y.set_node(std::make_shared<Node>(name, std::move(inputs), std::move(vjp)));
  }
  return y;
}

}  // namespace autograd
}  // namespace gridstride
