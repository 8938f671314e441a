/// A few requests of every instruction, whole, for who wants to see what the sums are made of.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "access_counts.hpp"
#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {

class Arena;

inline constexpr std::size_t kSamplesOfInstruction = 24;
/// Of a kernel's launches only the first are looked at: samples take longer than a small launch.
inline constexpr std::uint64_t kSampledLaunches = 4;
/// What one block adds for an instruction: the first block of a launch more than the others.
inline constexpr std::size_t kSamplesOfFirstBlock = 4, kSamplesOfBlock = 1;

/// Where the lanes of a request to global memory went, and in whose memory that lies.
void locate_global(RequestSample& sample, std::span<const Access> accesses);
/// The same of shared memory: `offsets` are the addresses of `accesses` there.
void locate_shared(RequestSample& sample, std::span<const Access> accesses, const Arena& arena);

/// Adds the samples to those of the same instruction; of too many the first in time stay, whichever worker
/// saw them.
void merge(std::vector<RequestSample>& into, const std::vector<RequestSample>& samples);
/// Leaves so many as a page can show: of each kind of request the costliest, and some spread in time.
void thin_out(std::vector<RequestSample>& samples);
/// Gives the allocations that the samples speak of names, in the order of the lines that use them.
void name_buffers(std::vector<LineProfile>& lines);

}  // namespace gridstride::emulator
