#pragma once

#include <cstdint>

#include "kernels/core/launch.hpp"
#include "kernels/max_pool2d/shape.hpp"

namespace gridstride {

/// A pooling problem as threads see it that take `kStrip` windows one below the other, in 32-bit numbers.
struct PoolStrips {
  static constexpr int kStrip = 4;
  int h, w, p, q, r, s, stride_h, stride_w, pad_h, pad_w;
  int per_plane;  ///< strips in one plane
  int64_t planes;

  explicit PoolStrips(const Pool2dShape& shape)
      : h(static_cast<int>(shape.h)),
        w(static_cast<int>(shape.w)),
        p(static_cast<int>(shape.p())),
        q(static_cast<int>(shape.q())),
        r(static_cast<int>(shape.r)),
        s(static_cast<int>(shape.s)),
        stride_h(static_cast<int>(shape.stride_h)),
        stride_w(static_cast<int>(shape.stride_w)),
        pad_h(static_cast<int>(shape.pad_h)),
        pad_w(static_cast<int>(shape.pad_w)),
        per_plane(static_cast<int>(ceil_div(p, kStrip)) * q),
        planes(shape.n * shape.c) {}

  __host__ __device__ int64_t count() const { return planes * per_plane; }
};

}  // namespace gridstride
