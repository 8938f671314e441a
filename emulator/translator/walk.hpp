#pragma once
#include <string_view>

#include "emulator/translator/source.hpp"

namespace gridstride::translator {

/// The '<' that opens the template arguments closed by the '>' at i, or kNone.
std::size_t angle_open(const Source& source, std::size_t close);

/// Just beyond the '>' that closes the template arguments opened at i, or kNone.
std::size_t after_angle(const Source& source, std::size_t open);

/// Where the postfix expression begins that ends just before token `end`: `ns::k<A<B>, (1>0)>`, `table[i]`,
/// `this->fn`, `pick(x)`, `(*k)`. kNone where there is none.
std::size_t expression_begin(const Source& source, std::size_t end);

/// The first token of the declaration or statement that holds token i.
std::size_t statement_begin(const Source& source, std::size_t i);

/// The ';' that ends the statement around i at i's own depth, or kNone.
std::size_t statement_end(const Source& source, std::size_t i);

/// Whether token i stands outside of all functions and classes.
bool at_namespace_scope(const Source& source, std::size_t i);

/// The first token of what stands before a '{': a function's type and parameters, `struct A`, `int a[] =`.
std::size_t head_begin(const Source& source, std::size_t brace);

/// The '{' of the next function body at or after token i that no other function holds, or kNone.
std::size_t next_function_body(const Source& source, std::size_t i);

/// `__attribute__`, `alignas` and their like: names followed by a group that belongs to them.
bool takes_attribute_group(std::string_view name);

}  // namespace gridstride::translator
