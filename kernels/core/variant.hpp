/// What the file of a rung needs besides its operation; kept light, for every one of them is compiled for
/// every GPU.
#pragma once

#include <cuda_runtime.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gridstride {

/// One rung of the ladder of an Operation: one idea, in one file, registered at the end of it.
template <class Op>
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

namespace detail {

template <class Op>
std::vector<Variant<Op>>& variants() {
  static std::vector<Variant<Op>> all;
  return all;
}

constexpr std::string_view file_stem(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);
  return path.substr(0, path.find('.'));
}

template <class Op>
struct RegisterVariant {
  RegisterVariant(std::string_view file, Variant<Op> variant) {
    variant.name = file_stem(file);
    variants<Op>().push_back(std::move(variant));
  }
};

}  // namespace detail
}  // namespace gridstride

/// At the end of `kernels/<op>/NN_algorithm.cu`; its name is the file's stem.
#define GRIDSTRIDE_VARIANT(Op, ...)                                    \
  static const ::gridstride::detail::RegisterVariant<Op> registration( \
      __FILE__, ::gridstride::Variant<Op>{__VA_ARGS__})
