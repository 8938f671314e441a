#include "gridstride/emulator/kernel_address.hpp"

#include <mutex>
#include <unordered_map>

#include "error.hpp"
#include "gridstride/emulator/launch_attributes.hpp"

namespace gridstride::emulator {
namespace {

struct Kernels {
  std::mutex mutex;
  std::unordered_map<const void*, detail::KnownKernel> known;
};

Kernels& kernels() {
  static auto* all = new Kernels;
  return *all;
}

cudaError_t launch(const void* address, void** arguments) {
  const detail::KnownKernel kernel = detail::known_kernel(address);
  if (kernel.launch == nullptr) return fail(cudaErrorInvalidDeviceFunction);
  return kernel.launch(address, arguments);
}

}  // namespace

namespace detail {

void remember_kernel(const KnownKernel& kernel) {
  Kernels& all = kernels();
  const std::scoped_lock lock(all.mutex);
  all.known.emplace(kernel.address, kernel);
}

KnownKernel known_kernel(const void* address) {
  Kernels& all = kernels();
  const std::scoped_lock lock(all.mutex);
  const auto found = all.known.find(address);
  return found == all.known.end() ? KnownKernel{} : found->second;
}

}  // namespace detail
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaLaunchKernel(const void* kernel, dim3 grid, dim3 block, void** arguments,
                             std::size_t dynamic_shared_bytes, cudaStream_t stream) {
  const LaunchScope scope(grid, block, dynamic_shared_bytes, stream, false, {});
  return launch(kernel, arguments);
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* kernel, void** arguments) {
  detail::LaunchConfig read;
  const cudaError_t error = detail::read_attributes(config, read);
  if (error != cudaSuccess) return error;
  const LaunchScope scope(read);
  return launch(kernel, arguments);
}

cudaError_t cudaLaunchCooperativeKernel(const void* kernel, dim3 grid, dim3 block, void** arguments,
                                        std::size_t dynamic_shared_bytes, cudaStream_t stream) {
  const LaunchScope scope(grid, block, dynamic_shared_bytes, stream, true, {});
  return launch(kernel, arguments);
}

cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
  return detail::set_function_attribute(detail::known_kernel(kernel).handle, attribute, value);
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel, int compiled_for) {
  return detail::function_attributes(attributes, detail::known_kernel(kernel).handle, compiled_for);
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* kernel, int block_size,
                                                          std::size_t dynamic_shared_bytes) {
  return detail::occupancy(blocks, detail::known_kernel(kernel).handle, block_size, dynamic_shared_bytes);
}
