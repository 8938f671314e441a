#pragma once

#include "framework/tensor/int_tensor.hpp"
#include "framework/tensor/tensor.hpp"

namespace gridstride {

/// Mean over rows of the cross-entropy between softmax(logits) and the labels.
///   loss = 1/N sum_n (log sum_c exp(logits[n,c]) - logits[n,labels[n]])
/// Shapes    logits (N,C), labels (N) in 0..C-1 -> loss ()
/// Gradient  dlogits = (softmax(logits) - onehot(labels)) / N; overwritten
/// Numerics  no overflow for finite logits; a label outside 0..C-1 makes the loss NaN
/// Errors    std::invalid_argument "[cross_entropy] ..."; an empty batch has no mean
Tensor cross_entropy(const Tensor& logits, const IntTensor& labels);

}  // namespace gridstride
