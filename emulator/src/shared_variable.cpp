#include "shared_variable.hpp"

#include <algorithm>
#include <charconv>

namespace gridstride::emulator {
namespace {

constexpr std::string_view kTag = "gridstride_shared_";  // as the translator names tags

/// What stands between "T = " and ", Tag" in "... [T = float[2], Tag = f()::gridstride_shared_x, Align = 4]".
std::string_view type_in(std::string_view signature) {
  const std::size_t begin = signature.find("T = ");
  const std::size_t end = std::min(signature.find("; Tag = "), signature.find(", Tag = "));
  if (begin == std::string_view::npos || end == std::string_view::npos) return {};
  return signature.substr(begin + 4, end - begin - 4);
}

std::string_view name_in(std::string_view signature) {
  const std::size_t tag = signature.rfind(kTag);
  if (tag == std::string_view::npos) return {};
  const std::string_view name = signature.substr(tag + kTag.size());
  return name.substr(0, name.find_first_of(";,]> "));
}

/// Takes the last "[N]" off a type; false where there is none.
bool take_extent(std::string_view& type, std::size_t& extent) {
  const std::size_t open = type.rfind('[');
  if (open == std::string_view::npos || !type.ends_with(']')) return false;
  const char* last = type.data() + type.size() - 1;
  if (std::from_chars(type.data() + open + 1, last, extent).ptr != last || extent == 0) return false;
  type = type.substr(0, open);
  return true;
}

}  // namespace

SharedVariable::SharedVariable(std::string_view signature, std::size_t bytes)
    : name_(name_in(signature)), bytes_(bytes), element_bytes_(bytes) {
  std::string_view type = type_in(signature);
  std::size_t extent = 0;
  if (type.find("(*") == std::string_view::npos) {  // a pointer to an array is a scalar
    while (take_extent(type, extent)) {
      extents_.insert(extents_.begin(), extent);
      element_bytes_ /= extent;
    }
  }
  type_ = type.substr(0, type.find_last_not_of(' ') + 1);
}

bool SharedVariable::is_programs(std::string_view signature) {
  return signature.empty() || signature.find(kTag) != std::string_view::npos;
}

std::string SharedVariable::element(std::ptrdiff_t offset) const {
  if (extents_.empty()) return name_;
  const auto bytes = static_cast<std::ptrdiff_t>(element_bytes_);
  std::ptrdiff_t index = offset / bytes - (offset % bytes < 0 ? 1 : 0);
  std::string text;
  for (std::size_t n = extents_.size(); n-- > 1;) {
    const auto extent = static_cast<std::ptrdiff_t>(extents_[n]);
    const std::ptrdiff_t inner = (index % extent + extent) % extent;
    text = "[" + std::to_string(inner) + "]" + text;
    index = (index - inner) / extent;
  }
  return name_ + "[" + std::to_string(index) + "]" + text;
}

std::string SharedVariable::declaration() const {
  if (name_.empty()) return std::to_string(bytes_) + " bytes of dynamic __shared__ memory";
  std::string text = "__shared__ " + type_ + " " + name_;
  for (const std::size_t extent : extents_) text += "[" + std::to_string(extent) + "]";
  return text;
}

}  // namespace gridstride::emulator
