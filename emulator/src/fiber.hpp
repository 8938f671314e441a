/// A stack that a GPU thread, or the loop that starts threads, runs on; and the switch between two of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "context.hpp"
#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/vectors.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define GRIDSTRIDE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GRIDSTRIDE_ASAN 1
#endif
#endif
#ifndef GRIDSTRIDE_ASAN
#define GRIDSTRIDE_ASAN 0
#endif

#if GRIDSTRIDE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace gridstride::emulator {

class Block;

/// Memory for a fiber's stack with unmapped pages below it, where an overflow faults.
class Stack {
 public:
  /// `color` shifts the first frame, lest all stacks' hot lines compete for the same cache sets.
  Stack(std::size_t bytes, unsigned color);
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  char* low() const { return mapping_ + kGuardBytes; }
  char* top() const { return top_; }
  std::size_t bytes() const { return static_cast<std::size_t>(top_ - low()); }
  bool guards(const void* address) const { return address >= mapping_ && address < mapping_ + kGuardBytes; }

 private:
  // Frames larger than a page may skip a single guard page.
  static constexpr std::size_t kGuardBytes = 64 * 1024;
  std::size_t mapped_bytes_;
  char* mapping_;
  char* top_;
};

/// Why a thread is not running, for reports.
struct Wait {
  const char* what = "";
  Site site{};
  std::uint32_t mask = 0;  // the lanes named, for warp-wide waits

  /// Field by field: a copy of the whole would wait for its parts to reach memory.
  void set(const char* name, Site where, std::uint32_t lanes = 0) {
    what = name;
    site.file = where.file;
    site.line = where.line;
    mask = lanes;
  }
};

/// What a switch touches comes first and shares a cache line.
struct alignas(64) Fiber {
  static constexpr unsigned kNoThread = ~0u;

  Context context = nullptr;
  Fiber* next = nullptr;  // in the one queue that holds it
  Wait wait{};
  uint3 thread{};             // threadIdx of the thread whose fiber it is
  unsigned rank = kNoThread;  // and its linear index; none while it runs the loop that starts threads
  std::uint64_t result = 0;   // what the operation it waited for returned

  Block* owner = nullptr;           // the block it works for, null when idle
  Stack* stack = nullptr;           // null for the worker's own
  const void* stack_low = nullptr;  // what AddressSanitizer must be told
  std::size_t stack_bytes = 0;
  void* fake_stack = nullptr;

  bool is_thread() const { return rank != kNoThread; }
};

/// First in, first out; linked through the fibers.
class FiberQueue {
 public:
  bool empty() const { return head_ == nullptr; }
  unsigned size() const { return size_; }

  void push(Fiber& fiber) {
    fiber.next = nullptr;
    (head_ == nullptr ? head_ : tail_->next) = &fiber;
    tail_ = &fiber;
    ++size_;
  }

  Fiber* pop() {
    Fiber* fiber = head_;
    if (fiber != nullptr) {
      head_ = fiber->next;
      --size_;
    }
    return fiber;
  }

  void append(FiberQueue& other) {
    if (other.empty()) return;
    (head_ == nullptr ? head_ : tail_->next) = other.head_;
    tail_ = other.tail_;
    size_ += other.size_;
    other = {};
  }

  Fiber* front() const { return head_; }

 private:
  Fiber* head_ = nullptr;
  Fiber* tail_ = nullptr;
  unsigned size_ = 0;
};

/// To be called first on a stack that was switched to from `from`.
inline void arrive([[maybe_unused]] Fiber* from, [[maybe_unused]] Fiber& here) {
#if GRIDSTRIDE_ASAN
  const void* low = nullptr;
  std::size_t bytes = 0;
  __sanitizer_finish_switch_fiber(here.fake_stack, &low, &bytes);
  if (from->stack == nullptr) {  // the worker's own stack: learn where it is
    from->stack_low = low;
    from->stack_bytes = bytes;
  }
#endif
}

}  // namespace gridstride::emulator
