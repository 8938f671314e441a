/// What instrumented programs call at every access to memory, at calls and at branches: our half of the
/// compiler's -fsanitize=thread and -fsanitize-coverage=trace-pc. Two may listen: the tracer, where the
/// running thread is traced (gridstride cc --profile), else the checker (--check).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "block_trace.hpp"
#include "checked_access.hpp"

namespace gridstride::emulator {
namespace {

template <Strength Is = Strength::Plain>
[[gnu::always_inline]] inline void on_read(const volatile void* address, std::size_t bytes,
                                           const void* caller) {
  if (LaneTrace* lane = traced_lane) {
    trace(*lane, EventKind::Load, address, bytes, caller);
  } else {
    check_read(address, bytes, caller, Is);
  }
}

template <Strength Is = Strength::Plain>
[[gnu::always_inline]] inline void on_write(const volatile void* address, std::size_t bytes,
                                            const void* caller) {
  if (LaneTrace* lane = traced_lane) {
    trace(*lane, EventKind::Store, address, bytes, caller);
  } else {
    check_write(address, bytes, caller, Is);
  }
}

/// Does what is atomic. An exchange may be how a program initializes, hence it does not count as a read of
/// what was there.
template <class Operation>
[[gnu::always_inline]] inline auto on_atomic(EventKind kind, const volatile void* address, std::size_t bytes,
                                             const void* caller, int order, Operation operation,
                                             bool reads = true) {
  if (LaneTrace* lane = traced_lane) {
    trace(*lane, kind, address, bytes, caller);
    return operation();
  }
  const CheckedAtomic around(address, bytes, caller, order, reads, kind != EventKind::Load);
  return operation();
}

/// What is larger than a vector goes in pieces, as wide as they are aligned.
template <class Access>
void in_pieces(const volatile void* address, std::size_t bytes, Access access) {
  if (traced_lane == nullptr) {
    access(address, bytes);
    return;
  }
  auto at = reinterpret_cast<std::uintptr_t>(address);
  for (const std::uintptr_t end = at + bytes; at < end;) {
    std::size_t piece = 16;
    while (at % piece != 0 || at + piece > end) piece /= 2;
    access(reinterpret_cast<const volatile void*>(at), piece);
    at += piece;
  }
}

void on_read_range(const volatile void* address, std::size_t bytes, const void* caller) {
  in_pieces(address, bytes,
            [caller](const volatile void* at, std::size_t piece) { on_read(at, piece, caller); });
}

void on_write_range(const volatile void* address, std::size_t bytes, const void* caller) {
  in_pieces(address, bytes,
            [caller](const volatile void* at, std::size_t piece) { on_write(at, piece, caller); });
}

void on_call(const void* caller) {
  LaneTrace* lane = traced_lane;
  if (lane == nullptr) return;
  CallTree& calls = lane->warp->block().calls();
  const auto from = static_cast<std::uint32_t>(lane->calls >> kCallShift);
  const std::uint32_t to = calls.called(from, reinterpret_cast<std::uintptr_t>(caller));
  if (to == from) ++lane->uncounted;
  lane->calls = Place{to} << kCallShift;
}

void on_return() {
  LaneTrace* lane = traced_lane;
  if (lane == nullptr) return;
  if (lane->uncounted > 0) {
    --lane->uncounted;
    return;
  }
  const CallTree& calls = lane->warp->block().calls();
  lane->calls = Place{calls.returned(static_cast<std::uint32_t>(lane->calls >> kCallShift))} << kCallShift;
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

#define GRIDSTRIDE_CALLER __builtin_return_address(0)

#define GRIDSTRIDE_ACCESSES(BYTES)                                                             \
  void __tsan_read##BYTES(const void* p) { on_read(p, BYTES, GRIDSTRIDE_CALLER); }             \
  void __tsan_unaligned_read##BYTES(const void* p) { on_read(p, BYTES, GRIDSTRIDE_CALLER); }   \
  void __tsan_write##BYTES(const void* p) { on_write(p, BYTES, GRIDSTRIDE_CALLER); }           \
  void __tsan_unaligned_write##BYTES(const void* p) { on_write(p, BYTES, GRIDSTRIDE_CALLER); } \
  void __tsan_read_write##BYTES(const void* p) {                                               \
    on_read(p, BYTES, GRIDSTRIDE_CALLER);                                                      \
    on_write(p, BYTES, GRIDSTRIDE_CALLER);                                                     \
  }                                                                                            \
  void __tsan_unaligned_read_write##BYTES(const void* p) {                                     \
    on_read(p, BYTES, GRIDSTRIDE_CALLER);                                                      \
    on_write(p, BYTES, GRIDSTRIDE_CALLER);                                                     \
  }                                                                                            \
  void __tsan_volatile_read##BYTES(const void* p) {                                            \
    on_read<Strength::Volatile>(p, BYTES, GRIDSTRIDE_CALLER);                                  \
  }                                                                                            \
  void __tsan_unaligned_volatile_read##BYTES(const void* p) {                                  \
    on_read<Strength::Volatile>(p, BYTES, GRIDSTRIDE_CALLER);                                  \
  }                                                                                            \
  void __tsan_volatile_write##BYTES(const void* p) {                                           \
    on_write<Strength::Volatile>(p, BYTES, GRIDSTRIDE_CALLER);                                 \
  }                                                                                            \
  void __tsan_unaligned_volatile_write##BYTES(const void* p) {                                 \
    on_write<Strength::Volatile>(p, BYTES, GRIDSTRIDE_CALLER);                                 \
  }

// The compiler leaves it to these to do what is atomic, which is done in the strictest order.
#define GRIDSTRIDE_ATOMIC_UPDATE(BITS, NAME)                                                 \
  Bits##BITS __tsan_atomic##BITS##_##NAME(volatile Bits##BITS* p, Bits##BITS v, int order) { \
    return on_atomic(EventKind::Atomic, p, BITS / 8, GRIDSTRIDE_CALLER, order,               \
                     [&] { return __atomic_##NAME(p, v, __ATOMIC_SEQ_CST); });               \
  }

#define GRIDSTRIDE_ATOMIC_COMPARISON(BITS, NAME)                                                     \
  bool __tsan_atomic##BITS##_compare_exchange_##NAME(volatile Bits##BITS* p, Bits##BITS* expected,   \
                                                     Bits##BITS v, int order, int) {                 \
    return on_atomic(EventKind::Atomic, p, BITS / 8, GRIDSTRIDE_CALLER, order, [&] {                 \
      return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
    });                                                                                              \
  }

#define GRIDSTRIDE_ATOMICS(BITS)                                                                     \
  using Bits##BITS = std::uint##BITS##_t;                                                            \
  Bits##BITS __tsan_atomic##BITS##_load(const volatile Bits##BITS* p, int order) {                   \
    return on_atomic(EventKind::Load, p, BITS / 8, GRIDSTRIDE_CALLER, order,                         \
                     [&] { return __atomic_load_n(p, __ATOMIC_SEQ_CST); });                          \
  }                                                                                                  \
  void __tsan_atomic##BITS##_store(volatile Bits##BITS* p, Bits##BITS v, int order) {                \
    on_atomic(                                                                                       \
        EventKind::Store, p, BITS / 8, GRIDSTRIDE_CALLER, order,                                     \
        [&] { __atomic_store_n(p, v, __ATOMIC_SEQ_CST); }, false);                                   \
  }                                                                                                  \
  Bits##BITS __tsan_atomic##BITS##_exchange(volatile Bits##BITS* p, Bits##BITS v, int order) {       \
    return on_atomic(                                                                                \
        EventKind::Atomic, p, BITS / 8, GRIDSTRIDE_CALLER, order,                                    \
        [&] { return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST); }, false);                         \
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
                                                        Bits##BITS v, int order, int) {              \
    return on_atomic(EventKind::Atomic, p, BITS / 8, GRIDSTRIDE_CALLER, order, [&] {                 \
      __atomic_compare_exchange_n(p, &expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);       \
      return expected;                                                                               \
    });                                                                                              \
  }

extern "C" {
GRIDSTRIDE_ACCESSES(1)
GRIDSTRIDE_ACCESSES(2)
GRIDSTRIDE_ACCESSES(4)
GRIDSTRIDE_ACCESSES(8)
GRIDSTRIDE_ACCESSES(16)
void __tsan_read_range(const void* p, std::size_t bytes) { on_read_range(p, bytes, GRIDSTRIDE_CALLER); }
void __tsan_write_range(const void* p, std::size_t bytes) { on_write_range(p, bytes, GRIDSTRIDE_CALLER); }

GRIDSTRIDE_ATOMICS(8)
GRIDSTRIDE_ATOMICS(16)
GRIDSTRIDE_ATOMICS(32)
GRIDSTRIDE_ATOMICS(64)
#if defined(__x86_64__)
__extension__ using Bits128 = unsigned __int128;
[[gnu::target("cx16")]] bool __tsan_atomic128_compare_exchange_strong(volatile Bits128* p, Bits128* expected,
                                                                      Bits128 v, int order, int) {
  return on_atomic(
      EventKind::Atomic, p, 16, GRIDSTRIDE_CALLER, order, [&]() __attribute__((target("cx16"))) {
        const Bits128 wanted = *expected;
        *expected = __sync_val_compare_and_swap(p, wanted, v);
        return *expected == wanted;
      });
}
[[gnu::target("cx16")]] Bits128 __tsan_atomic128_compare_exchange_val(volatile Bits128* p, Bits128 expected,
                                                                      Bits128 v, int order, int) {
  return on_atomic(
      EventKind::Atomic, p, 16, GRIDSTRIDE_CALLER,
      order, [&]() __attribute__((target("cx16"))) { return __sync_val_compare_and_swap(p, expected, v); });
}
#endif
void __tsan_atomic_thread_fence(int) {
  check_fence(false);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
// __threadfence_block() is one, for the threads of a block run on one of the host's.
void __tsan_atomic_signal_fence(int) {
  check_fence(true);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

// Of later versions of clang.
void* __tsan_memcpy(void* target, const void* source, std::size_t bytes) {
  on_read_range(source, bytes, GRIDSTRIDE_CALLER);
  on_write_range(target, bytes, GRIDSTRIDE_CALLER);
  return std::memcpy(target, source, bytes);
}
void* __tsan_memmove(void* target, const void* source, std::size_t bytes) {
  on_read_range(source, bytes, GRIDSTRIDE_CALLER);
  on_write_range(target, bytes, GRIDSTRIDE_CALLER);
  return std::memmove(target, source, bytes);
}
void* __tsan_memset(void* target, int value, std::size_t bytes) {
  on_write_range(target, bytes, GRIDSTRIDE_CALLER);
  return std::memset(target, value, bytes);
}

void __tsan_func_entry(const void* caller) { on_call(caller); }
void __tsan_func_exit() { on_return(); }
void __sanitizer_cov_trace_pc() {
  if (LaneTrace* lane = traced_lane) trace(*lane, EventKind::Step, nullptr, 0, GRIDSTRIDE_CALLER);
}
void __tsan_vptr_update(void** p, void*) { on_write(p, sizeof *p, GRIDSTRIDE_CALLER); }

// What else the instrumentation brings does not concern memory.
void __tsan_init() {}
void __tsan_vptr_read(void**) {}
}
