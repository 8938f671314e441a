#include "kernels/core/launch.hpp"
#include "kernels/gemm/gemm.hpp"

namespace gridstride {

std::string_view Gemm::policy(const Args& args, Device device) {
  if (device == Device::cpu) return "08_double_buffer";  // ahead at every shape measured
  // On a GPU the fat tiles need company: where C gives them none, smaller tiles keep more multiprocessors
  // busy.
  const auto tiles = [&](int64_t side) { return ceil_div(args.m, side) * ceil_div(args.n, side); };
  if (tiles(128) >= 64) return "08_double_buffer";
  if (tiles(64) >= 32) return "06_vectorized";
  return "03_shared_tile";
}

}  // namespace gridstride
