#pragma once

namespace gridstride {

/// What a matrix product or a convolution does to its result before it stores it.
enum class Epilogue { none, bias, bias_relu };

}  // namespace gridstride
