/// What PTX's special registers tell of the device and the launch; and what becomes of PTX that is not
/// offered.
#include <ctime>

#include "device_functions.hpp"
#include "gpus.hpp"
#include "gridstride/emulator/ptx.hpp"

namespace gridstride::emulator::ptx {

void refuse(const char* what, Site site) {
  running_block_for("inline PTX").stop(cudaErrorNotSupported, what, site);
}

u32 nsmid() { return gpu().processors; }
u32 nwarpid() { return gpu().architecture.threads_per_processor / 32; }

/// Blocks are dealt to processors in turn, as a GPU begins to.
u32 smid() { return static_cast<u32>(running_block_for("%smid").number() % nsmid()); }

u32 dynamic_smem_size() {
  return static_cast<u32>(running_block_for("%dynamic_smem_size").dynamic_shared_bytes());
}

u64 globaltimer() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

}  // namespace gridstride::emulator::ptx
