#include "checked_access.hpp"

#include <mutex>
#include <set>
#include <string>

#include "error.hpp"
#include "settings.hpp"
#include "symbols.hpp"
#include "worker.hpp"

namespace gridstride::emulator {
namespace {

/// Those of the block that is running, where there are any and no update is being made.
constinit thread_local bool is_updating = false;

BlockRaces* races_of(Block& block) { return is_updating ? nullptr : block.races(); }

/// One report for each line; the launch goes on, for what was read may not matter.
void tell_unwritten(Block& block, const void* address, std::size_t bytes, const void* caller) {
  if (BlockRaces* races = block.races(); races != nullptr && !checking()) {
    races->unwritten(address, bytes, caller);
    return;
  }
  const auto* instruction = static_cast<const char*>(caller) - 1;  // in the call, not behind it
  static std::mutex mutex;
  static auto* known = new std::set<const void*>;
  static auto* told = new std::set<std::string>;
  const std::scoped_lock lock(mutex);
  if (!known->insert(instruction).second) return;
  const std::string line = source_line(instruction);
  if (!line.empty() && !told->insert(line).second) return;
  publish_report(block.heading("uninitialized read: " + block.describe_shared(address) +
                               ", which no thread of the block has written") +
                 "  " + block.current_thread_name() + at_line(line));
}

}  // namespace

void check_read(const volatile void* address, std::size_t bytes, const void* caller, Strength strength) {
  Block* block = running_block;
  if (block == nullptr) return;
  block->step();
  const void* place = const_cast<const void*>(address);
  if (BlockRaces* races = races_of(*block)) [[unlikely]]
    races->read(place, bytes, caller, strength);
  if (!block->arena().reads_unwritten(place, bytes)) [[likely]]
    return;
  tell_unwritten(*block, place, bytes, caller);
}

void check_write(const volatile void* address, std::size_t bytes, const void* caller, Strength strength) {
  Block* block = running_block;
  if (block == nullptr) return;
  block->step();
  const void* place = const_cast<const void*>(address);
  if (BlockRaces* races = races_of(*block)) [[unlikely]]
    races->write(place, bytes, caller, strength);
  block->arena().note_write(place, bytes);
}

/// An exchange may be how a program initializes, hence it is told whether it reads.
CheckedAtomic::CheckedAtomic(const volatile void* address, std::size_t bytes, const void* caller, int order,
                             bool reads, bool writes)
    : address_(nullptr), order_(order), reads_(reads), writes_(writes) {
  Block* block = running_block;
  if (block == nullptr) return;
  block->step();
  const void* place = const_cast<const void*>(address);
  if (BlockRaces* races = races_of(*block)) [[unlikely]] {
    address_ = place;
    races->before_atomic(place, bytes, caller, order, reads, writes);
  }
  if (reads && block->arena().reads_unwritten(place, bytes)) [[unlikely]]
    tell_unwritten(*block, place, bytes, caller);
  if (writes) block->arena().note_write(place, bytes);
}

CheckedAtomic::~CheckedAtomic() {
  if (address_ != nullptr) [[unlikely]]
    running_block->races()->after_atomic(address_, order_, reads_, writes_);
}

void check_fence(bool within_block) {
  Block* block = running_block;
  if (block == nullptr) return;
  if (BlockRaces* races = races_of(*block)) races->fence(within_block);
}

const void* begin_checked_update(const void* address, std::size_t bytes, const void* caller) {
  Block* block = running_block;
  BlockRaces* races = block == nullptr ? nullptr : races_of(*block);
  if (races == nullptr) return nullptr;
  races->before_atomic(address, bytes, caller, __ATOMIC_RELAXED, true, true);
  is_updating = true;
  return address;
}

void end_checked_update(const void* address) {
  is_updating = false;
  running_block->races()->after_atomic(address, __ATOMIC_RELAXED, true, true);
}

}  // namespace gridstride::emulator
