#include "kernels/core/trial.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "kernels/core/compare.hpp"

namespace gridstride {
namespace {

// What outputs, and the guard zones of inputs, hold before a launch: a NaN for whoever reads it.
constexpr std::byte kPoison{0xFF};
// The guard zones of what is written: 3e38 for whoever reads it. It differs from the inputs' so that a kernel
// which runs over the end of both, and moves NaN to NaN, is seen.
constexpr std::byte kWrittenGuard{0x7F};

std::byte guard_of(Role role) { return role == Role::input ? kPoison : kWrittenGuard; }

uint64_t split_mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

double unit(uint64_t seed, uint64_t i) {
  return (static_cast<double>(split_mix(split_mix(seed) + i) >> 11) + 0.5) * 0x1p-53;
}

double draw(Fill fill, uint64_t seed, uint64_t i) {
  const double u = unit(seed, 2 * i);
  switch (fill.kind) {
    case Fill::Kind::normal: {
      const double radius = std::sqrt(-2 * std::log(u));
      return fill.low + fill.high * radius * std::cos(2 * std::numbers::pi * unit(seed, 2 * i + 1));
    }
    case Fill::Kind::uniform:
      return fill.low + (fill.high - fill.low) * u;
    case Fill::Kind::integer:
      return std::floor(fill.low + (fill.high - fill.low + 1) * u);
  }
  return 0;
}

template <class T>
void fill_as(Fill fill, uint64_t seed, T* host, int64_t elems) {
  for (int64_t i = 0; i < elems; ++i) host[i] = static_cast<T>(draw(fill, seed, static_cast<uint64_t>(i)));
}

bool untouched(const std::byte* at, std::size_t bytes, std::byte guard) {
  return std::all_of(at, at + bytes, [guard](std::byte b) { return b == guard; });
}

}  // namespace

void fill_random(Dtype dtype, Fill fill, uint64_t seed, void* host, int64_t elems) {
  switch (dtype) {
    case Dtype::f32:
      return fill_as(fill, seed, static_cast<float*>(host), elems);
    case Dtype::i32:
      return fill_as(fill, seed, static_cast<int32_t*>(host), elems);
    case Dtype::u8:
      return fill_as(fill, seed, static_cast<uint8_t*>(host), elems);
  }
}

Trial::Trial(const Problem& problem, uint64_t seed, int64_t skew_elems)
    : on_host_(problem.clone()), on_device_(problem.clone()) {
  on_host_->check();
  Schema host = on_host_->schema();
  Schema on_device = on_device_->schema();
  memory_.resize(host.operands.size());
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    Memory& m = memory_[i];
    m.operand = on_device.operands[i];
    m.initial.assign(m.bytes(), kPoison);
    if (m.operand.role != Role::output) {
      fill_random(m.operand.dtype, m.operand.fill, seed + i, m.initial.data(), m.operand.elems);
    }
    m.truth = m.initial;
    host.operands[i].bind(m.operand.elems > 0 ? m.truth.data() : nullptr);
    if (m.operand.elems > 0) {
      m.front = kGuardBytes + static_cast<std::size_t>(skew_elems) * size_of(m.operand.dtype);
      m.guarded = DeviceBuffer<std::byte>(static_cast<int64_t>(m.guarded_bytes()));
      m.operand.bind(m.guarded.data() + m.front);
    } else {
      m.operand.bind(nullptr);
    }
  }
  on_host_->reference();
  tolerance_ = on_host_->tolerance();
}

void Trial::upload(Memory& m) {
  if (m.operand.elems == 0) return;
  std::vector<std::byte> image(m.guarded_bytes(), guard_of(m.operand.role));
  std::memcpy(image.data() + m.front, m.initial.data(), m.bytes());
  m.guarded.upload(image);
}

void Trial::launch(std::string_view variant, cudaStream_t stream) {
  for (auto& m : memory_) upload(m);
  GRIDSTRIDE_CUDA(cudaDeviceSynchronize());
  relaunch(variant, stream);
}

void Trial::relaunch(std::string_view variant, cudaStream_t stream) const {
  on_device_->launch(variant, stream);
}

Verdict Trial::judge() {
  GRIDSTRIDE_CUDA(cudaDeviceSynchronize());
  for (auto& m : memory_) {
    if (m.operand.elems == 0) continue;
    std::vector<std::byte> image(m.guarded_bytes());
    m.guarded.download(image);
    const std::byte* value = image.data() + m.front;
    const std::byte guard = guard_of(m.operand.role);
    if (!untouched(image.data(), m.front, guard)) return {false, "wrote before " + m.operand.name};
    if (!untouched(value + m.bytes(), kGuardBytes, guard)) return {false, "wrote behind " + m.operand.name};
    if (m.operand.role == Role::input && std::memcmp(value, m.initial.data(), m.bytes()) != 0) {
      return {false, "wrote into input " + m.operand.name};
    }
    if (m.operand.role == Role::input) continue;
    if (const auto bad = compare(m.operand.dtype, value, m.truth.data(), m.operand.elems, tolerance_)) {
      return {false, bad->describe(m.operand.name)};
    }
  }
  return {true, {}};
}

std::vector<std::byte> Trial::results() const {
  GRIDSTRIDE_CUDA(cudaDeviceSynchronize());
  std::vector<std::byte> all;
  for (const auto& m : memory_) {
    if (m.operand.elems == 0 || m.operand.role == Role::input) continue;
    std::vector<std::byte> image(m.guarded_bytes());
    m.guarded.download(image);
    const auto begin = image.begin() + static_cast<std::ptrdiff_t>(m.front);
    all.insert(all.end(), begin, begin + static_cast<std::ptrdiff_t>(m.bytes()));
  }
  return all;
}

Verdict try_variant(const Problem& problem, std::string_view variant, uint64_t seed, cudaStream_t stream,
                    int64_t skew_elems) {
  try {
    Trial trial(problem, seed, skew_elems);
    trial.launch(variant, stream);
    return trial.judge();
  } catch (const std::exception& error) {
    return {false, error.what()};
  }
}

}  // namespace gridstride
