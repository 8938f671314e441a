/// What profiles are written with: quotients, quotations, and the lines of sources.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "format.hpp"

namespace gridstride::emulator {

/// a / b; 0 where there is nothing to divide by.
double ratio(std::uint64_t a, std::uint64_t b);
/// A JSON string.
std::string quoted(const std::string& text);

/// A file, from the working directory where it lies below it.
std::string shown(const std::string& file);

/// A file without its folders.
std::string name_of(const std::string& file);

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
