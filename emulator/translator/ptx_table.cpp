#include "emulator/translator/ptx_table.hpp"

#include <algorithm>
#include <array>

namespace gridstride::translator::ptx {
namespace {

#define INT32_64 "u32 s32 u64 s64"
#define INT "u16 s16 " INT32_64
#define BITS32_64 "b32 b64"
#define BITS "b16 " BITS32_64
#define FLOAT "f32 f64"
#define NARROW "f16 f16x2 bf16 bf16x2"
#define ROUND "rz rm rp "
#define COMPARE "eq ne lt le gt ge lo ls hi hs equ neu ltu leu gtu geu num nan and or xor ftz"
#define STRONG "volatile relaxed acquire release mmio cg cv"
#define VIDEO "sat clamp wrap add min max"

constexpr auto kValue = Shape::value, kEffect = Shape::effect, kCarries = Shape::carries,
               kCarried = Shape::carried;

constexpr Instruction kInstructions[] = {
    // Integers and floating point
    {"mov", kValue, "pred b8 b16 b32 b64 " INT " f32 f64 f16 f16x2", ""},
    {"add", kValue, INT " " FLOAT " " NARROW, ROUND "ftz sat"},
    {"sub", kValue, INT " " FLOAT " " NARROW, ROUND "ftz sat"},
    {"mul", kValue, FLOAT " " NARROW, ROUND "ftz sat"},
    {"mul.lo", kValue, INT, ""},
    {"mul.hi", kValue, INT, ""},
    {"mul.wide", kValue, "u16 s16 u32 s32", ""},
    {"mul24.lo", kValue, "u32 s32", ""},
    {"mul24.hi", kValue, "u32 s32", ""},
    {"mad", kValue, FLOAT, ROUND "ftz sat"},
    {"mad.lo", kValue, INT, ""},
    {"mad.hi", kValue, INT, ""},
    {"mad.wide", kValue, "u16 s16 u32 s32", ""},
    {"mad24.lo", kValue, "u32 s32", ""},
    {"fma", kValue, FLOAT " " NARROW, ROUND "ftz sat relu"},
    {"div", kValue, INT " " FLOAT, ROUND "ftz"},
    {"rem", kValue, INT, ""},
    {"sad", kValue, INT, ""},
    {"abs", kValue, "s16 s32 s64 " FLOAT " " NARROW, "ftz"},
    {"neg", kValue, "s16 s32 s64 " FLOAT " " NARROW, "ftz"},
    {"min", kValue, INT " " FLOAT " " NARROW, "ftz NaN"},
    {"max", kValue, INT " " FLOAT " " NARROW, "ftz NaN"},
    // With the carry flag
    {"add.cc", kCarries, INT32_64, ""},
    {"addc", kCarried, INT32_64, ""},
    {"addc.cc", kCarried, INT32_64, ""},
    {"sub.cc", kCarries, INT32_64, ""},
    {"subc", kCarried, INT32_64, ""},
    {"subc.cc", kCarried, INT32_64, ""},
    {"mad.lo.cc", kCarries, INT32_64, ""},
    {"mad.hi.cc", kCarries, INT32_64, ""},
    {"madc.lo", kCarried, INT32_64, ""},
    {"madc.hi", kCarried, INT32_64, ""},
    {"madc.lo.cc", kCarried, INT32_64, ""},
    {"madc.hi.cc", kCarried, INT32_64, ""},
    // Bits
    {"and", kValue, "pred " BITS, ""},
    {"or", kValue, "pred " BITS, ""},
    {"xor", kValue, "pred " BITS, ""},
    {"not", kValue, "pred " BITS, ""},
    {"cnot", kValue, BITS, ""},
    {"lop3", kValue, "b32", ""},
    {"shl", kValue, BITS, ""},
    {"shr", kValue, BITS " " INT, ""},
    {"shf.l.clamp", kValue, "b32", ""},
    {"shf.l.wrap", kValue, "b32", ""},
    {"shf.r.clamp", kValue, "b32", ""},
    {"shf.r.wrap", kValue, "b32", ""},
    {"bfe", kValue, INT32_64, ""},
    {"bfi", kValue, BITS32_64, ""},
    {"brev", kValue, BITS32_64, ""},
    {"clz", kValue, BITS32_64, ""},
    {"popc", kValue, BITS32_64, ""},
    {"bfind", kValue, INT32_64, ""},
    {"bfind.shiftamt", kValue, INT32_64, ""},
    {"prmt", kValue, "b32", "", "f4e b4e rc8 ecl ecr rc16"},
    {"dp4a", kValue, "u32 s32", ""},
    {"dp2a.lo", kValue, "u32 s32", ""},
    {"dp2a.hi", kValue, "u32 s32", ""},
    {"vadd", kValue, "u32 s32", VIDEO},
    {"vsub", kValue, "u32 s32", VIDEO},
    {"vabsdiff", kValue, "u32 s32", VIDEO},
    {"vmin", kValue, "u32 s32", VIDEO},
    {"vmax", kValue, "u32 s32", VIDEO},
    {"vshl", kValue, "u32 s32", VIDEO},
    {"vshr", kValue, "u32 s32", VIDEO},
    // Comparisons and conversions
    {"setp", kValue, BITS " " INT " " FLOAT " f16 bf16", COMPARE},
    {"set", kValue, BITS " " INT " " FLOAT, COMPARE},
    {"selp", kValue, BITS " " INT " " FLOAT, ""},
    {"slct", kValue, BITS " " INT " " FLOAT, "ftz"},
    {"testp.finite", kValue, FLOAT, ""},
    {"testp.infinite", kValue, FLOAT, ""},
    {"testp.number", kValue, FLOAT, ""},
    {"testp.notanumber", kValue, FLOAT, ""},
    {"copysign", kValue, FLOAT, ""},
    {"cvt", kValue, "u8 s8 " INT " " FLOAT " " NARROW, ROUND "rni rzi rmi rpi ftz sat relu"},
    // Functions, all of them more exact here than the manual demands
    {"ex2", kValue, "f32 " NARROW, "ftz"},
    {"lg2", kValue, "f32", "ftz"},
    {"rcp", kValue, FLOAT, ROUND "ftz"},
    {"sqrt", kValue, FLOAT, ROUND "ftz"},
    {"rsqrt", kValue, FLOAT, "ftz"},
    {"sin", kValue, "f32", "ftz"},
    {"cos", kValue, "f32", "ftz"},
    {"tanh", kValue, "f32 " NARROW, ""},
    // Memory
    {"ld", kValue, "b8 u8 s8 " BITS " " INT " " FLOAT, STRONG, "v2 v4"},
    {"st", kEffect, "b8 u8 s8 " BITS " " INT " " FLOAT, STRONG, "v2 v4"},
    {"cvta.to.global", kValue, "u64", ""},
    {"cvta.to.const", kValue, "u64", ""},
    {"cvta.to.local", kValue, "u64", ""},
    {"cvta.to.shared", kValue, "u32 u64", ""},
    {"cvta.global", kValue, "u64", ""},
    {"cvta.const", kValue, "u64", ""},
    {"cvta.local", kValue, "u64", ""},
    {"cvta.shared", kValue, "u32 u64", ""},
    {"isspacep.shared", kValue, "", ""},
    {"isspacep.global", kValue, "", ""},
    {"isspacep.local", kValue, "", ""},
    {"atom", kValue, "b16 " BITS32_64 " " INT32_64 " " FLOAT, "", "add min max and or xor exch cas inc dec"},
    {"red", kEffect, BITS32_64 " " INT32_64 " " FLOAT, "", "add min max and or xor inc dec"},
    {"cp.async.ca", kEffect, "", ""},
    {"cp.async.cg", kEffect, "", ""},
    {"cp.async.commit_group", kEffect, "", ""},
    {"cp.async.wait_group", kEffect, "", ""},
    {"cp.async.wait_all", kEffect, "", ""},
    {"membar", kEffect, "", ""},
    {"fence", kEffect, "", ""},
    {"prefetch", kEffect, "", ""},
    {"prefetchu", kEffect, "", ""},
    {"discard", kEffect, "", ""},
    {"applypriority", kEffect, "", ""},
    // Blocks and warps
    {"bar.sync", kEffect, "", ""},
    {"barrier.sync", kEffect, "", ""},
    {"bar.red.popc", kValue, "u32", ""},
    {"bar.red.and", kValue, "pred", ""},
    {"bar.red.or", kValue, "pred", ""},
    {"bar.warp.sync", kEffect, "", ""},
    {"vote.sync.all", kValue, "pred", ""},
    {"vote.sync.any", kValue, "pred", ""},
    {"vote.sync.uni", kValue, "pred", ""},
    {"vote.sync.ballot", kValue, "b32", ""},
    {"activemask", kValue, "b32", ""},
    {"match.any.sync", kValue, BITS32_64, ""},
    {"match.all.sync", kValue, BITS32_64, ""},
    {"redux.sync", kValue, "u32 s32 b32", "", "add min max and or xor"},
    {"shfl.sync", kValue, "b32", "", "up down bfly idx"},
    {"nanosleep", kEffect, "u32", ""},
    {"trap", kEffect, "", ""},
    {"brkpt", kEffect, "", ""},
};

/// What changes nothing here: caches are not modelled, atomics and fences are as strong and wide as there
/// are, and what may be approximate is exact.
constexpr std::string_view kNoEffect =
    "rn approx full noftz uni aligned weak relaxed acquire release acq_rel sc ca cs lu nc wb wt cg "
    "cta gpu gl sys cluster global local const generic L1 L2 L2::evict_normal L2::evict_last "
    "L2::64B L2::128B L2::256B L1::no_allocate L1::evict_normal L1::evict_unchanged L1::evict_first "
    "L1::evict_last";

/// Whether one of the words in the list, which are separated by spaces, is this one.
bool lists(std::string_view words, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = 0; (at = words.find(word, at)) != std::string_view::npos; at += word.size()) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

bool begins(std::string_view opcode, std::string_view prefix) {
  return opcode.substr(0, prefix.size()) == prefix &&
         (opcode.size() == prefix.size() || opcode[prefix.size()] == '.');
}

/// The longest of those that the opcode begins with.
const Instruction* find(std::string_view opcode) {
  const Instruction* found = nullptr;
  for (const Instruction& each : kInstructions) {
    if (begins(opcode, each.opcode) && (!found || each.opcode.size() > found->opcode.size())) found = &each;
  }
  return found;
}

/// Some of PTX's words are C++'s too.
std::string as_identifier(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '.', '_');
  if (lists("and or xor not volatile", word)) out += '_';
  return out;
}

}  // namespace

bool is_type(std::string_view word) {
  return lists("pred b8 u8 s8 " BITS " " INT " " FLOAT " " NARROW, word);
}

bool is_opcode(std::string_view words) {
  static constexpr std::string_view kNotOffered =
      "bar barrier bra cp createpolicy elect getctarank griddepcontrol ldmatrix mapa mbarrier mma multimem "
      "setmaxnreg stmatrix suld sust tcgen05 tensormap tex tld4 wgmma wmma";
  return std::any_of(std::begin(kInstructions), std::end(kInstructions),
                     [=](const Instruction& each) { return begins(each.opcode, words); }) ||
         lists(kNotOffered, words);
}

Call look_up(std::string_view opcode) {
  const Instruction* instruction = find(opcode);
  if (instruction == nullptr) return {};
  Call call;
  call.shape = instruction->shape;
  std::string function = as_identifier(instruction->opcode);
  for (std::string_view rest = opcode.substr(instruction->opcode.size()); !rest.empty();) {
    const std::size_t end = std::min(rest.find('.', 1), rest.size());
    const std::string_view word = rest.substr(1, end - 1);
    rest.remove_prefix(end);
    if (word == "shared" || word == "shared::cta") {
      call.shared = true;
    } else if (call.shared && word == "global") {
      call.from_global = true;
    } else if (lists(instruction->names, word)) {
      function += '_';
      function += word;
    } else if (lists(instruction->mods, word)) {
      call.mods.push_back(as_identifier(word));
    } else if (lists(instruction->types, word)) {
      call.types.emplace_back(word);
    } else if (!lists(kNoEffect, word)) {
      return {};
    }
  }
  if (call.types.empty() != instruction->types.empty()) return {};
  call.function = std::move(function);
  return call;
}

std::string special_register(std::string_view name) {
  static constexpr std::array<std::array<std::string_view, 2>, 4> kVectors = {
      {{"%tid.", "threadIdx"}, {"%ntid.", "blockDim"}, {"%ctaid.", "blockIdx"}, {"%nctaid.", "gridDim"}}};
  for (const auto& [prefix, variable] : kVectors) {
    if (name.substr(0, prefix.size()) != prefix) continue;
    const std::string_view part = name.substr(prefix.size());
    if (lists("x y z", part)) return "::" + std::string(variable) + '.' + std::string(part);
  }
  static constexpr std::string_view kNames =
      "%laneid %warpid %nwarpid %smid %nsmid %clock %clock_hi %clock64 %globaltimer %globaltimer_lo "
      "%globaltimer_hi %lanemask_eq %lanemask_lt %lanemask_le %lanemask_gt %lanemask_ge %dynamic_smem_size";
  return lists(kNames, name) ? "gridstride_ptx::" + std::string(name.substr(1)) + "()" : std::string();
}

}  // namespace gridstride::translator::ptx
