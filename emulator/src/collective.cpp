#include "collective.hpp"

#include <algorithm>
#include <bit>

namespace gridstride::emulator {
namespace {

using detail::Reduce;

std::uint32_t combine(Reduce operation, std::uint32_t a, std::uint32_t b) {
  const auto sa = static_cast<std::int32_t>(a);
  const auto sb = static_cast<std::int32_t>(b);
  switch (operation) {
    case Reduce::Add:
      return a + b;
    case Reduce::MinSigned:
      return static_cast<std::uint32_t>(std::min(sa, sb));
    case Reduce::MinUnsigned:
      return std::min(a, b);
    case Reduce::MaxSigned:
      return static_cast<std::uint32_t>(std::max(sa, sb));
    case Reduce::MaxUnsigned:
      return std::max(a, b);
    case Reduce::And:
      return a & b;
    case Reduce::Or:
      return a | b;
    case Reduce::Xor:
      return a ^ b;
  }
  return 0;
}

template <class F>
void for_each_lane(std::uint32_t lanes, F f) {
  for (; lanes != 0; lanes &= lanes - 1) f(static_cast<unsigned>(std::countr_zero(lanes)));
}

}  // namespace

std::uint64_t Collective::result(unsigned lane, std::uint32_t lanes) const {
  switch (kind) {
    case Kind::Sync:
      return 0;
    case Kind::Shuffle: {
      const unsigned source = argument[lane];
      return value[lanes >> source & 1 ? source : lane];
    }
    case Kind::Vote: {
      std::uint64_t agreed = 0;
      for_each_lane(lanes, [&](unsigned i) { agreed |= (value[i] & 1) << i; });
      return agreed << 32 | lanes;
    }
    case Kind::MatchAny: {
      std::uint32_t equal = 0;
      for_each_lane(lanes, [&](unsigned i) { equal |= std::uint32_t{value[i] == value[lane]} << i; });
      return equal;
    }
    case Kind::MatchAll: {
      bool all = true;
      for_each_lane(lanes, [&](unsigned i) { all = all && value[i] == value[lane]; });
      return all ? lanes : 0;
    }
    case Kind::Reduce: {
      auto sum = static_cast<std::uint32_t>(value[lane]);
      for_each_lane(lanes & ~(1u << lane), [&](unsigned i) {
        sum = combine(static_cast<Reduce>(argument[lane]), sum, static_cast<std::uint32_t>(value[i]));
      });
      return sum;
    }
  }
  return 0;
}

unsigned shuffle_source(detail::Shuffle mode, unsigned lane, unsigned operand, int width) {
  const unsigned segment_mask = ~(static_cast<unsigned>(width) - 1) & 31;
  const unsigned first = lane & segment_mask;
  const unsigned last = first | (~segment_mask & 31);
  const unsigned b = operand & 31;
  switch (mode) {
    case detail::Shuffle::Index:
      return first | (b & ~segment_mask & 31);
    case detail::Shuffle::Up:
      return lane >= first + b ? lane - b : lane;
    case detail::Shuffle::Down:
      return lane + b <= last ? lane + b : lane;
    case detail::Shuffle::Xor:
      return (lane ^ b) <= last ? lane ^ b : lane;
  }
  return lane;
}

}  // namespace gridstride::emulator
