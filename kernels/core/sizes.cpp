#include "kernels/core/sizes.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace gridstride {

int64_t elems_of(std::initializer_list<int64_t> sizes) {
  if (std::ranges::any_of(sizes, [](int64_t size) { return size < 0; })) return kMostElems + 1;
  if (std::ranges::any_of(sizes, [](int64_t size) { return size == 0; })) return 0;
  int64_t product = 1;
  for (const int64_t size : sizes) {
    if (product > kMostElems / size) return kMostElems + 1;
    product *= size;
  }
  return product;
}

void check_array(std::string_view op, std::string_view array, std::initializer_list<NamedSize> sizes) {
  const std::string start = "[" + std::string(op) + "] ";
  std::string shape;
  int64_t elems = 1;
  for (const auto& [name, value] : sizes) {
    if (value < 0) {
      throw std::invalid_argument(start + name + " must be >= 0, got " + std::to_string(value));
    }
    shape += (shape.empty() ? "" : " x ") + std::to_string(value);
    elems = elems_of({elems, value});
  }
  if (elems > kMostElems) {
    throw std::invalid_argument(start + std::string(array) + " of " + shape +
                                " elements is beyond any address; use smaller sizes");
  }
}

}  // namespace gridstride
