#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "framework/io/gzip.hpp"

namespace gridstride::tests {

/// An IDX file by hand: the header for these dimensions, then the values as given, be they right or not.
inline std::string idx_bytes(std::initializer_list<uint32_t> shape, std::string_view values, char type = 8) {
  std::string bytes = {0, 0, type, static_cast<char>(shape.size())};
  for (const uint32_t dim : shape) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(dim >> shift);
  }
  return bytes.append(values);
}

inline std::string gzip_bytes(std::string_view text) {
  const auto packed = io::gzip(std::as_bytes(std::span(text)));
  return {reinterpret_cast<const char*>(packed.data()), packed.size()};
}

}  // namespace gridstride::tests
