/// The calls that make graphs executable, change what was made, and launch it.
#include <algorithm>

#include "error.hpp"
#include "event.hpp"
#include "graph_registry.hpp"

namespace gridstride::emulator {
namespace {

/// Puts another operation into the step that was made of `node`.
cudaError_t change_step(cudaGraphExec_t handle, cudaGraphNode_t node, cudaGraphNodeType type,
                        std::shared_ptr<const Operation> operation) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  Exec* exec = find_exec(all, handle);
  if (exec == nullptr) return fail(cudaErrorInvalidValue);
  auto changed = std::make_shared<Program>(*exec->program);
  const auto step = std::ranges::find(*changed, node_of(node), &Step::node);
  if (step == changed->end() || step->operation->type() != type) return fail(cudaErrorInvalidValue);
  step->operation = std::move(operation);
  exec->program = std::move(changed);
  return cudaSuccess;
}

const Operation* operation_of(cudaGraphExec_t handle, cudaGraphNode_t node) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  const Exec* exec = find_exec(all, handle);
  if (exec == nullptr) return nullptr;
  const auto step = std::ranges::find(*exec->program, node_of(node), &Step::node);
  return step == exec->program->end() ? nullptr : step->operation.get();
}

/// Visits the operations of a program and of the graphs within it.
template <class F>
void for_each_operation(const Program& program, F visit) {
  for (const Step& step : program) {
    if (const auto* child = dynamic_cast<const GraphRun*>(step.operation.get())) {
      for_each_operation(child->program(), visit);
    } else {
      visit(*step.operation);
    }
  }
}

/// Why the program cannot take the other's place, and where.
cudaGraphExecUpdateResult compare(const Program& old, const Program& updated, const Node*& where) {
  if (old.size() != updated.size()) return cudaGraphExecUpdateErrorTopologyChanged;
  for (std::size_t i = 0; i < old.size(); ++i) {
    where = updated[i].node;
    if (old[i].operation->type() != updated[i].operation->type()) {
      return cudaGraphExecUpdateErrorNodeTypeChanged;
    }
    if (old[i].after != updated[i].after) return cudaGraphExecUpdateErrorTopologyChanged;
  }
  where = nullptr;
  return cudaGraphExecUpdateSuccess;
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* handle, cudaGraph_t graph, unsigned long long flags) {
  if ((flags & cudaGraphInstantiateFlagDeviceLaunch) != 0) {
    return fail(cudaErrorNotSupported, "cudaGraphInstantiate: graphs are launched by the host only");
  }
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  const Graph* found = find_graph(all, graph);
  if (handle == nullptr || found == nullptr) return fail(cudaErrorInvalidValue);
  auto exec = std::make_unique<Exec>();
  exec->program = compile(*found);
  if (exec->program == nullptr) {
    return fail(cudaErrorInvalidValue, "cudaGraphInstantiate: the nodes wait for each other in a circle");
  }
  *handle = reinterpret_cast<cudaGraphExec_t>(exec.get());
  all.execs.emplace(*handle, std::move(exec));
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, cudaGraphNode_t* error_node,
                                 char* log, std::size_t log_bytes) {
  if (error_node != nullptr) *error_node = nullptr;
  if (log != nullptr && log_bytes > 0) *log = '\0';
  return cudaGraphInstantiate(exec, graph, 0ull);
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t* exec, cudaGraph_t graph,
                                          unsigned long long flags) {
  return cudaGraphInstantiate(exec, graph, flags);
}

cudaError_t cudaGraphUpload(cudaGraphExec_t exec, cudaStream_t stream) {
  if (find_stream(stream) == nullptr) return fail(cudaErrorInvalidResourceHandle);
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  return find_exec(all, exec) != nullptr ? cudaSuccess : fail(cudaErrorInvalidValue);
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t handle, cudaStream_t stream) {
  if (device_error() != cudaSuccess) return fail(device_error());
  const auto on = find_stream(stream);
  if (on == nullptr) return fail(cudaErrorInvalidResourceHandle);
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  Exec* exec = find_exec(all, handle);
  if (exec == nullptr) return fail(cudaErrorInvalidValue);
  std::vector<Moment> after{exec->last};
  for_each_operation(*exec->program, [&](const Operation& operation) {
    if (const auto* wait = dynamic_cast<const EventWait*>(&operation)) after.push_back(wait->moment());
  });
  const cudaError_t error = enqueue(on, std::make_shared<const GraphRun>(exec->program), std::move(after));
  if (error != cudaSuccess) return error;
  exec->last = on->latest();
  for_each_operation(*exec->program, [&](const Operation& operation) {
    if (const auto* record = dynamic_cast<const EventRecord*>(&operation)) record->launched(exec->last);
  });
  return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  return all.execs.erase(exec) == 1 ? cudaSuccess : fail(cudaErrorInvalidValue);
}

cudaError_t cudaGraphExecUpdate(cudaGraphExec_t handle, cudaGraph_t graph,
                                cudaGraphExecUpdateResultInfo* info) {
  Graphs& all = graphs();
  const std::scoped_lock lock(all.mutex);
  Exec* exec = find_exec(all, handle);
  const Graph* found = find_graph(all, graph);
  if (exec == nullptr || found == nullptr || info == nullptr) return fail(cudaErrorInvalidValue);
  *info = {cudaGraphExecUpdateError, nullptr, nullptr};
  std::shared_ptr<const Program> updated = compile(*found);
  if (updated == nullptr) return fail(cudaErrorGraphExecUpdateFailure);
  const Node* where = nullptr;
  info->result = compare(*exec->program, *updated, where);
  info->errorNode = handle_of(where);
  if (info->result != cudaGraphExecUpdateSuccess) return fail(cudaErrorGraphExecUpdateFailure);
  auto renamed = std::make_shared<Program>(*updated);  // steps keep the names they were instantiated with
  for (std::size_t i = 0; i < renamed->size(); ++i) (*renamed)[i].node = (*exec->program)[i].node;
  exec->program = std::move(renamed);
  return cudaSuccess;
}

cudaError_t cudaGraphExecUpdate(cudaGraphExec_t exec, cudaGraph_t graph, cudaGraphNode_t* error_node,
                                cudaGraphExecUpdateResult* result) {
  cudaGraphExecUpdateResultInfo info{};
  const cudaError_t error = cudaGraphExecUpdate(exec, graph, &info);
  if (error_node != nullptr) *error_node = info.errorNode;
  if (result != nullptr) *result = info.result;
  return error;
}

cudaError_t cudaGraphExecKernelNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                             const cudaKernelNodeParams* params) {
  std::shared_ptr<const Operation> operation;
  std::shared_ptr<const KernelParameters> kept;
  const cudaError_t error = kernel_operation(params, operation_of(exec, node), operation, kept);
  return error != cudaSuccess ? error : change_step(exec, node, cudaGraphNodeTypeKernel, operation);
}

cudaError_t cudaGraphExecMemcpyNodeSetParams1D(cudaGraphExec_t exec, cudaGraphNode_t node, void* target,
                                               const void* source, std::size_t bytes, cudaMemcpyKind kind) {
  std::shared_ptr<const Operation> operation;
  const cudaError_t error = copy_1d(target, source, bytes, kind, operation);
  return error != cudaSuccess ? error : change_step(exec, node, cudaGraphNodeTypeMemcpy, operation);
}

cudaError_t cudaGraphExecMemsetNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                             const cudaMemsetParams* params) {
  std::shared_ptr<const Operation> operation;
  const cudaError_t error = memset_operation(params, operation);
  return error != cudaSuccess ? error : change_step(exec, node, cudaGraphNodeTypeMemset, operation);
}

cudaError_t cudaGraphExecHostNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                           const cudaHostNodeParams* params) {
  if (params == nullptr || params->fn == nullptr) return fail(cudaErrorInvalidValue);
  return change_step(exec, node, cudaGraphNodeTypeHost, host_operation(params->fn, params->userData));
}
