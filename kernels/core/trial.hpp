#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/core/buffer.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride {

/// Fill host memory with data that depends on nothing but `seed` and the element's index.
void fill_random(Dtype dtype, Fill fill, uint64_t seed, void* host, int64_t elems);

/// The judgement of one launch.
struct Verdict {
  bool passed = false;
  std::string why;  ///< one line when it did not
};

/// One problem with its memory: inputs drawn from a seed and the reference's answer on the host, and on the
/// device every operand between guard zones. The one judge for `run`, the tests and the benchmark:
///
///   Trial trial(problem, seed);
///   trial.launch("03_shared_tile", stream);
///   Verdict verdict = trial.judge();
class Trial {
 public:
  /// `skew_elems` moves every operand off its alignment by so many elements: vector loads must notice.
  Trial(const Problem& problem, uint64_t seed, int64_t skew_elems = 0);

  /// Poison outputs with NaN, restore updated operands, then launch. Errors of the launch are thrown.
  void launch(std::string_view variant, cudaStream_t stream);
  /// Launch again on whatever the outputs hold: for timing.
  void relaunch(std::string_view variant, cudaStream_t stream) const;
  /// Wait for the device, compare every output with the reference, look for writes outside the operands and
  /// into inputs.
  Verdict judge();
  /// The bytes of everything written, in the operands' order: equal for two runs that gave the same bits.
  std::vector<std::byte> results() const;

  const Problem& problem() const { return *on_device_; }

 private:
  /// Before and behind every operand; nobody may write there.
  static constexpr std::size_t kGuardBytes = 1024;
  struct Memory {
    Operand operand;
    std::vector<std::byte> initial;  ///< what the device gets before a launch
    std::vector<std::byte> truth;    ///< what it must hold afterwards
    DeviceBuffer<std::byte> guarded;
    std::size_t front = 0;  ///< bytes of guard before the operand
    std::size_t bytes() const { return static_cast<std::size_t>(operand.elems) * size_of(operand.dtype); }
    std::size_t guarded_bytes() const { return front + bytes() + kGuardBytes; }
  };
  void upload(Memory& memory);

  std::unique_ptr<Problem> on_host_, on_device_;
  std::vector<Memory> memory_;
  Tolerance tolerance_;
};

/// Launch once and judge; a thrown error becomes the verdict.
Verdict try_variant(const Problem& problem, std::string_view variant, uint64_t seed,
                    cudaStream_t stream = nullptr, int64_t skew_elems = 0);

}  // namespace gridstride
