#include "block_trace.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "block_inline.hpp"
#include "collective.hpp"
#include "profile.hpp"
#include "request_samples.hpp"
#include "settings.hpp"
#include "thread_locals.hpp"

namespace gridstride::emulator {
namespace {

/// Most often all are; plain x86-64 has no instruction for it.
unsigned how_many(std::uint32_t lanes) {
  return lanes == ~0u ? 32 : static_cast<unsigned>(std::popcount(lanes));
}

void count_instruction(Counts& counts, std::uint32_t lanes, std::uint32_t open) {
  ++counts.instructions;
  counts.lanes += how_many(lanes);
  counts.divergent += lanes != open;
}

void add(Counts& counts, EventKind kind, const GlobalRequest& request) {
  const auto to = [&](std::uint64_t& requests, std::uint64_t& sectors, std::uint64_t& bytes) {
    ++requests;
    sectors += request.sectors;
    bytes += request.bytes;
  };
  if (kind == EventKind::Load) to(counts.load_requests, counts.load_sectors, counts.load_bytes);
  if (kind == EventKind::Store) to(counts.store_requests, counts.store_sectors, counts.store_bytes);
  if (kind == EventKind::Atomic) {
    to(counts.atomic_requests, counts.atomic_sectors, counts.atomic_bytes);
    counts.atomic_turns += request.most_lanes;
  }
}

void add(Counts& counts, EventKind kind, std::uint32_t bytes, const SharedRequest& request) {
  const auto to = [&](std::uint64_t& requests, std::uint64_t& wavefronts, std::uint64_t& ideal) {
    ++requests;
    wavefronts += request.wavefronts;
    ideal += request.ideal;
  };
  if (kind == EventKind::Load) {
    to(counts.shared_load_requests, counts.shared_load_wavefronts, counts.shared_load_ideal);
  } else if (kind == EventKind::Store) {
    to(counts.shared_store_requests, counts.shared_store_wavefronts, counts.shared_store_ideal);
  } else {
    to(counts.shared_atomic_requests, counts.shared_atomic_wavefronts, counts.shared_atomic_ideal);
    counts.atomic_turns += request.most_lanes;
  }
  const unsigned conflicts = request.wavefronts - request.ideal;
  (bytes <= 4 ? counts.conflicts_4 : bytes <= 8 ? counts.conflicts_8 : counts.conflicts_16) += conflicts;
}

RequestSample::Kind sample_kind(EventKind kind) {
  return kind == EventKind::Load    ? RequestSample::Kind::Load
         : kind == EventKind::Store ? RequestSample::Kind::Store
                                    : RequestSample::Kind::Atomic;
}

/// Nothing is told of the running lane while this lives: templates of the standard library that kernels use,
/// too, may be there in the instrumented form only.
struct Untraced {
  LaneTrace* lane = std::exchange(traced_lane, nullptr);
  Untraced() = default;
  Untraced(const Untraced&) = delete;
  ~Untraced() { traced_lane = lane; }
};

/// Accesses of one warp instruction to one kind of memory.
struct Accesses {
  std::array<Access, 32> of;
  std::size_t count = 0;

  void add(std::uint64_t address, std::uint32_t bytes, unsigned lane) {
    of[count++] = {address, bytes, lane};
  }
  std::span<const Access> all() const { return {of.data(), count}; }
};

/// The word of 128 bytes at which the first lane is.
unsigned word_of(std::uint64_t first) { return static_cast<unsigned>(first / 4 % 32); }

/// Begins with a request of lanes that are all of one form; those before are forgotten.
void begin(Pattern& pattern, Pattern::Space space, const std::uint64_t* what, std::uint32_t lanes) {
  const std::uint64_t first = what[std::countr_zero(lanes)];
  pattern.lanes = lanes;
  pattern.space = space;
  pattern.form = first >> 48;
  pattern.known = 0;
  pattern.lines.clear();
  pattern.below = pattern.above = 0;
  for_each_lane(lanes, [&](unsigned i) {
    pattern.offsets[i] = what[i] - first;
    pattern.below = std::max(pattern.below, first > what[i] ? first - what[i] : 0);
    pattern.above = std::max(pattern.above, first < what[i] ? what[i] - first : 0);
  });
  pattern.above += Event{0, first}.bytes();
}

}  // namespace

void BlockTrace::begin(unsigned threads) {
  used_ = (threads + 31) / 32;
  while (warps_.size() < used_) warps_.push_back(std::make_unique<WarpTrace>(*this));
  for (unsigned warp = 0; warp < used_; ++warp) warps_[warp]->begin(threads - 32 * warp);
  l1_.begin();
  arrivals_ = {};
  const Grid& grid = block_.grid();
  const bool is_sampled = grid.samples(block_.number()) && Profile::instance().keeps_samples(grid);
  samples_ = !is_sampled ? 0 : block_.number() == 0 ? kSamplesOfFirstBlock : kSamplesOfBlock;
  if (is_sampled) worker_.counts().begin_samples();
}

void BlockTrace::end() {
  for (unsigned warp = 0; warp < used_; ++warp) warps_[warp]->merge(true);
  tell_imbalance();
  const Grid& grid = block_.grid();
  grid.l2()->add(grid.traced_before(block_.number()), std::vector(l1_.missed()));
  worker_.add_block(used_);
}

void BlockTrace::merge() {
  for (unsigned warp = 0; warp < used_; ++warp) warps_[warp]->merge();
  tell_imbalance();
}

/// A warp comes to a barrier of its block.
void BlockTrace::arrive(WarpTrace& warp, Place place) {
  const std::uint64_t work = std::exchange(warp.work, 0);
  arrivals_.place = place & kCounterMask;
  ++arrivals_.warps;
  arrivals_.work += work;
  arrivals_.most = std::max(arrivals_.most, work);
}

/// All have come that had not ended: on a GPU each of them has waited for the busiest.
void BlockTrace::tell_imbalance() {
  if (arrivals_.warps == 0) return;
  const Arrivals all = std::exchange(arrivals_, {});
  Counts& counts = worker_.counts().at(all.place).counts;
  counts.barrier_work += all.work;
  counts.barrier_idle += all.warps * all.most - all.work;
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

void BlockTrace::start(unsigned rank, const Stack& stack) {
  LaneTrace& lane = this->lane(rank);
  lane.stack_low = stack.low();
  lane.stack_bytes = stack.bytes();
  const auto low = reinterpret_cast<std::uintptr_t>(stack.low());
  stacks_low_ = stacks_high_ == 0 ? low : std::min<std::uint64_t>(stacks_low_, low);
  stacks_high_ = std::max<std::uint64_t>(stacks_high_, low + stack.bytes());
  traced_lane = &lane;
}

void BlockTrace::count(WarpTrace& warp, Place place, const std::uint64_t* what, std::uint32_t lanes,
                       std::uint32_t open) {
  ++warp.work;
  PlaceCounts& at = worker_.counts().at(place & kCounterMask);
  const Event event{place, what[std::countr_zero(lanes)]};
  switch (event.kind()) {
    case EventKind::Step:
      ++at.counts.steps;
      at.counts.step_lanes += how_many(lanes);
      at.counts.divergent_steps += lanes != open;
      return;
    case EventKind::BlockBarrier:
      count_instruction(at.counts, lanes, open);
      ++at.counts.block_barriers;
      arrive(warp, place);
      return;
    case EventKind::WarpSync:
      count_instruction(at.counts, lanes, open);
      ++at.counts.warp_syncs;
      return;
    case EventKind::Product:
      count_instruction(at.counts, lanes, open);
      ++at.counts.tensor_instructions;
      at.counts.tensor_flops += event.address();
      return;
    default:
      break;
  }
  const bool is_known = at.sampled >= samples_ && is_as_before(at.pattern, what, lanes);
  const unsigned word = word_of(event.what);
  if (is_known && (at.pattern.known >> word & 1) != 0) {
    count_instruction(at.counts, lanes, open);
    at.layout.add(at.pattern.layout);
    if (at.pattern.space == Space::Global) {
      add(at.counts, event.kind(), at.pattern.global[word]);
      const std::uint64_t first = event.address() / SectorCache::kLineBytes;
      const LineSectors* lines = at.pattern.lines.data() + at.pattern.lines_begin[word];
      L1Cache& l1 = l1_of_block();
      for (unsigned i = 0; i < at.pattern.lines_count[word]; ++i) {
        l1.ask(event.kind(), at.counter, {first + lines[i].line, lines[i].sectors}, at.counts,
               at.pattern.stood[i]);
      }
    } else {
      add(at.counts, event.kind(), event.bytes(), at.pattern.shared[word]);
    }
    return;
  }
  while (lanes != 0) {  // parts of a copy that is not equally long for all lanes have several forms
    const std::uint64_t form = what[std::countr_zero(lanes)] >> 48;
    std::uint32_t alike = 0;
    for_each_lane(lanes, [&](unsigned i) { alike |= std::uint32_t{what[i] >> 48 == form} << i; });
    if (!is_known) at.pattern.space = Space::None;
    count_accesses(warp, at, what, alike, open);
    lanes &= ~alike;
  }
}

/// Ready for one more request.
L1Cache& BlockTrace::l1_of_block() {
  constexpr std::size_t kMostMissed = 1 << 20;
  if (!l1_.has_begun()) {
    l1_.begin(
        l1_bytes_of_block(modelled_gpu().architecture, block_.grid().threads(), block_.arena().used_bytes()));
  }
  if (l1_.missed().size() >= kMostMissed) {
    block_.grid().l2()->add_part(l1_.missed());
    l1_.missed().clear();
  }
  return l1_;
}

/// Whether the request is that of the pattern, but for its place.
bool BlockTrace::is_as_before(const Pattern& pattern, const std::uint64_t* what, std::uint32_t lanes) const {
  if (pattern.space == Space::None || pattern.lanes != lanes) return false;
  const std::uint64_t first = what[std::countr_zero(lanes)];
  std::uint64_t difference = (first >> 48 ^ pattern.form) | first % 4;
  if (lanes == ~0u) {
    for (unsigned i = 0; i < 32; ++i) difference |= (what[i] - first) ^ pattern.offsets[i];
  } else {
    for_each_lane(lanes, [&](unsigned i) { difference |= (what[i] - first) ^ pattern.offsets[i]; });
  }
  const std::uint64_t address = first & Event::kAddressMask;
  return difference == 0 && space_of(address - pattern.below, address + pattern.above) == pattern.space;
}

/// The memory that holds all of these addresses, where that is sure.
Pattern::Space BlockTrace::space_of(std::uint64_t low, std::uint64_t high) const {
  const auto [begin, end] = block_.arena().bounds();
  if (low >= begin && high <= end) return Space::Shared;
  const auto own_end = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
  const auto meets = [&](std::uint64_t from, std::uint64_t to) { return low < to && high > from; };
  if (meets(begin, end) || meets(stacks_low_, stacks_high_) ||
      meets(own_end - thread_local_bytes(), own_end)) {
    return Space::None;
  }
  return Space::Global;
}

void BlockTrace::count_accesses(const WarpTrace& warp, PlaceCounts& at, const std::uint64_t* what,
                                std::uint32_t lanes, std::uint32_t open) {
  const Event event{0, what[std::countr_zero(lanes)]};
  const std::uint32_t bytes = event.bytes();
  const auto own_end = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
  const Arena& arena = block_.arena();
  Accesses global, shared, local;
  std::uint32_t counted = 0;
  for_each_lane(lanes, [&](unsigned i) {
    const std::uint64_t address = Event{0, what[i]}.address();
    if (own_end - address <= thread_local_bytes()) return;
    counted |= 1u << i;
    const void* place = reinterpret_cast<const void*>(address);
    const LaneTrace& lane = warp.lane(i);
    if (const auto offset = arena.window_offset(place)) {
      shared.add(*offset, bytes, i);
    } else if (address - reinterpret_cast<std::uintptr_t>(lane.stack_low) < lane.stack_bytes) {
      local.add(address, bytes, i);
    } else {
      global.add(address, bytes, i);
    }
  });
  if (counted == 0) return;
  Counts& counts = at.counts;
  count_instruction(counts, counted, open);
  const std::uint64_t first = event.what;
  const unsigned word = word_of(first);
  const std::size_t all = how_many(lanes);
  Pattern& pattern = at.pattern;
  // In a run that is checked, objects have pages of their own: banks do not follow from addresses.
  const bool is_pattern = first % 4 == 0 && (global.count == all || (shared.count == all && !checking()));
  if (is_pattern && pattern.space == Space::None) {
    emulator::begin(pattern, global.count == all ? Space::Global : Space::Shared, what, lanes);
  }
  if (global.count != 0) {
    const GlobalRequest request = count_global(global.all());
    add(counts, event.kind(), request);
    pattern.global[word] = request;
    const Lines lines = lines_of(global.all());
    pattern.lines_begin[word] = static_cast<std::uint16_t>(pattern.lines.size());
    pattern.lines_count[word] = static_cast<std::uint16_t>(lines.count);
    for (std::size_t i = 0; i < lines.count; ++i) {
      const auto& [line, sectors] = lines.of[i];
      l1_of_block().ask(event.kind(), at.counter, {line, sectors}, counts, pattern.stood[i]);
      if (is_pattern) pattern.lines.push_back({line - event.address() / SectorCache::kLineBytes, sectors});
    }
    sample(warp, at, event.kind(), Space::Global, global.all(), request.sectors, 0);
  }
  if (shared.count != 0) {
    const SharedRequest request = count_shared(shared.all());
    add(counts, event.kind(), bytes, request);
    pattern.shared[word] = request;
    sample(warp, at, event.kind(), Space::Shared, shared.all(), request.wavefronts, request.ideal);
  }
  if (const auto& asked = global.count != 0 ? global : shared; asked.count != 0) {
    const Layout layout{bytes, stride_of(asked.all())};
    at.layout.add(layout);
    if (is_pattern) pattern.layout = layout;
  }
  if (is_pattern) pattern.known |= 1u << word;
  if (local.count != 0) {
    ++counts.local_requests;
    counts.local_bytes += local.count * bytes;
  }
}

void BlockTrace::sample(const WarpTrace& warp, PlaceCounts& at, EventKind kind, Space space,
                        std::span<const Access> accesses, unsigned cost, unsigned ideal) {
  if (at.sampled >= samples_) return;
  ++at.sampled;
  const Untraced in_here;
  RequestSample sample;
  sample.space = space == Space::Shared ? RequestSample::Space::Shared : RequestSample::Space::Global;
  sample.launch = block_.grid().id();
  sample.block = block_.number();
  sample.kind = sample_kind(kind);
  while (warps_[sample.warp].get() != &warp) ++sample.warp;
  sample.bytes = accesses.front().bytes;
  for (const Access& access : accesses) sample.lanes |= 1u << access.lane;
  sample.cost = cost;
  sample.ideal = ideal;
  if (space == Space::Shared) {
    locate_shared(sample, accesses, block_.arena());
  } else {
    locate_global(sample, accesses);
  }
  at.samples.push_back(std::move(sample));
}

}  // namespace gridstride::emulator
