/// A run that asks for what only instrumented code does, of code that is not: silence would look like praise.
#pragma once

namespace gridstride::emulator {

/// A block runs that is to be searched for races, or whose threads are to take turns at every access.
void note_watched_block();
/// One of its accesses was seen.
void note_seen_access();

}  // namespace gridstride::emulator
