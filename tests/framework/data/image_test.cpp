#include "framework/data/image.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <random>

#include "tests/framework/data/idx_bytes.hpp"
#include "tests/framework/io/mutations.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::data {
namespace {

using tests::expect_user_error;
using tests::put;
using tests::ScratchFolder;

std::string png_bytes(uint32_t width, uint32_t height, uint32_t format, const std::vector<uint8_t>& pixels) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  png.width = width;
  png.height = height;
  png.format = format;
  png_alloc_size_t size = 0;
  png_image_write_get_memory_size(png, size, 0, pixels.data(), 0, nullptr);
  std::string bytes(size, '\0');
  EXPECT_TRUE(png_image_write_to_memory(&png, bytes.data(), &size, 0, pixels.data(), 0, nullptr))
      << png.message;
  bytes.resize(size);
  return bytes;
}

const std::vector<uint8_t> kPixels = {0, 64, 128, 200, 255, 7};
const std::string kPng = png_bytes(3, 2, PNG_FORMAT_GRAY, kPixels);
const std::string kPgm = "P5\n# a comment\n3 2\n255\n" + std::string(kPixels.begin(), kPixels.end());

void expect_pixels(const std::filesystem::path& path) {
  const Images images = read_images(path);
  EXPECT_EQ(images.count, 1);
  EXPECT_EQ(images.height, 2);
  EXPECT_EQ(images.width, 3);
  EXPECT_EQ(images.pixels, kPixels);
}

TEST(Images, EveryFormatGivesTheSamePixels) {
  const ScratchFolder folder;
  const std::string values(kPixels.begin(), kPixels.end());
  put(folder / "png", kPng);
  put(folder / "p5", kPgm);
  put(folder / "p2", "P2 3 2 255\n0 64 128\n# between\n200 255 7\n");
  put(folder / "idx", tests::idx_bytes({1, 2, 3}, values));
  put(folder / "gz", tests::gzip_bytes(tests::idx_bytes({1, 2, 3}, values)));
  for (const char* name : {"png", "p5", "p2", "idx", "gz"}) {
    SCOPED_TRACE(name);
    expect_pixels(folder / name);
  }
}

TEST(Images, ColoursBecomeGreyAndClearBecomesBlack) {
  const ScratchFolder folder;
  put(folder / "a", png_bytes(2, 1, PNG_FORMAT_RGBA, {255, 255, 255, 255, 255, 255, 255, 0}));
  EXPECT_EQ(read_images(folder / "a").pixels, (std::vector<uint8_t>{255, 0}));
}

TEST(Images, PgmScalesToWhite) {
  const ScratchFolder folder;
  put(folder / "a", "P2 3 1 15 0 5 15");
  EXPECT_EQ(read_images(folder / "a").pixels, (std::vector<uint8_t>{0, 85, 255}));
}

struct Hostile {
  const char* name;
  std::string bytes;
  const char* why;
};

class HostileImages : public testing::TestWithParam<Hostile> {};

TEST_P(HostileImages, AreRefusedInOneLine) {
  const ScratchFolder folder;
  put(folder / "file", GetParam().bytes);
  expect_user_error([&] { read_images(folder / "file"); }, {"/file: ", GetParam().why});
}

INSTANTIATE_TEST_SUITE_P(
    Data, HostileImages,
    testing::ValuesIn(std::vector<Hostile>{
        {"Empty", "", "is empty"},
        {"Jpeg", "\xff\xd8\xff\xe0", "begins with '\\xff\\xd8\\xff\\xe0', which is no image"},
        {"PngCut", kPng.substr(0, 40), "is not a whole PNG image"},
        {"PngSignatureOnly", kPng.substr(0, 8), "is not a whole PNG image"},
        {"PgmCut", kPgm.substr(0, kPgm.size() - 1), "is truncated: 2 x 3 pixels are declared, 5 are there"},
        {"PgmLong", kPgm + "x", "is too long"},
        {"PgmHeaderCut", "P5 3", "is truncated"},
        {"PgmHeaderBroken", "P5 three 2 255 ", "broken PGM header"},
        {"PgmHuge", "P5 99999999 99999999 255 ", "declares an image of 99999999 x 99999999"},
        {"PgmNegative", "P5 -3 2 255 ", "declares an image of 2 x -3"},
        {"PgmNumberTooLong", "P5 99999999999999999999 2 255 ", "broken PGM header"},
        {"PgmDeep", "P5 3 2 65535 ", "65535 for white"},
        {"PgmTooBright", "P2 1 1 15 16", "a pixel of 16 where white is 15"},
        {"PgmAsciiCut", "P2 2 1 15 3", "is truncated"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Images, MutatedFilesAreReadOrRefused) {
  const ScratchFolder folder;
  std::mt19937 random(9);
  for (const std::string& whole : {kPng, kPgm}) {
    for (int i = 0; i < 2000; ++i) {
      put(folder / "m", tests::mutate(whole, random));
      try {
        const Images images = read_images(folder / "m");
        ASSERT_EQ(images.pixels.size(), static_cast<size_t>(images.count * images.height * images.width));
      } catch (const UserError&) {}
    }
  }
}

}  // namespace
}  // namespace gridstride::data
