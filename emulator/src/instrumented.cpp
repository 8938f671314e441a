/// What programs compiled with gridstride cc --check call at every access to memory: our half of the
/// compiler's -fsanitize=thread. It tells reads of shared memory that nobody wrote, and is where threads that
/// run in lockstep take turns.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <set>
#include <string>

#include "error.hpp"
#include "symbols.hpp"
#include "worker.hpp"

namespace gridstride::emulator {
namespace {

/// One report for each line; the launch goes on, for what was read may not matter.
void tell_unwritten(const Block& block, const void* address, const void* instruction) {
  static std::mutex mutex;
  static auto* known = new std::set<const void*>;
  static auto* told = new std::set<std::string>;
  const std::scoped_lock lock(mutex);
  if (!known->insert(instruction).second) return;
  const std::string line = source_line(instruction);
  if (!line.empty() && !told->insert(line).second) return;
  publish_report(block.heading("uninitialized read: " + block.describe_shared(address) +
                               ", which no thread of the block has written") +
                 "  " + block.current_thread_name() + at_line(line));
}

inline void on_read(const volatile void* address, std::size_t bytes, const void* caller) {
  Block* block = running_block;
  if (block == nullptr) return;
  block->step();
  const void* place = const_cast<const void*>(address);
  if (!block->arena().reads_unwritten(place, bytes)) [[likely]]
    return;
  tell_unwritten(*block, place, static_cast<const char*>(caller) - 1);
}

inline void on_write(const volatile void* address, std::size_t bytes) {
  Block* block = running_block;
  if (block == nullptr) return;
  block->step();
  block->arena().note_write(const_cast<const void*>(address), bytes);
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

#define GRIDSTRIDE_CALLER __builtin_return_address(0)

#define GRIDSTRIDE_ACCESSES(BYTES)                                                           \
  void __tsan_read##BYTES(const void* p) { on_read(p, BYTES, GRIDSTRIDE_CALLER); }           \
  void __tsan_unaligned_read##BYTES(const void* p) { on_read(p, BYTES, GRIDSTRIDE_CALLER); } \
  void __tsan_write##BYTES(const void* p) { on_write(p, BYTES); }                            \
  void __tsan_unaligned_write##BYTES(const void* p) { on_write(p, BYTES); }                  \
  void __tsan_read_write##BYTES(const void* p) {                                             \
    on_read(p, BYTES, GRIDSTRIDE_CALLER);                                                    \
    on_write(p, BYTES);                                                                      \
  }                                                                                          \
  void __tsan_unaligned_read_write##BYTES(const void* p) {                                   \
    on_read(p, BYTES, GRIDSTRIDE_CALLER);                                                    \
    on_write(p, BYTES);                                                                      \
  }

// The compiler leaves it to these to do what is atomic. The orders are all taken for the strictest.
#define GRIDSTRIDE_ATOMIC_UPDATE(BITS, NAME)                                           \
  Bits##BITS __tsan_atomic##BITS##_##NAME(volatile Bits##BITS* p, Bits##BITS v, int) { \
    on_read(p, BITS / 8, GRIDSTRIDE_CALLER);                                           \
    on_write(p, BITS / 8);                                                             \
    return __atomic_##NAME(p, v, __ATOMIC_SEQ_CST);                                    \
  }

#define GRIDSTRIDE_ATOMIC_COMPARISON(BITS, NAME)                                                   \
  bool __tsan_atomic##BITS##_compare_exchange_##NAME(volatile Bits##BITS* p, Bits##BITS* expected, \
                                                     Bits##BITS v, int, int) {                     \
    on_read(p, BITS / 8, GRIDSTRIDE_CALLER);                                                       \
    on_write(p, BITS / 8);                                                                         \
    return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
  }

// An exchange may be how a program initializes.
#define GRIDSTRIDE_ATOMICS(BITS)                                                                     \
  using Bits##BITS = std::uint##BITS##_t;                                                            \
  Bits##BITS __tsan_atomic##BITS##_load(const volatile Bits##BITS* p, int) {                         \
    on_read(p, BITS / 8, GRIDSTRIDE_CALLER);                                                         \
    return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                     \
  }                                                                                                  \
  void __tsan_atomic##BITS##_store(volatile Bits##BITS* p, Bits##BITS v, int) {                      \
    on_write(p, BITS / 8);                                                                           \
    __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                                        \
  }                                                                                                  \
  Bits##BITS __tsan_atomic##BITS##_exchange(volatile Bits##BITS* p, Bits##BITS v, int) {             \
    on_write(p, BITS / 8);                                                                           \
    return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                                              \
  }                                                                                                  \
  GRIDSTRIDE_ATOMIC_UPDATE(BITS, fetch_add)                                                          \
  GRIDSTRIDE_ATOMIC_UPDATE(BITS, fetch_sub)                                                          \
  GRIDSTRIDE_ATOMIC_UPDATE(BITS, fetch_and)                                                          \
  GRIDSTRIDE_ATOMIC_UPDATE(BITS, fetch_or)                                                           \
  GRIDSTRIDE_ATOMIC_UPDATE(BITS, fetch_xor)                                                          \
  GRIDSTRIDE_ATOMIC_UPDATE(BITS, fetch_nand)                                                         \
  GRIDSTRIDE_ATOMIC_COMPARISON(BITS, strong)                                                         \
  GRIDSTRIDE_ATOMIC_COMPARISON(BITS, weak)                                                           \
  Bits##BITS __tsan_atomic##BITS##_compare_exchange_val(volatile Bits##BITS* p, Bits##BITS expected, \
                                                        Bits##BITS v, int, int) {                    \
    on_read(p, BITS / 8, GRIDSTRIDE_CALLER);                                                         \
    on_write(p, BITS / 8);                                                                           \
    __atomic_compare_exchange_n(p, &expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);         \
    return expected;                                                                                 \
  }

extern "C" {
GRIDSTRIDE_ACCESSES(1)
GRIDSTRIDE_ACCESSES(2)
GRIDSTRIDE_ACCESSES(4)
GRIDSTRIDE_ACCESSES(8)
GRIDSTRIDE_ACCESSES(16)
void __tsan_read_range(const void* p, std::size_t bytes) { on_read(p, bytes, GRIDSTRIDE_CALLER); }
void __tsan_write_range(const void* p, std::size_t bytes) { on_write(p, bytes); }

GRIDSTRIDE_ATOMICS(8)
GRIDSTRIDE_ATOMICS(16)
GRIDSTRIDE_ATOMICS(32)
GRIDSTRIDE_ATOMICS(64)
#if defined(__x86_64__)
__extension__ using Bits128 = unsigned __int128;
[[gnu::target("cx16")]] bool __tsan_atomic128_compare_exchange_strong(volatile Bits128* p, Bits128* expected,
                                                                      Bits128 v, int, int) {
  on_read(p, 16, GRIDSTRIDE_CALLER);
  on_write(p, 16);
  const Bits128 wanted = *expected;
  *expected = __sync_val_compare_and_swap(p, wanted, v);
  return *expected == wanted;
}
[[gnu::target("cx16")]] Bits128 __tsan_atomic128_compare_exchange_val(volatile Bits128* p, Bits128 expected,
                                                                      Bits128 v, int, int) {
  on_read(p, 16, GRIDSTRIDE_CALLER);
  on_write(p, 16);
  return __sync_val_compare_and_swap(p, expected, v);
}
#endif
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_atomic_signal_fence(int) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

// Of later versions of clang.
void* __tsan_memcpy(void* target, const void* source, std::size_t bytes) {
  on_read(source, bytes, GRIDSTRIDE_CALLER);
  on_write(target, bytes);
  return std::memcpy(target, source, bytes);
}
void* __tsan_memmove(void* target, const void* source, std::size_t bytes) {
  on_read(source, bytes, GRIDSTRIDE_CALLER);
  on_write(target, bytes);
  return std::memmove(target, source, bytes);
}
void* __tsan_memset(void* target, int value, std::size_t bytes) {
  on_write(target, bytes);
  return std::memset(target, value, bytes);
}

// What else the instrumentation brings does not concern memory that is read.
void __tsan_init() {}
void __tsan_func_entry(const void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_read(void**) {}
void __tsan_vptr_update(void** p, void*) { on_write(p, sizeof *p); }
}
