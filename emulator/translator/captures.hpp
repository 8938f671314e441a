#pragma once
#include <string>

#include "emulator/translator/edits.hpp"
#include "emulator/translator/source.hpp"

namespace gridstride::translator {

/// Whether one of the tokens [from, to) is the variable `name`, and not a member of that name.
bool mentions(const Source& source, std::size_t from, std::size_t to, const std::string& name);

/// CUDA's shared variables have static storage, so lambdas use them without a capture and never copy them.
/// Ours are references: every lambda between token `from` and the end of its block that mentions `name` gets
/// it by reference.
void capture_by_reference(const Source& source, Edits& edits, std::size_t from, const std::string& name);

}  // namespace gridstride::translator
