#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gridstride::train {

/// How predictions fell: row = the truth, column = the answer.
class ConfusionMatrix {
 public:
  ConfusionMatrix() = default;
  explicit ConfusionMatrix(int64_t classes);

  void add(int64_t truth, int64_t answer);
  int64_t classes() const { return classes_; }
  int64_t count(int64_t truth, int64_t answer) const;
  int64_t total() const;
  int64_t correct() const;

  // Each in [0, 1], and 0 where its denominator is 0, as scikit-learn has it.
  double accuracy() const;
  double precision(int64_t c) const;  ///< of what was called c, how much is c
  double recall(int64_t c) const;     ///< of what is c, how much was called c
  double f1(int64_t c) const;         ///< their harmonic mean
  double macro_precision() const;     ///< means over the classes
  double macro_recall() const;
  double macro_f1() const;

 private:
  int64_t classes_ = 0;
  std::vector<int64_t> cells_;
};

/// The largest entry's place in each row; the first among equals. A NaN never wins, and a row of NaN is class
/// 0.
std::vector<int32_t> argmax_rows(std::span<const float> logits, int64_t classes);

}  // namespace gridstride::train
