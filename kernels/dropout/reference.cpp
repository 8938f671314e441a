#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "kernels/core/registry.hpp"
#include "kernels/core/sizes.hpp"
#include "kernels/dropout/dropout.hpp"

namespace gridstride {
namespace {

using Words = std::array<uint32_t, 4>;

// Written from the paper, apart from the kernels: a round multiplies words 0 and 2, swaps the halves across
// and adds the keys, which step by the golden ratio and sqrt(3) - 1.
Words philox4x32_10(Words counter, uint64_t key) {
  uint32_t key0 = static_cast<uint32_t>(key), key1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9, key1 += 0xBB67AE85) {
    const uint64_t left = uint64_t{counter[0]} * 0xD2511F53, right = uint64_t{counter[2]} * 0xCD9E8D57;
    const auto [high0, low0] = std::pair(left >> 32, left);
    const auto [high1, low1] = std::pair(right >> 32, right);
    counter = {static_cast<uint32_t>(high1) ^ counter[1] ^ key0, static_cast<uint32_t>(low1),
               static_cast<uint32_t>(high0) ^ counter[3] ^ key1, static_cast<uint32_t>(low0)};
  }
  return counter;
}

}  // namespace

Schema Dropout::describe(Args& args) {
  Schema s;
  s.dim("n", args.n, "elements").real("p", args.p, "probability of a zero");
  s.dim("seed", args.seed, "key of the random numbers").dim("offset", args.offset, "which mask of that seed");
  s.input("x", args.x, args.n).output("y", args.y, args.n);
  return s;
}

void Dropout::check(const Args& args) {
  check_array(kName, "x", {{"n", args.n}});
  if (!(args.p >= 0 && args.p <= 1)) {
    throw std::invalid_argument("[dropout] p must be in 0..1, got " + std::to_string(args.p));
  }
}

Cost Dropout::cost(const Args& args) {
  const double n = static_cast<double>(args.n);
  return {.flops = n, .bytes = 8 * n};
}

void Dropout::reference(const Args& args) {
  const uint64_t offset = static_cast<uint64_t>(args.offset);
  const float scale = 1 / (1 - args.p);
  for (int64_t i = 0; i < args.n; ++i) {
    const uint64_t quad = static_cast<uint64_t>(i / 4);
    const Words words = philox4x32_10({static_cast<uint32_t>(quad), static_cast<uint32_t>(quad >> 32),
                                       static_cast<uint32_t>(offset), static_cast<uint32_t>(offset >> 32)},
                                      static_cast<uint64_t>(args.seed));
    const double u = (words[static_cast<std::size_t>(i % 4)] >> 8) * 0x1p-24;
    args.y[i] = u >= args.p ? args.x[i] * scale : 0.0f;
  }
}

std::vector<Dropout::Args> Dropout::cases() {
  std::vector<Args> all;
  for (int64_t n : {0, 1, 2, 3, 4, 5, 31, 33, 255, 257, 1023, 10007, 1100003}) {
    all.push_back({.n = n, .p = 0.2f, .seed = 1234567890123456789 - n, .offset = n * 4294967311});
  }
  for (float p : {0.0f, 0.5f, 0.999f, 1.0f}) all.push_back({.n = 1001, .p = p, .seed = -1, .offset = 7});
  return all;
}

Dropout::Args Dropout::bench_args(Device device) {
  return {.n = device == Device::cuda ? int64_t{1} << 28 : int64_t{1} << 22};
}

Tolerance Dropout::tolerance(const Args&) { return {}; }

GRIDSTRIDE_OPERATION(Dropout);

}  // namespace gridstride
