/// cuRAND's Philox4x32-10: a keyed bijection of a 128-bit counter, whose upper half names the subsequence.
/// Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011.
#pragma once

#include "gridstride/emulator/random/distributions.hpp"

namespace gridstride::emulator::detail {

__extension__ using PhiloxCounter = unsigned __int128;

constexpr uint4 philox4x32_10(uint4 counter, uint2 key) {
  for (int round = 0; round < 10; ++round) {
    const unsigned long long first = 0xD2511F53ull * counter.x;
    const unsigned long long second = 0xCD9E8D57ull * counter.z;
    counter = {static_cast<unsigned>(second >> 32) ^ counter.y ^ key.x, static_cast<unsigned>(second),
               static_cast<unsigned>(first >> 32) ^ counter.w ^ key.y, static_cast<unsigned>(first)};
    key = {key.x + 0x9E3779B9u, key.y + 0xBB67AE85u};
  }
  return counter;
}

}  // namespace gridstride::emulator::detail

/// `words` are the counter's four; `used` of them have been handed out.
struct curandStatePhilox4_32_10 {
  using Counter = gridstride::emulator::detail::PhiloxCounter;

  uint4 words;
  unsigned counter[4];
  uint2 key;
  unsigned used;
  gridstride::emulator::detail::SpareNormal spare;

  void start(unsigned long long seed, unsigned long long subsequence, unsigned long long offset) {
    *this = {};
    key = {static_cast<unsigned>(seed), static_cast<unsigned>(seed >> 32)};
    move(subsequence * (Counter{1} << 64));
    skip(offset);
  }

  void skip(unsigned long long count) {
    const unsigned within = used + static_cast<unsigned>(count % 4);
    used = within % 4;
    move(Counter{count / 4} + within / 4);
  }
  void skip_sequences(unsigned long long count) { move(Counter{count} << 64); }

  unsigned next() {
    const unsigned all[] = {words.x, words.y, words.z, words.w};
    const unsigned word = all[used];
    skip_word();
    return word;
  }

  uint4 next4() {
    const uint4 old = words;
    move(1);
    const unsigned both[] = {old.x, old.y, old.z, old.w, words.x, words.y, words.z, words.w};
    return {both[used], both[used + 1], both[used + 2], both[used + 3]};
  }

  float uniform() { return gridstride::emulator::detail::unit_float(next()); }
  double uniform_double() { return gridstride::emulator::detail::unit_double(next()); }
  float2 normal2() {
    const unsigned first = next();
    return gridstride::emulator::detail::normal_pair(first, next());
  }
  double2 normal2_double() { return gridstride::emulator::detail::normal_pair(next4()); }

 private:
  void skip_word() {
    if (++used < 4) return;
    used = 0;
    move(1);
  }

  void move(Counter steps) {
    Counter value = steps;
    for (int i = 0; i < 4; ++i) value += Counter{counter[i]} << 32 * i;
    for (int i = 0; i < 4; ++i) counter[i] = static_cast<unsigned>(value >> 32 * i);
    words =
        gridstride::emulator::detail::philox4x32_10({counter[0], counter[1], counter[2], counter[3]}, key);
  }
};
typedef struct curandStatePhilox4_32_10 curandStatePhilox4_32_10_t;
