/// cuRAND's generators against published vectors, against values of cuRAND itself, and against themselves
/// where a jump must lead to what steps lead to.
#include <curand_kernel.h>

#include <cmath>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

using detail::philox4x32_10;

std::vector<unsigned> words(uint4 w) { return {w.x, w.y, w.z, w.w}; }

/// The known answers that Random123 publishes.
TEST(Random, PhiloxHasItsKnownAnswers) {
  EXPECT_EQ(words(philox4x32_10({0, 0, 0, 0}, {0, 0})),
            (std::vector<unsigned>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(words(philox4x32_10({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u})),
            (std::vector<unsigned>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(words(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0})),
            (std::vector<unsigned>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

template <class S>
class RandomState : public ::testing::Test {};
using States = ::testing::Types<curandStatePhilox4_32_10_t, curandStateXORWOW_t, curandStateMRG32k3a_t>;
TYPED_TEST_SUITE(RandomState, States);

template <class S>
S started(unsigned long long seed, unsigned long long subsequence = 0, unsigned long long offset = 0) {
  S state;
  curand_init(seed, subsequence, offset, &state);
  return state;
}

template <class S>
std::vector<unsigned> draw(S state, int count = 9) {
  std::vector<unsigned> drawn(count);
  for (unsigned& word : drawn) word = curand(&state);
  return drawn;
}

/// What cuRAND itself draws: nine words near and nine far from the beginning; after these a normal number, a
/// uniform one in double precision, and a uniform one.
template <class S>
struct Golden;
template <>
struct Golden<curandStatePhilox4_32_10_t> {
  inline static const std::vector<unsigned> kNear = {3354607383u, 253049307u,  118660703u,
                                                     1698527859u, 495137217u,  2264860335u,
                                                     738435355u,  1259184545u, 1723463268u};
  inline static const std::vector<unsigned> kFar = {3825162494u, 2531659229u, 2254025068u,
                                                    2358822099u, 4191146634u, 1568086066u,
                                                    4150820736u, 2202289520u, 3945210654u};
  static constexpr float kUniform = 0x1.e98196p-5f;
  static constexpr double kDouble = 0x1.403b030ap-1;
  static constexpr float kNormal = 0x1.53ea52p+0f;
};
template <>
struct Golden<curandStateXORWOW_t> {
  inline static const std::vector<unsigned> kNear = {2198015705u, 2308946676u, 3475686971u,
                                                     75263415u,   1929890176u, 3433179576u,
                                                     585435514u,  1621022808u, 445316805u};
  inline static const std::vector<unsigned> kFar = {4205959814u, 4125507835u, 3939306533u,
                                                    3242648652u, 3185957871u, 4104212089u,
                                                    1386170525u, 494318585u,  1755407709u};
  static constexpr float kUniform = 0x1.df8e2cp-2f;
  static constexpr double kDouble = 0x1.fae7f3b82ed6p-1;
  static constexpr float kNormal = -0x1.0fd90ap-1f;
};
template <>
struct Golden<curandStateMRG32k3a_t> {
  inline static const std::vector<unsigned> kNear = {2749090064u, 2410030135u, 1992398857u,
                                                     2170368389u, 1655077947u, 420608390u,
                                                     491297866u,  159488216u,  1069799721u};
  inline static const std::vector<unsigned> kFar = {2426981181u, 2121391876u, 1172316958u,
                                                    1651707131u, 387094672u,  4294900283u,
                                                    4218368196u, 89678943u,   4035135930u};
  static constexpr float kUniform = 0x1.ae31d8p-1f;
  static constexpr double kDouble = 0x1.7e9974945b483p-2;
  static constexpr float kNormal = -0x1.3bceeap-1f;
};

TYPED_TEST(RandomState, DrawsWhatCurandDraws) {
  using Expected = Golden<TypeParam>;
  EXPECT_EQ(draw(started<TypeParam>(1234, 1, 2)), Expected::kNear);
  auto state = started<TypeParam>(0xfedcba9876543210, 1ull << 40, 1ull << 50);
  EXPECT_EQ(draw(state), Expected::kFar);
  skipahead(9, &state);
  EXPECT_NEAR(curand_normal(&state), Expected::kNormal, 4e-7f);
  EXPECT_EQ(curand_uniform_double(&state), Expected::kDouble);
  EXPECT_EQ(curand_uniform(&state), Expected::kUniform);
}

TYPED_TEST(RandomState, AJumpIsAsManySteps) {
  for (const int steps : {1, 2, 3, 4, 5, 31, 1000}) {
    auto walked = started<TypeParam>(42), jumped = walked;
    for (int i = 0; i < steps; ++i) curand(&walked);
    skipahead(steps, &jumped);
    EXPECT_EQ(draw(jumped), draw(walked)) << steps;
    EXPECT_EQ(draw(started<TypeParam>(42, 0, steps)), draw(walked)) << steps;
  }
}

TYPED_TEST(RandomState, JumpsAddUp) {
  constexpr unsigned long long kFar = 0x8765'4321'0fed'cba9;
  auto twice = started<TypeParam>(7, 5), once = twice;
  skipahead(kFar, &twice);
  skipahead(kFar + 3, &twice);
  for (int i = 0; i < 2; ++i) skipahead(kFar / 2, &once), skipahead(kFar / 2 + 2, &once);
  curand(&once);
  EXPECT_EQ(draw(twice), draw(once));
}

/// Long jumps within a sequence lead to the beginning of the next one.
TEST(Random, ASequenceIsAsLongAsDocumented) {
  auto philox = started<curandStatePhilox4_32_10_t>(3);
  for (int i = 0; i < 8; ++i) skipahead(1ull << 63, &philox);
  EXPECT_EQ(draw(philox), draw(started<curandStatePhilox4_32_10_t>(3, 1)));
  auto xorwow = started<curandStateXORWOW_t>(3);
  for (int i = 0; i < 16; ++i) skipahead(1ull << 63, &xorwow);
  EXPECT_EQ(draw(xorwow), draw(started<curandStateXORWOW_t>(3, 1)));
  auto mrg = started<curandStateMRG32k3a_t>(3);
  for (int i = 0; i < 8192; ++i) skipahead(1ull << 63, &mrg);
  EXPECT_EQ(draw(mrg), draw(started<curandStateMRG32k3a_t>(3, 1)));
}

TYPED_TEST(RandomState, UniformNumbersLieInTheHalfOpenInterval) {
  auto state = started<TypeParam>(11);
  double sum = 0;
  for (int i = 0; i < 20000; ++i) {
    const float single = curand_uniform(&state);
    const double twice = curand_uniform_double(&state);
    ASSERT_TRUE(single > 0.0f && single <= 1.0f && twice > 0.0 && twice <= 1.0);
    sum += single + twice;
  }
  EXPECT_NEAR(sum / 40000, 0.5, 0.006);
  EXPECT_EQ(detail::unit_float(~0u), 1.0f);
  EXPECT_EQ(detail::unit_float(0), 0x1p-33f);
}

/// Mean and variance of what `number` gives, each within five standard errors of what they should be.
template <class F>
void expect_moments(F number, double mean, double variance, double fourth_moment) {
  constexpr int kCount = 40000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = number() - mean;
    sum += x, squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0, 5 * std::sqrt(variance / kCount)) << mean;
  EXPECT_NEAR(squares / kCount, variance, 5 * std::sqrt((fourth_moment - variance * variance) / kCount))
      << mean;
}

TYPED_TEST(RandomState, NormalNumbersAreNormal) {
  auto state = started<TypeParam>(5);
  expect_moments([&] { return curand_normal(&state); }, 0, 1, 3);
  expect_moments([&] { return curand_normal_double(&state); }, 0, 1, 3);
  expect_moments([&] { return logf(curand_log_normal(&state, 2.0f, 0.5f)); }, 2, 0.25, 3 * 0.0625);
  expect_moments([&] { return log(curand_log_normal_double(&state, 2.0, 0.5)); }, 2, 0.25, 3 * 0.0625);
}

TYPED_TEST(RandomState, PairsAreTheSingleNumbersInOrder) {
  auto single = started<TypeParam>(5, 2), paired = single;
  for (int i = 0; i < 4; ++i) {
    const float2 pair = curand_normal2(&paired);
    EXPECT_EQ(curand_normal(&single), pair.x);
    EXPECT_EQ(curand_normal(&single), pair.y);
  }
}

TYPED_TEST(RandomState, PoissonNumbersHaveMeanAndVarianceLambda) {
  auto state = started<TypeParam>(9);
  for (const double lambda : {0.5, 12.0, 63.5, 64.0, 300.0, 5000.0}) {
    expect_moments([&] { return curand_poisson(&state, lambda); }, lambda, lambda,
                   lambda + 3 * lambda * lambda);
  }
  EXPECT_EQ(curand_poisson(&state, 0), 0u);
}

TEST(Random, FourAtOnceAreFourInARow) {
  for (int before = 0; before < 4; ++before) {
    auto state = started<curandStatePhilox4_32_10_t>(1, 0, before);
    const std::vector<unsigned> row = draw(state);
    EXPECT_EQ(words(curand4(&state)), std::vector<unsigned>(row.begin(), row.begin() + 4));
    EXPECT_EQ(curand(&state), row[4]);
  }
}

class RandomKernel : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(RandomKernel);

__global__ void draw_per_thread(unsigned* out, curandState* states, unsigned long long seed) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  curand_init(seed, i, 0, &states[i]);
  curandState local = states[i];
  for (int k = 0; k < 4; ++k) out[4 * i + k] = curand(&local);
  states[i] = local;
}

TEST_P(RandomKernel, EveryThreadHasItsOwnSubsequence) {
  DeviceArray<unsigned> out(64 * 4, 0);
  DeviceArray<curandState> states(64, curandState{});
  draw_per_thread<<<2, 32>>>(out.data(), states.data(), 1234);
  const std::vector<unsigned> got = out.host();
  for (int i = 0; i < 64; ++i) {
    EXPECT_EQ(std::vector<unsigned>(&got[4 * i], &got[4 * i] + 4), draw(started<curandState>(1234, i), 4));
  }
}

}  // namespace
}  // namespace gridstride::emulator
