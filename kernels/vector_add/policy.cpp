#include "kernels/vector_add/vector_add.hpp"

namespace gridstride {

std::string_view VectorAdd::policy(const Args&, Device device) {
  return device == Device::cuda ? "05_float4" : "02_grid_guard";
}

}  // namespace gridstride
