/// The counts of all kernels so far.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "grid.hpp"
#include "trace_counts.hpp"

namespace gridstride::emulator {

class Profile {
 public:
  static Profile& instance();

  void launched(const Grid& grid);
  void ended(const Grid& grid);
  /// Whether requests of this launch are kept: of a kernel's first ones only.
  bool keeps_samples(const Grid& grid);
  void add(const Grid& grid, const CountsByCounter& counts, std::uint64_t blocks, std::uint64_t warps);
  std::vector<KernelProfile> take();

 private:
  struct Kernel {
    KernelProfile about;
    std::map<std::uint64_t, PlaceTotal> counts;  // by program counter
  };
  Kernel& of(const Grid& grid);

  std::mutex mutex_;
  std::map<const detail::KernelInfo*, std::size_t> known_;
  std::vector<Kernel> kernels_;
};

/// How many blocks of a launch are traced (GRIDSTRIDE_PROFILE_BLOCKS, set_traced_blocks); 0 is all.
std::uint64_t traced_blocks();

}  // namespace gridstride::emulator
