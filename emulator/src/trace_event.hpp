/// What one lane did, as its stream holds it: two words.
#pragma once

#include <cstdint>

namespace gridstride::emulator {

enum class EventKind : std::uint8_t {
  Step,  // a basic block was entered
  Load,  // in the order of Operation
  Store,
  Atomic,
  Product,       // on a tensor core; its operations stand in the address's place
  BlockBarrier,  // waits for all lanes that have not ended
  WarpSync,      // waits for the lanes of a mask, which stands in the address's place
};

/// Where an event stands: the program counter below, the calls that led there above it (see CallTree). Points
/// at which lanes wait for each other come after all others, so that the smallest place is the one that goes
/// on next.
using Place = std::uint64_t;
inline constexpr int kCallShift = 47;
inline constexpr Place kWaits = Place{1} << 63;
inline constexpr Place kCounterMask = (Place{1} << kCallShift) - 1;

struct Event {
  Place place;
  std::uint64_t what;  // kind, bytes, address

  static std::uint64_t describe(EventKind kind, std::uint64_t address, std::uint64_t bytes) {
    return std::uint64_t{static_cast<std::uint8_t>(kind)} << 56 | bytes << 48 | address;
  }
  EventKind kind() const { return static_cast<EventKind>(what >> 56); }
  std::uint32_t bytes() const { return what >> 48 & 0xFF; }
  std::uint64_t address() const { return what & kAddressMask; }
  /// Kind and bytes: the same for all lanes of one warp instruction.
  std::uint64_t form() const { return what >> 48; }
  std::uint64_t counter() const { return place & kCounterMask; }
  bool waits() const { return (place & kWaits) != 0; }

  static constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << 48) - 1;
};
static_assert(sizeof(Event) == 16);

}  // namespace gridstride::emulator
