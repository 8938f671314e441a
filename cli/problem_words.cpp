#include "cli/problem_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.hpp"

namespace gridstride::cli {
namespace {

std::string dashed(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

}  // namespace

ProblemWords::ProblemWords(CLI::App& app) : app_(&app) {
  std::map<std::string, std::string> users;  // field -> the operations that have it
  for (const auto* op : operations()) {
    for (const auto& field : op->bench_problem(device())->schema().fields) {
      users[field.name] += (users[field.name].empty() ? "" : " ") + std::string(op->name());
    }
  }
  for (const auto& [name, ops] : users) {
    if (app.get_option_no_throw("--" + name)) {
      shared_.push_back(name);
      continue;
    }
    std::string words = "--" + name;
    if (dashed(name) != name) words += ",--" + dashed(name);
    app.add_option_function<std::string>(
           words, [this, name = name](const std::string& text) { values_[name] = text; }, "of " + ops)
        ->group("Sizes and numbers of the operation (gridstride list OP tells them)");
  }
}

bool ProblemWords::any() const { return !values_.empty(); }

void ProblemWords::apply(const AnyOperation& op, Problem& problem) const {
  auto schema = problem.schema();
  std::vector<std::string> names;
  for (const auto& field : schema.fields) names.push_back("--" + field.name);
  for (const auto& [name, text] : values_) {
    const auto field = std::ranges::find(schema.fields, name, &Field::name);
    if (field == schema.fields.end()) {
      throw UsageError(fmt::format("[{}] has no --{}; it has {}", op.name(), name, fmt::join(names, " ")));
    }
    field->parse(text);
  }
  for (const auto& name : shared_) {
    const auto field = std::ranges::find(schema.fields, name, &Field::name);
    const auto* option = app_->get_option("--" + name);
    if (field != schema.fields.end() && option->count() > 0) field->parse(option->results().back());
  }
  problem.check();
}

Target parse_target(const std::string& word) {
  const auto slash = word.find('/');
  const AnyOperation& op = find_operation(word.substr(0, slash));
  if (slash == std::string::npos) return {&op, {}};
  return {&op, std::string(find_variant(op, word.substr(slash + 1)).name)};
}

void require_runnable(const AnyOperation& op, const Problem& problem, const std::string& variant) {
  if (const std::string why = problem.why_not(variant); !why.empty()) {
    throw UsageError(fmt::format("{}/{} cannot run here: {}", op.name(), variant, why));
  }
}

}  // namespace gridstride::cli
