#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "emulator/translator/source.hpp"

namespace gridstride::translator {

/// Replacements to be made in a text. Where two overlap, the one that starts first, or is longer, wins;
/// insertions at one place keep the order in which they were made.
class Edits {
 public:
  void replace(std::size_t begin, std::size_t end, std::string text);
  void insert(std::size_t at, std::string text) { replace(at, at, std::move(text)); }
  /// An insertion that goes before those already made at this place.
  void insert_outside(std::size_t at, std::string text);

  std::string apply(std::string_view source) const { return apply(source, 0, source.size()); }
  /// The edited form of source[begin, end), using the edits that lie within.
  std::string apply(std::string_view source, std::size_t begin, std::size_t end) const;

 private:
  struct Edit {
    std::size_t begin, end;
    std::string text;
    long order;
  };
  std::vector<Edit> edits_;
  long next_ = 0;
};

/// The newlines and directives between the given tokens, bounds included: what must remain when text is
/// moved away, so that every later line keeps its number.
std::string line_structure(const Source& source, std::size_t first, std::size_t last);

/// The given tokens in one line, spaced as written.
std::string one_line(const Source& source, const std::vector<std::size_t>& tokens);
std::string one_line(std::string_view text);

}  // namespace gridstride::translator
