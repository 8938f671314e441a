#pragma once

#include <sstream>
#include <stdexcept>

#include "framework/tensor/tensor.hpp"

namespace gridstride {

namespace detail {
inline void show(std::ostream& out, const Shape& shape) { out << to_string(shape); }
template <class T>
void show(std::ostream& out, const T& value) {
  out << value;
}
}  // namespace detail

/// Throw std::invalid_argument "[op] ..." unless `holds`. Shapes among the parts are printed as shapes.
template <class... Parts>
void require(bool holds, const char* op, const Parts&... parts) {
  if (holds) return;
  std::ostringstream line;
  line << '[' << op << "] ";
  (detail::show(line, parts), ...);
  throw std::invalid_argument(line.str());
}

/// For optional operands: null and the scalar's shape where there is none.
inline const float* data_of(const Tensor& t) { return t.defined() ? t.data() : nullptr; }
inline Shape shape_of(const Tensor& t) { return t.defined() ? t.shape() : Shape{}; }

}  // namespace gridstride
