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
                                            {"cudaFuncSetAttribute", 0},
                                            {"cudaFuncSetCacheConfig", 0},
                                            {"cudaFuncGetAttributes", 1},
                                            {"cudaOccupancyMaxActiveBlocksPerMultiprocessor", 1},
                                            {"cudaOccupancyMaxPotentialBlockSize", 2}};
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

}  // namespace

void rewrite_kernel_casts(const Source& source, Edits& edits) {
  for (std::size_t i = 0; i + 1 < source.size(); ++i) {
    if (!source.is_identifier(i) || source.mark(i + 1) != '(' || source.match(i + 1) == kNone) continue;
    const std::size_t n = kernel_argument(source.spell(i));
    if (n == kNone) continue;
    const std::size_t first = argument_begin(source, i + 1, n);
    if (first == kNone) continue;
    std::size_t after = after_cast(source, first);
    if (after == kNone) after = after_named_cast(source, first);
    if (after == kNone) continue;
    edits.replace(source[first].begin, source[after - 1].end, line_structure(source, first, after - 1));
  }
}

}  // namespace gridstride::translator
