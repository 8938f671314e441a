/// What code that is compiled with gridstride cc --profile, or --check, tells the runtime, beside what the
/// compiler's instrumentation does.
#pragma once

#include <cstddef>
#include <cstdint>

/// Does nothing. That it is called tells the profiler, which reads the machine code, what the code around it
/// stands for.
extern "C" void gridstride_half_multiply_add();

namespace gridstride::emulator::detail {

/// The thread that threadIdx names begins; the running one has returned.
void trace_thread_begins();
void trace_thread_ends();

/// While it lives, what the running thread does counts as one atomic access.
class TracedAtomic {
 public:
  TracedAtomic(const volatile void* address, std::size_t bytes);
  ~TracedAtomic();
  TracedAtomic(const TracedAtomic&) = delete;
  TracedAtomic& operator=(const TracedAtomic&) = delete;

 private:
  void* lane_;
  const void* address_;  // where races are looked for
};

/// While it lives, what the running thread does counts as its part of one instruction on a tensor core, with
/// which its warp does so many operations. It waits for nobody meanwhile.
class TracedProduct {
 public:
  explicit TracedProduct(std::uint32_t flops_of_warp);
  ~TracedProduct();
  TracedProduct(const TracedProduct&) = delete;
  TracedProduct& operator=(const TracedProduct&) = delete;

 private:
  void* lane_;
};

/// Where nobody counts.
struct Uncounted {
  template <class... What>
  explicit Uncounted(What...) {}
};

#if defined(__GRIDSTRIDE_PROFILE__)
inline namespace traced {
inline constexpr bool kIsTraced = true;
using AtomicScope = TracedAtomic;
using ProductScope = TracedProduct;
}  // namespace traced
#elif defined(__GRIDSTRIDE_CHECK__)
inline namespace checked {
inline constexpr bool kIsTraced = false;
using AtomicScope = TracedAtomic;
using ProductScope = Uncounted;
}  // namespace checked
#else
inline namespace untraced {
inline constexpr bool kIsTraced = false;
using AtomicScope = Uncounted;
using ProductScope = Uncounted;
}  // namespace untraced
#endif

}  // namespace gridstride::emulator::detail
