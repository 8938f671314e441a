/// `cuda::std` is the host's standard library, except for what threads of a kernel wait in.
#pragma once

#include "gridstride/emulator/cuda/barrier.hpp"

namespace cuda::std {

using namespace ::std;

template <class T>
using atomic = ::cuda::atomic<T>;
template <class T>
using atomic_ref = ::cuda::atomic_ref<T>;
template <class Completion = gridstride::emulator::detail::NoCompletion>
using barrier = ::cuda::barrier<thread_scope_system, Completion>;

}  // namespace cuda::std
