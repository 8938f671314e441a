#include "kernels/max_pool2d/max_pool2d.hpp"

namespace gridstride {

std::string_view MaxPool2d::policy(const Args&, Device) { return "02_unrolled_window"; }

}  // namespace gridstride
