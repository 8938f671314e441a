#pragma once
#include <string>
#include <vector>

#include "emulator/translator/source.hpp"

namespace gridstride::translator {

/// One variable of a `__shared__` declaration.
struct SharedVariable {
  std::string name;
  std::string type;       // `float [32][33]`: the declarator without its name
  std::string reference;  // `float (&tile)[32][33]`: a reference declared under the variable's own name
};

/// `extern volatile __shared__ alignas(16) T a[4], *b;` taken apart.
struct SharedDeclaration {
  std::size_t first, end;  // from the first specifier up to the ';'
  bool is_extern = false;
  std::string alignment;            // `alignas(16)` as written, or empty
  std::size_t class_key = kNone;    // `struct` and
  std::size_t class_close = kNone;  // `}` of a type that is defined in the declaration
  std::string class_name;           // an unnamed one is given a name
  bool class_unnamed = false;
  std::vector<SharedVariable> variables;
};

/// Parses the declaration around the `__shared__` at token i; fails with a message for what CUDA refuses.
SharedDeclaration parse_shared(const Source& source, std::size_t i);

}  // namespace gridstride::translator
