/// Whose properties and limits the device shows: GRIDSTRIDE_GPU=h200|a100|rtx4090|t4|... Without it the
/// device has the limits of compute capability 9.0 and the memory, clock and threads of the host.
#pragma once

#include <string>
#include <string_view>

namespace gridstride::emulator {

/// The names that choose_gpu() knows, with commas between them.
std::string gpu_names();
/// From now on the device is this GPU, or its own again ("host"); false for an unknown name.
bool choose_gpu(std::string_view name);
/// What nvcc's -arch calls the GPU of which the profiler speaks: "sm_90a".
std::string modelled_architecture();

}  // namespace gridstride::emulator
