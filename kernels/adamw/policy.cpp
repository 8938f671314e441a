#include "kernels/adamw/adamw.hpp"

namespace gridstride {

std::string_view AdamW::policy(const Args&, Device) { return "03_float4"; }

}  // namespace gridstride
