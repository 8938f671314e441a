#include "bench/goals.hpp"

#include <algorithm>
#include <stdexcept>

#include "bench/goal_kernels.hpp"
#include "kernels/core/buffer.hpp"
#include "kernels/core/trial.hpp"

namespace gridstride::bench {
namespace {

constexpr int kSamples = 15;

struct Pair {
  Summary ours, baseline;
};

// A B A B: both sides meet the same moods of the machine.
Pair interleave(const std::function<double()>& ours, const std::function<double()>& baseline) {
  ours(), baseline();
  std::vector<double> a, b;
  for (int i = 0; i < kSamples; ++i) a.push_back(ours()), b.push_back(baseline());
  return {summarize(a), summarize(b)};
}

std::vector<float> random_floats(int64_t elems, uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(elems));
  fill_random(Dtype::f32, normal(), seed, values.data(), elems);
  return values;
}

Goal matrix_product(Rig& rig) {
  constexpr int64_t kSize = 512;
  const auto problem = find_operation("gemm").bench_problem(Device::cpu);
  for (auto& field : problem->schema().fields) {
    if (field.name == "m" || field.name == "n" || field.name == "k") field.parse(std::to_string(kSize));
  }
  const std::string variant(problem->policy());
  Trial trial(*problem, 1);
  trial.launch(variant, rig.stream());
  if (const auto verdict = trial.judge(); !verdict.passed) throw std::runtime_error("[gemm] " + verdict.why);

  const auto a = random_floats(kSize * kSize, 1), b = random_floats(kSize * kSize, 2);
  std::vector<float> c(a.size());
  const auto [ours, baseline] = interleave(
      [&] { return rig.warm_seconds([&] { trial.relaunch(variant, rig.stream()); }, 1); },
      [&] {
        return rig.warm_seconds([&] { detail::plain_product(kSize, a.data(), b.data(), c.data()); }, 1);
      });
  return {"SGEMM 512, gemm/" + variant,
          "x a plain i-k-j loop on one thread",
          baseline.median / ours.median,
          0.45,
          true,
          ours,
          baseline,
          "same flags, same process, in turns"};
}

Goal without_barriers(Rig& rig) {
  constexpr int64_t kElems = 1 << 20;
  const auto x = random_floats(kElems, 3);
  std::vector<float> y(x.size());
  DeviceBuffer<float> on_device_x{std::span<const float>(x)}, on_device_y(kElems);
  const auto [ours, baseline] = interleave(
      [&] {
        return rig.warm_seconds(
            [&] { detail::polynomial_kernel(kElems, on_device_x.data(), on_device_y.data(), rig.stream()); },
            10);
      },
      [&] { return rig.warm_seconds([&] { detail::polynomial_loop(kElems, x.data(), y.data()); }, 10); });
  return {"kernel without barriers",
          "x the same body in a loop over its threads",
          baseline.median / ours.median,
          0.8,
          true,
          ours,
          baseline,
          "64 multiply-adds per thread, 4096 blocks of 256 threads; both on every core"};
}

Goal barrier(Rig& rig) {
  constexpr int kRounds = 2000;
  DeviceBuffer<float> out(256);
  const auto time = [&](int rounds) {
    return rig.warm_seconds([&] { detail::barrier_kernel(rounds, out.data(), rig.stream()); }, 1);
  };
  // The launch itself is taken off by a kernel that meets once.
  const auto [many, once] = interleave([&] { return time(kRounds + 1); }, [&] { return time(1); });
  Summary each = many;
  for (double* value : {&each.median, &each.min, &each.max, &each.lower_quartile, &each.upper_quartile}) {
    *value = (*value - once.median) / kRounds;
  }
  return {"__syncthreads of 256 threads",
          "us",
          each.median * 1e6,
          2.5,
          false,
          each,
          {},
          "2000 barriers in one block, one launch taken off"};
}

nlohmann::ordered_json to_json(const Summary& s) {
  return {{"median", s.median}, {"min", s.min}, {"max", s.max}, {"samples", s.samples}};
}

}  // namespace

std::vector<Goal> measure_goals(Rig& rig) {
  return {matrix_product(rig), without_barriers(rig), barrier(rig)};
}

nlohmann::ordered_json to_json(const std::vector<Goal>& goals) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& goal : goals) {
    nlohmann::ordered_json one;
    one["name"] = goal.name;
    one["unit"] = goal.unit;
    one["reached"] = goal.reached;
    one["wanted"] = goal.wanted;
    one["met"] = goal.met();
    one["how"] = goal.how;
    one["seconds"] = to_json(goal.ours);
    if (goal.baseline.samples > 0) one["baseline_seconds"] = to_json(goal.baseline);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace gridstride::bench
