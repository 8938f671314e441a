#include "profile.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <tuple>

#include "cache_model.hpp"
#include "flop_counts.hpp"
#include "request_samples.hpp"
#include "settings.hpp"
#include "symbols.hpp"

namespace gridstride::emulator {
namespace {

std::atomic<std::uint64_t>& blocks_to_trace() {
  static std::atomic<std::uint64_t> count{[] {
    profile_file();  // refused before anything is counted
    return profile_blocks();
  }()};
  return count;
}

bool counts_nothing(const Counts& counts) { return counts == Counts{}; }

std::uint64_t requests(const Counts& counts) { return counts.global_requests() + counts.shared_requests(); }

/// Loads, stores and atomics, of global and of shared memory, are never alike.
std::array<bool, 6> kind(const Counts& c) {
  return {c.load_requests != 0,        c.store_requests != 0,        c.atomic_requests != 0,
          c.shared_load_requests != 0, c.shared_store_requests != 0, c.shared_atomic_requests != 0};
}

/// Adds to those accesses that are alike: compilers make several instructions of one.
void add(std::vector<AccessProfile>& accesses, const LayoutVote& layout, AccessProfile one) {
  one.bytes = layout.favourite.bytes;
  if (2 * layout.lead >= requests(one.counts)) one.stride = layout.favourite.stride;
  for (AccessProfile& other : accesses) {
    if (other.bytes != one.bytes || other.stride != one.stride || kind(other.counts) != kind(one.counts) ||
        other.inlined_into != one.inlined_into) {
      continue;
    }
    other.counts += one.counts;
    return;
  }
  accesses.push_back(std::move(one));
}

/// All program counters of a line together. What the emulator's own headers do is the line's that uses them,
/// but for the ways they go.
std::vector<LineProfile> by_line(const std::map<std::uint64_t, PlaceTotal>& counts) {
  std::vector<const void*> instructions;
  for (const auto& [counter, of] : counts) {
    instructions.push_back(reinterpret_cast<const void*>(counter - 1));  // in the call, not behind it
  }
  const std::vector<SourcePlace> places = source_places(instructions);
  std::map<std::pair<std::string, unsigned>, LineProfile> lines;
  auto place = places.begin();
  for (const auto& [counter, total] : counts) {
    Counts of = total.counts;
    const SourcePlace& at = *place++;
    if (at.is_emulators) of.steps = of.step_lanes = of.divergent_steps = 0;
    if (counts_nothing(of)) continue;
    const auto [file, number] = at.lines.empty() ? FileLine{} : file_line(at.lines.front());
    LineProfile& line = lines[{file, number}];
    line.file = file;
    line.line = number;
    if (at.lines.size() > 1) line.inlined_into.assign(at.lines.begin() + 1, at.lines.end());
    line.counts += of;
    for (RequestSample sample : total.samples) {
      if (!at.lines.empty()) sample.inlined_into.assign(at.lines.begin() + 1, at.lines.end());
      line.samples.push_back(std::move(sample));
    }
    if (requests(of) != 0) {
      AccessProfile one;
      if (!at.lines.empty()) one.inlined_into.assign(at.lines.begin() + 1, at.lines.end());
      one.counts = of;
      add(line.accesses, total.layout, std::move(one));
    }
  }
  std::vector<LineProfile> out;
  for (auto& [where, line] : lines) {
    thin_out(line.samples);
    out.push_back(std::move(line));
  }
  name_buffers(out);
  return out;
}

/// A destructor of the program itself runs after those of its static objects, which may still launch.
[[gnu::destructor]] void tell_profile() {
  const std::vector<KernelProfile> kernels = take_profile();
  if (kernels.empty()) return;
  const std::string file = profile_file();
  if (file.empty()) {
    std::fputs(profile_table(kernels).c_str(), stderr);
    return;
  }
  const std::string text = file.ends_with(".csv") ? profile_csv(kernels)
                           : file.ends_with(".html")
                               ? profile_html({{program_invocation_short_name, kernels}})
                               : profile_json(kernels);
  std::ofstream out(file);
  if (out << text << std::flush) return;
  const char* why = std::strerror(errno);
  std::fflush(stdout);
  std::fprintf(stderr, "gridstride: cannot write the profile to '%s': %s\n", file.c_str(), why);
  std::_Exit(1);  // of what ends a program, this is the last
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  for (const CounterName& counter : counter_names()) this->*counter.value += other.*counter.value;
  return *this;
}

const std::vector<CounterName>& counter_names() {
  static const auto* names = new std::vector<CounterName>{
      {"instructions", "", &Counts::instructions},
      {"lanes", "", &Counts::lanes},
      {"divergent", "", &Counts::divergent},
      {"steps", "", &Counts::steps},
      {"step_lanes", "", &Counts::step_lanes},
      {"divergent_steps", "", &Counts::divergent_steps},
      {"block_barriers", "", &Counts::block_barriers},
      {"warp_syncs", "", &Counts::warp_syncs},
      {"barrier_work", "", &Counts::barrier_work},
      {"barrier_idle", "", &Counts::barrier_idle},
      {"load_requests", "l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum", &Counts::load_requests},
      {"load_sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum", &Counts::load_sectors},
      {"load_bytes", "", &Counts::load_bytes},
      {"store_requests", "l1tex__t_requests_pipe_lsu_mem_global_op_st.sum", &Counts::store_requests},
      {"store_sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum", &Counts::store_sectors},
      {"store_bytes", "", &Counts::store_bytes},
      {"atomic_requests", "l1tex__t_requests_pipe_lsu_mem_global_op_{atom,red}.sum",
       &Counts::atomic_requests},
      {"atomic_sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_{atom,red}.sum", &Counts::atomic_sectors},
      {"atomic_bytes", "", &Counts::atomic_bytes},
      {"atomic_turns", "", &Counts::atomic_turns},
      {"shared_load_requests", "smsp__inst_executed_op_shared_ld.sum", &Counts::shared_load_requests},
      {"shared_load_wavefronts", "l1tex__data_pipe_lsu_wavefronts_mem_shared_op_ld.sum",
       &Counts::shared_load_wavefronts},
      {"shared_load_ideal", "", &Counts::shared_load_ideal},
      {"shared_store_requests", "smsp__inst_executed_op_shared_st.sum", &Counts::shared_store_requests},
      {"shared_store_wavefronts", "l1tex__data_pipe_lsu_wavefronts_mem_shared_op_st.sum",
       &Counts::shared_store_wavefronts},
      {"shared_store_ideal", "", &Counts::shared_store_ideal},
      {"shared_atomic_requests", "", &Counts::shared_atomic_requests},
      {"shared_atomic_wavefronts", "", &Counts::shared_atomic_wavefronts},
      {"shared_atomic_ideal", "", &Counts::shared_atomic_ideal},
      {"conflicts_4", "", &Counts::conflicts_4},
      {"conflicts_8", "", &Counts::conflicts_8},
      {"conflicts_16", "", &Counts::conflicts_16},
      {"local_requests", "", &Counts::local_requests},
      {"local_bytes", "", &Counts::local_bytes},
      {"fp16_flops", "", &Counts::fp16_flops},
      {"fp32_flops", "", &Counts::fp32_flops},
      {"fp64_flops", "", &Counts::fp64_flops},
      {"tensor_instructions", "", &Counts::tensor_instructions},
      {"tensor_flops", "", &Counts::tensor_flops},
      {"l1_hit_sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_ld_lookup_hit.sum",
       &Counts::l1_hit_sectors},
      {"l2_sectors", "lts__t_sectors_op_{read,atom,red}.sum", &Counts::l2_sectors},
      {"l2_hit_sectors", "lts__t_sectors_op_{read,atom,red}_lookup_hit.sum", &Counts::l2_hit_sectors},
      {"dram_sectors", "dram__sectors.sum", &Counts::dram_sectors},
  };
  return *names;
}

Profile& Profile::instance() {
  static auto* the = new Profile;  // workers use it until the process ends
  return *the;
}

Profile::Kernel& Profile::of(const Grid& grid) {
  const detail::KernelInfo& info = grid.info();
  const auto [at, is_new] = known_.try_emplace(&info, kernels_.size());
  if (is_new) {
    Kernel& fresh = kernels_.emplace_back();
    fresh.about.name = info.name;
    fresh.about.file = info.site.file;
    fresh.about.line = info.site.line;
    fresh.about.gpu = modelled_gpu().title;
  }
  return kernels_[at->second];
}

void Profile::launched(const Grid& grid) {
  const std::scoped_lock lock(mutex_);
  KernelProfile& about = of(grid).about;
  ++about.launches;
  about.grid = grid.config().grid;
  about.block = grid.config().block;
  about.blocks += grid.blocks();
  about.needs = {grid.threads(), grid.config().dynamic_shared_bytes, registers_per_thread()};
}

bool Profile::keeps_samples(const Grid& grid) {
  const std::scoped_lock lock(mutex_);
  return of(grid).about.launches <= kSampledLaunches;
}

void Profile::ended(const Grid& grid) {
  L2Cache& l2 = *grid.l2();
  l2.end();
  const std::scoped_lock lock(mutex_);
  Kernel& kernel = of(grid);
  kernel.about.footprint_bytes = std::max(kernel.about.footprint_bytes, l2.footprint_bytes());
  kernel.about.needs.shared_bytes = grid.config().dynamic_shared_bytes + grid.info().static_shared_bytes;
  for (const auto& [counter, counts] : l2.counts()) kernel.counts[counter].counts += counts;
}

void Profile::add(const Grid& grid, const CountsByCounter& counts, std::uint64_t blocks,
                  std::uint64_t warps) {
  const std::scoped_lock lock(mutex_);
  Kernel& kernel = of(grid);
  kernel.about.traced_blocks += blocks;
  kernel.about.traced_warps += warps;
  for (const PlaceCounts& place : counts.all()) {
    PlaceTotal& total = kernel.counts[place.counter];
    total.counts += place.counts;
    total.layout.add(place.layout.favourite, place.layout.lead);
    merge(total.samples, place.samples);
  }
}

std::vector<KernelProfile> Profile::take() {
  std::vector<Kernel> kernels;
  {
    const std::scoped_lock lock(mutex_);
    kernels.swap(kernels_);
    known_.clear();
  }
  std::vector<KernelProfile> out;
  for (Kernel& kernel : kernels) {
    kernel.about.knows_flops = add_flops(kernel.counts);
    kernel.about.lines = by_line(kernel.counts);
    for (const LineProfile& line : kernel.about.lines) kernel.about.total += line.counts;
    out.push_back(std::move(kernel.about));
  }
  return out;
}

std::uint64_t traced_blocks() { return blocks_to_trace().load(std::memory_order_relaxed); }
void set_traced_blocks(std::uint64_t count) { blocks_to_trace().store(count, std::memory_order_relaxed); }

std::vector<KernelProfile> take_profile() { return Profile::instance().take(); }

}  // namespace gridstride::emulator
