#include "graph.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "gridstride/emulator/kernel_address.hpp"

namespace gridstride::emulator {

KernelParameters::KernelParameters(const cudaKernelNodeParams& params) : params_(params) {
  const detail::KnownKernel kernel = detail::known_kernel(params.func);
  for (std::size_t i = 0; i < kernel.arguments; ++i) {
    const std::size_t bytes = kernel.argument_bytes[i];
    arguments_.push_back(std::make_unique<char[]>(bytes));
    std::memcpy(arguments_.back().get(), params.kernelParams[i], bytes);
    pointers_.push_back(arguments_.back().get());
  }
}

cudaKernelNodeParams KernelParameters::view() const {
  cudaKernelNodeParams params = params_;
  params.kernelParams = pointers_.data();
  return params;
}

Node* Graph::add(std::shared_ptr<const Operation> operation, std::vector<Node*> after) {
  auto node = std::make_unique<Node>();
  node->graph = this;
  node->operation = std::move(operation);
  node->after = std::move(after);
  nodes.push_back(std::move(node));
  return nodes.back().get();
}

std::shared_ptr<const Program> compile(const Graph& graph) {
  std::unordered_map<const Node*, std::size_t> place;
  for (const auto& node : graph.nodes) place.emplace(node.get(), place.size());
  auto program = std::make_shared<Program>();
  for (const auto& node : graph.nodes) {
    program->push_back({node.get(), node->operation, {}});
    for (const Node* before : node->after) program->back().after.push_back(place.at(before));
  }
  std::vector<bool> done(program->size());
  for (std::size_t left = program->size(); left > 0;) {
    const std::size_t before = left;
    for (std::size_t i = 0; i < program->size(); ++i) {
      if (done[i] || !std::ranges::all_of((*program)[i].after, [&](std::size_t k) { return done[k]; })) {
        continue;
      }
      done[i] = true;
      --left;
    }
    if (left == before) return nullptr;
  }
  return program;
}

void GraphRun::run() const {
  const Program& steps = *program_;
  const Schedule order = schedule();
  std::vector<std::size_t> waits_for(steps.size());
  std::vector<std::vector<std::size_t>> next(steps.size());
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    waits_for[i] = steps[i].after.size();
    for (const std::size_t before : steps[i].after) next[before].push_back(i);
    if (waits_for[i] == 0) ready.push_back(i);
  }
  for (std::uint64_t turn = 0; !ready.empty(); ++turn) {
    const std::size_t chosen = order.order == Order::Forward    ? 0
                               : order.order == Order::Reversed ? ready.size() - 1
                                                                : mix(turn, order.seed) % ready.size();
    const std::size_t step = ready[chosen];
    ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(chosen));
    steps[step].operation->run();
    for (const std::size_t after : next[step]) {
      if (--waits_for[after] == 0) ready.push_back(after);
    }
  }
}

}  // namespace gridstride::emulator
