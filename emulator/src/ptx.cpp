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

void copy_later(void* shared, const void* global, u32 bytes, u32 source_bytes) {
  const auto stop = [](cudaError_t error, const char* why) {
    running_block_for("cp.async").stop(error, std::string("cp.async: ") + why, {});
  };
  const bool is_size = bytes == 4 || bytes == 8 || bytes == 16;
  if (!is_size || source_bytes > bytes)
    stop(cudaErrorIllegalInstruction, "4, 8 or 16 bytes are copied, or fewer of them");
  const auto from = reinterpret_cast<std::uintptr_t>(global);
  if ((reinterpret_cast<std::uintptr_t>(shared) | from) % bytes != 0) {
    stop(cudaErrorMisalignedAddress, "both addresses must be multiples of the size");
  }
  twin::start_copy(shared, global, bytes, bytes - source_bytes);
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
