/// What profiles are written with: numbers, quotations, and the lines of sources.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gridstride::emulator {

/// printf, into a string of less than 512 characters.
[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);
/// "1,234,567".
std::string grouped(std::uint64_t value);
/// a / b; 0 where there is nothing to divide by.
double ratio(std::uint64_t a, std::uint64_t b);
/// A JSON string.
std::string quoted(const std::string& text);

/// The lines of source files, read once.
class Sources {
 public:
  const std::vector<std::string>& of(const std::string& file);
  /// Empty where there is no such line.
  std::string at(const std::string& file, unsigned line);

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace gridstride::emulator
