#include "cli/report.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "framework/io/atomic_file.hpp"

namespace gridstride::cli {

void print_evaluation(const std::string& label, const train::Evaluation& evaluation) {
  const train::ConfusionMatrix& confusion = evaluation.confusion;
  fmt::print("{}: test accuracy {:.2f} % ({} of {}), loss {:.4f}\n", label, 100 * evaluation.accuracy(),
             confusion.correct(), confusion.total(), evaluation.loss);
  std::string head;
  for (int64_t c = 0; c < confusion.classes(); ++c) head += fmt::format("{:>6}", c);
  fmt::print("{}: truth \\ answer{}   precision  recall      F1\n", label, head);
  for (int64_t truth = 0; truth < confusion.classes(); ++truth) {
    std::string row;
    for (int64_t answer = 0; answer < confusion.classes(); ++answer) {
      row += fmt::format("{:>6}", confusion.count(truth, answer));
    }
    fmt::print("{}: {:>14}{}     {:>7.4f} {:>7.4f} {:>7.4f}\n", label, truth, row, confusion.precision(truth),
               confusion.recall(truth), confusion.f1(truth));
  }
}

nlohmann::ordered_json to_json(const train::Evaluation& evaluation) {
  const train::ConfusionMatrix& confusion = evaluation.confusion;
  nlohmann::ordered_json json = {{"accuracy", evaluation.accuracy()},
                                 {"correct", confusion.correct()},
                                 {"total", confusion.total()},
                                 {"loss", evaluation.loss},
                                 {"macro_precision", confusion.macro_precision()},
                                 {"macro_recall", confusion.macro_recall()},
                                 {"macro_f1", confusion.macro_f1()}};
  for (int64_t c = 0; c < confusion.classes(); ++c) {
    std::vector<int64_t> row;
    for (int64_t answer = 0; answer < confusion.classes(); ++answer)
      row.push_back(confusion.count(c, answer));
    json["classes"].push_back({{"class", c},
                               {"precision", confusion.precision(c)},
                               {"recall", confusion.recall(c)},
                               {"f1", confusion.f1(c)},
                               {"answers", row}});
  }
  return json;
}

namespace {

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  return std::filesystem::absolute(a).lexically_normal() == std::filesystem::absolute(b).lexically_normal();
}

}  // namespace

void add_output_file(CLI::App& app, const char* name, std::string& file, const char* help) {
  constexpr const char* kGroup = "Output files";
  CLI::Option* const own = app.add_option(name, file, help)->group(kGroup);
  own->check([&app, own](const std::string& word) -> std::string {
    if (word.empty() || word.starts_with("-")) return "wants a file's name, got '" + word + "'";
    for (const CLI::Option* other : app.get_options()) {
      if (other != own && other->get_group() == kGroup && other->count() != 0 &&
          is_same_file(other->results().back(), word)) {
        return fmt::format("{} would be written to {}, too", other->get_name(), word);
      }
    }
    const io::AtomicFile probe(word);
    return {};
  });
}

void write_json(const std::string& file, const nlohmann::ordered_json& json) {
  if (!file.empty()) io::write_file(file, json.dump(2) + "\n");
}

}  // namespace gridstride::cli
