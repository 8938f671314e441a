/// What one warp instruction asks of the memory system. Pure functions of the addresses; the definitions are
/// those of Nsight Compute (see docs/profiler.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace gridstride::emulator {

/// One lane's part of a warp instruction. The lanes stand in order, and all ask for as many bytes.
struct Access {
  std::uint64_t address;
  std::uint32_t bytes;
  std::uint32_t lane;
};

/// A request to global memory, which moves sectors: 32 aligned bytes each.
struct GlobalRequest {
  static constexpr unsigned kSectorBytes = 32;
  unsigned sectors = 0;
  unsigned bytes = 0;       // that somebody asked for; what several lanes ask for counts once
  unsigned most_lanes = 0;  // on one address: how often an atomic function has to go there
};

/// A request to shared memory: 32 banks, each of which gives one word of 4 bytes in a wavefront. Lanes that
/// read the same word share it. 8-byte accesses go in half-warps, 16-byte accesses in quarter-warps.
struct SharedRequest {
  static constexpr unsigned kBanks = 32;
  unsigned wavefronts = 0;
  unsigned ideal = 0;       // one for every part of the warp that asks for something
  unsigned most_lanes = 0;  // on one address
};

/// How far neighbouring lanes are apart, in bytes, where at least half of the neighbours agree. Lanes that
/// are missing are thought to stand between the others.
std::optional<std::int64_t> stride_of(std::span<const Access> accesses);

/// A line of a cache, 128 bytes, and which of its four sectors are asked for, a bit for each.
struct LineSectors {
  std::uint64_t line;  // its address / 128
  std::uint8_t sectors;
};
/// How many a set of them is; plain x86-64 has no instruction for it.
constexpr unsigned sectors_in(unsigned set) { return 0x4332322132212110u >> 4 * (set & 0xF) & 0xF; }
/// The lines of one request: at most two for each lane.
struct Lines {
  std::size_t count = 0;
  std::array<LineSectors, 64> of;
};

Lines lines_of(std::span<const Access> accesses);
GlobalRequest count_global(std::span<const Access> accesses);
SharedRequest count_shared(std::span<const Access> accesses);

}  // namespace gridstride::emulator
