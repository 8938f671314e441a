#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kernels/core/registry.hpp"

namespace gridstride {

/// `--kernels gemm=03_shared_tile,conv2d=01_direct`: variants forced for this process, by operation.
/// Throws std::invalid_argument for unknown names and for variants that are not built here.
void force_variants(std::string_view list);
/// What is forced for `op`; empty where the policy chooses.
std::string_view forced_variant(std::string_view op);

/// The framework's door to the kernels: check, choose (forced, else policy), launch.
template <Operation Op>
void run(const typename Op::Args& args, cudaStream_t stream) {
  Op::check(args);
  const std::string_view forced = forced_variant(Op::kName);
  const auto& variant = detail::variant_named<Op>(forced.empty() ? Op::policy(args, device()) : forced);
  if (const std::string why = variant.why_not(args); !why.empty()) {
    throw std::invalid_argument("[" + std::string(Op::kName) + "] variant " + std::string(variant.name) +
                                " cannot run: " + why);
  }
  variant.launch(args, stream);
}

}  // namespace gridstride
