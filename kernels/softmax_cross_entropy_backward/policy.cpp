#include "kernels/softmax_cross_entropy_backward/softmax_cross_entropy_backward.hpp"

namespace gridstride {

std::string_view SoftmaxCrossEntropyBackward::policy(const Args& args, Device) {
  return args.c <= 16 ? "01_grid_stride" : "02_warp_per_row";
}

}  // namespace gridstride
