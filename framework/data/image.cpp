#include "framework/data/image.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

#include "framework/data/idx.hpp"
#include "framework/io/error.hpp"
#include "framework/io/input_file.hpp"

namespace gridstride::data {
namespace {

constexpr int64_t kMostSide = 4096;
constexpr uint64_t kMostFileBytes = 64 << 20;

[[noreturn]] void malformed(const std::filesystem::path& path, const std::string& why) {
  throw UserError(fmt::format("{}: {}; give a PNG, a PGM or an IDX file of images", path.string(), why));
}

void check_size(const std::filesystem::path& path, int64_t height, int64_t width) {
  if (height < 1 || width < 1 || height > kMostSide || width > kMostSide) {
    malformed(path, fmt::format("declares an image of {} x {}", height, width));
  }
}

Images read_png(const std::filesystem::path& path, const std::vector<std::byte>& bytes) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  const auto broken = [&path, &png] {
    const std::string why = png.message;
    png_image_free(&png);
    malformed(path, "is not a whole PNG image: " + why);
  };
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size())) broken();
  Images image{1, png.height, png.width, {}};
  if (image.height > kMostSide || image.width > kMostSide) png_image_free(&png);
  check_size(path, image.height, image.width);
  png.format = PNG_FORMAT_GRAY;
  image.pixels.resize(PNG_IMAGE_SIZE(png));
  const png_color black = {0, 0, 0};
  if (!png_image_finish_read(&png, &black, image.pixels.data(), 0, nullptr)) broken();
  return image;
}

/// The words and numbers of a PGM header: separated by white space, with comments from '#' to the end of the
/// line.
class PgmText {
 public:
  PgmText(const std::filesystem::path& path, std::string_view text) : path_(path), text_(text) {}

  int64_t number() {
    while (at_ < text_.size() &&
           (std::isspace(static_cast<unsigned char>(text_[at_])) || text_[at_] == '#')) {
      at_ = text_[at_] == '#' ? std::min(text_.find('\n', at_), text_.size()) : at_ + 1;
    }
    int64_t value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc())
      malformed(path_, at_ == text_.size() ? "is truncated" : "has a broken PGM header");
    at_ += static_cast<size_t>(end - begin);
    return value;
  }

  /// What follows the one white space behind the header.
  std::string_view rest() const { return text_.substr(std::min(at_ + 1, text_.size())); }

 private:
  const std::filesystem::path& path_;
  std::string_view text_;
  size_t at_ = 2;  // behind P2 or P5
};

Images read_pgm(const std::filesystem::path& path, std::string_view text) {
  PgmText words(path, text);
  const bool binary = text[1] == '5';
  Images image{1, 0, words.number(), {}};
  image.height = words.number();
  const int64_t white = words.number();
  check_size(path, image.height, image.width);
  if (white < 1 || white > 255)
    malformed(path, fmt::format("has {} for white, where 1 to 255 can be read", white));
  const auto elems = static_cast<size_t>(image.height * image.width);
  const std::string_view raster = binary ? words.rest() : std::string_view();
  if (binary && raster.size() != elems) {
    malformed(path, fmt::format("is {}: {} x {} pixels are declared, {} are there",
                                raster.size() < elems ? "truncated" : "too long", image.height, image.width,
                                raster.size()));
  }
  for (size_t i = 0; i < elems; ++i) {
    const int64_t grey = binary ? static_cast<unsigned char>(raster[i]) : words.number();
    if (grey < 0 || grey > white)
      malformed(path, fmt::format("has a pixel of {} where white is {}", grey, white));
    image.pixels.push_back(static_cast<uint8_t>((grey * 255 + white / 2) / white));
  }
  return image;
}

}  // namespace

Images read_images(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = io::read_file(path, kMostFileBytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.empty()) malformed(path, "is empty");
  if (text.starts_with("\x89PNG")) return read_png(path, bytes);
  if (text.starts_with("P2") || text.starts_with("P5")) return read_pgm(path, text);
  if (text.starts_with(std::string_view("\0\0", 2)) || text.starts_with("\x1f\x8b")) {
    Idx images = read_idx(path, 3);
    return {images.shape[0], images.shape[1], images.shape[2], std::move(images.values)};
  }
  malformed(path, fmt::format("begins with {}, which is no image", io::escaped(text.substr(0, 4))));
}

}  // namespace gridstride::data
