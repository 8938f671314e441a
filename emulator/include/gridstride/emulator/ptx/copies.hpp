/// cp.async: from global to shared memory while the thread goes on. Copied when the thread waits for it, so
/// that one that forgets to finds the old bytes.
#pragma once

#include <type_traits>

#include "gridstride/emulator/ptx/registers.hpp"
#include "gridstride/emulator/ptx/types.hpp"
#include "gridstride/emulator/twins.hpp"

namespace gridstride::emulator::ptx {

/// The first `source_bytes` of `bytes`; the rest becomes zero.
void copy_later(void* shared, const void* global, u32 bytes, u32 source_bytes);

/// `source` is how many bytes to read, or the predicate under which there are none.
template <class Source>
void cp_async_ca(void* shared, const void* global, u32 bytes, const Source& source) {
  if constexpr (std::is_same_v<Source, Register<pred>>) {
    copy_later(shared, global, bytes, source ? 0 : bytes);
  } else {
    copy_later(shared, global, bytes, source);
  }
}
inline void cp_async_ca(void* shared, const void* global, u32 bytes) {
  copy_later(shared, global, bytes, bytes);
}
/// Past the first-level cache, which is not modelled.
template <class... Source>
void cp_async_cg(void* shared, const void* global, u32 bytes, const Source&... source) {
  cp_async_ca(shared, global, bytes, source...);
}

inline void cp_async_commit_group() { twin::commit(twin::Kind::Copies); }
inline void cp_async_wait_group(u32 left) { twin::wait(twin::Kind::Copies, left); }
inline void cp_async_wait_all() {
  cp_async_commit_group();
  cp_async_wait_group(0);
}

}  // namespace gridstride::emulator::ptx
