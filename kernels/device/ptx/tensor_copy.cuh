// cp.async.bulk.tensor: the copy engine moves a box of a tensor, which a CUtensorMap describes.
//
// The map is made on the host (kernels/core/tensor_map.hpp) and passed as a __grid_constant__ parameter. The
// box lies in shared memory as a dense array, dimension 0 fastest, its 16-byte pieces permuted as swizzled()
// tells; the place is a multiple of 128. Coordinates are those of the box's first element, dimension 0 first;
// elements beyond the tensor's ends are zero when they come in, and count as bytes like any other; going out
// they are left alone. Loads end at an mbarrier, stores with a group of bulk_copy.cuh. Source: PTX ISA, Data
// Movement and Conversion Instructions: cp.async.bulk.tensor, tiled mode
#pragma once

#include <cuda.h>

#include "kernels/device/ptx/bulk_copy.cuh"
#include "kernels/device/ptx/swizzle.cuh"

namespace gridstride::ptx {

#if GRIDSTRIDE_TWINS
namespace twins {

/// A box on its way: all that the instruction was told, kept until it is carried out.
struct Box {
  twin::Tiles tiles;
  int32_t first[5];
  uint32_t shared;

  template <int kRank>
  static Box of(const CUtensorMap* map, const int32_t (&first)[kRank], uint32_t shared) {
    Box box{twin::read_tensor_map(map), {}, shared};
    require(box.tiles.rank == kRank, "cp.async.bulk.tensor: as many coordinates as the map has dimensions");
    require(shared % 128 == 0, "cp.async.bulk.tensor: the place in shared memory must be a multiple of 128");
    for (int i = 0; i < kRank; ++i) box.first[i] = first[i];
    return box;
  }

  uint32_t bytes() const {
    uint32_t bytes = tiles.element_bytes;
    for (int i = 0; i < tiles.rank; ++i) bytes *= tiles.box[i];
    return bytes;
  }

  /// Calls f(shared memory, global memory, size) for every element; without global memory for those beyond
  /// the tensor's ends.
  template <class F>
  void for_each_element(F f) const {
    const uint32_t size = tiles.element_bytes, per_piece = 16 / size;
    for (uint32_t piece = 0; piece < bytes() / 16; ++piece) {
      const int64_t column = int64_t{first[0]} + piece * per_piece % tiles.box[0];
      unsigned char* row = row_of(piece * per_piece / tiles.box[0]);
      unsigned char* here = shared_pointer(place(16 * piece));
      for (uint32_t i = 0; i < per_piece; ++i) {
        const int64_t index = column + i;
        const bool inside = row != nullptr && index >= 0 && index <= int64_t{tiles.last[0]};
        f(here + i * size, inside ? row + index * size : nullptr, size);
      }
    }
  }

 private:
  /// Where the tensor's row begins that holds the box's row of this number; null beyond the ends.
  unsigned char* row_of(uint32_t number) const {
    unsigned char* row = tiles.address;
    for (int i = 1; i < tiles.rank; ++i) {
      const int64_t index = int64_t{first[i]} + number % tiles.box[i];
      number /= tiles.box[i];
      if (index < 0 || index > int64_t{tiles.last[i]}) return nullptr;
      row += static_cast<uint64_t>(index) * tiles.strides_bytes[i - 1];
    }
    return row;
  }

  uint32_t place(uint32_t offset) const {
    switch (tiles.swizzle_bytes) {
      case 32:
        return swizzled<32>(shared + offset);
      case 64:
        return swizzled<64>(shared + offset);
      case 128:
        return swizzled<128>(shared + offset);
      default:
        return shared + offset;
    }
  }
};

inline void tensor_load(const Box& box, uint32_t barrier) {
  twin::start_until(
      barrier, twin::Task([=] {
        box.for_each_element([](unsigned char* to, const unsigned char* from, std::size_t size) {
          if (from != nullptr) {
            std::memcpy(to, from, size);
          } else {
            std::memset(to, 0, size);
          }
        });
        complete_bytes(barrier, box.bytes());
      }));
}

inline void tensor_store(const Box& box) {
  twin::start(twin::Kind::BulkCopies, twin::Task([=] {
                box.for_each_element([](const unsigned char* from, unsigned char* to, std::size_t size) {
                  if (to != nullptr) std::memcpy(to, from, size);
                });
              }));
}

}  // namespace twins
#endif

/// prefetch.tensormap: the map will be needed soon.
__device__ __forceinline__ void prefetch_tensor_map([[maybe_unused]] const CUtensorMap* map) {
#if GRIDSTRIDE_PTX(900)
  asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory");
#elif !GRIDSTRIDE_TWINS
  missing("prefetch.tensormap", "sm_90");
#endif
}

// The coordinates among the operands, for each number of dimensions.
#define GRIDSTRIDE_AT_1 "r"(at[0])
#define GRIDSTRIDE_AT_2 GRIDSTRIDE_AT_1, "r"(at[1])
#define GRIDSTRIDE_AT_3 GRIDSTRIDE_AT_2, "r"(at[2])

/// cp.async.bulk.tensor.Nd.shared::cluster.global.tile.mbarrier::complete_tx::bytes: a box of a tensor
/// of one, two or three dimensions.
template <int kRank>
__device__ __forceinline__ void tensor_load(uint32_t shared, const CUtensorMap* map,
                                            const int32_t (&at)[kRank], uint32_t barrier) {
  static_assert(kRank >= 1 && kRank <= 3, "tensors of one to three dimensions are offered");
#if GRIDSTRIDE_PTX(900)
#define GRIDSTRIDE_LOAD(RANK, AT)                                                           \
  asm volatile("cp.async.bulk.tensor." #RANK                                                \
               "d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {" AT \
               "}], [%2];" ::"r"(shared),                                                   \
               "l"(map), "r"(barrier), GRIDSTRIDE_AT_##RANK                                 \
               : "memory")
  if constexpr (kRank == 1) GRIDSTRIDE_LOAD(1, "%3");
  if constexpr (kRank == 2) GRIDSTRIDE_LOAD(2, "%3, %4");
  if constexpr (kRank == 3) GRIDSTRIDE_LOAD(3, "%3, %4, %5");
#undef GRIDSTRIDE_LOAD
#elif GRIDSTRIDE_TWINS
  twins::tensor_load(twins::Box::of(map, at, shared), barrier);
#else
  missing("cp.async.bulk.tensor", "sm_90");
#endif
}

/// The same with .multicast::cluster, in two or three dimensions: into the same place of every block of the
/// cluster that the mask names.
template <int kRank>
__device__ __forceinline__ void tensor_load_multicast(uint32_t shared, const CUtensorMap* map,
                                                      const int32_t (&at)[kRank], uint32_t barrier,
                                                      uint16_t blocks) {
  static_assert(kRank == 2 || kRank == 3, "copies to many blocks are offered in two and three dimensions");
#if GRIDSTRIDE_PTX_MULTICAST
#define GRIDSTRIDE_LOAD(RANK, AT)                                                                     \
  asm volatile(                                                                                       \
      "cp.async.bulk.tensor." #RANK                                                                   \
      "d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1, {" AT \
      "}], [%2], %3;" ::"r"(shared),                                                                  \
      "l"(map), "r"(barrier), "h"(blocks), GRIDSTRIDE_AT_##RANK                                       \
      : "memory")
  if constexpr (kRank == 2) GRIDSTRIDE_LOAD(2, "%4, %5");
  if constexpr (kRank == 3) GRIDSTRIDE_LOAD(3, "%4, %5, %6");
#undef GRIDSTRIDE_LOAD
#elif GRIDSTRIDE_TWINS
  twins::for_each_block(blocks, [&](auto there) {
    twins::tensor_load(twins::Box::of(map, at, there(shared)), there(barrier));
  });
#else
  missing("cp.async.bulk.tensor to many blocks", "sm_90a or sm_100a");
#endif
}

/// cp.async.bulk.tensor.Nd.global.shared::cta.tile.bulk_group: a box out of shared memory;
/// bulk_commit_group() closes the group.
template <int kRank>
__device__ __forceinline__ void tensor_store(const CUtensorMap* map, const int32_t (&at)[kRank],
                                             uint32_t shared) {
  static_assert(kRank >= 1 && kRank <= 3, "tensors of one to three dimensions are offered");
#if GRIDSTRIDE_PTX(900)
#define GRIDSTRIDE_STORE(RANK, AT)                                                            \
  asm volatile("cp.async.bulk.tensor." #RANK "d.global.shared::cta.tile.bulk_group [%0, {" AT \
               "}], [%1];" ::"l"(map),                                                        \
               "r"(shared), GRIDSTRIDE_AT_##RANK                                              \
               : "memory")
  if constexpr (kRank == 1) GRIDSTRIDE_STORE(1, "%2");
  if constexpr (kRank == 2) GRIDSTRIDE_STORE(2, "%2, %3");
  if constexpr (kRank == 3) GRIDSTRIDE_STORE(3, "%2, %3, %4");
#undef GRIDSTRIDE_STORE
#elif GRIDSTRIDE_TWINS
  twins::tensor_store(twins::Box::of(map, at, shared));
#else
  missing("cp.async.bulk.tensor", "sm_90");
#endif
}

#undef GRIDSTRIDE_AT_3
#undef GRIDSTRIDE_AT_2
#undef GRIDSTRIDE_AT_1

}  // namespace gridstride::ptx
