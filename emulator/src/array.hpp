/// What a CUDA array is made of. Its memory is device memory like any other, rows and slices without gaps.
#pragma once

#include <cstddef>

#include "gridstride/emulator/texels.hpp"

struct cudaArray {
  cudaChannelFormatDesc channels;
  cudaExtent extent;  // as it was asked for: zero where there is no such dimension
  unsigned flags;
  gridstride::emulator::detail::Texels texels;
};

namespace gridstride::emulator {

/// Format, channels and size of a texel; false when there is no such texel.
bool describe_texel(const cudaChannelFormatDesc& channels, detail::Texels& texels);

/// Whether it is one of the arrays that exist; an error that `name` made is recorded when it is not.
bool exists(const char* name, cudaArray_const_t array);

}  // namespace gridstride::emulator
