#include "framework/io/safetensors.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <chrono>
#include <limits>
#include <random>
#include <thread>

#include "framework/io/error.hpp"
#include "tests/framework/io/mutations.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::io {
namespace {

using tests::expect_user_error;
using tests::get;
using tests::put;
using tests::ScratchFolder;

template <class T>
Array array(std::vector<int64_t> shape, std::vector<T> values) {
  return Array::of<T>(std::move(shape), values);
}

SafeTensors example() {
  SafeTensors content;
  content.arrays["weight"] =
      array<float>({2, 3}, {1, -2, 3.5f, 0, std::numeric_limits<float>::infinity(), -0.0f});
  content.arrays["step"] = array<int64_t>({}, {123456789012});
  content.arrays["mask"] = array<uint8_t>({5}, {1, 0, 1, 1, 255});
  content.arrays["empty"] = array<double>({0, 4}, {});
  content.metadata = {{"model", "cnn"}, {"note", "two\nlines, \"quotes\" and ü"}};
  return content;
}

/// A file with this header and `data_bytes` zero bytes behind it.
std::string raw(const std::string& header, size_t data_bytes) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(data_bytes, '\0');
}

TEST(SafeTensors, RoundTripKeepsEveryBit) {
  const ScratchFolder folder;
  write_safetensors(folder / "a", example());
  EXPECT_EQ(read_safetensors(folder / "a"), example());
}

TEST(SafeTensors, EqualContentGivesEqualBytesAndAlignedData) {
  const ScratchFolder folder;
  write_safetensors(folder / "a", example());
  write_safetensors(folder / "b", read_safetensors(folder / "a"));
  EXPECT_EQ(get(folder / "a"), get(folder / "b"));
  uint64_t header = 0;
  std::memcpy(&header, get(folder / "a").data(), 8);
  EXPECT_EQ(header % 8, 0u);
}

// Bytes that the reference implementation (Python package safetensors 0.8.0) wrote:
// save({"b": float32 [1, 2], "a": int32 [[7]]}, metadata={"k": "v"}).
TEST(SafeTensors, MatchesTheReferenceImplementation) {
  const ScratchFolder folder;
  SafeTensors content;
  content.arrays["b"] = array<float>({2}, {1, 2});
  content.arrays["a"] = array<int32_t>({1, 1}, {7});
  content.metadata["k"] = "v";
  write_safetensors(folder / "a", content);
  const std::string header =
      R"({"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
      R"("a":{"dtype":"I32","shape":[1,1],"data_offsets":[8,12]}} )";
  EXPECT_EQ(get(folder / "a"), raw(header, 0) + std::string("\0\0\x80\x3f\0\0\0\x40\x07\0\0\0", 12));
}

TEST(SafeTensors, EmptyContentIsAFile) {
  const ScratchFolder folder;
  write_safetensors(folder / "a", {});
  EXPECT_EQ(read_safetensors(folder / "a"), SafeTensors());
  put(folder / "padded", raw("{}      ", 0));
  EXPECT_EQ(read_safetensors(folder / "padded"), SafeTensors());
}

struct Hostile {
  const char* name;
  std::string bytes;
  const char* why;
};

class HostileSafeTensors : public testing::TestWithParam<Hostile> {};

TEST_P(HostileSafeTensors, IsRefusedInOneLine) {
  const ScratchFolder folder;
  put(folder / "file", GetParam().bytes);
  expect_user_error([&] { read_safetensors(folder / "file"); },
                    {"/file: is not a whole", GetParam().why, "; use"});
}

std::string one(const std::string& entry) { return R"({"a":)" + entry + "}"; }
std::string of(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return one(R"({"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}");
}

INSTANTIATE_TEST_SUITE_P(
    Io, HostileSafeTensors,
    testing::ValuesIn(std::vector<Hostile>{
        {"Empty", "", "it is empty"},
        {"ShorterThanItsLength", "\x10\0\0", "truncated"},
        {"HeaderHuge", std::string("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10), "absurd"},
        {"HeaderBeyondTheFile", std::string("\x40\0\0\0\0\0\0\0{}", 10),
         "a header of 64 bytes is declared, 2 are"},
        {"HeaderEmpty", raw("", 0), "begin with '{'"},
        {"NotJson", raw("{\"a\": ", 0), "not JSON"},
        {"NotAnObject", raw("[]", 0), "begin with '{'"},
        {"InvalidUtf8", raw("{\"\xff\":1}", 0), "not JSON"},
        {"Nested", raw("{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}", 0), "nested"},
        {"EntryNotAnObject", raw(one("3"), 0), "needs exactly dtype"},
        {"EntryIncomplete", raw(one(R"({"dtype":"F32"})"), 0), "needs exactly dtype"},
        {"DtypeUnknown", raw(of(R"("F\n31")", "[1]", "[0,4]"), 4), "unknown dtype 'F\\x0a31'"},
        {"DtypeNotText", raw(of("4", "[1]", "[0,4]"), 4), "dtype that is not text"},
        {"DtypeWrongForItsBytes", raw(of(R"("F64")", "[1]", "[0,4]"), 4), "need 8"},
        {"ShapeNotAList", raw(of(R"("F32")", "1", "[0,4]"), 4), "shape that is not a list"},
        {"ShapeNegative", raw(of(R"("F32")", "[-1]", "[0,4]"), 4), "impossible dimension '-1'"},
        {"ShapeFraction", raw(of(R"("F32")", "[1.0]", "[0,4]"), 4), "impossible dimension"},
        {"ShapeOverflows", raw(of(R"("F32")", "[4294967296,4294967296]", "[0,0]"), 0), "overflows"},
        {"ShapeBeyondInt64", raw(of(R"("U8")", "[18446744073709551615]", "[0,0]"), 0),
         "impossible dimension"},
        {"OffsetsReversed", raw(of(R"("F32")", "[1]", "[4,0]"), 4), "claims bytes 4 to 0"},
        {"OffsetsThree", raw(of(R"("F32")", "[1]", "[0,4,8]"), 4), "not two positions"},
        {"OffsetsNegative", raw(of(R"("F32")", "[1]", "[-4,0]"), 4), "not two positions"},
        {"OffsetsOutOfRange", raw(of(R"("F32")", "[4]", "[0,16]"), 12),
         "ends at byte 16 of the data, and there are 12"},
        {"OffsetsWrap", raw(of(R"("F32")", "[1]", "[18446744073709551612,18446744073709551615]"), 4),
         "claims bytes"},
        {"Hole", raw(of(R"("F32")", "[1]", "[4,8]"), 8), "begins at byte 4 of the data, where 0 was"},
        {"TrailingBytes", raw(of(R"("F32")", "[1]", "[0,4]"), 7), "3 bytes follow"},
        {"Overlap",
         raw(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
             12),
         "begins at byte 4 of the data, where 8 was"},
        {"NameTwice",
         raw(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
             1),
         "names 'a' twice"},
        {"MetadataNotText", raw(R"({"__metadata__":{"k":1}})", 0), "metadata 'k' is not text"},
        {"MetadataNotAnObject", raw(R"({"__metadata__":"k"})", 0), "not an object"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST(SafeTensors, EveryTruncationIsRefused) {
  const ScratchFolder folder;
  write_safetensors(folder / "a", example());
  const std::string whole = get(folder / "a");
  for (size_t length = 0; length < whole.size(); ++length) {
    put(folder / "cut", whole.substr(0, length));
    expect_user_error([&] { read_safetensors(folder / "cut"); }, {"not a whole safetensors file"});
  }
}

TEST(SafeTensors, MutatedFilesAreReadOrRefused) {
  const ScratchFolder folder;
  write_safetensors(folder / "a", example());
  const std::string whole = get(folder / "a");
  std::mt19937 random(20240607);
  int refused = 0;
  constexpr int kRounds = 4000;
  for (int i = 0; i < kRounds; ++i) {
    put(folder / "m", tests::mutate(whole, random));
    try {
      for (const auto& [name, array] : read_safetensors(folder / "m").arrays) {
        ASSERT_EQ(array.bytes.size() % dtype_bytes(array.dtype), 0u);
      }
    } catch (const UserError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 2);
  EXPECT_LT(refused, kRounds) << "damage to the numbers alone cannot be seen, so some files must be read";
}

TEST(SafeTensors, WrongTypeAndMissingNameAreUserErrors) {
  const SafeTensors content = example();
  expect_user_error([&] { content.at("weight").values<int64_t>(); }, {"holds F32 where I64 is needed"});
  expect_user_error([&] { content.at("bias"); }, {"no tensor 'bias'"});
}

TEST(SafeTensors, WriterRefusesWhatItsReaderWould) {
  const ScratchFolder folder;
  EXPECT_THROW(array<float>({3}, {1, 2}), std::invalid_argument);
  EXPECT_THROW(array<float>({-1}, {}), std::invalid_argument);
  SafeTensors content;
  content.arrays["__metadata__"] = array<float>({1}, {1});
  EXPECT_THROW(write_safetensors(folder / "a", content), std::invalid_argument);
  content = {};
  content.arrays["\xff"] = array<float>({1}, {1});
  EXPECT_THROW(write_safetensors(folder / "a", content), std::invalid_argument);
  content = {};
  content.arrays["a"].shape = {2};
  EXPECT_THROW(write_safetensors(folder / "a", content), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

// A writer killed at random moments leaves a whole file, and the generations only grow.
TEST(SafeTensors, KillDuringTheWriteLosesNothing) {
  const ScratchFolder folder;
  const auto path = folder / "checkpoint";
  const auto generation = [](int64_t step) {
    SafeTensors content;
    content.arrays["step"] = array<int64_t>({}, {step});
    content.arrays["weight"] = array<float>({50'000}, std::vector<float>(50'000, static_cast<float>(step)));
    return content;
  };
  write_safetensors(path, generation(0));
  std::mt19937 random(11);
  int64_t step = 0;
  for (int round = 0; round < 60; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int64_t next = step + 1;; ++next) write_safetensors(path, generation(next));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200 + random() % 15'000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const SafeTensors found = read_safetensors(path);
    const int64_t now = found.at("step").values<int64_t>()[0];
    ASSERT_GE(now, step);
    ASSERT_EQ(found, generation(now));
    step = now;
  }
  EXPECT_GT(step, 0) << "no child lived long enough to write";
}

}  // namespace
}  // namespace gridstride::io
