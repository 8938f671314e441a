#include "checked_access.hpp"

#include <mutex>
#include <set>
#include <string>

#include "error.hpp"
#include "symbols.hpp"

namespace gridstride::emulator {

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

}  // namespace gridstride::emulator
