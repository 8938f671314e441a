#include "block_trace.hpp"

#include <link.h>

#include <bit>

#include "block_inline.hpp"
#include "collective.hpp"
#include "gridstride/emulator/tracing.hpp"

namespace gridstride::emulator {
namespace {

enum class Space { Global, Shared, Local, Own };

/// The thread-local variables of the program, threadIdx among them, lie right below the thread's pointer.
std::size_t own_bytes() {
  static const std::size_t bytes = [] {
    std::size_t found = 0;
    const auto look = [](dl_phdr_info* info, std::size_t, void* data) {
      for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& segment = info->dlpi_phdr[i];
        if (segment.p_type != PT_TLS) continue;
        *static_cast<std::size_t*>(data) =
            (segment.p_memsz + segment.p_align - 1) / segment.p_align * segment.p_align;
      }
      return 1;  // the program comes first
    };
    dl_iterate_phdr(look, &found);
    return found;
  }();
  return bytes;
}

void count_instruction(Counts& counts, std::uint32_t lanes, std::uint32_t open) {
  ++counts.instructions;
  counts.lanes += static_cast<unsigned>(std::popcount(lanes));
  counts.divergent += lanes != open;
}

void add_global(Counts& counts, EventKind kind, std::span<const Access> accesses) {
  const GlobalRequest request = count_global(accesses);
  const auto add = [&](std::uint64_t& requests, std::uint64_t& sectors, std::uint64_t& bytes) {
    ++requests;
    sectors += request.sectors;
    bytes += request.bytes;
  };
  if (kind == EventKind::Load) add(counts.load_requests, counts.load_sectors, counts.load_bytes);
  if (kind == EventKind::Store) add(counts.store_requests, counts.store_sectors, counts.store_bytes);
  if (kind == EventKind::Atomic) {
    add(counts.atomic_requests, counts.atomic_sectors, counts.atomic_bytes);
    counts.atomic_turns += request.most_lanes;
  }
}

void add_shared(Counts& counts, EventKind kind, std::span<const Access> accesses) {
  const SharedRequest request = count_shared(accesses);
  const auto add = [&](std::uint64_t& requests, std::uint64_t& wavefronts, std::uint64_t& ideal) {
    ++requests;
    wavefronts += request.wavefronts;
    ideal += request.ideal;
  };
  if (kind == EventKind::Load) {
    add(counts.shared_load_requests, counts.shared_load_wavefronts, counts.shared_load_ideal);
  } else if (kind == EventKind::Store) {
    add(counts.shared_store_requests, counts.shared_store_wavefronts, counts.shared_store_ideal);
  } else {
    add(counts.shared_atomic_requests, counts.shared_atomic_wavefronts, counts.shared_atomic_ideal);
    counts.atomic_turns += request.most_lanes;
  }
  const std::uint32_t bytes = accesses.front().bytes;
  const unsigned conflicts = request.wavefronts - request.ideal;
  (bytes <= 4 ? counts.conflicts_4 : bytes <= 8 ? counts.conflicts_8 : counts.conflicts_16) += conflicts;
}

/// Accesses of one warp instruction to one kind of memory.
struct Accesses {
  std::array<Access, 32> of;
  std::size_t count = 0;

  void add(std::uint64_t address, std::uint32_t bytes, unsigned lane) {
    of[count++] = {address, bytes, lane};
  }
  std::span<const Access> all() const { return {of.data(), count}; }
};

}  // namespace

void BlockTrace::begin(unsigned threads) {
  used_ = (threads + 31) / 32;
  while (warps_.size() < used_) warps_.push_back(std::make_unique<WarpTrace>(*this));
  for (unsigned warp = 0; warp < used_; ++warp) warps_[warp]->begin(threads - 32 * warp);
}

void BlockTrace::end() {
  for (unsigned warp = 0; warp < used_; ++warp) warps_[warp]->merge(true);
  worker_.add_block(used_);
}

void BlockTrace::merge() {
  for (unsigned warp = 0; warp < used_; ++warp) warps_[warp]->merge();
}

bool BlockTrace::make_way() {
  bool woke = false;
  for (unsigned warp = 0; warp < used_; ++warp) {
    if (!warps_[warp]->has_waiting()) continue;
    warps_[warp]->merge(true);
    woke = true;
  }
  return woke;
}

void BlockTrace::wait(LaneTrace& lane) { block_.wait_for_warp(lane); }

void BlockTrace::wake(Fiber& fiber) { block_.make_ready(fiber); }

void BlockTrace::count(std::array<LaneTrace, 32>& lanes, std::uint32_t group, std::uint32_t open) {
  const Event event = *lanes[static_cast<unsigned>(std::countr_zero(group))].read;
  const EventKind kind = event.kind();
  if (kind == EventKind::Load || kind == EventKind::Store || kind == EventKind::Atomic) {
    count_accesses(lanes, group, open);
    return;
  }
  for_each_lane(group, [&](unsigned i) { ++lanes[i].read; });
  Counts& counts = worker_.counts().at(event.counter());
  if (kind == EventKind::Step) {
    ++counts.steps;
    counts.step_lanes += static_cast<unsigned>(std::popcount(group));
    counts.divergent_steps += group != open;
    return;
  }
  count_instruction(counts, group, open);
  ++(kind == EventKind::BlockBarrier ? counts.block_barriers : counts.warp_syncs);
}

void BlockTrace::count_accesses(std::array<LaneTrace, 32>& lanes, std::uint32_t group, std::uint32_t open) {
  const Event event = *lanes[static_cast<unsigned>(std::countr_zero(group))].read;
  const std::uint32_t bytes = event.bytes();
  const auto own_end = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
  const std::size_t own = own_bytes();
  const Arena& arena = block_.arena();
  Accesses global, shared, local;
  std::uint32_t together = 0;
  for_each_lane(group, [&](unsigned i) {
    LaneTrace& lane = lanes[i];
    if (lane.read->form() != event.form()) return;
    const std::uint64_t address = lane.read->address();
    ++lane.read;
    if (own_end - address <= own) return;
    together |= 1u << i;
    const void* place = reinterpret_cast<const void*>(address);
    if (arena.may_be_shared(place)) {
      shared.add(arena.window_offset(place).value_or(0), bytes, i);
    } else if (address - reinterpret_cast<std::uintptr_t>(lane.stack_low) < lane.stack_bytes) {
      local.add(address, bytes, i);
    } else {
      global.add(address, bytes, i);
    }
  });
  if (together == 0) return;
  Counts& counts = worker_.counts().at(event.counter());
  count_instruction(counts, together, open);
  if (global.count != 0) add_global(counts, event.kind(), global.all());
  if (shared.count != 0) add_shared(counts, event.kind(), shared.all());
  if (local.count != 0) {
    ++counts.local_requests;
    counts.local_bytes += local.count * bytes;
  }
}

void make_room(LaneTrace& lane) {
  WarpTrace& warp = *lane.warp;
  warp.merge();
  if (!warp.make_room(lane)) warp.block().wait(lane);
}

void trace_wait(LaneTrace& lane, EventKind kind, std::uint32_t mask, const void* counter) {
  append(lane, Event::describe(kind, mask, 0), counter, kWaits);
  if (lane.warp->has_waiting()) lane.warp->merge();
}

namespace detail {

void trace_thread_begins() {
  if (BlockTrace* trace = running_block->tracing()) {
    LaneTrace& lane = trace->lane(running_block->current_rank());
    const Stack& stack = *running_block->current_stack();
    lane.stack_low = stack.low();
    lane.stack_bytes = stack.bytes();
    traced_lane = &lane;
  }
}

void trace_thread_ends() {
  LaneTrace* lane = traced_lane;
  if (lane == nullptr) return;
  traced_lane = nullptr;
  lane->warp->end(*lane);
}

TracedAtomic::TracedAtomic(const volatile void* address, std::size_t bytes) : lane_(traced_lane) {
  if (traced_lane == nullptr) return;
  trace(*traced_lane, EventKind::Atomic, address, bytes, __builtin_return_address(0));
  traced_lane = nullptr;
}

TracedAtomic::~TracedAtomic() { traced_lane = static_cast<LaneTrace*>(lane_); }

}  // namespace detail
}  // namespace gridstride::emulator
