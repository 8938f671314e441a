/// Two profiles beside each other.
#include <algorithm>
#include <cmath>

#include "gridstride/emulator/profile.hpp"
#include "profile_words.hpp"

namespace gridstride::emulator {
namespace {

Counts total_of(const NamedProfile& profile) {
  Counts total;
  for (const KernelProfile& kernel : profile.kernels) total += kernel.total;
  return total;
}

/// "x0.125"; of nothing there is no multiple.
std::string times(double a, double b) { return a == 0 ? (b == 0 ? "" : "new") : format("x%.4g", b / a); }

std::string spaced(const char* name) {
  std::string out = name;
  std::ranges::replace(out, '_', ' ');
  return out;
}

struct Ratio {
  const char* name;
  std::uint64_t (Counts::*of)() const;
  std::uint64_t (Counts::*by)() const;
};
constexpr Ratio kRatios[] = {
    {"sectors per global request", &Counts::global_sectors, &Counts::global_requests},
    {"wavefronts per shared request", &Counts::shared_wavefronts, &Counts::shared_requests},
};

/// What costs a GPU time, and so is worth a sentence.
struct Cost {
  const char* name;
  std::uint64_t a, b;
};

std::vector<Cost> costs(const Counts& a, const Counts& b) {
  return {
      {"global requests", a.global_requests(), b.global_requests()},
      {"sectors of global memory", a.global_sectors(), b.global_sectors()},
      {"wavefronts of shared memory", a.shared_wavefronts(), b.shared_wavefronts()},
      {"bank conflicts", a.conflicts(), b.conflicts()},
      {"basic blocks that diverged", a.divergent_steps, b.divergent_steps},
      {"turns of atomics", a.atomic_turns, b.atomic_turns},
      {"requests to local memory", a.local_requests, b.local_requests},
      {"barriers", a.block_barriers, b.block_barriers},
  };
}

double change(const Cost& cost) {
  return std::abs(std::log((static_cast<double>(cost.b) + 1) / (static_cast<double>(cost.a) + 1)));
}

std::string text(const Cost& cost) {
  const std::string how = cost.a == 0 || cost.b == 0 ? ""
                          : cost.a < cost.b          ? format(", %.3g times as many", ratio(cost.b, cost.a))
                                                     : format(", %.3g times fewer", ratio(cost.a, cost.b));
  return std::string(cost.name) + ", from " + grouped(cost.a) + " to " + grouped(cost.b) + how;
}

/// The lines of one side that ask for memory, or wait.
std::string lines_of(const NamedProfile& profile) {
  Sources sources;
  std::string out = profile.name + "\n";
  for (const KernelProfile& kernel : profile.kernels) {
    std::string file;
    for (const LineProfile& line : kernel.lines) {
      const Counts& c = line.counts;
      if (c.instructions == 0) continue;
      if (line.file != file) out += "  " + (line.file.empty() ? "(line unknown)" : shown(line.file)) + "\n";
      file = line.file;
      out += format("  %6u %13s %6s %13s %6s %11s  ", line.line, grouped(c.global_requests()).c_str(),
                    format("%.2f", ratio(c.global_sectors(), c.global_requests())).c_str(),
                    grouped(c.shared_requests()).c_str(),
                    format("%.2f", ratio(c.shared_wavefronts(), c.shared_requests())).c_str(),
                    grouped(c.conflicts()).c_str()) +
             sources.at(line.file, line.line) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string what_changed(const NamedProfile& a, const NamedProfile& b) {
  std::vector<Cost> fell = costs(total_of(a), total_of(b));
  std::ranges::stable_sort(fell, std::greater{}, change);
  std::vector<Cost> rose = fell;
  std::erase_if(fell, [](const Cost& cost) { return cost.a <= cost.b; });
  std::erase_if(rose, [](const Cost& cost) { return cost.a >= cost.b; });
  const std::string from_to = "From " + a.name + " to " + b.name + " ";
  if (fell.empty() && rose.empty()) return from_to + "nothing changed that costs a GPU time.";
  std::string out = from_to;
  if (!fell.empty()) out += "most of all fell: " + text(fell[0]);
  if (fell.size() > 1) out += "; then " + text(fell[1]);
  if (!rose.empty()) out += (fell.empty() ? "most of all rose: " : ". Most of all rose: ") + text(rose[0]);
  return out + ".";
}

std::string profile_diff(const NamedProfile& a, const NamedProfile& b) {
  const Counts x = total_of(a), y = total_of(b);
  const int wide = static_cast<int>(std::max({a.name.size(), b.name.size(), std::size_t{16}}));
  std::string out;
  const auto row = [&](const std::string& name, const std::string& left, const std::string& right,
                       const std::string& last) {
    out +=
        format("%-30s  %*s  %*s  %7s\n", name.c_str(), wide, left.c_str(), wide, right.c_str(), last.c_str());
  };
  row("", a.name, b.name, "ratio");
  for (const CounterName& counter : counter_names()) {
    const std::uint64_t left = x.*counter.value, right = y.*counter.value;
    if (left == 0 && right == 0) continue;
    row(spaced(counter.name), grouped(left), grouped(right),
        times(static_cast<double>(left), static_cast<double>(right)));
  }
  for (const Ratio& r : kRatios) {
    const double left = ratio((x.*r.of)(), (x.*r.by)()), right = ratio((y.*r.of)(), (y.*r.by)());
    if (left != 0 || right != 0) row(r.name, format("%.2f", left), format("%.2f", right), times(left, right));
  }
  out += "\n         global req. sect/r   shared req. wave/r   conflicts\n";
  return out + lines_of(a) + lines_of(b) + "\n" + what_changed(a, b) + "\n";
}

std::string profile_diff_json(const NamedProfile& a, const NamedProfile& b) {
  const Counts x = total_of(a), y = total_of(b);
  std::string total;
  for (const CounterName& counter : counter_names()) {
    const std::uint64_t left = x.*counter.value, right = y.*counter.value;
    total += (total.empty() ? "\n " : ",\n ") + quoted(counter.name) + ": {\"a\": " + std::to_string(left) +
             ", \"b\": " + std::to_string(right) +
             ", \"ratio\": " + (left == 0 ? "null" : format("%.6g", ratio(right, left))) + "}";
  }
  return "{\n\"version\": 1,\n\"a\": " + quoted(a.name) + ",\n\"b\": " + quoted(b.name) +
         ",\n\"changed\": " + quoted(what_changed(a, b)) + ",\n\"total\": {" + total +
         "},\n\"of\": " + profile_json(std::vector{a, b}) + "}\n";
}

}  // namespace gridstride::emulator
