#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "framework/train/evaluate.hpp"

namespace gridstride::cli {

/// Accuracy, the figures of each class and the confusion matrix. Every line begins with `label`, so that none
/// of them can be quoted without saying what it was measured on.
void print_evaluation(const std::string& label, const train::Evaluation& evaluation);

/// The same for a machine.
nlohmann::ordered_json to_json(const train::Evaluation& evaluation);

/// An option that names a file to write when the work is done. One that cannot be written is refused before
/// it begins.
void add_output_file(CLI::App& app, const char* name, std::string& file, const char* help);

/// Write `json` to the file that --json names; nothing where it names none.
void write_json(const std::string& file, const nlohmann::ordered_json& json);

}  // namespace gridstride::cli
