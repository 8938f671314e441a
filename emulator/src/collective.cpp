#include "collective.hpp"

#include <algorithm>

namespace gridstride::emulator {
namespace {

std::uint32_t combine(WarpFunction function, std::uint32_t a, std::uint32_t b) {
  const auto sa = static_cast<std::int32_t>(a);
  const auto sb = static_cast<std::int32_t>(b);
  switch (function) {
    case WarpFunction::ReduceAdd:
      return a + b;
    case WarpFunction::ReduceMinSigned:
      return static_cast<std::uint32_t>(std::min(sa, sb));
    case WarpFunction::ReduceMinUnsigned:
      return std::min(a, b);
    case WarpFunction::ReduceMaxSigned:
      return static_cast<std::uint32_t>(std::max(sa, sb));
    case WarpFunction::ReduceMaxUnsigned:
      return std::max(a, b);
    case WarpFunction::ReduceAnd:
      return a & b;
    case WarpFunction::ReduceOr:
      return a | b;
    default:
      return a ^ b;
  }
}

std::uint32_t equal_lanes(const Collective& collective, std::uint32_t lanes, std::uint64_t value) {
  std::uint32_t equal = 0;
  for_each_lane(lanes, [&](unsigned i) { equal |= std::uint32_t{collective.value[i] == value} << i; });
  return equal;
}

}  // namespace

const char* name_of(WarpFunction function) {
  switch (function) {
    case WarpFunction::Sync:
      return "__syncwarp";
    case WarpFunction::Shuffle:
      return "__shfl_sync";
    case WarpFunction::ShuffleUp:
      return "__shfl_up_sync";
    case WarpFunction::ShuffleDown:
      return "__shfl_down_sync";
    case WarpFunction::ShuffleXor:
      return "__shfl_xor_sync";
    case WarpFunction::Ballot:
      return "__ballot_sync";
    case WarpFunction::All:
      return "__all_sync";
    case WarpFunction::Any:
      return "__any_sync";
    case WarpFunction::Uniform:
      return "__uni_sync";
    case WarpFunction::MatchAny:
      return "__match_any_sync";
    case WarpFunction::MatchAll:
      return "__match_all_sync";
    case WarpFunction::ReduceAdd:
      return "__reduce_add_sync";
    case WarpFunction::ReduceMinSigned:
    case WarpFunction::ReduceMinUnsigned:
      return "__reduce_min_sync";
    case WarpFunction::ReduceMaxSigned:
    case WarpFunction::ReduceMaxUnsigned:
      return "__reduce_max_sync";
    case WarpFunction::ReduceAnd:
      return "__reduce_and_sync";
    case WarpFunction::ReduceOr:
      return "__reduce_or_sync";
    case WarpFunction::ReduceXor:
      return "__reduce_xor_sync";
  }
  return "";
}

void Collective::finish(std::uint32_t lanes) {
  if (is_shuffle(function)) {
    for_each_lane(lanes, [&](unsigned lane) {
      const unsigned from = lanes >> source[lane] & 1 ? source[lane] : lane;
      fiber[lane]->result = value[from];
    });
    return;
  }
  const auto first = static_cast<unsigned>(std::countr_zero(lanes));
  std::uint64_t common = 0;  // all but matches return the same to every lane
  switch (function) {
    case WarpFunction::Sync:
      return;
    case WarpFunction::MatchAny:
      for_each_lane(lanes,
                    [&](unsigned lane) { fiber[lane]->result = equal_lanes(*this, lanes, value[lane]); });
      return;
    case WarpFunction::MatchAll:
      common = equal_lanes(*this, lanes, value[first]) == lanes ? lanes : 0;
      break;
    case WarpFunction::Ballot:
      common = equal_lanes(*this, lanes, 1);
      break;
    case WarpFunction::All:
      common = equal_lanes(*this, lanes, 1) == lanes;
      break;
    case WarpFunction::Any:
      common = equal_lanes(*this, lanes, 1) != 0;
      break;
    case WarpFunction::Uniform:
      common = equal_lanes(*this, lanes, value[first]) == lanes;
      break;
    default: {
      auto total = static_cast<std::uint32_t>(value[first]);
      for_each_lane(lanes & (lanes - 1), [&](unsigned lane) {
        total = combine(function, total, static_cast<std::uint32_t>(value[lane]));
      });
      common = total;
    }
  }
  for_each_lane(lanes, [&](unsigned lane) { fiber[lane]->result = common; });
}

}  // namespace gridstride::emulator
