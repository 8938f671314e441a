#include "emulator/translator/captures.hpp"

#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

bool introduces_lambda(const Source& source, std::size_t i) {
  if (source.mark(i) != '[' || source.match(i) == kNone || i == 0) return false;
  if (source.mark(i + 1) == '[' || source.mark(i - 1) == '[') return false;
  const char before = source.mark(i - 1);
  if (before == ')' || before == ']' || source[i - 1].kind == Kind::literal) return false;
  if (source.is_identifier(i - 1) && !source.is(i - 1, "return")) return false;
  return true;
}

/// The '{' of the lambda whose introducer ends at `close`, or kNone.
std::size_t lambda_body(const Source& source, std::size_t close) {
  for (std::size_t i = close + 1, steps = 0; i != kNone && i < source.size() && steps < kReach; ++steps) {
    switch (source.mark(i)) {
      case '{':
        return source.match(i) == kNone ? kNone : i;
      case ';':
      case ',':
      case '=':
        return kNone;
      case '<':
        i = after_angle(source, i);
        break;
      default:
        i = source.skip(i);
    }
  }
  return kNone;
}

}  // namespace

bool mentions(const Source& source, std::size_t from, std::size_t to, const std::string& name) {
  for (std::size_t i = from; i < to; ++i) {
    if (!source.is(i, name)) continue;
    if (source.mark(i - 1) != '.' && !source.is(i - 1, "->") && !source.is(i - 1, "::")) return true;
  }
  return false;
}

void capture_by_reference(const Source& source, Edits& edits, std::size_t from, const std::string& name) {
  const std::size_t block = source.parent(from);
  const std::size_t end =
      block == kNone || source.match(block) == kNone ? source.size() : source.match(block);
  for (std::size_t i = from; i < end; ++i) {
    if (!introduces_lambda(source, i)) continue;
    const std::size_t close = source.match(i);
    const std::size_t body = lambda_body(source, close);
    if (body == kNone || !mentions(source, body, source.match(body), name)) continue;
    if (source.mark(i + 1) == '&' && (close == i + 2 || source.mark(i + 2) == ',')) continue;
    if (mentions(source, i + 1, close, name)) continue;
    edits.insert(source[close].begin, (close == i + 1 ? "&" : ", &") + name);
  }
}

}  // namespace gridstride::translator
