#include "checked_access.hpp"

#include <mutex>
#include <set>
#include <string>

#include "error.hpp"
#include "symbols.hpp"
#include "worker.hpp"

namespace gridstride::emulator {
namespace {

/// One report for each line; the launch goes on, for what was read may not matter.
void tell_unwritten(const Block& block, const void* address, const void* instruction) {
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

void check_read(const volatile void* address, std::size_t bytes, const void* caller) {
  Block* block = running_block;
  if (block == nullptr) return;
  block->step();
  const void* place = const_cast<const void*>(address);
  if (!block->arena().reads_unwritten(place, bytes)) [[likely]]
    return;
  tell_unwritten(*block, place, static_cast<const char*>(caller) - 1);
}

void check_write(const volatile void* address, std::size_t bytes) {
  Block* block = running_block;
  if (block == nullptr) return;
  block->step();
  block->arena().note_write(const_cast<const void*>(address), bytes);
}

}  // namespace gridstride::emulator
