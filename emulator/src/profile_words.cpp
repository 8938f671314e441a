#include "profile_words.hpp"

#include <filesystem>
#include <fstream>

namespace gridstride::emulator {

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

std::string name_of(const std::string& file) { return file.substr(file.rfind('/') + 1); }

std::string shown(const std::string& file) {
  const std::string here = std::filesystem::current_path().string() + "/";
  return file.starts_with(here) ? file.substr(here.size()) : file;
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
