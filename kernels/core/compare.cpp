#include "kernels/core/compare.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

namespace gridstride {
namespace {

template <class T>
std::optional<Mismatch> compare_as(const T* value, const T* reference, int64_t elems, Tolerance tolerance) {
  Mismatch worst;
  double worst_excess = -1;
  for (int64_t i = 0; i < elems; ++i) {
    const double x = static_cast<double>(value[i]), ref = static_cast<double>(reference[i]);
    if (x == ref || (std::isnan(x) && std::isnan(ref))) continue;
    const double bound = std::is_integral_v<T> ? 0.0 : tolerance.abs + tolerance.rel * std::abs(ref);
    const double error = std::abs(x - ref);
    if (error <= bound && std::isfinite(ref)) continue;
    ++worst.count;
    const double excess = std::isfinite(error) ? error - bound : std::numeric_limits<double>::infinity();
    if (excess > worst_excess) {
      worst_excess = excess;
      worst.index = i, worst.value = x, worst.reference = ref, worst.bound = bound;
    }
  }
  if (worst.count == 0) return std::nullopt;
  return worst;
}

}  // namespace

std::string Mismatch::describe(const std::string& operand) const {
  char text[256];
  std::snprintf(text, sizeof text, "%s[%lld] = %.9g, reference %.9g, bound %.3g; %lld elements are outside",
                operand.c_str(), static_cast<long long>(index), value, reference, bound,
                static_cast<long long>(count));
  return text;
}

std::optional<Mismatch> compare(Dtype dtype, const void* value, const void* reference, int64_t elems,
                                Tolerance tolerance) {
  switch (dtype) {
    case Dtype::f32:
      return compare_as(static_cast<const float*>(value), static_cast<const float*>(reference), elems,
                        tolerance);
    case Dtype::i32:
      return compare_as(static_cast<const int32_t*>(value), static_cast<const int32_t*>(reference), elems,
                        tolerance);
    case Dtype::u8:
      return compare_as(static_cast<const uint8_t*>(value), static_cast<const uint8_t*>(reference), elems,
                        tolerance);
  }
  return Mismatch{};
}

}  // namespace gridstride
