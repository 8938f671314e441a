/// Kernels behind `void*`, as CUDA's C interface has them. The translator lets a cast of a kernel to `void*`
/// pass by kernel_address(), which remembers the types that the cast loses.
#pragma once

#include <cstddef>
#include <type_traits>

#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/occupancy.hpp"

namespace gridstride::emulator {
namespace detail {

struct KnownKernel {
  const void* address = nullptr;
  KernelHandle* handle = nullptr;
  cudaError_t (*launch)(const void* address, void** arguments) = nullptr;
  const std::size_t* argument_bytes = nullptr;
  std::size_t arguments = 0;
};

void remember_kernel(const KnownKernel& kernel);
/// All null for an address that never was a kernel's.
KnownKernel known_kernel(const void* address);

}  // namespace detail

template <class... P>
void* kernel_address(void (*kernel)(P...)) {
  static constexpr std::size_t kBytes[] = {sizeof(P)..., 0};
  void* address = reinterpret_cast<void*>(kernel);
  const auto launch = [](const void* behind, void** arguments) {
    return detail::launch_kernel(reinterpret_cast<void (*)(P...)>(const_cast<void*>(behind)), arguments);
  };
  detail::remember_kernel({address, detail::identify(kernel), launch, kBytes, sizeof...(P)});
  return address;
}

/// A variable that has a kernel's name.
template <class T>
requires(!std::is_function_v<T>) void* kernel_address(T* pointer) {
  return const_cast<std::remove_const_t<T>*>(pointer);
}

}  // namespace gridstride::emulator

cudaError_t cudaLaunchKernel(const void* kernel, dim3 grid, dim3 block, void** arguments,
                             std::size_t dynamic_shared_bytes = 0, cudaStream_t stream = nullptr);
cudaError_t cudaLaunchCooperativeKernel(const void* kernel, dim3 grid, dim3 block, void** arguments,
                                        std::size_t dynamic_shared_bytes = 0, cudaStream_t stream = nullptr);
cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value);
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel,
                                  int compiled_for = gridstride::emulator::detail::kCompiledFor);
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* kernel, int block_size,
                                                          std::size_t dynamic_shared_bytes);
