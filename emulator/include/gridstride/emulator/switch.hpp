/// From one thread's stack to another's, in the middle of a kernel.
///
/// The switch is inlined where a thread waits. A call would return to where another thread made its own,
/// which the processor mispredicts: measured, 62 ns per thread at a barrier with Boost.Context's
/// jump_fcontext, and a product by tiles took twice the time when a barrier was one call. Other processors
/// than x86-64 use Boost.Context, in the library.
#pragma once

#if defined(__x86_64__) && !defined(GRIDSTRIDE_PORTABLE_SWITCH)
#define GRIDSTRIDE_INLINE_SWITCH 1
#else
#define GRIDSTRIDE_INLINE_SWITCH 0
#endif

namespace gridstride::emulator {

/// Where a suspended stack goes on; meaningful to switch_context only.
using Context = void*;

/// From where to where a waiting thread switches.
struct Step {
  Context* from = nullptr;
  Context to = nullptr;  // null where that takes more than a switch
};

#if GRIDSTRIDE_INLINE_SWITCH

#if defined(__AVX512F__)
#define GRIDSTRIDE_CLOBBER_AVX512                                                                      \
  , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", \
      "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#else
#define GRIDSTRIDE_CLOBBER_AVX512
#endif

/// Saves where we are in `from` and goes on at `to`; returns when something switches back to `from`.
/// The floating-point control words are the process's, not a thread's.
[[gnu::always_inline]] inline void switch_context(Context& from, Context to) {
  Context* save = &from;
  asm volatile inline(
      "leaq -128(%%rsp), %%rsp\n\t"  // leaf functions keep data below the stack pointer
      "pushq %%rbp\n\t"
      "pushq %%rbx\n\t"
      "leaq 1f(%%rip), %%rcx\n\t"
      "pushq %%rcx\n\t"
      "movq %%rsp, (%[save])\n\t"
      "movq %[to], %%rsp\n\t"
      "popq %%rax\n\t"
      "cmpq %%rcx, %%rax\n\t"  // most wait where this one does: predicted, as the jump is not
      "je 1f\n\t"
      "jmpq *%%rax\n\t"
      "1:\n\t"
      "popq %%rbx\n\t"
      "popq %%rbp\n\t"
      "leaq 128(%%rsp), %%rsp"
      : [save] "+S"(save), [to] "+D"(to)
      :
      : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc", "memory", "xmm0",
        "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
        "xmm13", "xmm14", "xmm15" GRIDSTRIDE_CLOBBER_AVX512);
}

#undef GRIDSTRIDE_CLOBBER_AVX512

#endif

}  // namespace gridstride::emulator
