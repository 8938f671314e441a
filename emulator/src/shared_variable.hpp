/// `__shared__` variables by the names that their declarations gave them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gridstride::emulator {

class SharedVariable {
 public:
  /// `signature` is shared<T, Tag>()'s as the compiler spells it; empty for a launch's dynamic part.
  SharedVariable(std::string_view signature, std::size_t bytes);

  /// Whether a program declared it; else the emulator wants the memory for itself.
  static bool is_programs(std::string_view signature);

  /// "tile[2][0]" for an offset in bytes, which may be beyond either end; empty where there are no elements.
  std::string element(std::ptrdiff_t offset) const;
  /// "__shared__ float tile[2][32]".
  std::string declaration() const;

 private:
  std::string name_;
  std::string type_;                  // of an element
  std::vector<std::size_t> extents_;  // none for a scalar
  std::size_t bytes_;
  std::size_t element_bytes_;
};

}  // namespace gridstride::emulator
