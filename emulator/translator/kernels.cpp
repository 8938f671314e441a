#include <string>

#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

/// Braces that are part of an expression in the function's head: `requires requires { ... }`, `Tag{}`.
bool belongs_to_head(const Source& source, std::size_t open) {
  if (open > 0 && source.is(open - 1, "requires")) return true;
  if (open > 0 && source.mark(open - 1) == ')') {
    const std::size_t parameters = source.match(open - 1);
    if (parameters != kNone && parameters > 0 && source.is(parameters - 1, "requires")) {
      // `requires (C<T>) {` ends a clause if the function's parameters came before, else it is an expression.
      const std::size_t before = parameters >= 2 ? parameters - 2 : 0;
      return source.is(before, "requires") || source.mark(before) == '&' || source.mark(before) == '|' ||
             source.mark(before) == '(';
    }
  }
  const std::size_t after = source.skip(open);
  if (after == kNone) return false;
  switch (source.mark(after)) {
    case '>':
    case ',':
    case '(':
    case ')':
    case '&':
    case '|':
    case '.':
    case '?':
      return true;
    default:
      return false;
  }
}

/// The '{' of the body of the function whose head holds token i; kNone for a mere declaration.
std::size_t find_body(const Source& source, std::size_t i) {
  for (std::size_t steps = 0; i != kNone && i < source.size() && steps < kReach; ++steps) {
    const char c = source.mark(i);
    if (c == ';') return kNone;
    if (c == '{' && !belongs_to_head(source, i)) return source.match(i) == kNone ? kNone : i;
    i = source.skip(i);
  }
  return kNone;
}

/// `, {2, 1, 1}` for a `__cluster_dims__(2, 1, 1)` in the head that holds token i. A kernel that leaves the
/// parentheses empty is told its clusters by the launch.
std::string cluster_of(const Source& source, std::size_t i, std::size_t body) {
  for (i = statement_begin(source, i); i < body; i = source.skip(i)) {
    if (source.mark(i) == ';') break;
    if (!source.is(i, "__cluster_dims__") || source.mark(i + 1) != '(') continue;
    const std::size_t close = source.match(i + 1);
    if (close == kNone || close == i + 2) break;
    if (body == kNone)
      fail(source, i, "__cluster_dims__ of a mere declaration; write it where the kernel is defined");
    const std::size_t begin = source[i + 2].begin;
    return ", {" + std::string(source.text().substr(begin, source[close].begin - begin)) + "}";
  }
  return {};
}

}  // namespace

void rewrite_kernels(const Source& source, Edits& edits) {
  std::size_t previous = kNone;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is(i, "__global__")) continue;
    const std::size_t body = find_body(source, i + 1);
    if (body == previous && body != kNone) continue;
    const std::string cluster = cluster_of(source, i, body);
    if (body == kNone) continue;
    previous = body;
    edits.insert(source[body].end,
                 " ::gridstride::emulator::enter(::gridstride::emulator::KernelSite{__PRETTY_FUNCTION__, "
                 "__builtin_FILE(), __builtin_LINE()" +
                     cluster + "}, [=]() mutable {");
    edits.insert(source[source.match(body)].begin, "}); ");
  }
}

}  // namespace gridstride::translator
