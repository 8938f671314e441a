/// Stacks that something can start on, and the switch between two of them where kernels do not have it
/// inlined.
#pragma once

#include <cstddef>

#include "gridstride/emulator/switch.hpp"

#if !GRIDSTRIDE_INLINE_SWITCH
#include <boost/context/detail/fcontext.hpp>
#endif

namespace gridstride::emulator {

#if GRIDSTRIDE_INLINE_SWITCH

/// A stack on which `Entry` will start; it must not return. `top` is 16-byte aligned.
template <void (*Entry)()>
Context make_context(char* top, std::size_t) {
  auto* frame = reinterpret_cast<void**>(top) - 2;
  frame[0] = reinterpret_cast<void*>(Entry);
  frame[1] = nullptr;  // the return address at which a debugger's backtrace ends
  return frame;
}

#else

template <void (*Entry)()>
Context make_context(char* top, std::size_t bytes) {
  return boost::context::detail::make_fcontext(top, bytes, [](boost::context::detail::transfer_t back) {
    *static_cast<Context*>(back.data) = back.fctx;
    Entry();
  });
}

inline void switch_context(Context& from, Context to) {
  const auto back = boost::context::detail::jump_fcontext(to, &from);
  *static_cast<Context*>(back.data) = back.fctx;
}

#endif

}  // namespace gridstride::emulator
