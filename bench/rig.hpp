#pragma once

#include <cuda_runtime.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gridstride::bench {

/// What this machine can do at most, measured in the same process as everything it is compared with.
struct Roof {
  double copy_bytes_per_s = 0;  ///< read and written, summed
  double flops_per_s = 0;       ///< single precision, a multiply-add counted as two
  std::string flops_source;     ///< how that figure was found
};

/// The higher one of two measurements of each: a roof is what was reached once.
Roof higher(const Roof& a, const Roof& b);

/// How a device is timed: events on a GPU (rig_cuda.cpp), the host's clock around a finished stream on the
/// emulator (rig_cpu.cpp).
class Rig {
 public:
  Rig();
  ~Rig();

  cudaStream_t stream() const;
  /// Seconds that `enqueue`, which puts work on stream(), takes. The caches are emptied first.
  double cold_seconds(const std::function<void()>& enqueue);
  /// Seconds of one out of `launches` behind one another, data left in the caches: on a GPU one graph,
  /// because the host could not launch as fast as short kernels run.
  double warm_seconds(const std::function<void()>& enqueue, int launches);

  /// Kernels shorter than this are timed by warm_seconds; 0: never.
  static double shortest_cold_seconds();
  Roof measure_roof();
  /// Facts about driver and toolkit for the record, by name.
  static std::vector<std::pair<std::string, std::string>> facts();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gridstride::bench
