#include "kernels/max_pool2d_backward/max_pool2d_backward.hpp"

namespace gridstride {

std::string_view MaxPool2dBackward::policy(const Args& args, Device) {
  const bool disjoint = args.shape.stride_h >= args.shape.r && args.shape.stride_w >= args.shape.s;
  return disjoint ? "03_disjoint_windows" : "02_gather";
}

}  // namespace gridstride
