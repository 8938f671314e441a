#pragma once
#include <string_view>
#include <vector>

#include "emulator/translator/source.hpp"

namespace gridstride::translator {

/// Splits text into tokens and directives; comments and white space fall between them. Accepts anything.
void lex(std::string_view text, std::vector<Token>& tokens, std::vector<Directive>& directives);

}  // namespace gridstride::translator
