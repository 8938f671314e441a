/// What instrumented programs call (gridstride cc --check): our half of the compiler's
/// -fsanitize=bounds,alignment. Kernels end with a report, as at any other wrong access; host code is told,
/// and goes on.
#include <cstdint>
#include <cstdio>
#include <string>

#include "block.hpp"
#include "memory.hpp"
#include "symbols.hpp"
#include "worker.hpp"

namespace gridstride::emulator {
namespace {

// As the compilers lay them out.
struct Location {
  const char* file;
  std::uint32_t line;
  std::uint32_t column;
};
struct Type {
  std::uint16_t kind;
  std::uint16_t info;
  char name[1];
};
struct OutOfBounds {
  Location location;
  const Type* array;
  const Type* index;
};
struct TypeMismatch {
  Location location;
  const Type* type;
  unsigned char log_alignment;
  unsigned char check;
};

std::string at(const Location& location) {
  return at_line(std::string(location.file) + ":" + std::to_string(location.line));
}

/// Values wider than a register come by address; an index is never one.
std::string index_text(const OutOfBounds& data, std::uintptr_t index) {
  constexpr std::uint16_t kSigned = 1;
  const unsigned bits = 1u << (data.index->info >> 1);
  if ((data.index->info & kSigned) == 0) return std::to_string(index);
  return std::to_string(bits >= 64 ? static_cast<std::int64_t>(index)
                                   : static_cast<std::int64_t>(index << (64 - bits)) >> (64 - bits));
}

void complain(cudaError_t error, const std::string& what, const Location& location) {
  if (Block* block = running_block) {
    block->fault(error, block->heading(what) + "  " + block->current_thread_name() + at(location));
  }
  std::fputs(("gridstride: " + what + at(location)).c_str(), stderr);
}

void out_of_bounds(const OutOfBounds& data, std::uintptr_t index) {
  complain(cudaErrorIllegalAddress,
           "index " + index_text(data, index) + " is out of bounds for " + data.array->name, data.location);
}

void misaligned(const TypeMismatch& data, const void* address) {
  const std::uintptr_t alignment = std::uintptr_t{1} << data.log_alignment;
  if (reinterpret_cast<std::uintptr_t>(address) % alignment == 0 || running_block == nullptr) return;
  const std::string shared = running_block->describe_shared(address);
  complain(cudaErrorMisalignedAddress,
           "misaligned access: " + (shared.empty() ? Memory::instance().describe(address) : shared) +
               " is not a multiple of the " + std::to_string(alignment) + " bytes that " + data.type->name +
               " wants",
           data.location);
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

extern "C" {
void __ubsan_handle_out_of_bounds(const OutOfBounds* data, std::uintptr_t index) {
  out_of_bounds(*data, index);
}
void __ubsan_handle_type_mismatch_v1(const TypeMismatch* data, const void* address) {
  misaligned(*data, address);
}
}
