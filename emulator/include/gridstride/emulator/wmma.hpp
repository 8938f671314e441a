/// `nvcuda::wmma`: matrices that the lanes of a warp hold together, and their products.
///
/// A matrix is dealt out in row-major order, an equal run of elements to each lane. Products add up in float,
/// double or int, one after the other; what CUDA leaves open is the order.
#pragma once

#include <cstdint>
#include <limits>

#include "gridstride/emulator/bfloat16.hpp"
#include "gridstride/emulator/cooperative/lanes.hpp"

namespace nvcuda::wmma {

using gridstride::emulator::Site;

struct matrix_a {};
struct matrix_b {};
struct accumulator {};
struct row_major {};
struct col_major {};
enum layout_t { mem_row_major, mem_col_major };

namespace precision {
struct tf32 {};
}  // namespace precision

namespace detail {

template <class T>
struct Storage {
  using Type = T;
};
template <>
struct Storage<precision::tf32> {
  using Type = float;
};

template <class T, class... Allowed>
inline constexpr bool kOneOf = (std::is_same_v<T, Allowed> || ...);

/// The shapes and types of the programming guide, without those below a byte.
template <class Use, class T>
constexpr bool offered(int m, int n, int k) {
  const bool large = k == 16 && ((m == 16 && n == 16) || (m == 32 && n == 8) || (m == 8 && n == 32));
  const bool tf32 = m == 16 && n == 16 && k == 8, wide = m == 8 && n == 8 && k == 4;
  if (std::is_same_v<T, double>) return wide;
  if (std::is_same_v<Use, accumulator>) {
    return (large && kOneOf<T, __half, float, int>) || (tf32 && std::is_same_v<T, float>);
  }
  if (std::is_same_v<T, precision::tf32>) return tf32;
  return large && kOneOf<T, __half, __nv_bfloat16, signed char, unsigned char>;
}

inline constexpr unsigned kWholeWarp = 0xffffffffu;

}  // namespace detail

template <class Use, int M, int N, int K, class T, class Layout = void>
class fragment {
  static_assert(detail::offered<Use, T>(M, N, K), "wmma has no fragment of this shape and type");
  static_assert(std::is_same_v<Use, accumulator> == std::is_same_v<Layout, void>,
                "operands have a layout, accumulators have none");

 public:
  using element_type = T;
  using storage_element_type = typename detail::Storage<T>::Type;

  static constexpr int gridstride_rows = std::is_same_v<Use, matrix_b> ? K : M;
  static constexpr int gridstride_columns = std::is_same_v<Use, matrix_a> ? K : N;
  static constexpr int num_elements = gridstride_rows * gridstride_columns / 32;
  static constexpr int num_storage_elements = num_elements;

  storage_element_type x[num_elements];
};

/// Rounded to ten bits of mantissa, ties away from zero.
inline float __float_to_tf32(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7f80'0000u) == 0x7f80'0000u) return value;
  return std::bit_cast<float>((bits + 0x1000u) & ~0x1fffu);
}

namespace detail {

/// What products are made of: a tf32 is a float whose low bits nobody reads.
template <class T, class Stored>
inline auto factor(Stored value) {
  if constexpr (std::is_same_v<T, precision::tf32>) {
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) & ~0x1fffu);
  } else if constexpr (kOneOf<T, signed char, unsigned char>) {
    return static_cast<long long>(value);
  } else if constexpr (std::is_same_v<T, double>) {
    return value;
  } else {
    return static_cast<float>(value);
  }
}

/// With `saturate`, integers stop at their limits, infinities become the largest number, and NaN zero.
template <class Result, class Sum>
inline Result finished(Sum sum, bool saturate) {
  if constexpr (std::is_same_v<Result, int>) {
    constexpr Sum kMost = std::numeric_limits<int>::max(), kLeast = std::numeric_limits<int>::min();
    return static_cast<int>(!saturate ? sum : sum > kMost ? kMost : sum < kLeast ? kLeast : sum);
  } else {
    if (!saturate) return static_cast<Result>(sum);
    constexpr Sum kMost = std::is_same_v<Result, __half> ? 65504 : std::numeric_limits<Sum>::max();
    return static_cast<Result>(sum != sum ? 0 : sum > kMost ? kMost : sum < -kMost ? -kMost : sum);
  }
}

/// Calls f(slot, row, column) for every element that the calling lane holds.
template <class Fragment, class F>
inline void for_each_element(const Fragment&, F f) {
  const int first = static_cast<int>(gridstride::emulator::detail::lane()) * Fragment::num_elements;
  for (int slot = 0; slot < Fragment::num_elements; ++slot) {
    const int index = first + slot;
    f(slot, index / Fragment::gridstride_columns, index % Fragment::gridstride_columns);
  }
}

inline std::size_t offset(int row, int column, unsigned leading, bool by_rows) {
  const int outer = by_rows ? row : column, inner = by_rows ? column : row;
  return static_cast<std::size_t>(outer) * leading + static_cast<std::size_t>(inner);
}

template <class Fragment, class T>
inline void load(Fragment& fragment, const T* matrix, unsigned leading, bool by_rows, Site site) {
  __syncwarp(kWholeWarp, site);
  for_each_element(fragment, [&](int slot, int row, int column) {
    fragment.x[slot] = matrix[offset(row, column, leading, by_rows)];
  });
}

/// The fragments of one lane.
template <class A, class B>
struct Operands {
  const A* a;
  const B* b;
};

/// Element `index` of a fragment whose shares `of_lane` finds.
template <class Fragment, class OfLane>
inline auto element(int index, OfLane of_lane) {
  const Fragment& share = of_lane(index / Fragment::num_elements);
  return factor<typename Fragment::element_type>(share.x[index % Fragment::num_elements]);
}

}  // namespace detail

template <class Use, int M, int N, int K, class T, class Layout>
inline void fill_fragment(fragment<Use, M, N, K, T, Layout>& filled,
                          std::type_identity_t<typename detail::Storage<T>::Type> value) {
  for (auto& x : filled.x) x = value;
}

template <class Use, int M, int N, int K, class T, class Layout>
inline void load_matrix_sync(fragment<Use, M, N, K, T, Layout>& target,
                             const typename detail::Storage<T>::Type* matrix, unsigned leading,
                             Site site = Site::here()) {
  static_assert(!std::is_same_v<Layout, void>, "an accumulator is loaded with a layout_t");
  detail::load(target, matrix, leading, std::is_same_v<Layout, row_major>, site);
}

template <int M, int N, int K, class T>
inline void load_matrix_sync(fragment<accumulator, M, N, K, T>& target, const T* matrix, unsigned leading,
                             layout_t layout, Site site = Site::here()) {
  detail::load(target, matrix, leading, layout == mem_row_major, site);
}

template <int M, int N, int K, class T>
inline void store_matrix_sync(T* matrix, const fragment<accumulator, M, N, K, T>& source, unsigned leading,
                              layout_t layout, Site site = Site::here()) {
  __syncwarp(detail::kWholeWarp, site);
  detail::for_each_element(source, [&](int slot, int row, int column) {
    matrix[detail::offset(row, column, leading, layout == mem_row_major)] = source.x[slot];
  });
}

/// d = a * b + c. The lanes show each other their operands, which stay where they are until all have read.
template <int M, int N, int K, class T, class LayoutA, class LayoutB, class D, class C>
inline void mma_sync(fragment<accumulator, M, N, K, D>& d, const fragment<matrix_a, M, N, K, T, LayoutA>& a,
                     const fragment<matrix_b, M, N, K, T, LayoutB>& b,
                     const fragment<accumulator, M, N, K, C>& c, bool saturate = false,
                     Site site = Site::here()) {
  using A = fragment<matrix_a, M, N, K, T, LayoutA>;
  using B = fragment<matrix_b, M, N, K, T, LayoutB>;
  detail::Operands<A, B> mine[32];
  detail::Operands<A, B>* all = __shfl_sync(detail::kWholeWarp, mine, 0, 32, site);
  all[gridstride::emulator::detail::lane()] = {&a, &b};
  __syncwarp(detail::kWholeWarp, site);
  {
    [[maybe_unused]] const gridstride::emulator::detail::ProductScope one_instruction(2 * M * N * K);
    detail::for_each_element(d, [&](int slot, int row, int column) {
      using Sum = decltype(detail::factor<T>(a.x[0]));
      Sum sum = static_cast<Sum>(c.x[slot]);
      for (int k = 0; k < K; ++k) {
        sum += detail::element<A>(row * K + k, [all](int lane) -> const A& { return *all[lane].a; }) *
               detail::element<B>(k * N + column, [all](int lane) -> const B& { return *all[lane].b; });
      }
      d.x[slot] = detail::finished<D>(sum, saturate);
    });
  }
  __syncwarp(detail::kWholeWarp, site);
}

}  // namespace nvcuda::wmma
