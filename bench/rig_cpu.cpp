#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <thread>

#include "bench/rig.hpp"
#include "kernels/core/stream.hpp"

namespace gridstride::bench {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void on_every_core(const std::function<void(unsigned)>& work) {
  std::vector<std::thread> threads;
  const unsigned count = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
}

std::size_t last_level_cache_bytes() {
  const long bytes = std::max(sysconf(_SC_LEVEL3_CACHE_SIZE), sysconf(_SC_LEVEL2_CACHE_SIZE));
  return std::clamp<std::size_t>(bytes > 0 ? static_cast<std::size_t>(bytes) : 0, 16u << 20, 128u << 20);
}

// Enough independent multiply-adds to fill the pipelines, in vectors as wide as any processor's.
using Vector = float __attribute__((vector_size(64)));
constexpr int kChains = 12;

double multiply_add(int rounds) {
  Vector sum[kChains];
  for (int c = 0; c < kChains; ++c) sum[c] = Vector{} + static_cast<float>(c);
  Vector factor = Vector{} + 0.999f, term = Vector{} + 0.001f;
  for (int i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
    for (int c = 0; c < kChains; ++c) sum[c] = sum[c] * factor + term;
    asm volatile("" : "+m"(factor), "+m"(term));  // nothing of the loop may be foreseen
  }
  double total = 0;
  for (const auto& chain : sum) total += static_cast<double>(chain[0]);
  return total;
}

}  // namespace

struct Rig::State {
  Stream stream;
  std::vector<std::byte> flush = std::vector<std::byte>(2 * last_level_cache_bytes());
  int turn = 0;
};

Rig::Rig() : state_(std::make_unique<State>()) {}
Rig::~Rig() = default;
cudaStream_t Rig::stream() const { return state_->stream; }

double Rig::cold_seconds(const std::function<void()>& enqueue) {
  auto& flush = state_->flush;
  const int fill = ++state_->turn & 0x7F;
  // Every core writes its share, so that its own caches are emptied with the common one.
  const std::size_t share = flush.size() / std::max(1u, std::thread::hardware_concurrency());
  on_every_core([&](unsigned i) { std::memset(flush.data() + i * share, fill, share); });
  return warm_seconds(enqueue, 1);
}

double Rig::warm_seconds(const std::function<void()>& enqueue, int launches) {
  state_->stream.synchronize();
  const double start = now();
  for (int i = 0; i < launches; ++i) enqueue();
  state_->stream.synchronize();
  return (now() - start) / launches;
}

double Rig::shortest_cold_seconds() { return 0; }

Roof Rig::measure_roof() {
  constexpr std::size_t kShareBytes = 64u << 20;
  constexpr int kRounds = 1 << 20;
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::vector<std::byte>> from(cores), to(cores);
  on_every_core([&](unsigned i) {
    from[i].assign(kShareBytes, std::byte{1});
    to[i].assign(kShareBytes, std::byte{2});
  });
  double copy_seconds = 1e9, flop_seconds = 1e9;
  std::vector<double> totals(cores);
  for (int attempt = 0; attempt < 7; ++attempt) {
    double start = now();
    on_every_core([&](unsigned i) { std::memcpy(to[i].data(), from[i].data(), kShareBytes); });
    copy_seconds = std::min(copy_seconds, now() - start);
    start = now();
    on_every_core([&](unsigned i) { totals[i] = multiply_add(kRounds); });
    flop_seconds = std::min(flop_seconds, now() - start);
  }
  const double flops = 2.0 * kRounds * kChains * (sizeof(Vector) / sizeof(float));
  return {2.0 * kShareBytes * cores / copy_seconds, flops * cores / flop_seconds,
          "measured: multiply-adds on every core"};
}

std::vector<std::pair<std::string, std::string>> Rig::facts() { return {}; }

}  // namespace gridstride::bench
