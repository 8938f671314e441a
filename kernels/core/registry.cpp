#include "kernels/core/registry.hpp"

#include <numeric>
#include <stdexcept>

namespace gridstride {
namespace {

std::vector<std::unique_ptr<AnyOperation>>& all() {
  static std::vector<std::unique_ptr<AnyOperation>> ops;
  return ops;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

}  // namespace

std::string Problem::label() {
  std::string text;
  for (const auto& field : schema().fields)
    text += (text.empty() ? "" : " ") + field.name + "=" + field.show();
  return text;
}

std::vector<const AnyOperation*> operations() {
  std::vector<const AnyOperation*> ops;
  for (const auto& op : all()) ops.push_back(op.get());
  std::ranges::sort(ops, {}, &AnyOperation::name);
  return ops;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  std::string text;
  // Something of the word must have been right: every flag of one letter is two changes from --mm.
  const std::size_t letters = word.size() - std::min(word.find_first_not_of('-'), word.size());
  for (const auto& c : candidates) {
    const std::size_t changes = edit_distance(word, c);
    const bool near = changes <= std::max<std::size_t>(2, word.size() / 3) && changes < letters;
    const bool inside = !word.empty() && c.find(word) != std::string::npos;
    if (near || inside) text += (text.empty() ? "; did you mean " : ", ") + c;
  }
  return text.empty() ? text : text + "?";
}

const AnyOperation& find_operation(std::string_view name) {
  std::vector<std::string> names;
  for (const auto* op : operations()) {
    if (op->name() == name) return *op;
    names.emplace_back(op->name());
  }
  throw std::invalid_argument("no operation '" + std::string(name) + "'" + did_you_mean(name, names) +
                              " (see: gridstride list)");
}

namespace {

/// Rungs are called by their numbers, too: those that are one digit from this one.
std::string did_you_mean_number(std::string_view word, const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    // The second digit is held to be right: else all of 01 to 09 were near.
    const bool is_near =
        word.size() == 2 && edit_distance(word, name.substr(0, 2)) == 1 && word[1] == name[1];
    if (is_near) text += (text.empty() ? "; did you mean " : ", ") + name;
  }
  return text.empty() ? text : text + "?";
}

}  // namespace

VariantInfo find_variant(const AnyOperation& op, std::string_view name) {
  std::vector<std::string> names;
  std::vector<VariantInfo> prefixed;
  for (const auto& v : op.variants()) {
    if (v.name == name) return v;
    if (!name.empty() && v.name.starts_with(name)) prefixed.push_back(v);
    names.emplace_back(v.name);
  }
  if (prefixed.size() == 1) return prefixed.front();
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = did_you_mean_number(name, names);
  throw std::invalid_argument("[" + std::string(op.name()) + "] no variant '" + std::string(name) + "'" +
                              hint + " (see: gridstride list " + std::string(op.name()) + ")");
}

namespace detail {
void add_operation(std::unique_ptr<AnyOperation> op) { all().push_back(std::move(op)); }
}  // namespace detail

}  // namespace gridstride
