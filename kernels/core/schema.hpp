#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

namespace gridstride {

enum class Dtype { f32, i32, u8 };
enum class Role { input, output, update };  ///< update: read, then written

std::size_t size_of(Dtype dtype);
const char* to_string(Dtype dtype);

/// How test data for an operand is drawn.
struct Fill {
  enum class Kind { normal, uniform, integer } kind = Kind::normal;
  double low = 0, high = 1;  ///< normal: mean and deviation; uniform [low, high); integer low..high inclusive
};
inline Fill normal(double mean = 0, double deviation = 1) { return {Fill::Kind::normal, mean, deviation}; }
inline Fill uniform(double low, double high) { return {Fill::Kind::uniform, low, high}; }
inline Fill integer(int64_t low, int64_t high) {
  return {Fill::Kind::integer, static_cast<double>(low), static_cast<double>(high)};
}

/// A number of Args that a user may set: `--name value`.
struct Field {
  std::string name, help;
  std::function<void(const std::string&)> parse;  ///< throws std::invalid_argument
  std::function<std::string()> show;
};

/// A pointer of Args: how much it points to and what the operation does with it.
struct Operand {
  std::string name;
  Dtype dtype;
  Role role;
  int64_t elems;
  Fill fill;
  std::function<void(void*)> bind;
};

/// Everything about an operation's Args that the tests, the benchmark, the profiler and the command line
/// need, told once by `Op::describe(args)`. It refers into those Args.
class Schema {
 public:
  Schema& dim(std::string name, int64_t& value, std::string help);
  Schema& real(std::string name, float& value, std::string help);
  Schema& flag(std::string name, bool& value, std::string help);
  /// A choice among named values of an enum that counts from 0.
  template <class Enum>
  Schema& choice(std::string name, Enum& value, std::vector<std::string> names, std::string help) {
    static_assert(std::is_enum_v<Enum>);
    return choice(
        std::move(name), [&value](int i) { value = static_cast<Enum>(i); },
        [&value] { return static_cast<int>(value); }, std::move(names), std::move(help));
  }

  /// Operands in the order in which a reader names them. Where `elems` is 0 the pointer is null.
  template <class T>
  Schema& input(std::string name, const T*& slot, int64_t elems, Fill fill = normal()) {
    return operand<T>(std::move(name), Role::input, elems, fill,
                      [&slot](void* p) { slot = static_cast<const T*>(p); });
  }
  template <class T>
  Schema& output(std::string name, T*& slot, int64_t elems) {
    return operand<T>(std::move(name), Role::output, elems, {},
                      [&slot](void* p) { slot = static_cast<T*>(p); });
  }
  template <class T>
  Schema& update(std::string name, T*& slot, int64_t elems, Fill fill = normal()) {
    return operand<T>(std::move(name), Role::update, elems, fill,
                      [&slot](void* p) { slot = static_cast<T*>(p); });
  }

  std::vector<Field> fields;
  std::vector<Operand> operands;

 private:
  Schema& choice(std::string name, std::function<void(int)> set, std::function<int()> get,
                 std::vector<std::string> names, std::string help);

  template <class T>
  Schema& operand(std::string name, Role role, int64_t elems, Fill fill, std::function<void(void*)> bind) {
    constexpr Dtype dtype = std::is_same_v<T, float>     ? Dtype::f32
                            : std::is_same_v<T, int32_t> ? Dtype::i32
                                                         : Dtype::u8;
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, int32_t> || std::is_same_v<T, uint8_t>);
    operands.push_back({std::move(name), dtype, role, elems, fill, std::move(bind)});
    return *this;
  }
};

}  // namespace gridstride
