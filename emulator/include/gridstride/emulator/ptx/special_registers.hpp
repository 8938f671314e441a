/// PTX's special registers, but for threadIdx and its like, which C++ has.
#pragma once

#include "gridstride/emulator/cooperative/lanes.hpp"
#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/ptx/types.hpp"

namespace gridstride::emulator::ptx {

inline u32 laneid() { return detail::lane(); }
inline u32 warpid() { return detail::block_rank() / 32; }
u32 nwarpid();
u32 smid();
u32 nsmid();
u32 dynamic_smem_size();

inline u32 lanemask_eq() { return 1u << laneid(); }
inline u32 lanemask_lt() { return detail::lanes_below(laneid()); }
inline u32 lanemask_le() { return detail::lanes_below(laneid() + 1); }
inline u32 lanemask_gt() { return ~lanemask_le(); }
inline u32 lanemask_ge() { return ~lanemask_lt(); }

inline u64 clock64() { return static_cast<u64>(::clock64()); }
inline u32 clock() { return static_cast<u32>(clock64()); }
inline u32 clock_hi() { return static_cast<u32>(clock64() >> 32); }

/// Nanoseconds since 1970.
u64 globaltimer();
inline u32 globaltimer_lo() { return static_cast<u32>(globaltimer()); }
inline u32 globaltimer_hi() { return static_cast<u32>(globaltimer() >> 32); }

}  // namespace gridstride::emulator::ptx
