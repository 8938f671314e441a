#include "bench/chart.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gridstride::bench {
namespace {

constexpr double kWidth = 760, kLabels = 190, kValues = 150, kRow = 34, kTop = 74, kBottom = 34;

constexpr const char* kStyle = R"(<style>
  text { font-family: system-ui, Helvetica, Arial, sans-serif; font-size: 13px; fill: #24292f }
  .paper { fill: #ffffff } .faint { fill: #6e7781; font-size: 12px } .title { font-size: 16px; font-weight: 600 }
  .name { font-family: ui-monospace, Menlo, Consolas, monospace; text-anchor: end }
  .ours { fill: #76b900 } .library { fill: #8c959f } .track { fill: #eef1f3 } .roof { stroke: #d1495b }
  .spread { stroke: #24292f; stroke-opacity: .45 } .bound { fill: #d1495b; font-size: 12px; text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .paper { fill: #0d1117 } .faint { fill: #8d96a0 } .track { fill: #1c2128 }
    .ours { fill: #8fd400 } .library { fill: #6e7681 } .spread { stroke: #e6edf3 } .roof { stroke: #ff7b86 }
    .bound { fill: #ff7b86 }
  }
</style>
)";

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

// What the bars show: work per second in the unit that bounds the problem.
struct Scale {
  double work, roof;
  const char* unit;
  double value(double seconds) const { return seconds > 0 ? work / seconds * 1e-9 : 0; }
};

Scale scale_of(const Ladder& l) {
  const bool arithmetic = l.cost.flops * l.roof.copy_bytes_per_s > l.cost.bytes * l.roof.flops_per_s;
  if (arithmetic) return {l.cost.flops, l.roof.flops_per_s * 1e-9, "GFLOP/s"};
  return {l.cost.bytes, l.roof.copy_bytes_per_s * 1e-9, "GB/s"};
}

std::string bar(const Ladder& l, const Rung& rung, const Scale& scale, double y, double per_unit) {
  std::string out = fmt::format(R"(<text class="name" x="{}" y="{}">{}</text>)"
                                "\n",
                                kLabels - 12, y + 17, escaped(std::string(rung.variant.name)));
  if (rung.seconds.samples == 0) {
    return out + fmt::format(R"(<text class="faint" x="{}" y="{}">{}</text>)"
                             "\n",
                             kLabels, y + 17, escaped(rung.why_not));
  }
  const double value = scale.value(rung.seconds.median);
  const double low = kLabels + per_unit * scale.value(rung.seconds.upper_quartile);
  const double high = kLabels + per_unit * scale.value(rung.seconds.lower_quartile);
  const char* kind = rung.variant.library ? "library" : "ours";
  out += fmt::format(
      R"(<rect class="{}" x="{}" y="{}" width="{:.1f}" height="22" rx="2"><title>{}</title></rect>)"
      "\n",
      kind, kLabels, y + 2, std::max(1.0, value * per_unit), escaped(std::string(rung.variant.idea)));
  out += fmt::format(R"(<line class="spread" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}" stroke-width="2"/>)"
                     "\n",
                     low, high, y + 13, y + 13);
  out += fmt::format(R"(<text x="{:.1f}" y="{}">{:.3g} {} <tspan class="faint">{:.3g}x</tspan></text>)"
                     "\n",
                     std::max(high, kLabels + 1.0) + 8, y + 17, value, scale.unit,
                     l.first_seconds() / rung.seconds.median);
  return out;
}

}  // namespace

std::string draw_chart(const Ladder& ladder, const std::string& where) {
  const Scale scale = scale_of(ladder);
  double most = 0;
  for (const auto& rung : ladder.rungs) most = std::max(most, scale.value(rung.seconds.median));
  // The roof is drawn where it does not squeeze the bars into a corner.
  const bool show_roof = scale.roof > 0 && scale.roof < 2.5 * most;
  const double per_unit = (kWidth - kLabels - kValues) / std::max({most, show_roof ? scale.roof : 0.0, 1e-9});
  const double height = kTop + kRow * static_cast<double>(ladder.rungs.size()) + kBottom;

  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="The {2} ladder">)"
      "\n{3}"
      R"(<rect class="paper" width="{0}" height="{1}" rx="6"/>)"
      "\n"
      R"(<text class="title" x="20" y="28">{2}: {4}</text>)"
      "\n"
      R"(<text class="faint" x="20" y="48">{5} on {6}</text>)"
      "\n",
      kWidth, height, escaped(ladder.operation), kStyle, escaped(ladder.title), escaped(ladder.problem),
      escaped(where));
  double y = kTop;
  for (const auto& rung : ladder.rungs) {
    svg += bar(ladder, rung, scale, y, per_unit);
    y += kRow;
  }
  if (show_roof) {
    const double x = kLabels + scale.roof * per_unit;
    svg += fmt::format(
        R"(<line class="roof" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" stroke-dasharray="4 3"/>)"
        "\n"
        R"(<text class="bound" x="{0:.1f}" y="{3}">roof {4:.3g} {5}</text>)"
        "\n",
        x, kTop - 4, y, y + 16, scale.roof, scale.unit);
  }
  return svg + "</svg>\n";
}

}  // namespace gridstride::bench
