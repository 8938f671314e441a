#include <set>
#include <string>
#include <string_view>

#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

/// Which argument of a function of the runtime API is a kernel. CUDA takes it as an untyped pointer; we take
/// it with its parameters' types, for nothing else tells them.
std::size_t kernel_argument(std::string_view function) {
  struct Function {
    std::string_view name;
    std::size_t argument;
  };
  static constexpr Function kFunctions[] = {{"cudaLaunchKernel", 0},
                                            {"cudaLaunchCooperativeKernel", 0},
                                            {"cudaLaunchKernelExC", 1},
                                            {"cudaFuncSetAttribute", 0},
                                            {"cudaFuncSetCacheConfig", 0},
                                            {"cudaFuncSetSharedMemConfig", 0},
                                            {"cudaFuncGetAttributes", 1},
                                            {"cudaOccupancyMaxActiveBlocksPerMultiprocessor", 1},
                                            {"cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", 1},
                                            {"cudaOccupancyAvailableDynamicSMemPerBlock", 1},
                                            {"cudaOccupancyMaxActiveClusters", 1},
                                            {"cudaOccupancyMaxPotentialClusterSize", 1},
                                            {"cudaOccupancyMaxPotentialBlockSize", 2},
                                            {"cudaOccupancyMaxPotentialBlockSizeWithFlags", 2},
                                            {"cudaOccupancyMaxPotentialBlockSizeVariableSMem", 2},
                                            {"cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags", 2}};
  for (const Function& known : kFunctions) {
    if (known.name == function) return known.argument;
  }
  return kNone;
}

/// The first token of the call's n-th argument, or kNone.
std::size_t argument_begin(const Source& source, std::size_t open, std::size_t n) {
  const std::size_t close = source.match(open);
  std::size_t i = open + 1;
  for (; n > 0 && i != kNone && i < close; i = source.skip(i)) {
    if (source.mark(i) == ',') --n;
  }
  return n == 0 && i < close ? i : kNone;
}

/// Just beyond `(void*)`, `(const void *)` at i; kNone if there is no such cast.
std::size_t after_cast(const Source& source, std::size_t i) {
  if (source.mark(i) != '(' || source.match(i) == kNone) return kNone;
  std::size_t at = i + 1;
  if (source.is(at, "const")) ++at;
  if (!source.is(at, "void")) return kNone;
  ++at;
  if (source.is(at, "const")) ++at;
  return source.mark(at) == '*' && source.match(i) == at + 1 ? at + 2 : kNone;
}

/// Just beyond `reinterpret_cast<void*>` at i, where the operand's '(' stands.
std::size_t after_named_cast(const Source& source, std::size_t i) {
  if (!source.is(i, "reinterpret_cast") || source.mark(i + 1) != '<') return kNone;
  const std::size_t after = after_angle(source, i + 1);
  return after != kNone && source.mark(after) == '(' && source.match(after) != kNone ? after : kNone;
}

/// The names of all functions that are declared `__global__`.
std::set<std::string_view> kernel_names(const Source& source) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is(i, "__global__")) continue;
    for (std::size_t at = i + 1; at != kNone && at + 1 < source.size() && at < i + kReach;
         at = source.skip(at)) {
      const char c = source.mark(at);
      if (c == ';' || c == '{') break;
      if (source.mark(at + 1) != '(' || !source.is_identifier(at)) continue;
      if (source.is(at, "__launch_bounds__") || source.is(at, "__attribute__")) continue;
      names.insert(source.spell(at));
      break;
    }
  }
  return names;
}

/// Just beyond `&ns::name<...>` at i, if it is one of the names; else kNone.
std::size_t after_kernel(const Source& source, std::size_t i, const std::set<std::string_view>& names) {
  if (source.mark(i) == '&') ++i;
  while (source.is_identifier(i) && source.is(i + 1, "::")) i += 2;
  if (!source.is_identifier(i) || !names.contains(source.spell(i))) return kNone;
  if (source.mark(i + 1) != '<') return i + 1;
  return after_angle(source, i + 1);
}

}  // namespace

void rewrite_kernel_casts(const Source& source, Edits& edits) {
  const std::set<std::string_view> names = kernel_names(source);
  std::set<std::size_t> seen_by_the_api;
  for (std::size_t i = 0; i + 1 < source.size(); ++i) {
    if (source.is_identifier(i) && source.mark(i + 1) == '(' && source.match(i + 1) != kNone) {
      const std::size_t n = kernel_argument(source.spell(i));
      const std::size_t first = n == kNone ? kNone : argument_begin(source, i + 1, n);
      if (first == kNone) continue;
      std::size_t after = after_cast(source, first);
      if (after == kNone) after = after_named_cast(source, first);
      if (after == kNone) continue;
      edits.replace(source[first].begin, source[after - 1].end, line_structure(source, first, after - 1));
      seen_by_the_api.insert(first);
    } else if (const std::size_t after = after_cast(source, i);
               after != kNone && !seen_by_the_api.contains(i)) {
      const std::size_t end = after_kernel(source, after, names);
      if (end == kNone) continue;
      edits.replace(source[i].begin, source[after - 1].end,
                    "::gridstride::emulator::kernel_address(" + line_structure(source, i, after - 1));
      edits.insert(source[end - 1].end, ")");
    }
  }
}

}  // namespace gridstride::translator
