#include "flop_counts.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "disassembly.hpp"
#include "symbols.hpp"

namespace gridstride::emulator {
namespace {

using Text = std::string_view;

/// What <math.h> computes, without the `f` of float; sorted.
constexpr Text kFunctions[] = {"acos",  "acosh", "asin",   "asinh",     "atan", "atan2",  "atanh", "cbrt",
                               "cos",   "cosh",  "erf",    "erfc",      "exp",  "exp10",  "exp2",  "expm1",
                               "fmod",  "hypot", "j0",     "j1",        "jn",   "lgamma", "log",   "log10",
                               "log1p", "log2",  "pow",    "remainder", "sin",  "sincos", "sinh",  "sqrt",
                               "tan",   "tanh",  "tgamma", "y0",        "y1",   "yn"};
static_assert(std::ranges::is_sorted(kFunctions));

/// The name of what "call 401030 <expf@plt>" calls; empty for other instructions.
Text called(Text instruction) {
  if (!instruction.starts_with("call") && !instruction.starts_with("jmp")) return {};
  const std::size_t begin = instruction.find('<');
  if (begin == instruction.npos) return {};
  const Text name = instruction.substr(begin + 1);
  return name.substr(0, name.find_first_of("@>+"));
}

Operations operations_of_call(Text name) {
  if (name == "gridstride_half_multiply_add") return {&Counts::fp16_flops, 2};
  if (name.starts_with("__") && name.ends_with("_finite")) {
    name = name.substr(2, name.size() - 2 - Text("_finite").size());
  }
  if (name == "fma") return {&Counts::fp64_flops, 2};
  if (name == "fmaf") return {&Counts::fp32_flops, 2};
  if (std::ranges::binary_search(kFunctions, name)) return {&Counts::fp64_flops, 1};
  if (!name.ends_with('f') || !std::ranges::binary_search(kFunctions, name.substr(0, name.size() - 1)))
    return {};
  return {&Counts::fp32_flops, 1};
}

/// How many registers' worth of `bytes` an instruction on vectors works on.
unsigned elements(Text operands, unsigned bytes) {
  const unsigned width = operands.find("%zmm") != operands.npos   ? 64
                         : operands.find("%ymm") != operands.npos ? 32
                                                                  : 16;
  return width / bytes;
}

/// Where an instruction of a block stops what its first one began: the next block, or a function whose inner
/// works are not the program's (see tracing.hpp).
bool ends_block(Text instruction) {
  if (instruction.starts_with("ret") || instruction.starts_with("jmp")) return true;
  const Text name = called(instruction);
  return name == "__sanitizer_cov_trace_pc" ||
         name.starts_with("_ZN10gridstride8emulator6detail12TracedAtomic") ||
         name.starts_with("_ZN10gridstride8emulator6detail13TracedProduct");
}

/// In what precision the source has an operation that the machine code has in `precision`. The emulator's
/// half and bfloat16 are computed in float: their functions' operations are theirs, what converts is not one.
std::uint64_t Counts::*in_source(std::uint64_t Counts::*precision, Text place) {
  const auto is_in = [&](Text file) { return place.find(file) != place.npos; };
  if (is_in("/gridstride/emulator/narrow_functions.inl:")) return &Counts::fp16_flops;
  const bool is_none = precision != &Counts::fp16_flops &&
                       (is_in("/gridstride/emulator/narrow_") || is_in("/gridstride/emulator/fp8.hpp:"));
  return is_none ? nullptr : precision;
}

struct PlacedOperations {
  std::uint64_t behind;  // the instruction
  Operations operations;
};
/// What a basic block computes.
using BlockOperations = std::vector<PlacedOperations>;
/// By where a block begins: behind the call that tells of it.
using OperationsOfBlocks = std::map<std::uint64_t, BlockOperations>;

/// Adds blocks whose code lies together; false where it cannot be read.
bool read_together(const std::uint64_t* begin, const std::uint64_t* end, OperationsOfBlocks& known) {
  constexpr std::uint64_t kLongest = 64 << 10;  // a block
  const std::vector<Instruction> code = disassemble(*begin, end[-1] + kLongest);
  std::vector<const void*> instructions;
  for (const std::uint64_t* block = begin; block != end; ++block) {
    auto at = std::ranges::lower_bound(code, *block, {}, &Instruction::address);
    if (at == code.end() || at->address != *block) return false;
    BlockOperations& found = known[*block];
    for (; at != code.end(); ++at) {
      const Operations operations = operations_of(at->text);
      if (operations.count != 0) found.push_back({at->address + 1, operations});
      if (ends_block(at->text)) break;
    }
    for (const PlacedOperations& one : found) {
      instructions.push_back(reinterpret_cast<const void*>(one.behind - 1));
    }
  }
  const std::vector<SourcePlace> places = source_places(instructions);
  auto place = places.begin();
  for (const std::uint64_t* block = begin; block != end; ++block) {
    BlockOperations& found = known[*block];
    for (auto& [behind, operations] : found) {
      operations.precision = in_source(operations.precision, place++->innermost);
    }
    std::erase_if(found, [](const PlacedOperations& one) { return one.operations.precision == nullptr; });
  }
  return true;
}

/// Adds blocks, which stand in the order of their code; false where it cannot be read.
bool read(const std::vector<std::uint64_t>& blocks, OperationsOfBlocks& known) {
  constexpr std::uint64_t kApart = 256
                                   << 10;  // so far that one more objdump costs less than the code between
  for (std::size_t begin = 0; begin < blocks.size();) {
    std::size_t end = begin + 1;
    while (end < blocks.size() && blocks[end] - blocks[end - 1] < kApart) ++end;
    if (!read_together(&blocks[begin], blocks.data() + end, known)) return false;
    begin = end;
  }
  return true;
}

}  // namespace

Operations operations_of(Text instruction) {
  if (const Text name = called(instruction); !name.empty()) return operations_of_call(name);
  const std::size_t space = instruction.find_first_of(" \t");
  if (space == instruction.npos) return {};
  Text name = instruction.substr(0, space);
  const Text operands = instruction.substr(space);
  if (name.starts_with('v')) name.remove_prefix(1);
  if (name.size() < 5) return {};
  const Text type = name.substr(name.size() - 2);
  name.remove_suffix(2);
  const bool is_fused = name.starts_with("fmadd") || name.starts_with("fmsub") ||
                        name.starts_with("fnmadd") || name.starts_with("fnmsub") ||
                        name.starts_with("fmaddsub") || name.starts_with("fmsubadd");
  if (!is_fused && name != "add" && name != "sub" && name != "mul" && name != "div" && name != "sqrt" &&
      name != "addsub") {
    return {};
  }
  const unsigned each = is_fused ? 2 : 1;
  if (type == "ss") return {&Counts::fp32_flops, each};
  if (type == "sd") return {&Counts::fp64_flops, each};
  if (type == "sh") return {&Counts::fp16_flops, each};
  if (type == "ps") return {&Counts::fp32_flops, each * elements(operands, 4)};
  if (type == "pd") return {&Counts::fp64_flops, each * elements(operands, 8)};
  if (type == "ph") return {&Counts::fp16_flops, each * elements(operands, 2)};
  return {};
}

bool add_flops(std::map<std::uint64_t, Counts>& counts) {
  static std::mutex mutex;
  static auto* known = new OperationsOfBlocks;
  const std::scoped_lock lock(mutex);
  std::vector<std::uint64_t> ran, unknown;
  for (const auto& [counter, of] : counts) {
    if (of.step_lanes == 0) continue;
    ran.push_back(counter);
    if (!known->contains(counter)) unknown.push_back(counter);
  }
  if (!read(unknown, *known)) return false;
  for (const std::uint64_t block : ran) {
    const std::uint64_t lanes = counts[block].step_lanes;
    for (const auto& [behind, operations] : known->at(block)) {
      counts[behind].*operations.precision += lanes * operations.count;
    }
  }
  return true;
}

}  // namespace gridstride::emulator
