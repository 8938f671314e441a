#include "profile_words.hpp"

#include <cstdarg>
#include <cstdio>
#include <fstream>

namespace gridstride::emulator {

std::string format(const char* pattern, ...) {
  char text[512];
  va_list values;
  va_start(values, pattern);
  std::vsnprintf(text, sizeof text, pattern, values);
  va_end(values);
  return text;
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

double ratio(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b);
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += format("\\u%04x", c);
    } else {
      out += c;
    }
  }
  return out + '"';
}

const std::vector<std::string>& Sources::of(const std::string& file) {
  const auto [found, is_new] = files_.try_emplace(file);
  if (is_new) {
    std::ifstream in(file);
    for (std::string text; std::getline(in, text);) found->second.push_back(text);
  }
  return found->second;
}

std::string Sources::at(const std::string& file, unsigned line) {
  const std::vector<std::string>& lines = of(file);
  return line == 0 || line > lines.size() ? std::string() : lines[line - 1];
}

}  // namespace gridstride::emulator
