#pragma once

#include <functional>
#include <string>
#include <vector>

#include "framework/tensor/tensor.hpp"

namespace gridstride::autograd {

/// How gradcheck looks. The floats set the scale: eps is large enough for the difference of two fp32 results,
/// the tolerance covers their rounding and the function's curvature.
struct GradcheckOptions {
  double eps = 1e-2;
  double abs = 2e-3, rel = 2e-2;
  int64_t most_elems = 64;  ///< of each input; a spread of its elements where it has more
  uint64_t seed = 1;        ///< draws the cotangent
};

/// Compare the gradients that the tape gives with central differences,
///   (L(x + eps e_i) - L(x - eps e_i)) / 2 eps,  L = sum_j cotangent[j] * f(x)[j]  summed in double,
/// for every input that requires a gradient. Returns "" or one line naming the worst element.
/// f must be a function: dropout inside it takes its generator's state as it was before the first call.
std::string gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f, std::vector<Tensor> inputs,
                      const GradcheckOptions& options = {});

}  // namespace gridstride::autograd
