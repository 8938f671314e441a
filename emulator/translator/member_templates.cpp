#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

/// Whether the tokens between `open` and `last` can be template arguments, and no comparison that only looks
/// like them.
bool are_arguments(const Source& source, std::size_t open, std::size_t last) {
  if (last <= open + 1) return false;
  for (std::size_t i = open + 1; i < last; ++i) {
    const bool harmless = source.is_identifier(i) || source[i].kind == Kind::number || source.is(i, "::") ||
                          source.mark(i) == ',' || source.mark(i) == '*' || source.mark(i) == '<' ||
                          source.mark(i) == '>';
    if (!harmless) return false;
  }
  return true;
}

bool in_function(const Source& source, std::size_t i) {
  for (std::size_t open = source.parent(i); open != kNone; open = source.parent(open)) {
    std::size_t head = open;
    while (head > 0 && source.is_identifier(head - 1)) --head;  // const, noexcept
    if (source.mark(open) == '{' && head > 0 && source.mark(head - 1) == ')') return true;
  }
  return false;
}

}  // namespace

void name_member_templates(const Source& source, Edits& edits) {
  for (std::size_t i = 1; i + 3 < source.size(); ++i) {
    if (!source.is(i, "::") || source.mark(i - 1) != '>') continue;
    if (!source.is_identifier(i + 1) || source.is(i + 1, "template") || source.mark(i + 2) != '<') continue;
    const std::size_t end = after_angle(source, i + 2);
    if (end == kNone || source.mark(end) != '(' || !are_arguments(source, i + 2, end - 1)) continue;
    if (angle_open(source, i - 1) == kNone || !in_function(source, i)) continue;
    edits.insert(source[i + 1].begin, "template ");
  }
}

}  // namespace gridstride::translator
