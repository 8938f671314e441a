#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string_view>

namespace gridstride {

/// So many elements of four bytes, and guard zones around them, can still be counted.
constexpr int64_t kMostElems = std::numeric_limits<int64_t>::max() / 5;

/// The product of sizes; kMostElems + 1 where it is larger, or where a size is negative.
int64_t elems_of(std::initializer_list<int64_t> sizes);

struct NamedSize {
  const char* name;
  int64_t value;
};

/// Throws std::invalid_argument "[op] n must be >= 0, got -1" for the first negative size, and
/// "[op] x of 3037000500 x 3037000500 elements is beyond any address; use smaller sizes" for an array that no
/// memory could hold.
void check_array(std::string_view op, std::string_view array, std::initializer_list<NamedSize> sizes);

}  // namespace gridstride
