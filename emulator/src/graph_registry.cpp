#include "graph_registry.hpp"

#include "copy_operation.hpp"
#include "error.hpp"
#include "gridstride/emulator/kernel_address.hpp"

namespace gridstride::emulator {

Graphs& graphs() {
  static auto* all = new Graphs;
  return *all;
}

Graph* find_graph(Graphs& all, cudaGraph_t handle) {
  const auto found = all.graphs.find(handle);
  return found == all.graphs.end() ? nullptr : found->second.get();
}

Exec* find_exec(Graphs& all, cudaGraphExec_t handle) {
  const auto found = all.execs.find(handle);
  return found == all.execs.end() ? nullptr : found->second.get();
}

cudaGraph_t publish(std::shared_ptr<Graph> graph) {
  Graphs& all = graphs();
  const auto handle = reinterpret_cast<cudaGraph_t>(graph.get());
  const std::scoped_lock lock(all.mutex);
  all.graphs.emplace(handle, std::move(graph));
  return handle;
}

cudaError_t kernel_operation(const cudaKernelNodeParams* params, const Operation* old,
                             std::shared_ptr<const Operation>& operation,
                             std::shared_ptr<const KernelParameters>& kept) {
  if (params == nullptr || params->extra != nullptr) return fail(cudaErrorInvalidValue);
  const detail::LaunchConfig config{params->gridDim, params->blockDim, params->sharedMemBytes};
  const detail::KnownKernel kernel = detail::known_kernel(params->func);
  if (kernel.handle == nullptr) {
    const auto* launch = dynamic_cast<const Launch*>(old);
    if (launch == nullptr || params->func != &launch->info() || params->kernelParams != nullptr) {
      return fail(cudaErrorInvalidDeviceFunction,
                  "kernel node: .func is no kernel's address; write (void*)kernel");
    }
    operation = launch->reconfigured(config);
    return cudaSuccess;
  }
  if (kernel.arguments > 0 && params->kernelParams == nullptr) return fail(cudaErrorInvalidValue);
  operation = make_launch(params->func, config, params->kernelParams);
  if (operation == nullptr) return cudaPeekAtLastError();
  kept = std::make_shared<const KernelParameters>(*params);
  return cudaSuccess;
}

cudaError_t memset_operation(const cudaMemsetParams* params, std::shared_ptr<const Operation>& operation) {
  if (params == nullptr) return fail(cudaErrorInvalidValue);
  const unsigned bytes = params->elementSize;
  if (bytes != 1 && bytes != 2 && bytes != 4) return fail(cudaErrorInvalidValue);
  const std::size_t width = params->width * bytes;
  return fill_operation("memset node",
                        {params->dst, params->height > 1 ? params->pitch : width, width, params->height},
                        params->value, bytes, operation);
}

cudaError_t copy_1d(void* target, const void* source, std::size_t bytes, cudaMemcpyKind kind,
                    std::shared_ptr<const Operation>& operation) {
  return copy_operation("memcpy node", {target, bytes, bytes, 1}, {source, bytes, bytes, 1}, kind, operation);
}

}  // namespace gridstride::emulator
