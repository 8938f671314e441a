#include "framework/data/strokes.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace gridstride::data {
namespace {

/// Collects one stroke; lines and arcs join where the pen is.
class Pen {
 public:
  Pen& to(float x, float y) {
    stroke_.push_back({x, y});
    return *this;
  }

  /// Along an ellipse around (cx, cy); degrees: 0 is right, 90 is down.
  Pen& arc(float cx, float cy, float rx, float ry, float from_degrees, float to_degrees) {
    const int steps = 2 + static_cast<int>(std::abs(to_degrees - from_degrees) / 20);
    for (int i = 0; i <= steps; ++i) {
      const float turn =
          from_degrees + (to_degrees - from_degrees) * static_cast<float>(i) / static_cast<float>(steps);
      const float radians = turn * std::numbers::pi_v<float> / 180;
      to(cx + rx * std::cos(radians), cy + ry * std::sin(radians));
    }
    return *this;
  }

  operator Stroke() const { return stroke_; }

 private:
  Stroke stroke_;
};

using Strokes = std::vector<Stroke>;

Strokes zero(Random& r) {
  const float start = r.uniform(240, 300), close = r.uniform(335, 375);
  return {Pen().arc(0.5f, 0.5f, r.uniform(0.24f, 0.38f), 0.48f, start, start - close)};
}

Strokes one(Random& r) {
  const float top = r.uniform(0.45f, 0.55f);
  Strokes strokes = {Pen().to(top, 0).to(0.5f, 1)};
  const uint64_t style = r.below(5);
  if (style >= 3) strokes.push_back(Pen().to(r.uniform(0.28f, 0.36f), r.uniform(0.16f, 0.26f)).to(top, 0));
  if (style == 4) strokes.push_back(Pen().to(0.3f, 1).to(0.7f, 1));
  return strokes;
}

Strokes two(Random& r) {
  const float radius = r.uniform(0.24f, 0.31f), foot = r.uniform(0.88f, 1.0f);
  Pen pen = Pen().arc(0.48f, 0.29f, radius, 0.28f, r.uniform(180, 215), 385);
  if (r.below(3) == 0) {  // a loop at the foot
    return {
        pen.to(0.34f, 0.86f).arc(0.3f, 0.86f, 0.1f, 0.09f, 30, -250).to(0.55f, 0.9f).to(0.82f, foot - 0.05f)};
  }
  return {pen.to(0.45f, 0.7f).to(0.2f, 0.96f).to(0.82f, foot)};
}

Strokes three(Random& r) {
  const float belly = r.uniform(0.26f, 0.34f), waist = r.uniform(0.4f, 0.48f), lower = (1 - waist) / 2;
  const float end = r.uniform(130, 165);
  if (r.below(4) == 0) {  // a flat top
    return {Pen()
                .to(0.22f, 0.03f)
                .to(0.72f, 0.03f)
                .to(0.42f, waist)
                .arc(0.42f, waist + lower, belly, lower, -80, end)};
  }
  return {Pen()
              .arc(0.44f, waist / 2, r.uniform(0.2f, 0.28f), waist / 2, r.uniform(195, 225), 440)
              .arc(0.42f, waist + lower, belly, lower, -80, end)};
}

Strokes four(Random& r) {
  const float bar = r.uniform(0.52f, 0.66f), right = r.uniform(0.62f, 0.7f);
  if (r.below(3) == 0) {  // closed at the top
    return {Pen().to(right, 0.02f).to(0.14f, bar).to(0.88f, bar),
            Pen().to(right, 0.02f).to(right - 0.02f, 1)};
  }
  return {Pen().to(0.26f, 0.04f).to(0.18f, bar).to(0.84f, bar - r.uniform(0, 0.06f)),
          Pen().to(right + 0.05f, 0.06f).to(right - 0.03f, 1)};
}

Strokes five(Random& r) {
  const float shoulder = r.uniform(0.4f, 0.46f), lower = (1 - shoulder + 0.04f) / 2;
  return {Pen()
              .to(0.3f, 0.04f)
              .to(0.26f, shoulder)
              .arc(0.44f, shoulder - 0.04f + lower, r.uniform(0.26f, 0.34f), lower, 235,
                   360 + r.uniform(130, 165)),
          Pen().to(0.3f, 0.04f).to(r.uniform(0.68f, 0.82f), r.uniform(0, 0.06f))};
}

Strokes six(Random& r) {
  const float loop = r.uniform(0.2f, 0.26f);
  return {Pen()
              .to(r.uniform(0.58f, 0.72f), 0.02f)
              .to(0.42f, 0.2f)
              .to(0.28f, 0.45f)
              .arc(0.5f, 1 - loop, r.uniform(0.22f, 0.28f), loop, 190, -r.uniform(150, 190))};
}

Strokes seven(Random& r) {
  const float foot = r.uniform(0.36f, 0.48f);
  Strokes strokes = {Pen().to(0.2f, r.uniform(0.02f, 0.1f)).to(0.78f, 0.05f).to(0.56f, 0.45f).to(foot, 1)};
  if (r.below(3) == 0) strokes.push_back(Pen().to(0.36f, 0.52f).to(0.74f, 0.48f));
  return strokes;
}

Strokes eight(Random& r) {
  const float waist = r.uniform(0.42f, 0.5f), upper = r.uniform(0.18f, 0.25f), lower = r.uniform(0.22f, 0.3f);
  if (r.below(2) == 0) {  // one stroke, crossing itself
    return {Pen()
                .arc(0.5f, waist / 2, upper, waist / 2, -30, -250)
                .arc(0.5f, (1 + waist) / 2, lower, (1 - waist) / 2, -60, 235)
                .arc(0.5f, waist / 2, upper, waist / 2, 60, -30)};
  }
  return {Pen().arc(0.5f, waist / 2, upper, waist / 2, 90, -270),
          Pen().arc(0.5f, (1 + waist) / 2, lower, (1 - waist) / 2, -90, 270)};
}

Strokes nine(Random& r) {
  const float loop = r.uniform(0.2f, 0.26f), width = r.uniform(0.2f, 0.27f), right = 0.48f + width;
  Pen pen = Pen().arc(0.48f, loop + 0.02f, width, loop, r.uniform(-40, -10), -360).to(right, 0.35f);
  if (r.below(3) == 0)
    return {pen.arc(0.44f, 0.7f, right - 0.46f, 0.28f, 10, r.uniform(120, 150))};  // curved tail
  return {pen.to(right - 0.04f, 0.65f).to(right - r.uniform(0.05f, 0.14f), 1)};
}

}  // namespace

std::vector<Stroke> write_digit(int digit, Random& random) {
  using Writer = Strokes (*)(Random&);
  constexpr Writer kWriters[] = {zero, one, two, three, four, five, six, seven, eight, nine};
  if (digit < 0 || digit > 9) throw std::invalid_argument("[synthetic] no digit " + std::to_string(digit));
  return kWriters[digit](random);
}

}  // namespace gridstride::data
