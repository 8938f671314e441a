#include "race_block.hpp"

#include <algorithm>
#include <cstring>

#include "blind_run.hpp"
#include "block.hpp"
#include "memory.hpp"
#include "settings.hpp"
#include "thread_locals.hpp"

namespace gridstride::emulator {
namespace {

bool acquires(int order) {
  return order == __ATOMIC_CONSUME || order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL ||
         order == __ATOMIC_SEQ_CST;
}

bool releases(int order) {
  return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

/// Two writes that race are harmless where the second changes nothing, which shows when it is over: at the
/// worker's next event.
struct OpenWrite {
  LaunchRaces* launch = nullptr;
  Stamp first, second;
  std::string place;
  const void* address = nullptr;
  std::size_t bytes = 0;
  std::array<unsigned char, 16> before{};
};
thread_local OpenWrite open_write;

}  // namespace

void settle_races() {
  OpenWrite& open = open_write;
  if (open.launch == nullptr) [[likely]]
    return;
  const bool is_same = std::memcmp(open.address, open.before.data(), open.bytes) == 0;
  std::exchange(open.launch, nullptr)->found(open.first, open.second, is_same, [&] { return open.place; });
}

void BlockRaces::begin(LaunchRaces& launch, std::uint64_t number, unsigned threads) {
  settle_races();
  own_end_ = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
  own_bytes_ = thread_local_bytes();
  if (launch_ != &launch) pages_ = {};
  launch_ = &launch;
  number_ = static_cast<std::uint32_t>(number);
  clock_ = barrier_ = 1;
  times_.assign(threads, 1);
  warps_.resize((threads + 31) / 32);
  for (const auto& warp : warps_) {
    if (warp != nullptr) warp->since = 0;
  }
  has_views_ = false;
  threads_.clear();
  common_ = {};
  accesses_ = 0;
  known_extents_ = {};
  polled_ = 0;
}

void BlockRaces::end() {
  settle_races();
  if (accesses_ != 0) note_seen_access();
  launch_->add_accesses(std::exchange(accesses_, 0));
  pages_ = {};
  launch_ = nullptr;
}

bool BlockRaces::is_thread() const { return threadIdx.x != detail::kUnknownThread; }

Stamp BlockRaces::stamp(AccessKind kind, const void* counter) const {
  const unsigned rank = block_.current_rank();
  Stamp out;
  out.block = number_;
  out.time = times_[rank];
  out.counter = reinterpret_cast<std::uintptr_t>(counter);
  out.rank = rank;
  out.kind_bits = static_cast<unsigned>(kind);
  return out;
}

void BlockRaces::read(const void* address, std::size_t bytes, const void* counter, Strength strength) {
  if (!is_thread()) return;
  settle();
  Stamp mine = stamp(AccessKind::Read, counter);
  mine.is_volatile = strength == Strength::Volatile;
  access(mine, address, bytes);
  if (strength == Strength::Plain) return;
  polled_ = reinterpret_cast<std::uintptr_t>(address);
  polling_ = static_cast<unsigned>(mine.rank);
}

void BlockRaces::write(const void* address, std::size_t bytes, const void* counter, Strength strength) {
  if (!is_thread()) return;
  settle();
  Stamp mine = stamp(AccessKind::Write, counter);
  mine.is_volatile = strength == Strength::Volatile;
  access(mine, address, bytes);
  if (strength == Strength::Volatile) {
    release(static_cast<unsigned>(mine.rank), reinterpret_cast<std::uintptr_t>(address), false);
  }
}

void BlockRaces::before_atomic(const void* address, std::size_t bytes, const void* counter, int order,
                               bool reads, bool writes) {
  if (!is_thread()) return;
  settle();
  Stamp mine = stamp(writes ? AccessKind::Atomic : AccessKind::Read, counter);
  mine.is_volatile = !writes;
  mine.is_last_update = reads && writes;
  access(mine, address, bytes);
  const auto rank = static_cast<unsigned>(mine.rank);
  if (writes) release(rank, reinterpret_cast<std::uintptr_t>(address), releases(order));
}

/// A load orders what follows where it, or a fence behind it, says so. Updates do so by themselves here: what
/// depends on a counter's old value is common without a fence, and no GPU is known to break it.
void BlockRaces::after_atomic(const void* address, int order, bool reads, bool writes) {
  if (!is_thread() || !reads) return;
  acquire(block_.current_rank(), reinterpret_cast<std::uintptr_t>(address), writes || acquires(order));
}

/// A volatile load has by now seen what it saw.
void BlockRaces::settle() {
  settle_races();
  if (polled_ != 0) acquire(polling_, std::exchange(polled_, 0), false);
}

/// Of the page that holds an address. In a run that is checked an object of shared memory ends with its pages
/// and need not begin with them; elsewhere pages are of one kind.
PageKind BlockRaces::kind_of(std::uintptr_t place) const {
  const auto* address = reinterpret_cast<const char*>(place);
  return block_.is_on_a_stack(address)   ? PageKind::Local
         : block_.is_in_cluster(address) ? PageKind::Shared
                                         : PageKind::Global;
}

ShadowPage* BlockRaces::page(std::uintptr_t address) {
  const std::uintptr_t number = address / ShadowPage::kBytes;
  CachedPage& cached = pages_[number % pages_.size()];
  if (cached.number != number) {
    cached = {number, launch_->shadow().page(number, [&] { return kind_of(address); })};
  }
  return cached.page;
}

void BlockRaces::access(Stamp mine, const void* address, std::size_t bytes, Progress progress) {
  if (bytes == 0) return;
  mine.is_under_way = progress == Progress::Begun;
  auto at = reinterpret_cast<std::uintptr_t>(address);
  if (own_end_ - at <= own_bytes_) return;
  const Stack& stack = *block_.current_stack();
  if (at - reinterpret_cast<std::uintptr_t>(stack.low()) < stack.bytes()) return;
  ++accesses_;
  if (progress != Progress::Over) check_bounds(mine, address, bytes);
  for (const std::uintptr_t end = at + bytes; at < end;) {
    ShadowPage* page = this->page(at);
    const std::uintptr_t page_end = (at / ShadowPage::kBytes + 1) * ShadowPage::kBytes;
    const std::uintptr_t last = std::min(end, page_end);
    if (page == nullptr || page->kind == PageKind::Local) {
      at = last;
      continue;
    }
    const bool is_ours = page->kind == PageKind::Shared && launch_->blocks_per_unit() == 1;
    std::unique_lock<SpinLock> lock;  // shared memory is touched by this worker alone
    if (!is_ours) lock = std::unique_lock(page->lock);
    while (at < last) {
      const std::size_t first = at % 4;
      const std::size_t part = std::min<std::size_t>(4 - first, last - at);
      page->for_cells(at % ShadowPage::kBytes / 4, first, part, [&](Cell& cell) {
        look(cell, mine, page->kind == PageKind::Shared, reinterpret_cast<std::uintptr_t>(address), bytes,
             progress);
      });
      at += part;
    }
  }
}

/// In a run that is checked, pages tell.
void BlockRaces::check_bounds(const Stamp& mine, const void* address, std::size_t bytes) {
  if (checking()) return;
  const auto tell = [&](std::string place) {
    if (!place.empty()) launch_->found_wrong(WrongAccess::Kind::OutOfBounds, mine, std::move(place));
  };
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  for (const Extent& known : known_extents_) {
    if (at - known.begin < known.bytes && at - known.begin + bytes <= known.bytes) return;
  }
  if (block_.arena().window_offset(address)) {
    tell(block_.trespass_shared(address, bytes));
    return;
  }
  Allocation allocation;
  if (Memory::instance().find(address, allocation)) {
    known_extents_[next_extent_++ % known_extents_.size()] = {
        reinterpret_cast<std::uintptr_t>(allocation.base), allocation.bytes};
  }
  tell(Memory::instance().trespass(address, bytes));
}

void BlockRaces::unwritten(const void* address, std::size_t bytes, const void* counter) {
  if (!is_thread()) return;
  launch_->found_wrong(WrongAccess::Kind::Unwritten, stamp(AccessKind::Read, counter),
                       place(reinterpret_cast<std::uintptr_t>(address), bytes));
}

/// Compares an access with those before it, and takes its place among them.
void BlockRaces::look(Cell& cell, const Stamp& mine, bool is_shared, std::uintptr_t address,
                      std::size_t bytes, Progress progress) {
  const bool is_write = mine.kind() == AccessKind::Write && !mine.is_volatile;
  if (mine.kind() == AccessKind::Read && cell.has_around(mine, barrier_)) return;
  const auto rank = static_cast<unsigned>(mine.rank);
  // Who is behind the last update is behind all, and may set a counter back. To read it then may be chance.
  const bool is_behind_updates =
      is_write && std::any_of(cell.stamps.begin(), cell.stamps.end(),
                              [&](const Stamp& old) { return old.is_last_update && is_ordered(old, rank); });
  for (Stamp& old : cell.stamps) {
    if (old.kind() == AccessKind::None) continue;
    // Another block had this shared memory before.
    if (is_shared && old.block != number_ &&
        old.block / launch_->blocks_per_unit() != number_ / launch_->blocks_per_unit()) {
      old = {};
      continue;
    }
    if (old.is_under_way) {
      if (progress == Progress::Over && old.kind() == mine.kind()) {
        old = {};
        continue;
      }
    } else if (is_ordered(old, rank) || (old.kind() == AccessKind::Atomic && is_behind_updates)) {
      // Whoever will race with it will race with this access, too.
      if (is_write || old.is_like(mine)) old = {};
      continue;
    }
    if (old.kind() == AccessKind::Read && mine.kind() == AccessKind::Read) continue;
    const bool both_strong = (old.kind() == AccessKind::Atomic || old.is_volatile) &&
                             (mine.kind() == AccessKind::Atomic || mine.is_volatile);
    // Volatile is what warps once relied on instead of __syncwarp.
    const bool in_a_warp =
        old.is_volatile && mine.is_volatile && old.block == mine.block && old.rank / 32 == mine.rank / 32;
    if (both_strong && !in_a_warp) continue;
    tell(old, mine, address, bytes);
  }
  cell.add(mine);
}

void BlockRaces::tell(const Stamp& old, const Stamp& mine, std::uintptr_t address, std::size_t bytes) {
  const bool both_write = old.kind() == AccessKind::Write && mine.kind() == AccessKind::Write;
  const auto where = [&] { return place(address, bytes); };
  if (!both_write || mine.is_under_way || old.is_under_way || bytes > 16) {
    launch_->found(old, mine, false, where);
    return;
  }
  OpenWrite& open = open_write;
  if (open.launch != nullptr && open.address == reinterpret_cast<const void*>(address)) return;
  settle_races();
  open.launch = launch_;
  open.first = old;
  open.second = mine;
  open.place = where();
  open.address = reinterpret_cast<const void*>(address);
  open.bytes = bytes;
  std::memcpy(open.before.data(), open.address, bytes);
}

std::string BlockRaces::place(std::uintptr_t address, std::size_t bytes) const {
  const auto* pointer = reinterpret_cast<const char*>(address);
  const std::string shared = block_.describe_shared(pointer);
  if (!shared.empty()) return shared;
  Allocation allocation;
  if (!Memory::instance().find(pointer, allocation)) return "memory that the runtime did not allocate";
  const auto offset = static_cast<std::size_t>(pointer - static_cast<const char*>(allocation.base));
  return "element " + std::to_string(offset / bytes) + ", of " + std::to_string(bytes) + " bytes each, of " +
         std::to_string(allocation.bytes) + " bytes of global memory";
}

void BlockRaces::copy(void* to, const void* from, std::size_t bytes, const void* counter, Progress progress) {
  if (!is_thread()) return;
  settle();
  if (from != nullptr) access(stamp(AccessKind::Read, counter), from, bytes, progress);
  if (to != nullptr) access(stamp(AccessKind::Write, counter), to, bytes, progress);
}

}  // namespace gridstride::emulator
