#include "kernels/sgd/sgd.hpp"

namespace gridstride {

std::string_view Sgd::policy(const Args&, Device) { return "03_float4"; }

}  // namespace gridstride
