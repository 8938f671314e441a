#include "framework/io/safetensors.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <stdexcept>

#include "framework/io/error.hpp"

namespace gridstride::io {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the format is little-endian, and so is every array");

struct DtypeInfo {
  std::string_view name;
  size_t bytes;
};

// In the order of Dtype.
constexpr std::array<DtypeInfo, 13> kDtypes = {{{"BOOL", 1},
                                                {"U8", 1},
                                                {"I8", 1},
                                                {"I16", 2},
                                                {"U16", 2},
                                                {"F16", 2},
                                                {"BF16", 2},
                                                {"I32", 4},
                                                {"U32", 4},
                                                {"F32", 4},
                                                {"F64", 8},
                                                {"I64", 8},
                                                {"U64", 8}}};

}  // namespace

std::string_view dtype_name(Dtype dtype) { return kDtypes.at(static_cast<size_t>(dtype)).name; }
size_t dtype_bytes(Dtype dtype) { return kDtypes.at(static_cast<size_t>(dtype)).bytes; }

int64_t Array::elems() const { return static_cast<int64_t>(bytes.size() / dtype_bytes(dtype)); }

void Array::require_full() const {
  int64_t elems = 1;
  for (const int64_t dim : shape) {
    if (dim < 0 || __builtin_mul_overflow(elems, dim, &elems)) {
      throw std::invalid_argument(fmt::format("[safetensors] a dimension of {} makes no shape", dim));
    }
  }
  if (elems != this->elems()) {
    throw std::invalid_argument(
        fmt::format("[safetensors] {} values given for a shape of {} elements", this->elems(), elems));
  }
}

void Array::require_dtype(Dtype wanted) const {
  if (dtype != wanted) {
    throw UserError(
        fmt::format("tensor holds {} where {} is needed; this file was written for something else",
                    dtype_name(dtype), dtype_name(wanted)));
  }
}

const Array& SafeTensors::at(const std::string& name) const {
  const auto found = arrays.find(name);
  if (found == arrays.end()) {
    throw UserError(fmt::format("no tensor {}; this file was written for something else", escaped(name)));
  }
  return found->second;
}

}  // namespace gridstride::io
