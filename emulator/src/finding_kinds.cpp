/// What the profiler can find, by its lasting name, with its cure and the chapter that shows it.
#include "gridstride/emulator/findings.hpp"

namespace gridstride::emulator {

const std::vector<FindingAbout>& finding_kinds() {
  using enum FindingKind;
  static const auto* kinds = new std::vector<FindingAbout>{
      {uncoalesced_load, "uncoalesced-load", "Let neighbouring threads take neighbouring addresses",
       "02_transpose"},
      {uncoalesced_store, "uncoalesced-store", "Let neighbouring threads take neighbouring addresses",
       "02_transpose"},
      {unused_bytes, "unused-bytes", "Take whole pieces, by neighbouring threads or by one wider access",
       "01_vector_add"},
      {misaligned_access, "misaligned-access", "Let rows begin at multiples of 32 bytes", "01_vector_add"},
      {bank_conflicts, "bank-conflicts", "Pad the rows of the tile, or swizzle its columns", "02_transpose"},
      {divergence, "divergence", "Let the lanes of a warp go the same way", ""},
      {atomic_contention, "atomic-contention", "Add up within the warp or the block first", ""},
      {too_few_blocks, "too-few-blocks", "Share out the work among more blocks", "01_vector_add"},
      {partial_warps, "partial-warps", "Make blocks of a multiple of 32 threads", ""},
      {narrow_access, "narrow-access", "Let each thread move a float4", "01_vector_add"},
      {re_read, "re-read", "Fetch a tile into shared memory once, and use it often", "04_gemm"},
      {shared_traffic, "shared-traffic", "Keep a tile of sums in registers, so that each load serves many",
       "04_gemm"},
      {local_memory, "local-memory",
       "Index such arrays by constants, in unrolled loops, so that they become registers", ""},
      {barrier_imbalance, "barrier-imbalance", "Share out what stands before the barrier among all warps",
       ""},
  };
  return *kinds;
}

const FindingAbout& about(FindingKind kind) { return finding_kinds()[static_cast<std::size_t>(kind)]; }

}  // namespace gridstride::emulator
