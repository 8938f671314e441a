/// The calls that build graphs and ask about them.
#include <algorithm>

#include "copy_operation.hpp"
#include "error.hpp"
#include "event.hpp"
#include "graph_registry.hpp"

namespace gridstride::emulator {
namespace {

/// Adds an operation; what it is to wait for must be nodes of the same graph, each named once.
cudaError_t add(cudaGraphNode_t* node, cudaGraph_t handle, const cudaGraphNode_t* dependencies,
                std::size_t count, std::shared_ptr<const Operation> operation,
                std::shared_ptr<const KernelParameters> kernel = nullptr) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  Graph* graph = find_graph(all, handle);
  if (node == nullptr || graph == nullptr || (count > 0 && dependencies == nullptr)) {
    return fail(cudaErrorInvalidValue);
  }
  std::vector<Node*> after;
  for (std::size_t i = 0; i < count; ++i) {
    Node* before = node_of(dependencies[i]);
    if (before == nullptr || before->graph != graph || std::ranges::find(after, before) != after.end()) {
      return fail(cudaErrorInvalidValue);
    }
    after.push_back(before);
  }
  Node* added = graph->add(std::move(operation), std::move(after));
  added->kernel = std::move(kernel);
  *node = handle_of(added);
  return cudaSuccess;
}

/// Gives a list as CUDA does: a null array asks for the length; a longer array is filled with null.
template <class T>
cudaError_t give(const std::vector<T>& found, T* out, std::size_t* count) {
  if (count == nullptr) return fail(cudaErrorInvalidValue);
  if (out != nullptr) {
    for (std::size_t i = 0; i < *count; ++i) out[i] = i < found.size() ? found[i] : T{};
    *count = std::min(*count, found.size());
  } else {
    *count = found.size();
  }
  return cudaSuccess;
}

template <class Wanted>
cudaError_t give_nodes(cudaGraph_t handle, cudaGraphNode_t* nodes, std::size_t* count, Wanted wanted) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  const Graph* graph = find_graph(all, handle);
  if (graph == nullptr) return fail(cudaErrorInvalidValue);
  std::vector<cudaGraphNode_t> found;
  for (const auto& node : graph->nodes) {
    if (wanted(*node)) found.push_back(handle_of(node.get()));
  }
  return give(found, nodes, count);
}

}  // namespace

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaGraphCreate(cudaGraph_t* graph, unsigned flags) {
  if (graph == nullptr || flags != 0) return fail(cudaErrorInvalidValue);
  *graph = publish(std::make_shared<Graph>());
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  return all.graphs.erase(graph) == 1 ? cudaSuccess : fail(cudaErrorInvalidValue);
}

cudaError_t cudaGraphClone(cudaGraph_t* clone, cudaGraph_t original) {
  auto copy = std::make_shared<Graph>();
  {
    Graphs& all = graphs();
    const std::scoped_lock lock(all.mutex);
    const Graph* graph = find_graph(all, original);
    if (clone == nullptr || graph == nullptr) return fail(cudaErrorInvalidValue);
    std::unordered_map<const Node*, Node*> twin;
    for (const auto& node : graph->nodes) {
      Node* made = copy->add(node->operation, {});
      made->kernel = node->kernel;
      made->original = node.get();
      twin[node.get()] = made;
    }
    for (const auto& node : graph->nodes) {
      for (const Node* before : node->after) twin[node.get()]->after.push_back(twin[before]);
    }
  }
  *clone = publish(std::move(copy));
  return cudaSuccess;
}

cudaError_t cudaGraphAddKernelNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                   const cudaGraphNode_t* dependencies, std::size_t count,
                                   const cudaKernelNodeParams* params) {
  std::shared_ptr<const Operation> operation;
  std::shared_ptr<const KernelParameters> kept;
  const cudaError_t error = kernel_operation(params, nullptr, operation, kept);
  return error != cudaSuccess ? error : add(node, graph, dependencies, count, operation, kept);
}

cudaError_t cudaGraphAddMemcpyNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                   const cudaGraphNode_t* dependencies, std::size_t count,
                                   const cudaMemcpy3DParms* params) {
  Area target;
  Area source;
  std::shared_ptr<const Operation> operation;
  cudaError_t error = areas_of("memcpy node", params, target, source);
  if (error == cudaSuccess) error = copy_operation("memcpy node", target, source, params->kind, operation);
  return error != cudaSuccess ? error : add(node, graph, dependencies, count, operation);
}

cudaError_t cudaGraphAddMemcpyNode1D(cudaGraphNode_t* node, cudaGraph_t graph,
                                     const cudaGraphNode_t* dependencies, std::size_t count, void* target,
                                     const void* source, std::size_t bytes, cudaMemcpyKind kind) {
  std::shared_ptr<const Operation> operation;
  const cudaError_t error = copy_1d(target, source, bytes, kind, operation);
  return error != cudaSuccess ? error : add(node, graph, dependencies, count, operation);
}

cudaError_t cudaGraphAddMemsetNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                   const cudaGraphNode_t* dependencies, std::size_t count,
                                   const cudaMemsetParams* params) {
  std::shared_ptr<const Operation> operation;
  const cudaError_t error = memset_operation(params, operation);
  return error != cudaSuccess ? error : add(node, graph, dependencies, count, operation);
}

cudaError_t cudaGraphAddHostNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                 const cudaGraphNode_t* dependencies, std::size_t count,
                                 const cudaHostNodeParams* params) {
  if (params == nullptr || params->fn == nullptr) return fail(cudaErrorInvalidValue);
  return add(node, graph, dependencies, count, host_operation(params->fn, params->userData));
}

cudaError_t cudaGraphAddChildGraphNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                       const cudaGraphNode_t* dependencies, std::size_t count,
                                       cudaGraph_t child) {
  std::shared_ptr<const Program> program;
  {
    Graphs& all = graphs();
    const std::scoped_lock lock(all.mutex);
    const Graph* found = find_graph(all, child);
    if (found != nullptr) program = compile(*found);
  }
  if (program == nullptr) return fail(cudaErrorInvalidValue);
  return add(node, graph, dependencies, count, std::make_shared<const GraphRun>(std::move(program)));
}

cudaError_t cudaGraphAddEmptyNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                  const cudaGraphNode_t* dependencies, std::size_t count) {
  return add(node, graph, dependencies, count, call([] {}, cudaGraphNodeTypeEmpty));
}

cudaError_t cudaGraphAddEventRecordNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                        const cudaGraphNode_t* dependencies, std::size_t count,
                                        cudaEvent_t event) {
  if (!event_exists(event)) return fail(cudaErrorInvalidResourceHandle);
  return add(node, graph, dependencies, count, std::make_shared<const EventRecord>(event));
}

cudaError_t cudaGraphAddEventWaitNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                      const cudaGraphNode_t* dependencies, std::size_t count,
                                      cudaEvent_t event) {
  if (!event_exists(event)) return fail(cudaErrorInvalidResourceHandle);
  return add(node, graph, dependencies, count, std::make_shared<const EventWait>(event));
}

cudaError_t cudaGraphAddDependencies(cudaGraph_t handle, const cudaGraphNode_t* from,
                                     const cudaGraphNode_t* to, std::size_t count) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  const Graph* graph = find_graph(all, handle);
  if (graph == nullptr || (count > 0 && (from == nullptr || to == nullptr))) {
    return fail(cudaErrorInvalidValue);
  }
  for (std::size_t i = 0; i < count; ++i) {
    Node* before = node_of(from[i]);
    Node* node = node_of(to[i]);
    const bool ours = before != nullptr && node != nullptr && before->graph == graph && node->graph == graph;
    if (!ours || before == node || std::ranges::find(node->after, before) != node->after.end()) {
      return fail(cudaErrorInvalidValue);
    }
    node->after.push_back(before);
  }
  return cudaSuccess;
}

cudaError_t cudaGraphAddDependencies(cudaGraph_t graph, const cudaGraphNode_t* from,
                                     const cudaGraphNode_t* to, const cudaGraphEdgeData*, std::size_t count) {
  return cudaGraphAddDependencies(graph, from, to, count);
}

cudaError_t cudaGraphRemoveDependencies(cudaGraph_t handle, const cudaGraphNode_t* from,
                                        const cudaGraphNode_t* to, std::size_t count) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  if (find_graph(all, handle) == nullptr) return fail(cudaErrorInvalidValue);
  for (std::size_t i = 0; i < count; ++i) {
    if (node_of(to[i]) == nullptr || std::erase(node_of(to[i])->after, node_of(from[i])) == 0) {
      return fail(cudaErrorInvalidValue);
    }
  }
  return cudaSuccess;
}

cudaError_t cudaGraphRemoveDependencies(cudaGraph_t graph, const cudaGraphNode_t* from,
                                        const cudaGraphNode_t* to, const cudaGraphEdgeData*,
                                        std::size_t count) {
  return cudaGraphRemoveDependencies(graph, from, to, count);
}

cudaError_t cudaGraphDestroyNode(cudaGraphNode_t handle) {
  Node* node = node_of(handle);
  if (node == nullptr) return fail(cudaErrorInvalidValue);
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  Graph& graph = *node->graph;
  for (const auto& other : graph.nodes) std::erase(other->after, node);
  std::erase_if(graph.nodes, [&](const auto& other) { return other.get() == node; });
  return cudaSuccess;
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, std::size_t* count) {
  return give_nodes(graph, nodes, count, [](const Node&) { return true; });
}

cudaError_t cudaGraphGetRootNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, std::size_t* count) {
  return give_nodes(graph, nodes, count, [](const Node& node) { return node.after.empty(); });
}

cudaError_t cudaGraphGetEdges(cudaGraph_t handle, cudaGraphNode_t* from, cudaGraphNode_t* to,
                              std::size_t* count) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  const Graph* graph = find_graph(all, handle);
  if (graph == nullptr || count == nullptr || (from == nullptr) != (to == nullptr)) {
    return fail(cudaErrorInvalidValue);
  }
  std::vector<cudaGraphNode_t> begins;
  std::vector<cudaGraphNode_t> ends;
  for (const auto& node : graph->nodes) {
    for (const Node* before : node->after) {
      begins.push_back(handle_of(before));
      ends.push_back(handle_of(node.get()));
    }
  }
  std::size_t same = *count;
  give(begins, from, &same);
  return give(ends, to, count);
}

cudaError_t cudaGraphGetEdges(cudaGraph_t graph, cudaGraphNode_t* from, cudaGraphNode_t* to,
                              cudaGraphEdgeData* edges, std::size_t* count) {
  const cudaError_t error = cudaGraphGetEdges(graph, from, to, count);
  if (error == cudaSuccess && edges != nullptr) std::fill_n(edges, *count, cudaGraphEdgeData{});
  return error;
}

cudaError_t cudaGraphNodeGetDependencies(cudaGraphNode_t handle, cudaGraphNode_t* dependencies,
                                         std::size_t* count) {
  if (handle == nullptr) return fail(cudaErrorInvalidValue);
  std::vector<cudaGraphNode_t> found;
  for (const Node* before : node_of(handle)->after) found.push_back(handle_of(before));
  return give(found, dependencies, count);
}

cudaError_t cudaGraphNodeGetDependencies(cudaGraphNode_t node, cudaGraphNode_t* dependencies,
                                         cudaGraphEdgeData* edges, std::size_t* count) {
  const cudaError_t error = cudaGraphNodeGetDependencies(node, dependencies, count);
  if (error == cudaSuccess && edges != nullptr) std::fill_n(edges, *count, cudaGraphEdgeData{});
  return error;
}

cudaError_t cudaGraphNodeGetDependentNodes(cudaGraphNode_t handle, cudaGraphNode_t* dependents,
                                           std::size_t* count) {
  if (handle == nullptr) return fail(cudaErrorInvalidValue);
  const Node* node = node_of(handle);
  std::vector<cudaGraphNode_t> found;
  for (const auto& other : node->graph->nodes) {
    if (std::ranges::find(other->after, node) != other->after.end()) found.push_back(handle_of(other.get()));
  }
  return give(found, dependents, count);
}

cudaError_t cudaGraphNodeGetDependentNodes(cudaGraphNode_t node, cudaGraphNode_t* dependents,
                                           cudaGraphEdgeData* edges, std::size_t* count) {
  const cudaError_t error = cudaGraphNodeGetDependentNodes(node, dependents, count);
  if (error == cudaSuccess && edges != nullptr) std::fill_n(edges, *count, cudaGraphEdgeData{});
  return error;
}

cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, cudaGraphNodeType* type) {
  if (node == nullptr || type == nullptr) return fail(cudaErrorInvalidValue);
  *type = node_of(node)->operation->type();
  return cudaSuccess;
}

cudaError_t cudaGraphNodeFindInClone(cudaGraphNode_t* node, cudaGraphNode_t original, cudaGraph_t clone) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  const Graph* graph = find_graph(all, clone);
  if (node == nullptr || graph == nullptr) return fail(cudaErrorInvalidValue);
  for (const auto& candidate : graph->nodes) {
    if (candidate->original != node_of(original)) continue;
    *node = handle_of(candidate.get());
    return cudaSuccess;
  }
  return fail(cudaErrorInvalidValue);
}

/// The arguments of a captured launch lie in a closure: such a node shows its kernel and configuration only.
cudaError_t cudaGraphKernelNodeGetParams(cudaGraphNode_t handle, cudaKernelNodeParams* params) {
  const Node* node = node_of(handle);
  const auto* launch = node == nullptr ? nullptr : dynamic_cast<const Launch*>(node->operation.get());
  if (launch == nullptr || params == nullptr) return fail(cudaErrorInvalidValue);
  const detail::LaunchConfig& config = launch->config();
  *params = node->kernel != nullptr ? node->kernel->view()
                                    : cudaKernelNodeParams{&launch->info(), {}, {}, 0, nullptr, nullptr};
  params->gridDim = config.grid;
  params->blockDim = config.block;
  params->sharedMemBytes = static_cast<unsigned>(config.dynamic_shared_bytes);
  return cudaSuccess;
}

cudaError_t cudaGraphKernelNodeSetParams(cudaGraphNode_t handle, const cudaKernelNodeParams* params) {
  Node* node = node_of(handle);
  if (node == nullptr || node->operation->type() != cudaGraphNodeTypeKernel) {
    return fail(cudaErrorInvalidValue);
  }
  std::shared_ptr<const Operation> operation;
  std::shared_ptr<const KernelParameters> kept;
  const cudaError_t error = kernel_operation(params, node->operation.get(), operation, kept);
  if (error != cudaSuccess) return error;
  node->operation = std::move(operation);
  if (kept != nullptr) node->kernel = std::move(kept);
  return cudaSuccess;
}
