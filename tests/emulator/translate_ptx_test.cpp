// Inline PTX: what is taken for PTX, what it becomes, and what is refused
#include <gtest/gtest.h>

#include "emulator/translator/passes.hpp"
#include "tests/emulator/translate_text.hpp"

namespace gridstride::translator {
namespace {

/// The instructions that `text` becomes within its block, with the namespace as `P::`.
std::string instructions(const std::string& text, const std::string& operands = "") {
  std::string block = translated("asm(\"" + text + "\"" + operands + ");");
  const std::string head = "{ namespace gridstride_ptx = E::ptx; ";
  if (block.substr(0, head.size()) != head) return block;
  block = block.substr(head.size(), block.size() - head.size() - 1);
  const std::string name = "gridstride_ptx::";
  for (std::size_t at; (at = block.find(name)) != std::string::npos;) block.replace(at, name.size(), "P::");
  return block;
}

/// What a launch that comes to the statement will be told.
std::string refusal(const std::string& source) {
  const std::string text = translated(source), call = "E::ptx::refuse(\"";
  const std::size_t begin = text.find(call);
  if (begin == std::string::npos) return "translated to " + text;
  return text.substr(begin + call.size(), text.find('"', begin + call.size()) - begin - call.size());
}

TEST(InlinePtx, OperandsBecomeRegisters) {
  EXPECT_EQ(instructions("add.s32 %0, %1, %2;", " : \"=r\"(d[i]) : \"r\"(a), \"n\"(4)"),
            "auto& gridstride_out0 = (d[i]); [[maybe_unused]] P::Register<P::u32> gridstride_0; "
            "[[maybe_unused]] P::Register<P::u32> gridstride_1((a)); "
            "[[maybe_unused]] P::Register<P::s64> gridstride_2((4)); "
            "gridstride_0 = P::add<P::s32>(gridstride_1, gridstride_2); gridstride_0.to(gridstride_out0); ");
  EXPECT_NE(instructions("add.f32 %0, %0, 1.0;", " : \"+f\"(x)")
                .find("P::Register<P::f32> gridstride_0(gridstride_out0);"),
            std::string::npos);
}

TEST(InlinePtx, RegistersScopesAndPredicates) {
  EXPECT_EQ(instructions("{ .reg .pred p; .reg .b32 %r<2>;\\n\\t @!p mov.b32 %r1, %%laneid; }"),
            "{ [[maybe_unused]] P::Register<P::pred> r_p; [[maybe_unused]] P::Register<P::b32> r_p_r0; "
            "[[maybe_unused]] P::Register<P::b32> r_p_r1; if (!r_p) r_p_r1 = "
            "P::mov<P::b32>(P::Integer{P::laneid()}); } ");
  EXPECT_EQ(instructions("bar.sync 0;"), "P::bar_sync(); ");
  EXPECT_EQ(instructions("trap;"), "P::trap(); ");
  EXPECT_EQ(instructions("fence.acq_rel.gpu;"), "P::fence(); ");
}

TEST(InlinePtx, ModifiersStandInNamesOrArguments) {
  EXPECT_EQ(instructions("{ .reg .f32 f; mul.rz.ftz.f32 f, f, 0f3F800000; }"),
            "{ [[maybe_unused]] P::Register<P::f32> r_f; r_f = P::mul<P::f32, P::Mod::rz | P::Mod::ftz>(r_f, "
            "P::bits_of<P::f32>(0x3F800000u)); } ");
  EXPECT_EQ(instructions("red.relaxed.gpu.shared.add.u32 [0x10+4], 1;"),
            "P::red_add<P::u32>(P::shared_address(P::Integer{0x10ull}, 4), P::Integer{1ull}); ");
}

TEST(InlinePtx, TheStatementKeepsItsLinesAndItsPlace) {
  EXPECT_EQ(
      translate("if (a)\n  asm volatile(\"trap;\"\n               ::: \"memory\");\nelse b();"),
      "if (a)\n  { namespace gridstride_ptx = ::gridstride::emulator::ptx; gridstride_ptx::trap(); }\n\n"
      "else b();");
}

TEST(InlinePtx, ExitLeavesTheKernel) {
  EXPECT_NE(translated("__global__ void k() { if (a) { asm(\"exit;\"); } }").find("return; }"),
            std::string::npos);
  for (const char* function : {"__device__ void f() { asm(\"exit;\"); }",
                               "__global__ void k() { auto f = [] { asm(\"exit;\"); }; }"}) {
    EXPECT_NE(translated(function).find("gridstride_ptx::exit(); }"), std::string::npos) << function;
  }
}

TEST(InlinePtx, TheHostsAssemblyStaysAsItIs) {
  for (const char* source :
       {"asm volatile(\"rdtsc\" : \"=a\"(a), \"=d\"(d));", "asm volatile(\"\" ::: \"memory\");",
        "__asm__ __volatile__(\"pause\");", "asm(\"rep; nop\");", "int f() asm(\"f.v2\");",
        "asm(\".byte 0x0f\");", "asm(\"mov %1, %0\" : \"=r\"(a) : \"r\"(b));"}) {
    EXPECT_EQ(translated(source), source);
  }
}

TEST(InlinePtx, WhatIsNotOfferedIsRefusedWhereItRuns) {
  EXPECT_EQ(refusal("asm(\"wgmma.fence.sync.aligned;\");"),
            "inline PTX 'wgmma.fence.sync.aligned' is not offered by the emulator");
  EXPECT_EQ(refusal("asm(\"{ .reg .pred p; again: @p bra again; }\");"),
            "inline PTX 'again:' is not offered by the emulator");
  EXPECT_NE(refusal("asm(\"mul.lo.f32 %0, %0, %0;\" : \"+f\"(x));").find("'mul.lo.f32' is not offered"),
            std::string::npos);
  EXPECT_NE(refusal("asm(\"addc.u32 %0, %0, 0;\" : \"+r\"(x));").find("needs a carry from another"),
            std::string::npos);
  EXPECT_NE(refusal("asm(\"bar.sync 1, 64;\");").find("barrier 0 only"), std::string::npos);
  EXPECT_NE(refusal("asm(\"mov.u32 %0, %1;\" : \"=r\"(x));").find("%1' is no operand"), std::string::npos);
  EXPECT_NE(refusal("asm(\"add.u32 %0 ? 1;\" : \"=r\"(x));").find("is not understood"), std::string::npos);
  EXPECT_NE(refusal("asm(\"add.u32 %0, a, 1;\" : \"=r\"(x));").find("'a' is neither a register"),
            std::string::npos);
  EXPECT_NE(refusal("asm(\"mov.u32 %0, 1;\" : \"=C\"(x));").find("constraint"), std::string::npos);
}

}  // namespace
}  // namespace gridstride::translator
