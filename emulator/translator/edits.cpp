#include "emulator/translator/edits.hpp"

#include <algorithm>
#include <numeric>

namespace gridstride::translator {

void Edits::replace(std::size_t begin, std::size_t end, std::string text) {
  edits_.push_back({begin, end, std::move(text), next_++});
}

void Edits::insert_outside(std::size_t at, std::string text) {
  edits_.push_back({at, at, std::move(text), -(next_++)});
}

std::string Edits::apply(std::string_view source, std::size_t begin, std::size_t end) const {
  std::vector<const Edit*> inside;
  for (const Edit& edit : edits_) {
    if (edit.begin >= begin && edit.end <= end) inside.push_back(&edit);
  }
  std::sort(inside.begin(), inside.end(), [](const Edit* a, const Edit* b) {
    if (a->begin != b->begin) return a->begin < b->begin;
    const bool a_inserts = a->begin == a->end, b_inserts = b->begin == b->end;
    if (a_inserts != b_inserts) return a_inserts;
    if (a->end != b->end) return a->end > b->end;
    return a->order < b->order;
  });
  std::string out;
  out.reserve((end - begin) + 128 * inside.size());
  std::size_t at = begin;
  for (const Edit* edit : inside) {
    if (edit->begin < at) continue;
    out.append(source, at, edit->begin - at).append(edit->text);
    at = edit->end;
  }
  return out.append(source, at, end - at);
}

std::string line_structure(const Source& source, std::size_t first, std::size_t last) {
  std::string out;
  const std::string_view text = source.text();
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t from = source[i].end, to = source[i + 1].begin;
    const auto& directives = source.directives();
    auto directive = std::lower_bound(directives.begin(), directives.end(), from,
                                      [](const Directive& d, std::size_t byte) { return d.begin < byte; });
    for (std::size_t at = from; at < to; ++at) {
      if (directive != directives.end() && directive->begin == at) {
        out.append(text, at, directive->end - at);
        at = directive->end - 1;
        ++directive;
      } else if (text[at] == '\n') {
        out += '\n';
      }
    }
  }
  return out;
}

std::string one_line(const Source& source, const std::vector<std::size_t>& tokens) {
  std::string out;
  for (std::size_t n = 0; n < tokens.size(); ++n) {
    if (n > 0 && !(tokens[n] == tokens[n - 1] + 1 && source.touches_next(tokens[n - 1]))) out += ' ';
    out += source.spell(tokens[n]);
  }
  return out;
}

std::string one_line(std::string_view text) {
  const Source source(text, "");
  std::vector<std::size_t> tokens(source.size());
  std::iota(tokens.begin(), tokens.end(), std::size_t{0});
  return one_line(source, tokens);
}

}  // namespace gridstride::translator
