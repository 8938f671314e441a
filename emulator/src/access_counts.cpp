#include "access_counts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace gridstride::emulator {
namespace {

constexpr std::size_t kLanes = 32;
/// Of the words that one lane may touch: 16 bytes that begin anywhere.
constexpr std::size_t kWordsPerLane = 5;

/// The addresses in order. Most warps have them so: a sort is for the others.
struct Sorted {
  explicit Sorted(std::span<const Access> accesses) : count(accesses.size()) {
    bool in_order = true;
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < count; ++i) {
      address[i] = accesses[i].address;
      in_order &= address[i] >= last;
      last = address[i];
    }
    if (!in_order) std::sort(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(count));
  }

  unsigned longest_run() const {
    unsigned longest = 0, run = 0;
    for (std::size_t i = 0; i < count; ++i) {
      run = i > 0 && address[i] == address[i - 1] ? run + 1 : 1;
      longest = std::max(longest, run);
    }
    return longest;
  }

  std::size_t count;
  std::array<std::uint64_t, kLanes> address;
};

/// The most words that one bank has to give for accesses that are served together.
unsigned wavefronts_of(std::span<const Access> together) {
  std::array<std::uint64_t, kLanes * kWordsPerLane> words;
  std::size_t count = 0;
  bool in_order = true;
  for (const Access& access : together) {
    const std::uint64_t last = (access.address + access.bytes - 1) / 4;
    for (std::uint64_t word = access.address / 4; word <= last; ++word) {
      in_order &= count == 0 || word >= words[count - 1];
      words[count++] = word;
    }
  }
  if (!in_order) std::sort(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count));
  std::array<std::uint8_t, SharedRequest::kBanks> load{};
  unsigned most = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && words[i] == words[i - 1]) continue;
    most = std::max<unsigned>(most, ++load[words[i] % SharedRequest::kBanks]);
  }
  return most;
}

}  // namespace

std::optional<std::int64_t> stride_of(std::span<const Access> accesses) {
  constexpr std::int64_t kNone = std::int64_t{1} << 62;  // lanes are missing between, and no step leads there
  std::int64_t favourite = 0;
  std::size_t lead = 0, neighbours = 0, agree = 0;
  const auto for_each_pair = [&](auto&& f) {
    for (std::size_t i = 1; i < accesses.size(); ++i) {
      const auto distance = static_cast<std::int64_t>(accesses[i].address - accesses[i - 1].address);
      const std::int64_t lanes = accesses[i].lane - accesses[i - 1].lane;
      f(distance % lanes == 0 ? distance / lanes : kNone);
    }
  };
  for_each_pair([&](std::int64_t stride) {  // the vote of Boyer and Moore
    if (lead == 0) favourite = stride;
    lead = stride == favourite ? lead + 1 : lead - 1;
  });
  for_each_pair([&](std::int64_t stride) {
    ++neighbours;
    agree += stride == favourite && stride != kNone;
  });
  if (neighbours == 0 || 2 * agree < neighbours) return std::nullopt;
  return favourite;
}

GlobalRequest count_global(std::span<const Access> accesses) {
  const Sorted sorted(accesses);
  const std::uint64_t bytes = accesses.front().bytes;
  GlobalRequest request;
  std::uint64_t asked_to = 0;     // the end of what was asked for so far
  std::uint64_t next_sector = 0;  // the first that is not counted yet
  for (std::size_t i = 0; i < sorted.count; ++i) {
    const std::uint64_t begin = sorted.address[i], end = begin + bytes;
    if (end > asked_to) request.bytes += static_cast<unsigned>(end - std::max(begin, asked_to));
    asked_to = end;
    const std::uint64_t first = std::max(begin / GlobalRequest::kSectorBytes, next_sector);
    const std::uint64_t last = (end - 1) / GlobalRequest::kSectorBytes;
    if (last < first) continue;
    request.sectors += static_cast<unsigned>(last - first + 1);
    next_sector = last + 1;
  }
  request.most_lanes = sorted.longest_run();
  return request;
}

Lines lines_of(std::span<const Access> accesses) {
  const Sorted sorted(accesses);
  Lines lines;
  for (std::size_t i = 0; i < sorted.count; ++i) {
    const std::uint64_t last = (sorted.address[i] + accesses.front().bytes - 1) / GlobalRequest::kSectorBytes;
    for (std::uint64_t sector = sorted.address[i] / GlobalRequest::kSectorBytes; sector <= last; ++sector) {
      const std::uint64_t line = sector / 4;
      if (lines.count == 0 || lines.of[lines.count - 1].line < line) lines.of[lines.count++] = {line, 0};
      // A sector of the line before belongs to a lane that reaches into the line after.
      LineSectors& target = lines.of[lines.count - (lines.of[lines.count - 1].line == line ? 1 : 2)];
      target.sectors |= static_cast<std::uint8_t>(1u << sector % 4);
    }
  }
  return lines;
}

SharedRequest count_shared(std::span<const Access> accesses) {
  const std::uint32_t bytes = accesses.front().bytes;
  const std::uint32_t lanes_together = bytes <= 4 ? 32 : bytes <= 8 ? 16 : 8;
  SharedRequest request;
  for (std::size_t first = 0; first < accesses.size();) {
    const std::uint32_t part = accesses[first].lane / lanes_together;
    std::size_t end = first + 1;
    while (end < accesses.size() && accesses[end].lane / lanes_together == part) ++end;
    request.wavefronts += wavefronts_of(accesses.subspan(first, end - first));
    ++request.ideal;
    first = end;
  }
  request.most_lanes = Sorted(accesses).longest_run();
  return request;
}

}  // namespace gridstride::emulator
