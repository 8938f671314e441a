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

  void launched(Grid& grid);
  void ended(const Grid& grid);
  void add(const Grid& grid, const CountsByCounter& counts, std::uint64_t blocks, std::uint64_t warps);
  std::vector<KernelProfile> take();

 private:
  struct Kernel {
    KernelProfile about;
    std::map<std::uint64_t, Counts> counts;       // by program counter
    std::map<std::uint64_t, LayoutVote> layouts;  // of requests to global or shared memory
  };
  Kernel& of(const Grid& grid);

  std::mutex mutex_;
  std::map<const detail::KernelInfo*, std::size_t> known_;
  std::vector<Kernel> kernels_;
};

/// How many blocks of a launch are traced; 0 is all (GRIDSTRIDE_PROFILE_BLOCKS, set_traced_blocks).
std::uint64_t traced_blocks();

}  // namespace gridstride::emulator
