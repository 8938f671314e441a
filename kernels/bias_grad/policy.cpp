#include "kernels/bias_grad/bias_grad.hpp"

namespace gridstride {

std::string_view BiasGrad::policy(const Args& args, Device) {
  return args.inner == 1 && args.channels < (int64_t{1} << 36) ? "03_column_tile" : "02_block_per_channel";
}

}  // namespace gridstride
