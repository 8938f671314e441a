/// Graphs and what is made of them: nodes with their operations, and programs that streams run.
#pragma once

#include <memory>
#include <vector>

#include "gridstride/emulator/graph.hpp"
#include "launch_operation.hpp"
#include "stream.hpp"

namespace gridstride::emulator {

struct Graph;

/// A kernel node's parameters with copies of its arguments, which the node's owner may ask for.
class KernelParameters {
 public:
  explicit KernelParameters(const cudaKernelNodeParams& params);
  cudaKernelNodeParams view() const;

 private:
  cudaKernelNodeParams params_;
  std::vector<std::unique_ptr<char[]>> arguments_;
  mutable std::vector<void*> pointers_;
};

struct Node {
  Graph* graph = nullptr;
  std::shared_ptr<const Operation> operation;
  std::vector<Node*> after;
  std::shared_ptr<const KernelParameters> kernel;  // null when the node was captured
  const Node* original = nullptr;                  // of which this is a clone
};

struct Graph {
  std::vector<std::unique_ptr<Node>> nodes;

  Node* add(std::shared_ptr<const Operation> operation, std::vector<Node*> after);
};

/// A node as an executable graph has it: what it runs, and the steps that come before.
struct Step {
  const Node* node;  // names the step to the API; may be gone
  std::shared_ptr<const Operation> operation;
  std::vector<std::size_t> after;
};
using Program = std::vector<Step>;

/// Null when the nodes wait for each other in a circle.
std::shared_ptr<const Program> compile(const Graph& graph);

/// Runs all steps of a program, in an order that the schedule chooses among those that the edges allow.
class GraphRun final : public Operation {
 public:
  explicit GraphRun(std::shared_ptr<const Program> program)
      : Operation(cudaGraphNodeTypeGraph), program_(std::move(program)) {}
  void run() const override;
  const Program& program() const { return *program_; }

 private:
  std::shared_ptr<const Program> program_;
};

/// A graph that capture has made becomes the caller's.
cudaGraph_t publish(std::shared_ptr<Graph> graph);
inline cudaGraphNode_t handle_of(const Node* node) {
  return reinterpret_cast<cudaGraphNode_t>(const_cast<Node*>(node));
}

}  // namespace gridstride::emulator
