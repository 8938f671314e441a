#include "emulator/driver/words.hpp"

namespace gridstride::driver {

Words split_words(std::string_view text) {
  Words out;
  bool open = false;  // whether a word has begun, be it an empty one in quotes
  char quoted = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!quoted && space) {
      open = false;
      continue;
    }
    if (!open) out.emplace_back();
    open = true;
    if (c == quoted) {
      quoted = 0;
    } else if (!quoted && (c == '"' || c == '\'')) {
      quoted = c;
    } else if (c == '\\' && quoted != '\'' && i + 1 < text.size()) {
      out.back() += text[++i];
    } else {
      out.back() += c;
    }
  }
  return out;
}

Words split_list(std::string_view text) {
  Words out(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',') {
      out.back() += text[++i];
    } else if (text[i] == ',') {
      out.emplace_back();
    } else {
      out.back() += text[i];
    }
  }
  return out;
}

std::string quote(const Words& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    const bool plain =
        !word.empty() && word.find_first_of(" \t\n\"'\\$&|;<>()*?[]#~`!{}") == std::string::npos;
    if (plain) {
      out += word;
      continue;
    }
    out += '\'';
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    out += '\'';
  }
  return out;
}

}  // namespace gridstride::driver
