#include "framework/io/gzip.hpp"

#include <gtest/gtest.h>

#include <random>

#include "framework/io/error.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::io {
namespace {

using tests::expect_user_error;
using tests::put;
using tests::ScratchFolder;

std::string zipped(std::string_view text) {
  const auto bytes = gzip(std::as_bytes(std::span(text)));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string read_all(const std::filesystem::path& path, size_t step) {
  MaybeGzip file(path);
  std::string text;
  std::vector<std::byte> chunk(step);
  while (const size_t got = file.read_some(chunk)) {
    text.append(reinterpret_cast<const char*>(chunk.data()), got);
  }
  EXPECT_LE(text.size(), file.most_bytes());
  return text;
}

std::string noise(size_t bytes) {
  std::mt19937 random(3);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random() % 40);
  return text;
}

TEST(Gzip, ReadsBackWhatItWrote) {
  const ScratchFolder folder;
  for (const std::string& text :
       {std::string(), std::string("x"), noise(300'000), std::string(5'000'000, 'z')}) {
    put(folder / "a", zipped(text));
    EXPECT_EQ(read_all(folder / "a", 1 << 20), text);
    EXPECT_EQ(read_all(folder / "a", 4099), text);
  }
}

TEST(Gzip, PlainFilesPassThrough) {
  const ScratchFolder folder;
  for (const std::string& text : {std::string(), std::string("x"), noise(200'000)}) {
    put(folder / "a", text);
    EXPECT_EQ(read_all(folder / "a", 4099), text);
  }
}

TEST(Gzip, CutStreamIsTruncated) {
  const ScratchFolder folder;
  const std::string whole = zipped(noise(2000));
  for (size_t length = 2; length < whole.size(); ++length) {
    put(folder / "a", whole.substr(0, length));
    expect_user_error([&] { read_all(folder / "a", 512); }, {"/a: is not a whole gzip file", "truncated"});
  }
}

TEST(Gzip, EveryFlippedByteOfTheDataIsSeen) {
  const ScratchFolder folder;
  const std::string whole = zipped(noise(500));
  constexpr size_t kHeader = 10;
  for (size_t at = kHeader; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    put(folder / "a", damaged);
    EXPECT_THROW(read_all(folder / "a", 512), UserError) << at;
  }
}

TEST(Gzip, BytesAfterTheStreamAreRefused) {
  const ScratchFolder folder;
  put(folder / "a", zipped("text") + "more");
  expect_user_error([&] { read_all(folder / "a", 512); }, {"bytes follow its end"});
}

TEST(Gzip, EqualBytesGiveEqualFiles) { EXPECT_EQ(zipped(noise(1000)), zipped(noise(1000))); }

}  // namespace
}  // namespace gridstride::io
