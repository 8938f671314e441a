/// Where in the source a device function was called. Device functions take it as their last, defaulted
/// argument, so that a report can name the line. (std::source_location is missing in clang 14.)
#pragma once

namespace gridstride::emulator {

struct Site {
  const char* file = "";
  unsigned line = 0;

  static constexpr Site here(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
    return {file, line};
  }
};

}  // namespace gridstride::emulator
