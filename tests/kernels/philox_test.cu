// The generator that the kernels use gives the words that Random123 publishes (kat_vectors, philox4x32 10).
#include "kernels/device/philox.cuh"

#include <gtest/gtest.h>

#include "tests/kernels/memory.hpp"

namespace gridstride {
namespace {

__global__ void known_answer(int64_t seed, int64_t offset, int64_t index, uint32_t* words) {
  const uint4 r = philox_at(seed, offset, index);
  words[0] = r.x;
  words[1] = r.y;
  words[2] = r.z;
  words[3] = r.w;
}

std::vector<uint32_t> philox_on_device(uint64_t key, uint64_t counter_high, uint64_t counter_low) {
  DeviceBuffer<uint32_t> words(4);
  known_answer<<<1, 1>>>(static_cast<int64_t>(key), static_cast<int64_t>(counter_high),
                         static_cast<int64_t>(counter_low), words.data());
  check_launch("philox_test");
  return testing_support::to_host(words);
}

TEST(PhiloxTest, GivesTheKnownAnswers) {
  using Words = std::vector<uint32_t>;
  EXPECT_EQ(philox_on_device(0, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox_on_device(~0ull, ~0ull, ~0ull), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox_on_device(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

}  // namespace
}  // namespace gridstride
