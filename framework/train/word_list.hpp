#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "framework/io/error.hpp"
#include "kernels/core/registry.hpp"

namespace gridstride::train {

/// UserError "--model wants cnn or mlp, got 'cmn'; did you mean cnn?" unless `word` is in the list.
inline void require_word(std::string_view what, std::string_view word,
                         const std::vector<std::string>& words) {
  if (std::ranges::find(words, word) != words.end()) return;
  std::string line = "--" + std::string(what) + " wants ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    line += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  throw UserError(line + ", got " + io::escaped(word) + did_you_mean(word, words));
}

}  // namespace gridstride::train
