#include "framework/tensor/shape.hpp"

#include <stdexcept>

namespace gridstride {

int64_t numel(const Shape& shape) {
  int64_t count = 1;
  for (const int64_t extent : shape) {
    if (extent < 0) throw std::invalid_argument("[tensor] negative extent in shape " + to_string(shape));
    if (__builtin_mul_overflow(count, extent, &count)) {
      throw std::invalid_argument("[tensor] shape " + to_string(shape) + " has more than 2^63 elements");
    }
  }
  return count;
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (const int64_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + ")";
}

}  // namespace gridstride
