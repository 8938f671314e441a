#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kernels/core/cost.hpp"

namespace gridstride {

/// Softmax of every row and the cross-entropy of its label, in one read of the logits.
///   probs[i,j] = exp(logits[i,j] - m[i]) / sum_k exp(logits[i,k] - m[i]),  m[i] = max_k logits[i,k]
///   loss[i]    = log(sum_k exp(logits[i,k] - m[i])) - (logits[i,labels[i]] - m[i])
/// Shapes    logits (n,c), labels (n) in 0..c-1 -> loss (n), probs (n,c)
/// Strides   row-major, contiguous; probs may be logits
/// Gradient  softmax_cross_entropy_backward
/// Numerics  fp32; no overflow for any finite logits; -inf is probability 0, and loss inf where it is the
/// label;
///           a row with NaN or +inf, or of -inf alone, is NaN; a label outside 0..c-1 makes that loss NaN;
///           deterministic
/// Errors    std::invalid_argument "[softmax_cross_entropy] ..."; CudaError from the launch
/// Cost      5*n*c flop; 8*n*c + 8*n bytes
/// Source    Milakov and Gimelshein, Online normalizer calculation for softmax, arXiv:1805.02867
struct SoftmaxCrossEntropy {
  struct Args {
    int64_t n = 0, c = 0;
    const float* logits = nullptr;
    const int32_t* labels = nullptr;
    float* loss = nullptr;
    float* probs = nullptr;
  };

  static constexpr std::string_view kName = "softmax_cross_entropy";
  static constexpr std::string_view kTitle = "loss[i] = logsumexp(logits[i]) - logits[i][label[i]]";

  static Schema describe(Args& args);
  static void check(const Args& args);
  static Cost cost(const Args& args);
  static void reference(const Args& args);
  static std::vector<Args> cases();
  static Args bench_args(Device device);
  static Tolerance tolerance(const Args& args);
  static std::string_view policy(const Args& args, Device device);
};

}  // namespace gridstride
