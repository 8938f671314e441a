/// What CUB asks of its compiler. It takes a file whose __CUDA_ARCH__ is defined for device code alone; here
/// host and device code are compiled in one go, and which of them runs is known when it runs.
#pragma once

#include "gridstride/emulator/api.hpp"

namespace gridstride::emulator::detail {

/// Whether a kernel's thread asks.
bool in_kernel();

}  // namespace gridstride::emulator::detail

/// What CUB calls for cudaDeviceSynchronize, whose use in device code compilers warn of.
inline cudaError_t __cudaDeviceSynchronizeDeprecationAvoidance() { return cudaDeviceSynchronize(); }

#define CUB_IS_DEVICE_CODE (::gridstride::emulator::detail::in_kernel())
#define CUB_IS_HOST_CODE (!::gridstride::emulator::detail::in_kernel())
#define CUB_INCLUDE_DEVICE_CODE 1
#define CUB_INCLUDE_HOST_CODE 1
#define CUB_RUNTIME_ENABLED
#define CUB_RUNTIME_FUNCTION __host__ __device__
