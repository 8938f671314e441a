/// What the environment and cudaDeviceSetLimit choose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "gridstride/emulator/schedule.hpp"

namespace gridstride::emulator {

inline constexpr std::size_t kMaxThreadsPerBlock = 1024;
inline constexpr std::size_t kDefaultSharedBytes = 48 * 1024;
inline constexpr std::size_t kMaxSharedBytes = 227 * 1024;  // on any GPU

/// Is this run checked (GRIDSTRIDE_CHECK=1, or races)? Slower, and every wrong access is told.
bool checking();
/// Are races looked for (GRIDSTRIDE_CHECK=races)? Slower by far.
bool checking_races();

/// How a program ends of which something was reported (GRIDSTRIDE_CHECK_EXIT); 0: as it would.
int exit_status_of_reports();

/// Where a profile goes (GRIDSTRIDE_PROFILE): FILE.json, FILE.csv or FILE.html, or empty for standard error.
std::string profile_file();
/// The registers of a thread of the profiled kernels (GRIDSTRIDE_REGISTERS); 0: unknown.
unsigned registers_per_thread();
/// Of how many blocks of a launch it is made (GRIDSTRIDE_PROFILE_BLOCKS); 0, where that is unset, is all.
std::uint64_t profile_blocks();

/// Usable bytes of a GPU thread's stack (GRIDSTRIDE_STACK_KB, cudaLimitStackSize).
std::size_t stack_bytes();
void set_stack_bytes(std::size_t bytes);

}  // namespace gridstride::emulator
