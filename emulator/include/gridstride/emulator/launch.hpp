/// What a translated kernel and a translated launch call.
///
///   k<<<grid, block, bytes, stream>>>(a)   becomes  (LaunchScope(grid, block, bytes, stream), k(a))
///   __global__ void k(P a) { BODY }        becomes  void k(P a) { enter(site, [=]() mutable { BODY }); }
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "gridstride/emulator/api_types.hpp"
#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/thread.hpp"
#include "gridstride/emulator/tracing.hpp"

namespace gridstride::emulator {

/// A kernel's name (as __PRETTY_FUNCTION__ spells it), the line of its definition, and what its
/// __cluster_dims__ says, if anything.
struct KernelSite {
  const char* name;
  const char* file;
  unsigned line;
  unsigned cluster[3] = {};
};

namespace detail {

struct LaunchConfig {
  dim3 grid;
  dim3 block;
  std::size_t dynamic_shared_bytes = 0;
  cudaStream_t stream = nullptr;
  bool cooperative = false;  // all blocks are there together
  dim3 cluster{};            // so many blocks are, and reach each other's shared memory
  bool cluster_is_specified = false;
  Site launched{};
};

struct KernelInfo;  // what the runtime remembers of a kernel: attributes, measured cost

/// One per kernel instantiation; its address is the kernel's identity.
struct KernelHandle {
  KernelSite site{};
  KernelInfo* info = nullptr;  // made at the first launch, guarded by the runtime
};

/// A kernel with its arguments, ready to run one block after another on any worker.
class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Calls the body for one thread after the other, as long as next_span() has any for this fiber.
  virtual void run_threads() const = 0;
  /// Whether fibers must leave run_threads() with the launch, for destructors that somebody waits for.
  virtual bool owns_resources() const = 0;
  /// Whether its code tells what it does (see tracing.hpp).
  virtual bool is_traced() const = 0;
};

/// The next threads that this fiber is to run: threadIdx.x from `first` up to detail::loop_end, y and z set.
/// Ends the thread that has returned; the fiber may be left here until a later block of the launch needs it.
bool next_span(unsigned& first);

/// A store after the loop over threads makes those in the loop dead where the body can do without them:
/// simple kernels then vectorize across threads. Instrumented code keeps them, to name the thread of every
/// fault.
inline void forget_thread() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__GRIDSTRIDE_CHECK__) && !defined(__GRIDSTRIDE_PROFILE__)
  threadIdx.x = kUnknownThread;
#endif
}

template <class Body>
class KernelOf final : public Kernel {
 public:
  explicit KernelOf(Body body) : body_(std::move(body)) {}

  void run_threads() const override {
    const Body body(body_);  // a local whose address stays here: arguments can live in registers
    unsigned first;
    while (next_span(first)) {
      for (unsigned x = first; x < static_cast<unsigned>(loop_end); ++x) {
        threadIdx.x = x;
        Body own(body);  // parameters are by value per thread
        if constexpr (kIsTraced) trace_thread_begins();
        own();
        if constexpr (kIsTraced) trace_thread_ends();
      }
      forget_thread();
    }
  }

  bool owns_resources() const override { return !std::is_trivially_destructible_v<Body>; }
  bool is_traced() const override { return kIsTraced; }

 private:
  Body body_;
};

/// Takes the pending launch configuration and checks it; false when there is nothing to run.
bool begin_launch(KernelHandle& handle, const KernelSite& site, LaunchConfig& config);
/// Takes `kernel` over, which came from new. (A std::unique_ptr would say so, but its header takes as long to
/// read as half of the rest of cuda_runtime.h.)
void submit_launch(KernelHandle& handle, const LaunchConfig& config, const Kernel* kernel);

}  // namespace detail

/// Holds a launch's configuration while the kernel's arguments are evaluated and the kernel is entered.
class LaunchScope {
 public:
  LaunchScope(dim3 grid, dim3 block, std::size_t dynamic_shared_bytes = 0, cudaStream_t stream = nullptr,
              bool cooperative = false, Site launched = Site::here());
  explicit LaunchScope(const detail::LaunchConfig& config);
  ~LaunchScope();
  LaunchScope(const LaunchScope&) = delete;
  LaunchScope& operator=(const LaunchScope&) = delete;

 private:
  friend bool detail::begin_launch(detail::KernelHandle&, const KernelSite&, detail::LaunchConfig&);
  detail::LaunchConfig config_;
  LaunchScope* outer_;
  bool taken_ = false;
};

/// The first thing in every translated kernel: queues `body` on the launch's stream.
template <class F>
void enter(const KernelSite& site, F&& body) {
  using Body = std::remove_cvref_t<F>;
  static constinit detail::KernelHandle handle{};
  detail::LaunchConfig config;
  if (!detail::begin_launch(handle, site, config)) return;
  detail::submit_launch(handle, config, new detail::KernelOf<Body>(std::forward<F>(body)));
}

}  // namespace gridstride::emulator
