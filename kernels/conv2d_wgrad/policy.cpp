#include "kernels/conv2d_wgrad/conv2d_wgrad.hpp"

namespace gridstride {

std::string_view Conv2dWgrad::policy(const Args& args, Device) {
  return args.shape.why_not_tiled().empty() ? "02_implicit_gemm" : "01_direct";
}

}  // namespace gridstride
