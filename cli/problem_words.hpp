#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernels/core/registry.hpp"

namespace gridstride::cli {

/// The words behind `run` and `bench` that size a problem: `--m 512 --ta 1`. Every field of every operation
/// is an option; whether this operation has it is known once the operation is.
class ProblemWords {
 public:
  explicit ProblemWords(CLI::App& app);

  /// What was given, put into `problem` and checked. Throws UsageError.
  void apply(const AnyOperation& op, Problem& problem) const;
  /// Is any field set?
  bool any() const;

 private:
  const CLI::App* app_;
  std::map<std::string, std::string> values_;
  std::vector<std::string> shared_;  ///< fields named like a word of the command: one word sets both
};

/// "gemm/03" -> the operation and its variant; an empty variant means all.
struct Target {
  const AnyOperation* op = nullptr;
  std::string variant;
};
Target parse_target(const std::string& word);

/// Refuse a variant that cannot run this problem here, with the reason. Throws UsageError.
void require_runnable(const AnyOperation& op, const Problem& problem, const std::string& variant);

}  // namespace gridstride::cli
