#include "kernels/conv2d/conv2d.hpp"

namespace gridstride {

std::string_view Conv2d::policy(const Args& args, Device) {
  return args.shape.why_not_tiled().empty() ? "02_implicit_gemm" : "01_direct";
}

}  // namespace gridstride
