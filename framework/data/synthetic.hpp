#pragma once

#include <cstdint>

#include "framework/data/mnist.hpp"

namespace gridstride::data {

/// Digits drawn by strokes, for machines without MNIST and without a network: several ways to write each
/// digit, bent, slanted, scaled, thick and thin, then fitted and centred as MNIST's are (20 x 20, centre of
/// mass in the middle). The same seed gives the same digits; an image does not depend on how many there are.
Mnist make_synthetic_digits(uint64_t seed, int64_t train_count, int64_t test_count);

}  // namespace gridstride::data
