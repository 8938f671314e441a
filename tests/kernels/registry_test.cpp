// The registry holds what the folders hold, and every operation keeps its contract.
#include "kernels/core/registry.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <regex>
#include <set>

#include "kernels/core/sizes.hpp"

namespace gridstride {
namespace {

namespace fs = std::filesystem;

const fs::path kKernels = fs::path(GRIDSTRIDE_SOURCE_DIR) / "kernels";

/// "relu/02_float4" for every variant file under kernels/. What lies in kernels/device/ptx is no variant.
std::set<std::string> variant_files() {
  std::set<std::string> names;
  for (const auto& file : fs::recursive_directory_iterator(kKernels)) {
    if (file.path().extension() != ".cu" || file.path().parent_path().filename() == "ptx") continue;
    names.insert(file.path().parent_path().filename().string() + "/" + file.path().stem().string());
  }
  return names;
}

TEST(RegistryTest, HoldsEveryVariantFileUnderItsStemAndNothingElse) {
  std::set<std::string> registered;
  for (const auto* op : operations()) {
    for (const auto& v : op->variants()) {
      registered.insert(std::string(op->name()) + "/" + std::string(v.name));
    }
  }
  EXPECT_FALSE(registered.empty()) << "no variant is linked in";
  EXPECT_EQ(registered, variant_files());
}

TEST(RegistryTest, NamesAreUnique) {
  std::set<std::string_view> ops;
  for (const auto* op : operations()) {
    EXPECT_TRUE(ops.insert(op->name()).second) << op->name() << " is registered twice";
    std::set<std::string_view> names;
    for (const auto& v : op->variants()) {
      EXPECT_TRUE(names.insert(v.name).second) << op->name() << "/" << v.name << " is registered twice";
    }
  }
}

TEST(RegistryTest, OperationsLiveInTheirFolder) {
  for (const auto* op : operations()) {
    const fs::path folder = kKernels / op->name();
    for (const auto& file : {std::string(op->name()) + ".hpp", std::string("reference.cpp")}) {
      EXPECT_TRUE(fs::exists(folder / file)) << folder / file;
    }
    EXPECT_FALSE(op->title().empty()) << op->name();
    EXPECT_FALSE(op->variants().empty()) << op->name() << " has no variant";
  }
}

TEST(RegistryTest, EveryRungTeachesOneIdeaOfItsOwn) {
  const std::regex rung_name("[0-9][0-9]_[a-z0-9_]+");
  for (const auto* op : operations()) {
    std::set<std::string_view> ideas;
    for (const auto& v : op->variants()) {
      const std::string name = std::string(op->name()) + "/" + std::string(v.name);
      EXPECT_TRUE(std::regex_match(std::string(v.name), rung_name)) << name << " is not NN_algorithm";
      EXPECT_FALSE(v.idea.empty()) << name;
      EXPECT_EQ(v.idea.find('\n'), std::string_view::npos) << name << ": the idea is one line";
      EXPECT_TRUE(ideas.insert(v.idea).second) << name << " repeats the idea '" << v.idea << "'";
      EXPECT_TRUE(v.built || !v.needs.empty()) << name << " is not built and does not say what it needs";
    }
  }
}

/// What the framework trains with: our own kernel, built here, deterministic, and able to run the problem.
void expect_sound_policy(const AnyOperation& op, Problem& problem) {
  const std::string_view chosen = problem.policy();
  const std::string where = std::string(op.name()) + "/" + std::string(chosen) + " " + problem.label();
  for (const auto& v : op.variants()) {
    if (v.name != chosen) continue;
    EXPECT_TRUE(v.built) << where;
    EXPECT_FALSE(v.library) << where;
    EXPECT_TRUE(v.deterministic) << where;
    EXPECT_EQ(problem.why_not(chosen), "") << where;
    return;
  }
  ADD_FAILURE() << where << ": the policy names no variant";
}

TEST(RegistryTest, PolicyNamesASoundVariantForEveryCase) {
  for (const auto* op : operations()) {
    for (const auto& problem : op->cases()) expect_sound_policy(*op, *problem);
    expect_sound_policy(*op, *op->bench_problem(device()));
  }
}

TEST(RegistryTest, CasesCoverNothingAndSomething) {
  for (const auto* op : operations()) {
    bool nothing = false, something = false;
    for (const auto& problem : op->cases()) {
      EXPECT_NO_THROW(problem->check()) << op->name() << " " << problem->label();
      const auto operands = problem->schema().operands;
      const bool empty = std::ranges::any_of(operands, [](const Operand& o) { return o.elems == 0; });
      (empty ? nothing : something) = true;
    }
    EXPECT_TRUE(nothing) << op->name() << " has no case with an empty operand";
    EXPECT_TRUE(something) << op->name() << " has no case with work to do";
  }
}

TEST(RegistryTest, BenchProblemCostsSomething) {
  for (const auto* op : operations()) {
    const auto problem = op->bench_problem(device());
    EXPECT_NO_THROW(problem->check()) << op->name();
    EXPECT_GT(problem->cost().bytes, 0) << op->name();
  }
}

TEST(RegistryTest, NegativeSizesAreRefusedByName) {
  for (const auto* op : operations()) {
    const auto problem = op->bench_problem(device());
    problem->schema().fields.front().parse("-1");
    try {
      problem->check();
      ADD_FAILURE() << op->name() << " takes " << problem->label();
    } catch (const std::invalid_argument& error) {
      const std::string what = error.what();
      EXPECT_TRUE(what.starts_with("[" + std::string(op->name()) + "] ")) << what;
      EXPECT_NE(what.find("-1"), std::string::npos) << what;
    }
  }
}

TEST(RegistryTest, SizesBeyondAnyAddressAreRefused) {
  constexpr const char* kHuge = "4000000000000000000";
  for (const auto* op : operations()) {
    const auto sample = op->bench_problem(device());
    const std::size_t count = sample->schema().fields.size();
    int refused = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto problem = sample->clone();
      const Schema schema = problem->schema();
      if (schema.fields[i].show().find_first_not_of("0123456789") != std::string::npos) continue;  // a choice
      try {
        schema.fields[i].parse(kHuge);
        problem->check();
      } catch (const std::invalid_argument&) {
        ++refused;
        continue;
      }
      // A factor or a seed may be huge; what is allocated may not.
      for (const Operand& o : problem->schema().operands) {
        EXPECT_LE(o.elems, kMostElems) << op->name() << " " << problem->label() << " " << o.name;
      }
    }
    EXPECT_GT(refused, 0) << op->name() << " refuses no size";
  }
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(RegistryTest, MistypedNamesGetASuggestion) {
  EXPECT_EQ(message_of([] { find_operation("rellu"); }),
            "no operation 'rellu'; did you mean relu? (see: gridstride list)");
  EXPECT_EQ(message_of([] { find_variant(find_operation("relu"), "02_flot4"); }),
            "[relu] no variant '02_flot4'; did you mean 02_float4? (see: gridstride list relu)");
  EXPECT_NE(
      message_of([] { find_variant(find_operation("gemm"), "13"); }).find("; did you mean 03_shared_tile?"),
      std::string::npos);
  EXPECT_EQ(did_you_mean("--mm", {"--m", "--n", "--lr", "--json"}), "; did you mean --m?");
  EXPECT_EQ(find_variant(find_operation("relu"), "02").name, "02_float4");
}

}  // namespace
}  // namespace gridstride
