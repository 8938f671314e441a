#include "framework/io/sha256.hpp"

#include <gtest/gtest.h>

#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::io {
namespace {

// FIPS 180-4 examples.
constexpr std::string_view kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kMillionA = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, KnownAnswers) {
  const tests::ScratchFolder folder;
  EXPECT_EQ(sha256({}), kEmpty);
  EXPECT_EQ(sha256(std::as_bytes(std::span("abc", 3))), kAbc);
  tests::put(folder / "a", std::string(1'000'000, 'a'));
  EXPECT_EQ(sha256_file(folder / "a"), kMillionA);
}

}  // namespace
}  // namespace gridstride::io
