#include "framework/data/synthetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <thread>

#include "framework/data/strokes.hpp"

namespace gridstride::data {
namespace {

constexpr int kSide = static_cast<int>(kMnistSide);
constexpr float kBox = 20;  // the digit's larger side, as in MNIST
using Image = std::array<float, kSide * kSide>;

/// A hand's slant, proportions and tremble, the same for all strokes of one digit.
class Hand {
 public:
  explicit Hand(Random& random) {
    const float turn = std::clamp(random.normal(0.13f), -0.4f, 0.4f);
    const float slant = std::clamp(random.normal(0.2f) - 0.08f, -0.6f, 0.5f);
    const float width = random.uniform(0.7f, 1.15f);
    xx_ = std::cos(turn) * width;
    xy_ = -std::sin(turn) + slant;
    yx_ = std::sin(turn) * width;
    yy_ = std::cos(turn);
    for (Wave& wave : waves_) {
      wave = {random.normal(0.03f), random.uniform(0.6f, 1.4f),
              random.uniform(0, 2 * std::numbers::pi_v<float>)};
    }
  }

  Point operator()(Point p, Random& random) const {
    const float x = p.x - 0.5f + random.normal(0.012f), y = p.y - 0.5f + random.normal(0.012f);
    return {xx_ * x + xy_ * y + waves_[0].at(y) + waves_[1].at(x),
            yx_ * x + yy_ * y + waves_[2].at(x) + waves_[3].at(y)};
  }

 private:
  struct Wave {
    float height = 0, frequency = 0, phase = 0;
    float at(float t) const {
      return height * std::sin(2 * std::numbers::pi_v<float> * frequency * t + phase);
    }
  };

  float xx_, xy_, yx_, yy_;
  std::array<Wave, 4> waves_;
};

/// Scale and shift so that the larger side of the digit, pen included, is the box's.
void fit(std::vector<Stroke>& strokes, float pen_px) {
  Point low = strokes[0][0], high = low;
  for (const Stroke& stroke : strokes) {
    for (const Point p : stroke) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
  }
  const float scale = (kBox - 2 * pen_px) / std::max({high.x - low.x, high.y - low.y, 0.1f});
  for (Stroke& stroke : strokes) {
    for (Point& p : stroke) {
      p = {kSide / 2.0f + scale * (p.x - (low.x + high.x) / 2),
           kSide / 2.0f + scale * (p.y - (low.y + high.y) / 2)};
    }
  }
}

float distance(Point p, Point a, Point b) {
  const float dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const float t =
      length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0f, 1.0f) : 0.0f;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/// Ink along one segment: full inside the pen's radius, fading over one pixel at its edge.
void ink(Image& image, Point a, Point b, float pen_px, float strength) {
  const float reach = pen_px + 1;
  const int x0 = std::max(0, static_cast<int>(std::min(a.x, b.x) - reach));
  const int x1 = std::min(kSide - 1, static_cast<int>(std::max(a.x, b.x) + reach));
  const int y0 = std::max(0, static_cast<int>(std::min(a.y, b.y) - reach));
  const int y1 = std::min(kSide - 1, static_cast<int>(std::max(a.y, b.y) + reach));
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) {
      const Point centre = {static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f};
      const float cover = std::clamp(pen_px + 0.5f - distance(centre, a, b), 0.0f, 1.0f);
      float& pixel = image[static_cast<size_t>(y * kSide + x)];
      pixel = std::max(pixel, strength * cover);
    }
  }
}

/// By whole pixels, so that the centre of mass comes to the middle.
void centre(const Image& image, uint8_t* out) {
  float mass = 0, sum_x = 0, sum_y = 0;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const float pixel = image[static_cast<size_t>(y * kSide + x)];
      mass += pixel;
      sum_x += pixel * (static_cast<float>(x) + 0.5f);
      sum_y += pixel * (static_cast<float>(y) + 0.5f);
    }
  }
  const int dx = static_cast<int>(std::lround(kSide / 2.0f - sum_x / mass));
  const int dy = static_cast<int>(std::lround(kSide / 2.0f - sum_y / mass));
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const int from_x = x - dx, from_y = y - dy;
      const bool inside = from_x >= 0 && from_x < kSide && from_y >= 0 && from_y < kSide;
      const float pixel = inside ? image[static_cast<size_t>(from_y * kSide + from_x)] : 0;
      out[y * kSide + x] = static_cast<uint8_t>(std::lround(255 * pixel));
    }
  }
}

void draw(int digit, Random& random, uint8_t* out) {
  std::vector<Stroke> strokes = write_digit(digit, random);
  const Hand hand(random);
  for (Stroke& stroke : strokes) {
    for (Point& p : stroke) p = hand(p, random);
  }
  const float pen_px = random.uniform(0.6f, 1.7f);
  fit(strokes, pen_px);
  Image image = {};
  for (const Stroke& stroke : strokes) {
    for (size_t i = 1; i < stroke.size(); ++i) {
      ink(image, stroke[i - 1], stroke[i], pen_px * random.uniform(0.85f, 1.1f), random.uniform(0.85f, 1.0f));
    }
  }
  centre(image, out);
}

Dataset draw_set(uint64_t seed, int64_t count) {
  Dataset set{"synthetic digits", true, count, 1, kMnistSide, kMnistSide, kMnistClasses, {}, {}};
  set.images.resize(static_cast<size_t>(count * set.image_elems()));
  set.labels.resize(static_cast<size_t>(count));
  const int64_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::jthread> workers;
  for (int64_t t = 0; t < threads; ++t) {
    workers.emplace_back([&set, seed, begin = count * t / threads, end = count * (t + 1) / threads] {
      for (int64_t i = begin; i < end; ++i) {
        Random random(seed, static_cast<uint64_t>(i));
        set.labels[static_cast<size_t>(i)] = static_cast<uint8_t>(random.below(kMnistClasses));
        draw(set.labels[static_cast<size_t>(i)], random, set.images.data() + i * set.image_elems());
      }
    });
  }
  workers.clear();  // joins
  return set;
}

}  // namespace

Mnist make_synthetic_digits(uint64_t seed, int64_t train_count, int64_t test_count) {
  return {draw_set(2 * seed, train_count), draw_set(2 * seed + 1, test_count)};
}

}  // namespace gridstride::data
