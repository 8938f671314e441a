#include "framework/tensor/tensor.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "framework/tensor/int_tensor.hpp"
#include "tests/framework/expect_error.hpp"

namespace gridstride {
namespace {

using std::invalid_argument;
using tests::expect_error;

TEST(Shape, CountsElementsAndPrints) {
  EXPECT_EQ(numel({}), 1);
  EXPECT_EQ(numel({2, 3, 4}), 24);
  EXPECT_EQ(numel({5, 0, 4}), 0);
  EXPECT_EQ(to_string(Shape{}), "()");
  EXPECT_EQ(to_string(Shape{64, 783}), "(64, 783)");
}

TEST(Shape, RefusesWhatCannotBe) {
  expect_error<invalid_argument>([] { numel({2, -1}); }, {"[tensor]", "(2, -1)"});
  expect_error<invalid_argument>([] { numel({int64_t{1} << 40, int64_t{1} << 40}); }, {"[tensor]", "2^63"});
}

TEST(Tensor, HoldsWhatTheHostGave) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const Tensor t = Tensor::from_host({2, 3}, values);
  EXPECT_EQ(t.to_host(), values);
  EXPECT_EQ(t.dim(), 2);
  EXPECT_EQ(t.size(-1), 3);
  EXPECT_EQ(Tensor::zeros({2, 2}).to_host(), std::vector<float>(4, 0.0f));
  EXPECT_EQ(Tensor::full({3}, 2.5f).to_host(), std::vector<float>(3, 2.5f));
  EXPECT_EQ(Tensor::full({}, 7).item(), 7);
}

TEST(Tensor, MayBeEmpty) {
  const Tensor t = Tensor::zeros({0, 3});
  EXPECT_EQ(t.numel(), 0);
  EXPECT_TRUE(t.to_host().empty());
  EXPECT_EQ(t.clone().shape(), (Shape{0, 3}));
}

TEST(Tensor, CopiesAreHandlesAndClonesAreNot) {
  Tensor a = Tensor::zeros({4});
  Tensor handle = a, alias = a.alias({2, 2}), clone = a.clone();
  a.copy_from_host(std::vector<float>{1, 2, 3, 4});
  EXPECT_EQ(handle.to_host(), a.to_host());
  EXPECT_EQ(alias.to_host(), a.to_host());
  EXPECT_EQ(alias.shape(), (Shape{2, 2}));
  EXPECT_EQ(clone.to_host(), std::vector<float>(4, 0.0f));
  EXPECT_TRUE(a.shares_storage());
  EXPECT_FALSE(clone.shares_storage());
}

TEST(Tensor, SaysWhatIsWrong) {
  const Tensor t = Tensor::zeros({2, 3});
  expect_error<invalid_argument>([&] { t.item(); }, {"item()", "(2, 3)"});
  expect_error<invalid_argument>([&] { t.size(2); }, {"axis 2", "(2, 3)"});
  expect_error<invalid_argument>([&] { t.size(-3); }, {"axis -3"});
  expect_error<invalid_argument>([&] { t.alias({4}); }, {"(2, 3)", "(4)"});
  expect_error<invalid_argument>([&] { Tensor::from_host({3}, std::vector<float>(2)); }, {"2 values", "(3)"});
  expect_error<invalid_argument>([] { Tensor().shape(); }, {"before it was given a value"});
}

TEST(IntTensor, HoldsWhatTheHostGave) {
  const std::vector<int32_t> values{3, 1, 2};
  EXPECT_EQ(IntTensor::from_host(values).to_host(), values);
  EXPECT_EQ(IntTensor().numel(), 0);
}

}  // namespace
}  // namespace gridstride
