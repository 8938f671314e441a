/// What kernels that were compiled for it (gridstride cc --profile) did, counted by source line.
///
/// A model at the level of the source: see docs/profiler.md for what each counter means and where hardware
/// differs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gridstride/emulator/races.hpp"
#include "gridstride/emulator/vectors.hpp"

namespace gridstride::emulator {

/// Sums over warp instructions.
struct Counts {
  std::uint64_t instructions = 0, lanes = 0, divergent = 0;      // accesses and synchronization
  std::uint64_t steps = 0, step_lanes = 0, divergent_steps = 0;  // basic blocks that warps went through
  std::uint64_t block_barriers = 0, warp_syncs = 0;
  std::uint64_t barrier_work = 0, barrier_idle = 0;  // done on the way to barriers, and left out by others
  std::uint64_t load_requests = 0, load_sectors = 0, load_bytes = 0;  // of global memory
  std::uint64_t store_requests = 0, store_sectors = 0, store_bytes = 0;
  std::uint64_t atomic_requests = 0, atomic_sectors = 0, atomic_bytes = 0;
  std::uint64_t atomic_turns = 0;  // of global and shared memory: most lanes on one address, summed up
  std::uint64_t shared_load_requests = 0, shared_load_wavefronts = 0, shared_load_ideal = 0;
  std::uint64_t shared_store_requests = 0, shared_store_wavefronts = 0, shared_store_ideal = 0;
  std::uint64_t shared_atomic_requests = 0, shared_atomic_wavefronts = 0, shared_atomic_ideal = 0;
  std::uint64_t conflicts_4 = 0, conflicts_8 = 0, conflicts_16 = 0;  // of shared memory, by bytes per lane
  std::uint64_t local_requests = 0, local_bytes = 0;
  std::uint64_t fp16_flops = 0, fp32_flops = 0, fp64_flops = 0;  // of all lanes; 16 bits: half and bfloat16
  std::uint64_t tensor_instructions = 0, tensor_flops = 0;
  // By the model of the caches: sectors that loads found in L1, that loads and atomics asked L2 for and found
  // there, and that went to memory or came from it.
  std::uint64_t l1_hit_sectors = 0, l2_sectors = 0, l2_hit_sectors = 0, dram_sectors = 0;

  Counts& operator+=(const Counts& other);
  bool operator==(const Counts&) const = default;

  std::uint64_t global_requests() const { return load_requests + store_requests + atomic_requests; }
  std::uint64_t global_sectors() const { return load_sectors + store_sectors + atomic_sectors; }
  std::uint64_t global_bytes() const { return load_bytes + store_bytes + atomic_bytes; }
  std::uint64_t shared_requests() const {
    return shared_load_requests + shared_store_requests + shared_atomic_requests;
  }
  std::uint64_t shared_wavefronts() const {
    return shared_load_wavefronts + shared_store_wavefronts + shared_atomic_wavefronts;
  }
  std::uint64_t dram_bytes() const { return 32 * dram_sectors; }
  std::uint64_t memory_requests() const { return global_requests() + shared_requests() + local_requests; }
  std::uint64_t conflicts() const { return conflicts_4 + conflicts_8 + conflicts_16; }
  /// The busiest warp's work on the way to a barrier, in that of the mean warp; 1 where all do the same.
  double imbalance() const {
    if (barrier_work == 0) return 1;
    return static_cast<double>(barrier_work + barrier_idle) / static_cast<double>(barrier_work);
  }
  std::uint64_t flops() const { return fp16_flops + fp32_flops + fp64_flops + tensor_flops; }
};

/// A counter's name here, and that of Nsight Compute's metric; empty where there is none.
struct CounterName {
  const char* name;
  const char* nsight;
  std::uint64_t Counts::*value;
};
const std::vector<CounterName>& counter_names();

/// One request of a warp, as it was seen.
struct RequestSample {
  enum class Space : std::uint8_t { Global, Shared };
  enum class Kind : std::uint8_t { Load, Store, Atomic };

  Space space = Space::Global;
  Kind kind = Kind::Load;
  std::uint64_t launch = 0, block = 0;  // launches count up, over all kernels
  unsigned warp = 0;
  std::uint32_t lanes = 0;                 // a mask of those that took part
  std::uint32_t bytes = 0;                 // that each asked for
  std::array<std::int64_t, 32> offsets{};  // from the beginning of `memory`, or of all shared memory
  std::string memory;                      // "buffer 1", "tile"; empty where it is several
  std::uint64_t memory_begin = 0, memory_bytes = 0;
  std::array<std::string, 32> elements;  // "tile[2][0]"; empty where the name is not known
  unsigned cost = 0, ideal = 0;          // sectors; wavefronts
  std::vector<std::string> inlined_into;
};

/// The accesses of a line to global or shared memory that are alike.
struct AccessProfile {
  unsigned bytes = 0;                  // that a lane asks for
  std::optional<std::int64_t> stride;  // from a lane to the next, in bytes, if most have the same
  std::vector<std::string> inlined_into;
  Counts counts;
};

inline constexpr std::size_t kMostSamples = 12;
/// What a block of a kernel takes of a processor.
struct BlockNeeds {
  unsigned threads = 0;
  std::size_t shared_bytes = 0;  // static and dynamic
  unsigned registers = 0;        // of a thread; 0: unknown
};
/// How much of a processor of the chosen GPU its blocks fill.
struct Occupancy {
  unsigned blocks = 0, warps = 0, most_warps = 0;  // at once
  const char* limit = "";                          // what stands in the way of more

  double percent() const { return most_warps == 0 ? 0 : 100.0 * warps / most_warps; }
};
Occupancy occupancy_of(const BlockNeeds& needs);

/// Where a kernel stands under the roof of the chosen GPU: what its arithmetic or its traffic to memory
/// allows at most, whichever is less.
struct Roofline {
  double intensity = 0;       // operations per byte from and to memory
  double ridge = 0;           // where both allow as much
  double peak = 0;            // operations per second: of the precisions that the kernel computes in
  double bandwidth = 0;       // bytes per second
  double attainable = 0;      // operations per second
  bool memory_bound = false;  // else by arithmetic
};
struct KernelProfile;
/// All zero where the kernel computes nothing, or on tensor cores, whose peaks are not known here.
Roofline roofline_of(const KernelProfile& kernel);

struct LineProfile {
  std::string file;  // empty where the debug information does not tell
  unsigned line = 0;
  std::vector<std::string> inlined_into;  // "FILE:LINE", the innermost first
  Counts counts;
  std::vector<AccessProfile> accesses;
  std::vector<RequestSample> samples;  // of every kind of request: kMostSamples, or two of each
};

/// All launches of one kernel.
struct KernelProfile {
  std::string name;
  std::string file;
  unsigned line = 0;
  std::uint64_t launches = 0;
  dim3 grid, block;  // of the last launch
  std::uint64_t blocks = 0, traced_blocks = 0, traced_warps = 0;
  BlockNeeds needs;                   // of the last launch
  std::string registers_from;         // "ptxas for sm_90a"; empty where somebody gave them
  std::string gpu;                    // whose caches the model is of
  std::uint64_t footprint_bytes = 0;  // different sectors of global memory, of the launch that had the most
  bool knows_flops = false;           // objdump was there to find them
  Counts total;
  std::vector<LineProfile> lines;  // in the order of files and lines
};

/// Ends the program with a line where the environment asks for what there is not.
void check_settings();

/// Trace so many blocks of every launch, spread over the grid, from now on; 0 is all.
void set_traced_blocks(std::uint64_t count);

/// What was counted since the last time, in the order of first launches. Waits for no launch.
std::vector<KernelProfile> take_profile();

/// For people, with the lines' text; for programs; and for spreadsheets.
std::string profile_table(const std::vector<KernelProfile>& kernels);
std::string profile_json(const std::vector<KernelProfile>& kernels, const RaceFindings* races = nullptr);
std::string profile_csv(const std::vector<KernelProfile>& kernels);

/// A rung's profile, or a program's.
struct NamedProfile {
  std::string name;
  std::vector<KernelProfile> kernels{};
  std::optional<RaceFindings> races{};  // where they were looked for
};

std::string profile_json(const std::vector<NamedProfile>& profiles);
/// One page for a browser, which needs no other file and no network: sources with counters, pictures of
/// requests, and where there are several profiles, these side by side.
std::string profile_html(const std::vector<NamedProfile>& profiles);

/// The counters of both with their ratios, and the lines of each.
std::string profile_diff(const NamedProfile& a, const NamedProfile& b);
std::string profile_diff_json(const NamedProfile& a, const NamedProfile& b);
/// What changed most, of what costs a GPU time: a sentence.
std::string what_changed(const NamedProfile& a, const NamedProfile& b);

}  // namespace gridstride::emulator
