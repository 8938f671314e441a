#pragma once
#include <string_view>

#include "emulator/driver/process.hpp"

namespace gridstride::driver {

/// Splits as a shell would: at white space, except within quotes or behind a backslash.
Words split_words(std::string_view text);

/// Splits `a,b,c`; a backslash keeps the comma behind it.
Words split_list(std::string_view text);

/// One line that a shell reads as these words.
std::string quote(const Words& words);

inline void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

}  // namespace gridstride::driver
