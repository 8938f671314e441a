/// Inline PTX is no C++. A header that holds some gives each instruction a twin in C++, which is compiled
/// where GRIDSTRIDE_TWINS is set, and which finds here what CUDA's own functions do not offer: work that one
/// instruction starts and another one waits for.
///
/// Work is done when somebody waits for it, the latest moment that the GPU has. A kernel that forgets to wait
/// therefore sees what was there before, every time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "gridstride/emulator/tracing.hpp"

#define GRIDSTRIDE_TWINS 1

namespace gridstride::twin {

/// `const Product one_instruction(flops);` around the work that a lane does for an instruction on a tensor
/// core, with which its warp does so many operations: the profiler counts that instead of the work.
using Product = emulator::detail::ProductScope;

/// Something to be done later: a callable without a destructor, kept by value.
class Task {
 public:
  template <class F>
  explicit Task(const F& f) : run_([](const void* kept) { (*static_cast<const F*>(kept))(); }) {
    static_assert(sizeof(F) <= sizeof kept_ && std::is_trivially_copyable_v<F>,
                  "a task is a few plain values");
    std::memcpy(kept_, &f, sizeof f);
  }
  void run() const { run_(kept_); }

 private:
  void (*run_)(const void* kept);
  alignas(16) unsigned char kept_[112];
};

/// What a task reads and writes, for those who look for races.
struct Copied {
  void* to = nullptr;
  std::size_t to_bytes = 0;
  const void* from = nullptr;
  std::size_t from_bytes = 0;
};

/// The kinds of groups into which a thread gathers its asynchronous work.
enum class Kind { Copies, BulkCopies, Products };

/// Adds to the group that the running thread gathers.
void start(Kind kind, const Task& task, const Copied& copied = {});
/// Adds a copy of which the last `zeros` of `bytes` are not read, and become zero.
void start_copy(void* to, const void* from, std::size_t bytes, std::size_t zeros);
/// Closes that group.
void commit(Kind kind);
/// Does what the running thread committed, but for the last `left` groups.
void wait(Kind kind, unsigned left);

/// The same for instructions that a row of so many threads executes together: what one of them has waited for
/// is done for all. The first thread's rank is a multiple of `threads`.
void wait_together(Kind kind, unsigned left, unsigned threads);

/// Work that ends at an mbarrier: it is done when a thread of the barrier's block looks at the barrier.
/// `barrier` is a shared address, of any block of the cluster.
void start_until(std::uint32_t barrier, const Task& task, const Copied& copied = {});
/// Does what ends at this barrier of the running block.
void finish_until(std::uint32_t barrier);

/// The address of what lies so many bytes into the running block's shared memory, for instructions that have
/// no room for the part of an address that tells the block.
std::uint32_t own_shared_address(std::uint32_t within);

}  // namespace gridstride::twin
