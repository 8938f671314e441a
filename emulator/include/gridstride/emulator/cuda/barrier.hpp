/// `cuda::barrier`: threads arrive, and wait for the phase in which they did to be over.
#pragma once

#include <cstddef>
#include <limits>

#include "gridstride/emulator/cuda/atomic.hpp"

namespace gridstride::emulator::detail {

struct NoCompletion {
  void operator()() const {}
};

/// How many phases are over, among the arrivals that they take. It lives in shared memory, which nobody
/// constructs: init() does.
template <class Completion>
class Phases {
 public:
  void start(std::ptrdiff_t expected, Completion completion) {
    completion_ = completion;
    expected_.store(expected);
    pending_.store(expected);
    over_.store(0);
  }

  /// Returns the phase that the arrival counts for.
  unsigned arrive(std::ptrdiff_t count) {
    const unsigned phase = over_.load();
    if (pending_.fetch_sub(count) != count) return phase;
    completion_();
    pending_.store(expected_.load());
    over_.store(phase + 1);
    return phase;
  }
  unsigned drop() {
    expected_.fetch_sub(1);
    return arrive(1);
  }

  bool is_over(unsigned phase) const { return static_cast<int>(over_.load() - phase) > 0; }
  unsigned over() const { return over_.load(); }
  void wait(unsigned phase) const {
    while (!is_over(phase)) yield();
  }

 private:
  cuda::atomic<std::ptrdiff_t> expected_, pending_;
  cuda::atomic<unsigned> over_;
  Completion completion_;
};

}  // namespace gridstride::emulator::detail

namespace cuda {

template <thread_scope Scope, class Completion = gridstride::emulator::detail::NoCompletion>
class barrier {
 public:
  class arrival_token {
    friend barrier;
    explicit arrival_token(unsigned phase) : phase_(phase) {}
    unsigned phase_;
  };

  barrier() = default;
  explicit barrier(::std::ptrdiff_t expected, Completion completion = {}) {
    phases_.start(expected, completion);
  }
  barrier(const barrier&) = delete;
  barrier& operator=(const barrier&) = delete;

  static constexpr ::std::ptrdiff_t max() { return ::std::numeric_limits<int>::max(); }
  friend void init(barrier* made, ::std::ptrdiff_t expected, Completion completion = {}) {
    made->phases_.start(expected, completion);
  }

  [[nodiscard]] arrival_token arrive(::std::ptrdiff_t count = 1) {
    return arrival_token(phases_.arrive(count));
  }
  void wait(arrival_token&& token) const { phases_.wait(token.phase_); }
  void arrive_and_wait() { wait(arrive()); }
  void arrive_and_drop() { phases_.drop(); }

  /// One look; the GPU's may take longer.
  bool try_wait(arrival_token&& token) const { return try_wait(token.phase_); }
  /// Until the phase of this parity is over.
  void wait_parity(bool parity) const {
    while (!try_wait_parity(parity)) gridstride::emulator::detail::yield();
  }
  bool try_wait_parity(bool parity) const {
    const bool over = phases_.over() % 2 != static_cast<unsigned>(parity);
    if (!over) gridstride::emulator::detail::yield();
    return over;
  }

 private:
  bool try_wait(unsigned phase) const {
    const bool over = phases_.is_over(phase);
    if (!over) gridstride::emulator::detail::yield();
    return over;
  }

  gridstride::emulator::detail::Phases<Completion> phases_;
};

}  // namespace cuda
