#pragma once

#include <vector>

#include "kernels/conv2d/shape.hpp"
#include "kernels/core/device.hpp"

namespace gridstride {

/// The shapes on which a convolution and both its gradients are tried, edge sizes first.
std::vector<Conv2dShape> conv2d_cases();
/// The shape on which they are measured: 64 filters of 3 x 3 on 32 or 64 channels.
Conv2dShape conv2d_bench_shape(Device device);

}  // namespace gridstride
