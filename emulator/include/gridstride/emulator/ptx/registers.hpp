/// Operands of PTX instructions. A register is bits: what they mean is each instruction's own affair.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>

#include "gridstride/emulator/ptx/types.hpp"

namespace gridstride::emulator::ptx {

/// The value in the lowest bits.
template <class T>
constexpr T from_bits(u64 bits) {
  if constexpr (std::is_same_v<T, bool>) {
    return bits != 0;
  } else {
    return std::bit_cast<T>(static_cast<Unsigned<sizeof(T)>>(bits));
  }
}

/// Signed integers extend their sign, so that a wider register holds the same number.
template <class T>
constexpr u64 to_bits(T value) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<u64>(value);
  } else {
    return std::bit_cast<Unsigned<sizeof(T)>>(value);
  }
}

/// A result and the predicate that some instructions add to it.
template <class T>
struct Outcome {
  T value;
  bool predicate;
};

template <class Type>
class Register {
  using Raw = Unsigned<sizeof(Type)>;

 public:
  constexpr Register() = default;
  /// From a C++ operand of the asm statement.
  template <class T>
  explicit Register(T operand) {
    if constexpr (std::is_pointer_v<T>) {
      raw_ = static_cast<Raw>(reinterpret_cast<std::uintptr_t>(operand));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      constexpr bool kFloat = std::is_floating_point_v<Type> && std::is_arithmetic_v<T>;
      raw_ = static_cast<Raw>(to_bits(static_cast<std::conditional_t<kFloat, Type, u64>>(operand)));
    } else {
      static_assert(sizeof(T) == sizeof(Raw), "the operand's size is not its constraint's");
      std::memcpy(&raw_, &operand, sizeof raw_);
    }
  }
  /// To a C++ result of the asm statement.
  template <class T>
  void to(T& out) const {
    using Plain = std::remove_cv_t<T>;
    if constexpr (std::is_pointer_v<Plain>) {
      out = reinterpret_cast<Plain>(static_cast<std::uintptr_t>(raw_));
    } else if constexpr (std::is_arithmetic_v<Plain>) {
      using Value = std::conditional_t<std::is_floating_point_v<Type>, Type, Raw>;
      out = static_cast<Plain>(from_bits<Value>(raw_));
    } else {
      static_assert(sizeof(T) == sizeof(Raw), "the result's size is not its constraint's");
      std::memcpy(&out, &raw_, sizeof raw_);
    }
  }

  template <class T>
  constexpr Register& operator=(T value) {
    raw_ = static_cast<Raw>(to_bits(value));
    return *this;
  }
  template <class T>
  constexpr Register& operator=(Outcome<T> outcome) {
    return *this = outcome.value;
  }
  template <class T>
  constexpr operator T() const {
    return from_bits<T>(raw_);
  }

 private:
  Raw raw_{};
};

/// `5`, `%laneid`: as wide as the instruction asks for.
struct Integer {
  u64 value;

  template <class T>
  constexpr operator T() const {
    return from_bits<T>(value);
  }
};

/// `1.5`
struct Real {
  double value;

  constexpr operator float() const { return static_cast<float>(value); }
  constexpr operator double() const { return value; }
};

/// `0f3f800000`
template <class T>
constexpr Integer bits_of(u64 bits) {
  return {bits};
}

/// `_`
struct Nowhere {
  template <class T>
  void operator=(const T&) const {}
};

/// `d|p`
template <class Value, class Predicate>
struct Both {
  Value& value;
  Predicate& predicate;

  template <class T>
  void operator=(Outcome<T> outcome) {
    value = outcome.value;
    predicate = outcome.predicate;
  }
};
template <class Value, class Predicate>
Both(Value&&, Predicate&&) -> Both<std::remove_reference_t<Value>, std::remove_reference_t<Predicate>>;

/// `{a, b}`: of a scalar its parts, lowest first; or the elements of a vector in memory.
template <class... Operands>
struct Vector {
  std::tuple<Operands...> operands;

  template <class T>
  constexpr operator T() const {
    using Part = Unsigned<sizeof(T) / sizeof...(Operands)>;
    u64 bits = 0;
    int at = 0;
    const auto append = [&](Part part) {
      bits |= static_cast<u64>(part) << at;
      at += 8 * static_cast<int>(sizeof(Part));
    };
    std::apply([&](const auto&... each) { (append(static_cast<Part>(each)), ...); }, operands);
    return from_bits<T>(bits);
  }
  template <class T>
  constexpr void operator=(T scalar) {
    using Part = Unsigned<sizeof(T) / sizeof...(Operands)>;
    const u64 bits = to_bits(scalar);
    int at = -8 * static_cast<int>(sizeof(Part));
    const auto next = [&] { return static_cast<Part>(bits >> (at += 8 * static_cast<int>(sizeof(Part)))); };
    std::apply([&](auto&... each) { ((each = next()), ...); }, operands);
  }

  template <class T>
  constexpr std::array<T, sizeof...(Operands)> elements() const {
    return std::apply([](const auto&... each) { return std::array{static_cast<T>(each)...}; }, operands);
  }
  template <class T>
  constexpr void operator=(const std::array<T, sizeof...(Operands)>& loaded) {
    std::size_t i = 0;
    std::apply([&](auto&... each) { ((each = loaded[i++]), ...); }, operands);
  }
};

template <class... Operands>
constexpr Vector<Operands...> vector(Operands&&... operands) {
  return {std::tuple<Operands...>(operands...)};
}

template <class T>
constexpr T mov(T a) {
  return a;
}

}  // namespace gridstride::emulator::ptx
