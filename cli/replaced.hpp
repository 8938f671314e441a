#pragma once

#include <string>
#include <string_view>

namespace gridstride::cli {

inline std::string replaced(std::string text, std::string_view was, std::string_view is) {
  for (std::size_t at = 0; (at = text.find(was, at)) != std::string::npos; at += is.size()) {
    text.replace(at, was.size(), is);
  }
  return text;
}

}  // namespace gridstride::cli
