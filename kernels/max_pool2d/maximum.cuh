#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace gridstride {

/// The largest element seen so far and its place. Of equal ones the first stays; a NaN always takes over,
/// which a plain `>` would never let it do.
struct Maximum {
  float value;
  int32_t at;

  __device__ void see(float candidate, int32_t place) {
    const bool larger = candidate > value;
    value = larger ? candidate : value;
    at = larger ? place : at;
    if (candidate != candidate) value = candidate, at = place;
  }
};

}  // namespace gridstride
