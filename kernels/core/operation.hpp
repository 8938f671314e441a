#pragma once

#include <cuda_runtime.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/core/device.hpp"
#include "kernels/core/schema.hpp"

namespace gridstride {

/// What an operation cannot do without: arithmetic, and the bytes that must cross the memory bus once.
struct Cost {
  double flops = 0;
  double bytes = 0;
};

/// |x - ref| <= abs + rel * |ref|, for every element. Integer operands must be equal.
struct Tolerance {
  double abs = 0;
  double rel = 0;
};

/// The contract. `kernels/<op>/<op>.hpp` declares a struct that satisfies it; everything else follows.
template <class Op>
concept Operation = requires(typename Op::Args& args, const typename Op::Args& fixed) {
  { Op::kName } -> std::convertible_to<std::string_view>;   // the folder's name
  { Op::kTitle } -> std::convertible_to<std::string_view>;  // one line of mathematics
  { Op::describe(args) } -> std::same_as<Schema>;           // its fields and operands
  Op::check(fixed);                                         // throws std::invalid_argument "[op] ..."
  { Op::cost(fixed) } -> std::same_as<Cost>;
  Op::reference(fixed);  // host pointers; the only truth; double accumulation
  { Op::cases() } -> std::same_as<std::vector<typename Op::Args>>;              // edge sizes first
  { Op::bench_args(Device::cpu) } -> std::same_as<typename Op::Args>;           // the size to measure
  { Op::tolerance(fixed) } -> std::same_as<Tolerance>;                          // grows with the reduction
  { Op::policy(fixed, Device::cpu) } -> std::convertible_to<std::string_view>;  // variant for the framework
};

/// One rung of the ladder: one idea, in one file, registered at the end of it.
template <Operation Op>
struct Variant {
  using Args = typename Op::Args;

  std::string_view idea;                                ///< the one thing this rung adds
  std::string_view needs = {};                          ///< a library or GPU it cannot do without
  bool library = false;                                 ///< somebody else's kernel: the baseline
  bool deterministic = true;                            ///< same input, same bits
  void (*launch)(const Args&, cudaStream_t) = nullptr;  ///< null: not built here, see `needs`
  std::string (*unsupported)(const Args&) = nullptr;    ///< why these args cannot run here, or ""
  std::vector<std::string_view> suffers = {};           ///< findings of the profiler that a later rung cures
  std::vector<std::string_view> cures = {};             ///< those of rungs before that this one has no more
  std::string_view name = {};                           ///< the file's stem, filled in at registration

  /// Why this variant cannot run `args` on this device; empty if it can.
  std::string why_not(const Args& args) const {
    if (!launch) return "needs " + std::string(needs);
    return unsupported ? unsupported(args) : std::string();
  }
};

}  // namespace gridstride
