#include "gridstride/emulator/tensor_map.hpp"

#include <cstring>
#include <iterator>
#include <string>
#include <string_view>

#include "error.hpp"
#include "gridstride/emulator/api.hpp"

namespace gridstride::emulator {
namespace {

CUresult refuse(const std::string& why, CUresult error = CUDA_ERROR_INVALID_VALUE) {
  static_cast<void>(fail(cudaErrorInvalidValue, "cuTensorMapEncodeTiled: " + why));
  static_cast<void>(cudaGetLastError());  // the driver's functions leave the runtime's last error alone
  return error;
}

constexpr int kElementBytes[] = {1, 2, 4, 4, 8, 8, 2, 4, 8, 2, 4, 4, 4};

/// Empty when the driver would take it.
std::string objection(const twin::Tiles& tiles, const CUtensorMap* map, const cuuint64_t* dimensions,
                      const cuuint64_t* strides_bytes, const cuuint32_t* box) {
  if (reinterpret_cast<std::uintptr_t>(map) % 64 != 0) return "the map must be aligned to 64 bytes";
  if (reinterpret_cast<std::uintptr_t>(tiles.address) % 16 != 0 || tiles.address == nullptr) {
    return "the tensor's address must be a multiple of 16";
  }
  for (unsigned i = 0; i < tiles.rank; ++i) {
    const std::string which = " of dimension " + std::to_string(i);
    if (dimensions[i] == 0 || dimensions[i] > std::uint64_t{1} << 32)
      return "the size" + which + " must be 1 to 2^32";
    if (box[i] == 0 || box[i] > 256) return "the box's size" + which + " must be 1 to 256";
    if (i == 0) continue;
    const std::uint64_t stride = strides_bytes[i - 1];
    if (stride % 16 != 0 || stride >= std::uint64_t{1} << 40) {
      return "the stride" + which + " is " + std::to_string(stride) +
             " bytes; it must be a multiple of 16 below 2^40";
    }
  }
  const unsigned inner = box[0] * tiles.element_bytes;
  if (inner % 16 != 0) return "the box's rows have " + std::to_string(inner) + " bytes, not a multiple of 16";
  if (tiles.swizzle_bytes > 16 && inner > tiles.swizzle_bytes) {
    return "the box's rows have " + std::to_string(inner) + " bytes; the swizzle spans " +
           std::to_string(tiles.swizzle_bytes);
  }
  return {};
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

CUresult cuTensorMapEncodeTiled(CUtensorMap* map, CUtensorMapDataType type, cuuint32_t rank, void* address,
                                const cuuint64_t* dimensions, const cuuint64_t* strides_bytes,
                                const cuuint32_t* box, const cuuint32_t* element_strides,
                                CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
                                CUtensorMapL2promotion, CUtensorMapFloatOOBfill fill) {
  if (map == nullptr || dimensions == nullptr || box == nullptr || element_strides == nullptr ||
      (rank > 1 && strides_bytes == nullptr)) {
    return refuse("a null pointer");
  }
  if (rank < 1 || rank > 5) return refuse("a tensor has 1 to 5 dimensions, not " + std::to_string(rank));
  if (static_cast<unsigned>(type) >= std::size(kElementBytes)) return refuse("an unknown type of elements");
  if (static_cast<unsigned>(swizzle) > CU_TENSOR_MAP_SWIZZLE_128B) return refuse("an unknown swizzle");

  gridstride::twin::Tiles tiles{};
  tiles.address = static_cast<unsigned char*>(address);
  tiles.rank = static_cast<std::uint8_t>(rank);
  tiles.element_bytes = static_cast<std::uint8_t>(kElementBytes[type]);
  tiles.swizzle_bytes = static_cast<std::uint8_t>(16u << swizzle);
  const std::string why = objection(tiles, map, dimensions, strides_bytes, box);
  if (!why.empty()) return refuse(why);

  bool steps = false;
  for (unsigned i = 0; i < rank; ++i) {
    if (element_strides[i] == 0 || element_strides[i] > 8) return refuse("strides of elements are 1 to 8");
    steps = steps || element_strides[i] != 1;
    tiles.last[i] = static_cast<std::uint32_t>(dimensions[i] - 1);
    tiles.box[i] = static_cast<std::uint16_t>(box[i]);
    if (i > 0) tiles.strides_bytes[i - 1] = strides_bytes[i - 1];
  }
  const unsigned inner = box[0] * tiles.element_bytes;
  if (steps || interleave != CU_TENSOR_MAP_INTERLEAVE_NONE || fill != CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE ||
      (tiles.swizzle_bytes > 16 && inner != tiles.swizzle_bytes)) {
    return refuse(
        "not offered: strides of elements, interleaving, NaN as filling, rows shorter than the swizzle",
        CUDA_ERROR_NOT_SUPPORTED);
  }
  std::memset(map, 0, sizeof *map);
  std::memcpy(map, &tiles, sizeof tiles);
  return CUDA_SUCCESS;
}

gridstride::twin::Tiles gridstride::twin::read_tensor_map(const CUtensorMap* map) {
  Tiles tiles;
  std::memcpy(&tiles, map, sizeof tiles);
  return tiles;
}

cudaError_t cudaGetDriverEntryPoint(const char* symbol, void** function, unsigned long long,
                                    cudaDriverEntryPointQueryResult* status) {
  if (symbol == nullptr || function == nullptr) return fail(cudaErrorInvalidValue);
  const bool known = std::string_view(symbol) == "cuTensorMapEncodeTiled";
  *function = known ? reinterpret_cast<void*>(&cuTensorMapEncodeTiled) : nullptr;
  if (status) *status = known ? cudaDriverEntryPointSuccess : cudaDriverEntryPointSymbolNotFound;
  return known || status ? cudaSuccess : fail(cudaErrorSymbolNotFound);
}

cudaError_t cudaGetDriverEntryPointByVersion(const char* symbol, void** function, unsigned,
                                             unsigned long long flags,
                                             cudaDriverEntryPointQueryResult* status) {
  return cudaGetDriverEntryPoint(symbol, function, flags, status);
}
