#include "framework/train/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace gridstride::train {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr int64_t kLinesPerEpoch = 10;
constexpr int kBarCells = 24;

std::string clock(double seconds) {
  const auto s = static_cast<int64_t>(std::lround(std::max(0.0, seconds)));
  return s < 3600 ? fmt::format("{}:{:02}", s / 60, s % 60)
                  : fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

}  // namespace

ProgressPrinter::Style ProgressPrinter::style_for(std::FILE* out) {
  return isatty(fileno(out)) ? Style::bar : Style::lines;
}

ProgressPrinter::ProgressPrinter(std::FILE* out, std::string label, Style style)
    : out_(out), label_(std::move(label)), style_(style) {}

ProgressPrinter::~ProgressPrinter() { clear_bar(); }

Callbacks ProgressPrinter::callbacks() {
  return {.on_start = [this](const StartReport& r) { start(r); },
          .on_step = [this](const StepReport& r) { step(r); },
          .on_epoch = [this](const EpochReport& r) { epoch(r); },
          .on_checkpoint = {}};
}

void ProgressPrinter::clear_bar() {
  if (bar_drawn_) fmt::print(out_, "\r\033[K");
  bar_drawn_ = false;
  std::fflush(out_);
}

void ProgressPrinter::start(const StartReport& report) {
  start_ = report;
  fmt::print(out_, "{}: {} parameters, {} steps{}\n", label_, report.parameters, report.total_steps,
             report.first_step > 0 ? fmt::format(", going on behind step {}", report.first_step) : "");
  std::fflush(out_);
}

void ProgressPrinter::step(const StepReport& report) {
  const int64_t done = report.step - start_.first_step;
  smooth_loss_ = done == 1 ? report.loss : smooth_loss_ + 0.05 * (report.loss - smooth_loss_);
  const int64_t epochs = start_.total_steps / start_.steps_per_epoch;
  const int64_t in_epoch = report.step - (report.epoch - 1) * start_.steps_per_epoch;
  const double left =
      report.seconds / static_cast<double>(done) * static_cast<double>(report.total_steps - report.step);
  const std::string numbers =
      fmt::format("{}/{} loss {:.4f} {:.0f} images/s, {} left", in_epoch, start_.steps_per_epoch,
                  smooth_loss_, report.images_per_second, clock(left));

  if (style_ == Style::bar) {
    const bool last = in_epoch == start_.steps_per_epoch;
    if (shown_at_ >= 0 && report.seconds - shown_at_ < kRedrawSeconds && !last) return;
    shown_at_ = report.seconds;
    const auto full = static_cast<std::size_t>(kBarCells * in_epoch / start_.steps_per_epoch);
    const std::string bar = std::string(full, '#') + std::string(kBarCells - full, '.');
    fmt::print(out_, "\r\033[K{} {}/{} [{}] {}", label_, report.epoch, epochs, bar, numbers);
    bar_drawn_ = true;
    std::fflush(out_);
    return;
  }
  if (in_epoch * kLinesPerEpoch / start_.steps_per_epoch ==
      (in_epoch - 1) * kLinesPerEpoch / start_.steps_per_epoch) {
    return;
  }
  fmt::print(out_, "{}: epoch {}/{} {}\n", label_, report.epoch, epochs, numbers);
  std::fflush(out_);
}

void ProgressPrinter::epoch(const EpochReport& report) {
  clear_bar();
  fmt::print(
      out_, "{}: epoch {}/{} train loss {:.4f} accuracy {:.2f} %, test loss {:.4f} accuracy {:.2f} %, {}\n",
      label_, report.epoch, start_.total_steps / start_.steps_per_epoch, report.train_loss,
      100 * report.train_accuracy, report.test.loss, 100 * report.test.accuracy(), clock(report.seconds));
  std::fflush(out_);
}

}  // namespace gridstride::train
