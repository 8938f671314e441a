#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {
namespace {

/// Where the function begins whose body opens at `open`; `open` itself when it is no function's.
std::size_t function_begin(const Source& source, std::size_t open) {
  std::size_t at = open;
  while (at > 0 && source.is_identifier(at - 1)) --at;  // const, noexcept
  if (at == 0 || source.mark(at - 1) != ')' || source.match(at - 1) == kNone) return open;
  return statement_begin(source, source.match(at - 1));
}

/// Whether token i stands in a function for the device.
bool in_device_function(const Source& source, std::size_t i) {
  for (std::size_t open = source.parent(i); open != kNone; open = source.parent(open)) {
    if (source.mark(open) != '{') continue;
    for (std::size_t at = function_begin(source, open); at < open; ++at) {
      if (source.is(at, "__global__") || source.is(at, "__device__")) return true;
    }
  }
  return false;
}

/// Whether the `while` at i ends a `do`, which has its body before it.
bool ends_do(const Source& source, std::size_t i) {
  if (i == 0) return false;
  std::size_t at = i - 1;
  if (source.mark(at) == '}') return source.match(at) != kNone && source.is(source.match(at) - 1, "do");
  if (source.mark(at) != ';') return false;
  const std::size_t parent = source.parent(i);
  for (std::size_t steps = 0; at > 0 && steps < kReach; ++steps) {
    --at;
    if (at == parent || ((source.mark(at) == ';' || source.mark(at) == '}') && source.parent(at) == parent)) {
      return source.is(at + 1, "do");
    }
  }
  return source.is(at, "do");
}

bool is_empty_block(const Source& source, std::size_t i) {
  return source.mark(i) == '{' && source.match(i) == i + 1;
}

}  // namespace

void rewrite_polls(const Source& source, Edits& edits) {
  static const std::string kPoll = "::gridstride::emulator::detail::spin_point();";
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (!source.is_identifier(i)) continue;
    std::size_t body = kNone;
    if (source.is(i, "do")) {
      body = i + 1;
    } else if ((source.is(i, "while") || source.is(i, "for")) && source.mark(i + 1) == '(' &&
               source.match(i + 1) != kNone) {
      body = source.match(i + 1) + 1;
    }
    if (body == kNone || body >= source.size()) continue;
    const bool semicolon = source.mark(body) == ';' && !(source.is(i, "while") && ends_do(source, i));
    if ((!semicolon && !is_empty_block(source, body)) || !in_device_function(source, i)) continue;
    if (semicolon) {
      edits.insert(source[body].begin, " " + kPoll.substr(0, kPoll.size() - 1));
    } else {
      edits.insert(source[body].end, kPoll);
    }
  }
}

}  // namespace gridstride::translator
