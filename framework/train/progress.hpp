#pragma once

#include <cstdio>
#include <string>

#include "framework/train/fit.hpp"

namespace gridstride::train {

/// How a run shows itself: on a terminal a bar that redraws itself, elsewhere a plain line now and then.
/// Every line begins with `label` ("mnist", "synthetic mnist").
class ProgressPrinter {
 public:
  enum class Style { bar, lines };
  static Style style_for(std::FILE* out);  ///< bar on a terminal

  ProgressPrinter(std::FILE* out, std::string label, Style style);
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  /// To hand to fit(); they refer to this printer.
  Callbacks callbacks();

 private:
  void start(const StartReport& report);
  void step(const StepReport& report);
  void epoch(const EpochReport& report);
  void clear_bar();

  std::FILE* out_;
  std::string label_;
  Style style_;
  StartReport start_;
  double smooth_loss_ = 0;
  double shown_at_ = -1;  ///< seconds since fit began
  bool bar_drawn_ = false;
};

}  // namespace gridstride::train
