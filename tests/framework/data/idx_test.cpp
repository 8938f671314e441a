#include "framework/data/idx.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/framework/data/idx_bytes.hpp"
#include "tests/framework/io/mutations.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::data {
namespace {

using tests::expect_user_error;
using tests::gzip_bytes;
using tests::idx_bytes;
using tests::put;
using tests::ScratchFolder;

const std::string kValues = "abcdefghijkl";

TEST(Idx, ReadsRawAndCompressed) {
  const ScratchFolder folder;
  put(folder / "raw", idx_bytes({2, 3, 2}, kValues));
  put(folder / "packed.gz", gzip_bytes(idx_bytes({2, 3, 2}, kValues)));
  put(folder / "misnamed.gz", idx_bytes({2, 3, 2}, kValues));
  for (const char* name : {"raw", "packed.gz", "misnamed.gz"}) {
    const Idx array = read_idx(folder / name, 3);
    EXPECT_EQ(array.shape, (std::vector<int64_t>{2, 3, 2})) << name;
    EXPECT_EQ(array.values, std::vector<uint8_t>(kValues.begin(), kValues.end())) << name;
  }
}

TEST(Idx, ReadsBackWhatItWrote) {
  const ScratchFolder folder;
  Idx array{{300, 20, 1}, {}};
  for (int i = 0; i < 6000; ++i) array.values.push_back(static_cast<uint8_t>(i * i));
  write_idx(folder / "a.gz", array);
  const Idx found = read_idx(folder / "a.gz", 3);
  EXPECT_EQ(found.shape, array.shape);
  EXPECT_EQ(found.values, array.values);
}

TEST(Idx, EmptyDimensionIsAnEmptyArray) {
  const ScratchFolder folder;
  put(folder / "a", idx_bytes({0, 28, 28}, ""));
  EXPECT_EQ(read_idx(folder / "a", 3).values.size(), 0u);
}

struct Hostile {
  const char* name;
  std::string bytes;
  const char* why;
};

class HostileIdx : public testing::TestWithParam<Hostile> {};

TEST_P(HostileIdx, IsRefusedInOneLine) {
  const ScratchFolder folder;
  put(folder / "file", GetParam().bytes);
  expect_user_error([&] { read_idx(folder / "file", 3); },
                    {"/file: ", GetParam().why, "; fetch or copy it again"});
}

const std::string kGood = idx_bytes({2, 3, 2}, kValues);

INSTANTIATE_TEST_SUITE_P(
    Data, HostileIdx,
    testing::ValuesIn(std::vector<Hostile>{
        {"Empty", "", "is empty"},
        {"ThreeBytes", kGood.substr(0, 3), "truncated within its first four bytes"},
        {"NoDimensions", kGood.substr(0, 9), "truncated within its dimensions"},
        {"WrongMagic", "PK\x03\x04 and so on", "is not an IDX file: it begins with 50 4b"},
        {"HtmlErrorPage", "<html>404 Not Found</html>", "is not an IDX file: it begins with 3c 68"},
        {"Floats", idx_bytes({2, 3, 2}, kValues, 0x0d), "holds IDX type 0x0d"},
        {"LabelsForImages", idx_bytes({12}, kValues), "has 1 dimensions, where 3 were expected"},
        {"Truncated", kGood.substr(0, 20), "declares 2 x 3 x 2 values, but is truncated after 4"},
        {"MuchTruncated", idx_bytes({600, 28, 28}, kValues),
         "declares 600 x 28 x 28 values, more than the file can hold"},
        {"OneByteShort", kGood.substr(0, kGood.size() - 1), "but is truncated after 11"},
        {"TrailingBytes", kGood + "x", "but more bytes follow"},
        {"ProductOverflows", idx_bytes({0xffffffff, 0xffffffff, 0xffffffff}, kValues),
         "more than any such file"},
        {"ProductWrapsToZero", idx_bytes({0x80000000, 0x80000000, 4}, kValues), "more than any such file"},
        {"TwoGigabytes", idx_bytes({2, 1024, 1048576}, kValues), "more than any such file"},
        {"GzipClaimsMuch", gzip_bytes(idx_bytes({1000, 1000, 1000}, kValues)), "more than the file can hold"},
        {"GzipShort", gzip_bytes(idx_bytes({2, 3, 2}, kValues.substr(1))), "but is truncated after 11"},
        {"GzipTrailing", gzip_bytes(kGood + "more"), "but more bytes follow"},
        {"GzipOfNothing", gzip_bytes(""), "is empty"},
        {"GzipCut", gzip_bytes(kGood).substr(0, 25), "is not a whole gzip file: it is truncated"},
        {"GzipCutInItsHeader", gzip_bytes(kGood).substr(0, 5), "is not a whole gzip file: it is truncated"},
        {"GzipWithoutItsChecksum", gzip_bytes(kGood).substr(0, gzip_bytes(kGood).size() - 8), "truncated"},
        {"AfterTheGzip", gzip_bytes(kGood) + "x", "bytes follow its end"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

// A stream that really holds more than it declares: a gigabyte of zeros in a megabyte.
TEST(Idx, ReadingStopsWhereTheDeclaredValuesEnd) {
  const ScratchFolder folder;
  put(folder / "bomb.gz", gzip_bytes(idx_bytes({1, 2, 2}, std::string(50'000'000, '\0'))));
  expect_user_error([&] { read_idx(folder / "bomb.gz", 3); }, {"but more bytes follow"});
}

TEST(Idx, FolderInItsPlace) {
  const ScratchFolder folder;
  expect_user_error([&] { read_idx(folder.path(), 3); }, {"cannot be read", "name a file, not a folder"});
}

TEST(Idx, MutatedFilesAreReadOrRefused) {
  const ScratchFolder folder;
  std::mt19937 random(42);
  for (const std::string& whole :
       {kGood, gzip_bytes(kGood), gzip_bytes(idx_bytes({1, 28, 28}, std::string(784, 'x')))}) {
    int refused = 0;
    constexpr int kRounds = 3000;
    for (int i = 0; i < kRounds; ++i) {
      put(folder / "m", tests::mutate(whole, random));
      try {
        const Idx array = read_idx(folder / "m", 3);
        ASSERT_EQ(array.values.size(), static_cast<size_t>(array.shape[0] * array.shape[1] * array.shape[2]));
      } catch (const UserError&) {
        ++refused;
      }
    }
    EXPECT_GT(refused, kRounds / 2);
  }
}

}  // namespace
}  // namespace gridstride::data
