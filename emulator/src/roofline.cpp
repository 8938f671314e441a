/// The roofline model: Williams, Waterman, Patterson, "Roofline: an insightful visual performance model for
/// multicore architectures", Communications of the ACM 52 (2009).
#include <algorithm>

#include "gpus.hpp"
#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {

Roofline roofline_of(const KernelProfile& kernel) {
  const Counts& c = kernel.total;
  Roofline out;
  if (c.flops() == 0 || c.tensor_flops != 0) return out;
  const Gpu& gpu = modelled_gpu();
  // Half is taken for no faster than float: on every GPU of the table it is at least that.
  const double seconds = static_cast<double>(c.fp16_flops + c.fp32_flops) / gpu.flops_per_second() +
                         static_cast<double>(c.fp64_flops) / gpu.double_flops_per_second();
  const auto flops = static_cast<double>(c.flops());
  out.peak = flops / seconds;
  out.bandwidth = gpu.bytes_per_second();
  out.ridge = out.peak / out.bandwidth;
  out.attainable = out.peak;
  if (c.dram_sectors == 0) return out;
  out.intensity = flops / static_cast<double>(c.dram_bytes());
  out.attainable = std::min(out.peak, out.intensity * out.bandwidth);
  out.memory_bound = out.intensity < out.ridge;
  return out;
}

}  // namespace gridstride::emulator
