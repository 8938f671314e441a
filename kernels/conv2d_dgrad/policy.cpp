#include "kernels/conv2d_dgrad/conv2d_dgrad.hpp"

namespace gridstride {

std::string_view Conv2dDgrad::policy(const Args& args, Device) {
  return args.shape.why_not_tiled().empty() ? "02_implicit_gemm" : "01_direct";
}

}  // namespace gridstride
