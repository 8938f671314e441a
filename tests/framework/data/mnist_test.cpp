#include "framework/data/mnist.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "framework/data/fetch.hpp"
#include "framework/io/sha256.hpp"
#include "tests/framework/data/idx_bytes.hpp"
#include "tests/framework/io/scratch_folder.hpp"

namespace gridstride::data {
namespace {

namespace fs = std::filesystem;
using tests::expect_user_error;
using tests::gzip_bytes;
using tests::idx_bytes;
using tests::put;
using tests::ScratchFolder;

std::string images(uint32_t count) {
  std::string pixels;
  for (uint32_t i = 0; i < count * 784; ++i) pixels += static_cast<char>(i % 251);
  return idx_bytes({count, 28, 28}, pixels);
}
std::string labels(std::string_view digits) {
  return idx_bytes({static_cast<uint32_t>(digits.size())}, digits);
}

const std::string kFive("\0\1\2\3\x09", 5);
const std::string kThree("\4\5\6", 3);

/// MNIST in miniature: five images for training, three for the test.
void put_mnist(const fs::path& folder) {
  fs::create_directories(folder);
  put(folder / "train-images-idx3-ubyte.gz", gzip_bytes(images(5)));
  put(folder / "train-labels-idx1-ubyte.gz", gzip_bytes(labels(kFive)));
  put(folder / "t10k-images-idx3-ubyte", images(3));
  put(folder / "t10k-labels.idx1-ubyte", labels(kThree));
}

TEST(Mnist, FoundWhereverPeoplePutIt) {
  for (const char* place : {".", "mnist", "MNIST/raw"}) {
    const ScratchFolder folder;
    put_mnist(folder / place);
    const Mnist mnist = load_mnist(folder.path());
    EXPECT_EQ(mnist.train.count, 5) << place;
    EXPECT_EQ(mnist.train.labels, std::vector<uint8_t>(kFive.begin(), kFive.end()));
    EXPECT_EQ(mnist.train.images[784 + 3], (784 + 3) % 251);
    EXPECT_EQ(mnist.test.count, 3);
    EXPECT_EQ(mnist.test.image_elems(), 784);
    EXPECT_EQ(mnist.test.classes, 10);
    EXPECT_EQ(mnist.train.name, "MNIST");
    EXPECT_FALSE(mnist.train.synthetic);
  }
}

TEST(Mnist, FirstTakesThePrefix) {
  const ScratchFolder folder;
  put_mnist(folder.path());
  const Dataset train = load_mnist(folder.path()).train;
  EXPECT_EQ(train.first(2).count, 2);
  EXPECT_EQ(train.first(2).images,
            std::vector<uint8_t>(train.images.begin(), train.images.begin() + 2 * 784));
  EXPECT_EQ(train.first(99).count, 5);
}

TEST(Mnist, WhatIsMissingIsNamed) {
  const ScratchFolder folder;
  EXPECT_FALSE(find_mnist(folder.path()));
  expect_user_error(
      [&] { load_mnist(folder.path()); },
      {"holds none of MNIST's files, such as train-images-idx3-ubyte.gz", "gridstride data fetch mnist"});
  expect_user_error([&] { load_mnist(folder / "none"); }, {"/none: is not a folder"});
  put_mnist(folder / "mnist");
  fs::remove(folder / "mnist/t10k-labels.idx1-ubyte");
  EXPECT_FALSE(find_mnist(folder.path()));
  expect_user_error([&] { load_mnist(folder.path()); }, {"/mnist: lacks t10k-labels-idx1-ubyte.gz"});
}

struct Wrong {
  const char* name;
  const char* file;
  std::string bytes;
  const char* why;
};

class WrongMnist : public testing::TestWithParam<Wrong> {};

TEST_P(WrongMnist, IsRefusedInOneLine) {
  const ScratchFolder folder;
  put_mnist(folder.path());
  put(folder / GetParam().file, GetParam().bytes);
  expect_user_error([&] { load_mnist(folder.path()); }, {GetParam().file, GetParam().why});
}

INSTANTIATE_TEST_SUITE_P(
    Data, WrongMnist,
    testing::ValuesIn(std::vector<Wrong>{
        {"FewerLabels", "train-labels-idx1-ubyte.gz", labels(kThree), "holds 3 labels for the 5 images"},
        {"MoreLabels", "t10k-labels.idx1-ubyte", labels(kFive), "holds 5 labels for the 3 images"},
        {"LabelTen", "train-labels-idx1-ubyte.gz", labels("\1\2\3\x0a\5"), "label 3 is 10"},
        {"OtherSize", "t10k-images-idx3-ubyte", idx_bytes({3, 2, 2}, "abcdefghijkl"), "images of 2 x 2"},
        {"NoImages", "t10k-images-idx3-ubyte", images(0), "holds no images"},
        {"Truncated", "t10k-images-idx3-ubyte", images(3).substr(0, 2000),
         "more than the file can hold: it is truncated"},
        {"Swapped", "t10k-images-idx3-ubyte", labels(kThree), "has 1 dimensions"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Mnist, FolderNamedAsAFile) {
  const ScratchFolder folder;
  put_mnist(folder.path());
  fs::remove(folder / "t10k-images-idx3-ubyte");
  fs::create_directory(folder / "t10k-images-idx3-ubyte");
  expect_user_error([&] { load_mnist(folder.path()); },
                    {"t10k-images-idx3-ubyte", "name a file, not a folder"});
}

TEST(Mnist, UnreadableFile) {
  const ScratchFolder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  put_mnist(folder.path());
  fs::permissions(folder / "t10k-images-idx3-ubyte", fs::perms(0));
  const tests::WithoutRoot ordinary;
  expect_user_error([&] { load_mnist(folder.path()); }, {"t10k-images-idx3-ubyte", "Permission denied"});
}

TEST(Mnist, WrittenSetIsReadBackAndKeepsItsName) {
  const ScratchFolder folder;
  put_mnist(folder / "a");
  Mnist mnist = load_mnist(folder / "a");
  mnist.train.synthetic = mnist.test.synthetic = true;
  write_mnist(folder / "b", mnist);
  const Mnist found = load_mnist(folder / "b");
  EXPECT_EQ(found.train.images, mnist.train.images);
  EXPECT_EQ(found.test.labels, mnist.test.labels);
  EXPECT_TRUE(found.train.synthetic && found.test.synthetic);
  EXPECT_EQ(found.train.name, "synthetic digits");
}

TEST(Mnist, TheRealFiles) {
  const char* folder = std::getenv("GRIDSTRIDE_DATA_DIR");
  const auto place = folder ? find_mnist(folder) : std::nullopt;
  if (!place) GTEST_SKIP() << "GRIDSTRIDE_DATA_DIR names no folder with MNIST";
  const Mnist mnist = load_mnist(folder);
  EXPECT_EQ(mnist.train.count, 60'000);
  EXPECT_EQ(mnist.test.count, 10'000);
  const uint8_t first[] = {5, 0, 4, 1, 9, 2, 1, 3, 1, 4};
  EXPECT_TRUE(std::equal(std::begin(first), std::end(first), mnist.train.labels.begin()));
  double sum = 0, squares = 0;
  for (const uint8_t pixel : mnist.train.images) {
    sum += pixel / 255.0;
    squares += pixel / 255.0 * pixel / 255.0;
  }
  const auto elems = static_cast<double>(mnist.train.images.size());
  EXPECT_NEAR(sum / elems, 0.1307, 1e-4) << "the loader's default mean";
  EXPECT_NEAR(std::sqrt(squares / elems - sum / elems * sum / elems), 0.3081, 1e-4)
      << "the loader's default deviation";
  for (const RemoteFile& file : mnist_files()) {
    if (!fs::exists(*place / file.name)) continue;  // unpacked files have other bytes
    EXPECT_EQ(io::sha256_file(*place / file.name), file.sha256) << file.name;
    EXPECT_EQ(fs::file_size(*place / file.name), file.bytes) << file.name;
  }
}

}  // namespace
}  // namespace gridstride::data
