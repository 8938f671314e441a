// Every variant of every operation as a Google Benchmark: gridstride_benchmarks --benchmark_filter=gemm/
// Ladders compared fairly, in turns and with the library beside them, are `gridstride bench`'s business.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "bench/rig.hpp"
#include "kernels/core/trial.hpp"

namespace gridstride::bench {
namespace {

Rig& rig() {
  static Rig one;
  return one;
}

// A problem's memory and reference are made once for all of its variants.
Trial& trial_of(const AnyOperation& op) {
  static std::string current;
  static std::unique_ptr<Trial> trial;
  if (current != op.name()) {
    trial.reset();
    trial = std::make_unique<Trial>(*op.bench_problem(device()), 1);
    current = op.name();
  }
  return *trial;
}

void measure(benchmark::State& state, const AnyOperation& op, const std::string& variant) {
  Trial& trial = trial_of(op);
  if (const std::string why = trial.problem().why_not(variant); !why.empty()) {
    state.SkipWithError(why.c_str());
    return;
  }
  for (auto _ : state) {
    state.SetIterationTime(rig().cold_seconds([&] { trial.relaunch(variant, rig().stream()); }));
  }
  trial.launch(variant, rig().stream());
  if (const Verdict verdict = trial.judge(); !verdict.passed) state.SkipWithError(verdict.why.c_str());
  const Cost cost = trial.problem().cost();
  const auto per_second = [&](double amount) {
    return benchmark::Counter(amount, benchmark::Counter::kIsIterationInvariantRate);
  };
  state.counters["flop"] = per_second(cost.flops);
  state.counters["bytes"] = per_second(cost.bytes);
}

}  // namespace
}  // namespace gridstride::bench

int main(int argc, char** argv) {
  using namespace gridstride;
  for (const auto* op : operations()) {
    for (const auto& variant : op->variants()) {
      const std::string name(variant.name);
      benchmark::RegisterBenchmark((std::string(op->name()) + "/" + name).c_str(),
                                   [op, name](benchmark::State& state) { bench::measure(state, *op, name); })
          ->UseManualTime()
          ->Unit(benchmark::kMicrosecond);
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
