// The small kernels that are held beside a GPU (bench/counters): their counts here, as derived by hand.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

using nlohmann::json;

class CounterPatterns : public CcFixture {
 protected:
  void SetUp() override {
    CcFixture::SetUp();
    if (kSanitized) GTEST_SKIP() << "one instrumentation at a time";
  }
};

struct Expected {
  std::string name, counter;
  unsigned value;
};

TEST_F(CounterPatterns, AreWhatOneDerives) {
  const std::string source = GRIDSTRIDE_SOURCE_DIR "/bench/counters/patterns.cu";
  ASSERT_EQ(shell("cc --profile '" + source + "' -o patterns && GRIDSTRIDE_PROFILE=p.json ./patterns"), 0)
      << messages_;
  std::vector<std::string> names;
  std::istringstream lines(output_);
  for (std::string line; std::getline(lines, line);) names.push_back(line);
  const json kernels = json::parse(read(folder_ / "p.json"))["kernels"];
  ASSERT_EQ(kernels.size(), names.size());  // one kernel for each name, in the order of the launches
  EXPECT_GE(names.size(), 40u);

  const std::vector<Expected> all = {
      {"load<float, 0, 0>", "load_sectors", 1},   // one word for all
      {"load<float, 1, 0>", "load_sectors", 4},   // 128 bytes in a row
      {"load<float, 1, 1>", "load_sectors", 5},   // over the edge of one more
      {"load<float, 3, 0>", "load_sectors", 12},  // 31 * 12 + 4 bytes
      {"load<float, 33, 0>", "load_sectors", 32},
      {"load<__half, 1, 1>", "load_sectors", 3},
      {"load<float4, 1, 1>", "load_sectors", 17},
      {"store<double, 1, 0>", "store_sectors", 8},
      {"load_by_some<17>", "load_sectors", 3},
      {"halves_apart", "load_requests", 2},  // one for each side of the branch
      {"halves_apart", "load_sectors", 4},
      {"add_to<1>", "atomic_turns", 32},
      {"add_to<8>", "atomic_turns", 4},
      {"add_to<32>", "atomic_turns", 1},
      {"shared_load<float, 4>", "shared_load_wavefronts", 4},
      {"shared_load<float, 33>", "shared_load_wavefronts", 1},
      {"shared_load<double, 2>", "shared_load_wavefronts", 4},  // two half-warps, two words in each bank
      {"shared_load<float4, 1>", "shared_load_wavefronts", 4},  // four quarters
      {"shared_load<float4, 1>", "conflicts_16", 0},
      {"shared_store<float, 32>", "shared_store_wavefronts", 32},
      {"column<32>", "conflicts_4", 32 * 31},
      {"column<33>", "conflicts_4", 0},
      {"column<34>", "conflicts_4", 32},  // 34 and 32 have a divisor in common
      {"swizzled_column", "conflicts_4", 0},
  };
  for (const Expected& expected : all) {
    const auto at = std::find(names.begin(), names.end(), expected.name);
    ASSERT_NE(at, names.end()) << expected.name;
    const json& total = kernels[static_cast<std::size_t>(at - names.begin())]["total"];
    EXPECT_EQ(total[expected.counter].get<unsigned>(), expected.value)
        << expected.name << " " << expected.counter;
  }
}

}  // namespace
}  // namespace gridstride::driver
