// cuda::std and nvstd::function: the standard library as kernels use it.
#include <cuda/std/bit>
#include <cuda/std/numbers>
#include <cuda/std/optional>
#include <cuda/std/span>
#include <cuda/std/tuple>
#include <cuda/std/variant>
#include <nvfunctional>

#include "tests/emulator/runtime_fixture.hpp"

namespace gridstride::emulator {
namespace {

class StandardLibrary : public RuntimeTest {};
GRIDSTRIDE_EVERY_SCHEDULE(StandardLibrary);

__device__ cuda::std::optional<int> half_of(int value) {
  if (value % 2 != 0) return cuda::std::nullopt;
  return value / 2;
}

__global__ void use_vocabulary(cuda::std::span<int> out) {
  const int i = static_cast<int>(threadIdx.x);
  const cuda::std::variant<int, double> either =
      i % 2 == 0 ? cuda::std::variant<int, double>(i) : cuda::std::variant<int, double>(0.5 * i);
  const auto [low, high] = cuda::std::make_tuple(i, cuda::std::popcount(static_cast<unsigned>(i)));
  out[threadIdx.x] = half_of(i).value_or(-1) + 100 * static_cast<int>(either.index()) + 1000 * (low + high);
}

TEST_P(StandardLibrary, VocabularyTypes) {
  DeviceArray<int> out(32, 0);
  use_vocabulary<<<1, 32>>>(cuda::std::span<int>(out.data(), 32));
  const auto got = out.host();
  for (int i = 0; i < 32; ++i) {
    const int half = i % 2 == 0 ? i / 2 : -1;
    EXPECT_EQ(got[i], half + 100 * (i % 2) + 1000 * (i + __builtin_popcount(i))) << i;
  }
}

__global__ void call_through_functions(int* out, int factor) {
  const nvstd::function<int(int)> times = [factor](int x) { return x * factor; };
  nvstd::function<int(int)> twice = [&times](int x) { return times(times(x)); };
  const nvstd::function<int(int)> none;
  out[threadIdx.x] = twice(static_cast<int>(threadIdx.x)) + (none ? 1 : 0);
}

TEST_P(StandardLibrary, FunctionsThatHoldLambdas) {
  DeviceArray<int> out(32, 0);
  call_through_functions<<<1, 32>>>(out.data(), 3);
  const auto got = out.host();
  for (int i = 0; i < 32; ++i) EXPECT_EQ(got[i], 9 * i);
}

}  // namespace
}  // namespace gridstride::emulator
