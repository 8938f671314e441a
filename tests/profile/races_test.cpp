// Every small kernel that races is told, by its lines, and no other: precision and recall are printed.
#include <algorithm>
#include <fstream>
#include <set>

#include "tests/profile/races_fixture.hpp"

namespace gridstride::emulator {
namespace {

class Races : public RuntimeTest {
 protected:
  void SetUp() override {
    RuntimeTest::SetUp();
    check_races(true);
    take_races();
  }
  void TearDown() override {
    check_races(false);
    RuntimeTest::TearDown();
  }
};
GRIDSTRIDE_EVERY_SCHEDULE(Races);

/// The lines that are marked with the name.
std::set<unsigned> marked(const RaceCase& of) {
  std::ifstream file(of.file);
  std::set<unsigned> lines;
  std::string text;
  for (unsigned line = 1; std::getline(file, text); ++line) {
    if (text.ends_with("// RACES " + of.name)) lines.insert(line);
  }
  return lines;
}

RaceFindings findings(const RaceCase& of) {
  DeviceArray<int> array(65536, 0);
  of.launch(array.data());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess) << of.name;
  return take_races();
}

TEST_P(Races, AreToldWhereTheyAreAndNowhereElse) {
  unsigned racy = 0, right = 0, found = 0, missed = 0, false_alarms = 0;
  for (const RaceCase& of : race_cases()) {
    const RaceFindings told = findings(of);
    EXPECT_TRUE(told.is_complete);
    EXPECT_GT(told.accesses, 0u) << of.name;
    const bool is_racy = of.expected >= Expected::Warp;
    for (const WrongAccess& wrong : told.wrong) {
      EXPECT_TRUE(is_racy) << of.name << "\n" << wrong_text(wrong);  // a race may read before the write
      EXPECT_EQ(wrong.kind, WrongAccess::Kind::Unwritten) << of.name << "\n" << wrong_text(wrong);
    }
    ++(is_racy ? racy : right);
    if (is_racy) ++(told.count() > 0 ? found : missed);
    if (!is_racy && told.count() > 0) ++false_alarms;
    EXPECT_EQ(told.count() > 0, is_racy) << of.name << "\n" << races_text(told);
    EXPECT_EQ(of.expected == Expected::Nothing, told.races.empty()) << of.name << "\n" << races_text(told);
    std::set<unsigned> lines;
    RaceScope widest = RaceScope::Warp;
    for (const Race& race : told.races) {
      lines.insert({race.first.line, race.second.line});
      widest = std::max(widest, race.scope);
    }
    EXPECT_EQ(lines, marked(of)) << of.name << "\n" << races_text(told);
    if (is_racy) {
      EXPECT_EQ(static_cast<int>(widest), static_cast<int>(of.expected) - static_cast<int>(Expected::Warp))
          << of.name << "\n"
          << races_text(told);
    }
  }
  std::printf("%u racy kernels, %u right ones: precision %.1f %%, recall %.1f %%\n", racy, right,
              100.0 * found / std::max(1u, found + false_alarms), 100.0 * found / racy);
  EXPECT_GE(racy + right, 60u);
}

TEST_P(Races, AreToldWithTheirCure) {
  const std::pair<const char*, const char*> cures[] = {
      {"copy_without_wait", "wait for the asynchronous copy first"},
      {"copy_without_barrier", "a __syncthreads() between line"},
      {"copy_over_what_is_read", "a __syncthreads() between line"},
      {"all_set_one_flag", "use an atomic function"},
  };
  for (const auto& [name, cure] : cures) {
    const auto& all = race_cases();
    const auto of = std::ranges::find(all, name, &RaceCase::name);
    ASSERT_NE(of, all.end()) << name;
    const RaceFindings told = findings(*of);
    ASSERT_EQ(told.races.size(), 1u) << name << "\n" << races_text(told);
    EXPECT_NE(told.races[0].advice.find(cure), std::string::npos) << races_text(told);
  }
}

}  // namespace
}  // namespace gridstride::emulator
