#include "kernels/relu_backward/relu_backward.hpp"

namespace gridstride {

std::string_view ReluBackward::policy(const Args&, Device) { return "02_float4"; }

}  // namespace gridstride
