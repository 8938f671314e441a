#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

bool opens_launch(const Source& source, std::size_t i) {
  return source.mark(i) == '<' && source.mark(i + 1) == '<' && source.mark(i + 2) == '<' &&
         !(i > 0 && source.is(i - 1, "operator"));
}

/// Whether tokens [first, last) hold as many closing template brackets as opening ones. A '<' after a name
/// opens one; a pair '>>' with nothing to close is a shift.
bool angles_balance(const Source& source, std::size_t first, std::size_t last) {
  int depth = 0;
  for (std::size_t i = first; i < last; i = source.skip(i)) {
    const char c = source.mark(i);
    if (c == '<') {
      const bool shift = source.mark(i + 1) == '<' && source.touches_next(i);
      if (shift) {
        ++i;
      } else if (i > first && source.is_identifier(i - 1)) {
        ++depth;
      }
    } else if (c == '>') {
      const bool pair = source.mark(i + 1) == '>' && source.touches_next(i) && i + 1 < last;
      if (pair && depth < 2) {
        if (depth == 1) return false;
        ++i;
      } else if (depth > 0) {
        --depth;
      }
    }
  }
  return depth == 0;
}

/// The first '>' of the `>>>` that closes the launch whose configuration starts at `first`, or kNone. `>>>`
/// may also close nested templates within the configuration: then the first one that leaves the configuration
/// balanced is taken, and where less-than signs confuse the count, the first one.
std::size_t find_close(const Source& source, std::size_t first) {
  std::size_t fallback = kNone, run = 0;
  for (std::size_t i = first, steps = 0; i != kNone && i < source.size() && steps < kReach; ++steps) {
    if (source.mark(i) == ';' || opens_launch(source, i)) break;
    run = source.mark(i) == '>' ? run + 1 : 0;
    if (run >= 3 && source.mark(i + 1) == '(') {
      if (angles_balance(source, first, i - 2)) return i - 2;
      if (fallback == kNone) fallback = i - 2;
    }
    i = source.skip(i);
  }
  return fallback;
}

void rewrite_launch(const Source& source, Edits& edits, std::size_t open) {
  const std::size_t close = find_close(source, open + 3);
  const char* form = "; a launch reads kernel<<<grid, block>>>(arguments)";
  if (close == kNone) fail(source, open, std::string("no '>>>(' closes this '<<<'") + form);
  if (close == open + 3) fail(source, open, std::string("'<<<>>>' lacks grid and block") + form);
  const std::size_t arguments = close + 3;
  if (source.match(arguments) == kNone) fail(source, arguments, "the kernel's arguments lack their ')'");
  const std::size_t kernel = expression_begin(source, open);
  if (kernel == kNone) fail(source, open, std::string("no kernel stands before '<<<'") + form);

  // The configuration moves in front of the kernel, in one line; the lines that it took stay where they were.
  const std::string configuration =
      one_line(edits.apply(source.text(), source[open + 3].begin, source[close].begin));
  edits.insert_outside(source[kernel].begin, "(::gridstride::emulator::LaunchScope(" + configuration + "), ");
  edits.replace(source[open].begin, source[close + 2].end, line_structure(source, open, close + 2));
  edits.insert(source[source.match(arguments)].end, ")");
}

}  // namespace

void rewrite_launches(const Source& source, Edits& edits) {
  for (std::size_t i = source.size(); i-- > 0;) {
    if (opens_launch(source, i) && !(i > 0 && opens_launch(source, i - 1))) rewrite_launch(source, edits, i);
  }
}

}  // namespace gridstride::translator
