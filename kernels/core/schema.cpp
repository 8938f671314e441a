#include "kernels/core/schema.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace gridstride {
namespace {

template <class T>
T parse_number(const std::string& name, const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    const bool too_large = error == std::errc::result_out_of_range;
    const char* wanted = std::is_integral_v<T> ? " wants a whole number" : " wants a number";
    throw std::invalid_argument("--" + name + wanted + (too_large ? " that 64 bits can hold" : "") +
                                ", got '" + text + "'");
  }
  return value;
}

}  // namespace

std::size_t size_of(Dtype dtype) { return dtype == Dtype::u8 ? 1 : 4; }

const char* to_string(Dtype dtype) {
  switch (dtype) {
    case Dtype::f32:
      return "f32";
    case Dtype::i32:
      return "i32";
    case Dtype::u8:
      return "u8";
  }
  return "?";
}

Schema& Schema::dim(std::string name, int64_t& value, std::string help) {
  auto parse = [name, &value](const std::string& text) { value = parse_number<int64_t>(name, text); };
  fields.push_back({name, std::move(help), parse, [&value] { return std::to_string(value); }});
  return *this;
}

Schema& Schema::real(std::string name, float& value, std::string help) {
  auto parse = [name, &value](const std::string& text) { value = parse_number<float>(name, text); };
  auto show = [&value] {
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
  };
  fields.push_back({name, std::move(help), parse, show});
  return *this;
}

Schema& Schema::flag(std::string name, bool& value, std::string help) {
  return choice(
      std::move(name), [&value](int i) { value = i != 0; }, [&value] { return value ? 1 : 0; }, {"0", "1"},
      std::move(help));
}

Schema& Schema::choice(std::string name, std::function<void(int)> set, std::function<int()> get,
                       std::vector<std::string> names, std::string help) {
  auto parse = [name, names, set](const std::string& text) {
    const auto at = std::find(names.begin(), names.end(), text);
    if (at == names.end()) {
      std::string all;
      for (const auto& n : names) all += (all.empty() ? "" : "|") + n;
      throw std::invalid_argument("--" + name + " wants " + all + ", got '" + text + "'");
    }
    set(static_cast<int>(at - names.begin()));
  };
  auto show = [names, get] { return names.at(static_cast<std::size_t>(get())); };
  fields.push_back({std::move(name), std::move(help), parse, show});
  return *this;
}

}  // namespace gridstride
