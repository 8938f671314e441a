#include "gpus.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "gridstride/emulator/gpu.hpp"
#include "memory.hpp"
#include "settings.hpp"

namespace gridstride::emulator {
namespace {

constexpr Architecture kVolta{7, 0, 2048, 32, 96, 96, 0, 256, 2, 128, 64};
constexpr Architecture kTuring{7, 5, 1024, 16, 64, 64, 0, 256, 32, 96, 64};
constexpr Architecture kAmpere{8, 0, 2048, 32, 164, 163, 1, 128, 2, 192, 64};
constexpr Architecture kAmpereRtx{8, 6, 1536, 16, 100, 99, 1, 128, 64, 128, 128};
constexpr Architecture kAda{8, 9, 1536, 24, 100, 99, 1, 128, 64, 128, 128};
constexpr Architecture kHopper{9, 0, 2048, 32, 228, 227, 1, 128, 2, 256, 128};
constexpr Architecture kBlackwellRtx{12, 0, 1536, 24, 100, 99, 1, 128, 64, 128, 128};

constexpr const char* kQueried = "deviceQuery outputs that owners of the GPU published";

constexpr Gpu kGpus[] = {
    {"h200", "NVIDIA H200", kHopper, 132, 143156, 61440, 6144, 1980, 3125, true,
     "PyTorch's device properties, published; clock as the H100's, memory clock from 4.8 TB/s over six "
     "stacks"},
    {"h100", "NVIDIA H100 80GB HBM3", kHopper, 132, 81090, 51200, 5120, 1980, 2619, true, kQueried},
    {"a100", "NVIDIA A100-SXM4-80GB", kAmpere, 108, 81158, 40960, 5120, 1410, 1593, true, kQueried},
    {"v100", "Tesla V100-SXM2-16GB", kVolta, 80, 16160, 6144, 4096, 1530, 877, true, kQueried},
    {"l4", "NVIDIA L4", kAda, 58, 22518, 49152, 192, 2040, 6251, true, kQueried},
    {"t4", "Tesla T4", kTuring, 40, 15110, 4096, 256, 1590, 5001, true, kQueried},
    {"rtx5090", "NVIDIA GeForce RTX 5090", kBlackwellRtx, 170, 32101, 98304, 512, 2407, 14001, false,
     kQueried},
    {"rtx4090", "NVIDIA GeForce RTX 4090", kAda, 128, 24564, 73728, 384, 2520, 10501, false, kQueried},
    {"rtx3090", "NVIDIA GeForce RTX 3090", kAmpereRtx, 82, 24265, 6144, 384, 1695, 9751, false, kQueried},
};
static_assert(std::ranges::all_of(kGpus, [](const Gpu& gpu) {
  return gpu.architecture.shared_per_block() <= kMaxSharedBytes;
}));

const Gpu& host() {
  static const Gpu the{"host", "Gridstride CPU emulator", kHopper, workers(), 0, 0, 0, 0, 0,
                       false,  "the machine itself"};
  return the;
}

const Gpu* find(std::string_view name) {
  if (name == host().name) return &host();
  const auto* found = std::ranges::find(kGpus, name, &Gpu::name);
  return found == std::end(kGpus) ? nullptr : found;
}

const Gpu* from_environment() {
  const char* name = std::getenv("GRIDSTRIDE_GPU");
  if (name == nullptr || *name == '\0') return &host();
  if (const Gpu* found = find(name)) return found;
  std::fprintf(stderr, "gridstride: GRIDSTRIDE_GPU=%s: give %s\n", name, gpu_names().c_str());
  std::fflush(nullptr);
  std::_Exit(2);  // on whatever thread this is: others may wait for it
}

std::atomic<const Gpu*>& chosen() {
  static std::atomic<const Gpu*> the{from_environment()};
  return the;
}

std::size_t rounded_up(std::size_t bytes, std::size_t step) { return (bytes + step - 1) / step * step; }

}  // namespace

const Gpu& gpu() { return *chosen().load(std::memory_order_relaxed); }

const Gpu& modelled_gpu() { return gpu().is_host() ? kGpus[0] : gpu(); }

std::string gpu_names() {
  std::string names(host().name);
  for (const Gpu& known : kGpus) names.append(", ").append(known.name);
  return names;
}

bool choose_gpu(std::string_view name) {
  const Gpu* found = find(name);
  if (found != nullptr) chosen() = found;
  return found != nullptr;
}

std::string modelled_architecture() {
  const Architecture& of = modelled_gpu().architecture;
  // Hopper's own instructions, such as wgmma, are in no later architecture, and have a name of their own.
  return "sm_" + std::to_string(of.major) + std::to_string(of.minor) + (of.major == 9 ? "a" : "");
}

std::size_t device_bytes() {
  return gpu().is_host() ? physical_bytes() : std::size_t{gpu().memory_mib} << 20;
}

std::size_t shared_of_block(const Architecture& architecture, std::size_t shared_bytes) {
  return rounded_up(shared_bytes, architecture.shared_granularity) + architecture.shared_reserved();
}

unsigned blocks_per_processor(const Architecture& architecture, std::size_t threads,
                              std::size_t shared_bytes) {
  if (threads == 0 || threads > kMaxThreadsPerBlock || shared_bytes > architecture.shared_per_block())
    return 0;
  const std::size_t by_threads = architecture.threads_per_processor / rounded_up(threads, 32);
  const std::size_t shared = shared_of_block(architecture, shared_bytes);
  const std::size_t by_shared = shared == 0 ? by_threads : architecture.shared_per_processor() / shared;
  return static_cast<unsigned>(
      std::min({std::size_t{architecture.blocks_per_processor}, by_threads, by_shared}));
}

std::size_t shared_bytes_for(const Architecture& architecture, unsigned blocks, std::size_t static_bytes) {
  const std::size_t each = architecture.shared_per_processor() / blocks;
  const std::size_t taken = architecture.shared_reserved() + static_bytes;
  if (each < taken) return 0;
  const std::size_t step = architecture.shared_granularity;
  return std::min((each - architecture.shared_reserved()) / step * step, architecture.shared_per_block()) -
         static_bytes;
}

}  // namespace gridstride::emulator
