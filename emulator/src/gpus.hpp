/// What shapes a launch on a real GPU: the compute-capability table and the GPUs that belong to its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gridstride::emulator {

/// Limits of a compute capability. Threads, blocks and shared memory were compared with the traits that
/// NVIDIA publishes in CCCL (cuda/__device/arch_traits.h); the granularity and the rate were not, they are
/// what the occupancy calculator and the programming guide are known to say. What all rows share is in
/// settings.hpp.
struct Architecture {
  int major;
  int minor;
  unsigned threads_per_processor;
  unsigned blocks_per_processor;
  unsigned shared_kib_per_processor;
  unsigned shared_kib_per_block;  // for kernels that ask for it
  unsigned shared_reserved_kib;   // of each block, by the system
  unsigned shared_granularity;    // bytes in which a block's shared memory is counted
  int float_to_double_rate;       // arithmetic instructions per cycle, float over double
  // From NVIDIA's tuning guides and white papers of the architectures.
  unsigned l1_and_shared_kib;  // of a processor, together
  unsigned floats_per_cycle;   // multiply-adds of a processor

  constexpr std::size_t shared_per_processor() const { return std::size_t{1024} * shared_kib_per_processor; }
  constexpr std::size_t shared_per_block() const { return std::size_t{1024} * shared_kib_per_block; }
  constexpr std::size_t l1_and_shared() const { return std::size_t{1024} * l1_and_shared_kib; }
  constexpr std::size_t shared_reserved() const { return std::size_t{1024} * shared_reserved_kib; }
};

struct Gpu {
  std::string_view name;  // as GRIDSTRIDE_GPU has it
  const char* title;      // as cudaGetDeviceProperties has it
  Architecture architecture;
  unsigned processors;
  unsigned memory_mib;  // 0: the host's
  unsigned l2_kib;
  int bus_bits;
  int clock_mhz;  // boost
  int memory_clock_mhz;
  bool ecc;
  const char* source;

  bool is_host() const { return memory_mib == 0; }
  double bytes_per_second() const { return 2e6 * memory_clock_mhz * bus_bits / 8; }  // two a cycle
  double flops_per_second() const { return 2e6 * clock_mhz * processors * architecture.floats_per_cycle; }
  double double_flops_per_second() const { return flops_per_second() / architecture.float_to_double_rate; }
};

const Gpu& gpu();
/// The one whose caches and peaks are told of: the chosen one, else the first of its compute capability.
const Gpu& modelled_gpu();
/// The memory that the device says it has.
std::size_t device_bytes();

/// What a block with so much takes of a processor's shared memory.
std::size_t shared_of_block(const Architecture& architecture, std::size_t shared_bytes);
/// How many blocks a processor holds at once, by threads and shared memory; registers are not known here.
unsigned blocks_per_processor(const Architecture& architecture, std::size_t threads,
                              std::size_t shared_bytes);
/// The most dynamic shared memory with which `blocks` such blocks still fit into a processor.
std::size_t shared_bytes_for(const Architecture& architecture, unsigned blocks, std::size_t static_bytes);

}  // namespace gridstride::emulator
