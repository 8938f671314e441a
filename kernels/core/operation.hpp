#pragma once

#include <concepts>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"
#include "kernels/core/schema.hpp"

namespace gridstride {

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

}  // namespace gridstride
