/// Which graphs and executable graphs there are, behind the handles that programs hold; and the operations
/// that the parameters of nodes describe.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "event.hpp"
#include "graph.hpp"

namespace gridstride::emulator {

/// What cudaGraphInstantiate makes. A change replaces the program; launches keep the one they began with.
struct Exec {
  std::shared_ptr<const Program> program;
  Moment last;  // end of the last launch: an executable graph does not run twice at once
};

struct Graphs {
  std::mutex mutex;
  std::unordered_map<cudaGraph_t, std::shared_ptr<Graph>> graphs;
  std::unordered_map<cudaGraphExec_t, std::unique_ptr<Exec>> execs;
};

Graphs& graphs();
/// Null when there is no such graph.
Graph* find_graph(Graphs& all, cudaGraph_t handle);
Exec* find_exec(Graphs& all, cudaGraphExec_t handle);
inline Node* node_of(cudaGraphNode_t handle) { return reinterpret_cast<Node*>(handle); }

/// The launch that the parameters describe. Without arguments it is `old` in another configuration.
cudaError_t kernel_operation(const cudaKernelNodeParams* params, const Operation* old,
                             std::shared_ptr<const Operation>& operation,
                             std::shared_ptr<const KernelParameters>& kept);
cudaError_t memset_operation(const cudaMemsetParams* params, std::shared_ptr<const Operation>& operation);
cudaError_t copy_1d(void* target, const void* source, std::size_t bytes, cudaMemcpyKind kind,
                    std::shared_ptr<const Operation>& operation);

}  // namespace gridstride::emulator
