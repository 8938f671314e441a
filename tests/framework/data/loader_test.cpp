#include "framework/data/loader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace gridstride::data {
namespace {

/// Images of 2 x 2 whose first pixel is their index.
Dataset numbered(int64_t count) {
  Dataset set{"numbered", true, count, 1, 2, 2, 10, {}, {}};
  for (int64_t i = 0; i < count; ++i) {
    const auto byte = static_cast<uint8_t>(i);
    set.images.insert(set.images.end(), {byte, 0, 255, static_cast<uint8_t>(255 - byte)});
    set.labels.push_back(static_cast<uint8_t>(i % 10));
  }
  return set;
}

LoaderOptions options(int64_t batch, uint64_t seed = 1, bool prefetch = true) {
  return {.batch = batch, .seed = seed, .prefetch = prefetch, .normalization = {0, 1}};
}

int index_of(const Batch& batch, int64_t i) {
  return static_cast<int>(std::lround(batch.images[i * 4] * 255));
}

std::vector<int> epoch_order(Loader& loader) {
  std::vector<int> order;
  for (int64_t b = 0; b < loader.batches_per_epoch(); ++b) {
    const Batch batch = loader.next();
    for (int64_t i = 0; i < batch.count(); ++i) order.push_back(index_of(batch, i));
  }
  return order;
}

TEST(Loader, AnEpochIsEveryImageOnceWithItsLabel) {
  const Dataset set = numbered(103);
  Loader loader(set, options(10));
  EXPECT_EQ(loader.batches_per_epoch(), 11);
  std::set<int> seen;
  for (int b = 0; b < 11; ++b) {
    const Batch batch = loader.next();
    EXPECT_EQ(batch.position, (Position{0, b}));
    EXPECT_EQ(batch.count(), b < 10 ? 10 : 3);
    EXPECT_EQ(batch.shape, (std::array<int64_t, 4>{batch.count(), 1, 2, 2}));
    for (int64_t i = 0; i < batch.count(); ++i) {
      seen.insert(index_of(batch, i));
      EXPECT_EQ(batch.labels[i], index_of(batch, i) % 10);
      EXPECT_FLOAT_EQ(batch.images[i * 4 + 2], 1);
    }
  }
  EXPECT_EQ(seen.size(), 103u);
  EXPECT_EQ(loader.position(), (Position{1, 0}));
}

TEST(Loader, OrderDependsOnSeedAndEpochAlone) {
  const Dataset set = numbered(100);
  Loader a(set, options(7, 5)), b(set, options(7, 5, false)), c(set, options(7, 6)),
      wide(set, options(50, 5));
  const auto first = epoch_order(a), second = epoch_order(a);
  EXPECT_EQ(first, epoch_order(b)) << "prefetching must not matter";
  EXPECT_EQ(second, epoch_order(b));
  EXPECT_EQ(first, epoch_order(wide)) << "the batch size must not matter";
  EXPECT_NE(first, second);
  EXPECT_NE(first, epoch_order(c));
  EXPECT_FALSE(std::ranges::is_sorted(first));
}

// Pinned, because a checkpoint's position is worth nothing when the order behind it changes.
TEST(Loader, OrderIsTheSameInEveryBuild) {
  const Dataset set = numbered(10);
  Loader loader(set, options(10, 1));
  EXPECT_EQ(epoch_order(loader), (std::vector<int>{9, 2, 8, 3, 5, 6, 4, 1, 7, 0}));
}

TEST(Loader, WithoutShuffleTheOrderIsTheSets) {
  const Dataset set = numbered(20);
  LoaderOptions straight = options(6);
  straight.shuffle = false;
  Loader loader(set, straight);
  const auto order = epoch_order(loader);
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(order.size(), 20u);
}

TEST(Loader, ResumesFromAnyPosition) {
  const Dataset set = numbered(50);
  for (const bool prefetch : {false, true}) {
    Loader whole(set, options(8, 3, prefetch));
    std::vector<Batch> batches;
    for (int i = 0; i < 21; ++i) batches.push_back(whole.next());
    for (size_t from = 0; from < batches.size(); from += 4) {
      Loader resumed(set, options(8, 3, prefetch), batches[from].position);
      for (size_t i = from; i < batches.size(); ++i) {
        const Position expected = resumed.position();
        const Batch batch = resumed.next();
        EXPECT_EQ(batch.position, expected);
        EXPECT_EQ(batch.images, batches[i].images);
        EXPECT_EQ(batch.labels, batches[i].labels);
      }
    }
    whole.seek({0, 2});
    EXPECT_EQ(whole.next().images, batches[2].images);
  }
}

TEST(Loader, RecycledMemoryCarriesNothingOver) {
  const Dataset set = numbered(53);
  Loader plain(set, options(8)), recycling(set, options(8)), inline_too(set, options(8, 1, false));
  for (int i = 0; i < 30; ++i) {
    const Batch expected = plain.next();
    for (Loader* loader : {&recycling, &inline_too}) {
      Batch batch = loader->next();
      EXPECT_EQ(batch.images, expected.images);
      EXPECT_EQ(batch.labels, expected.labels);
      std::ranges::fill(batch.images, -1.0f);
      loader->recycle(std::move(batch));
    }
  }
}

TEST(Loader, NormalizesBytes) {
  const Dataset set = numbered(1);
  Loader loader(set, {.batch = 1, .normalization = {0.5f, 0.25f}});
  const Batch batch = loader.next();
  EXPECT_FLOAT_EQ(batch.images[1], -2);
  EXPECT_FLOAT_EQ(batch.images[2], 2);
}

TEST(Loader, DropsTheLastSmallBatchOnDemand) {
  const Dataset set = numbered(25);
  LoaderOptions dropping = options(10);
  dropping.drop_last = true;
  Loader loader(set, dropping);
  EXPECT_EQ(loader.batches_per_epoch(), 2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(loader.next().count(), 10);
}

TEST(Loader, RefusesWhatMakesNoBatch) {
  const Dataset set = numbered(5), none = numbered(0);
  LoaderOptions dropping = options(10);
  dropping.drop_last = true;
  EXPECT_THROW(Loader(set, dropping), std::invalid_argument);
  EXPECT_THROW(Loader(none, options(10)), std::invalid_argument);
  EXPECT_THROW(Loader(set, options(0)), std::invalid_argument);
  EXPECT_THROW(Loader(set, {.batch = 1, .normalization = {0, 0}}), std::invalid_argument);
  for (const Position hostile : {Position{-1, 0}, Position{0, -1}, Position{0, 5}, Position{0, INT64_MAX}}) {
    EXPECT_THROW(Loader(set, options(1), hostile), std::invalid_argument);
  }
}

TEST(Loader, CanBeThrownAwayAtAnyMoment) {
  const Dataset set = numbered(200);
  for (int taken = 0; taken < 50; ++taken) {
    Loader loader(set, options(2));
    for (int i = 0; i < taken % 7; ++i) loader.next();
  }
}

}  // namespace
}  // namespace gridstride::data
