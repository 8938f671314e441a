// The chapters' exercises: what a learner sees before the cure, and after it.
#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

// Each of y's 1,000 rows is written from 17 tiles, 16 full ones and one with 8 of 32 rows: 17,000 requests.
// With rows of 32 words each word wants a pass of its own; with 34, two and two share a bank, but for the
// last 8.

/// The exercise with `was` turned into `is`, compiled and run with the profiler.
class Exercise : public CcFixture {
 protected:
  void SetUp() override {
    CcFixture::SetUp();
    if (kSanitized) GTEST_SKIP() << "one instrumentation at a time";
  }

  void profile(const std::string& program, const std::string& was = "", const std::string& is = "") {
    std::string text = read(fs::path(GRIDSTRIDE_SOURCE_DIR) / "chapters" / program);
    if (!was.empty()) {
      const std::size_t at = text.find(was);
      ASSERT_NE(at, std::string::npos) << program << " has no " << was;
      text.replace(at, was.size(), is);
    }
    write("exercise.cu", text);
    ASSERT_EQ(shell("cc --profile exercise.cu -o exercise && ./exercise"), 0) << messages_;
  }
  void expect_told(const std::string& line) {
    EXPECT_NE(messages_.find(line), std::string::npos) << line << "\n" << messages_;
  }
};

TEST_F(Exercise, TransposeShowsItsConflicts) {
  profile("02_transpose/exercises/transpose.cu");
  EXPECT_EQ(output_, "right\n");
  expect_told("shared loads    17,000 requests, 520,000 wavefronts, 17,000 ideal: 503,000 conflicts");
}

TEST_F(Exercise, PaddingCuresThem) {
  profile("02_transpose/exercises/transpose.cu", "tile[kTile][kTile];", "tile[kTile][kTile + 1];");
  EXPECT_EQ(output_, "right\n");
  expect_told("shared loads    17,000 requests, 17,000 wavefronts, 17,000 ideal: 0 conflicts");
}

TEST_F(Exercise, PaddingByTwoCuresHalfOfThem) {
  profile("02_transpose/exercises/transpose.cu", "tile[kTile][kTile];", "tile[kTile][kTile + 2];");
  expect_told("shared loads    17,000 requests, 33,000 wavefronts");
}

}  // namespace
}  // namespace gridstride::driver
