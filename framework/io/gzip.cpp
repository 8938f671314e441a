#include "framework/io/gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>
#include <stdexcept>

#include "framework/io/error.hpp"
#include "framework/io/input_file.hpp"

namespace gridstride::io {
namespace {

constexpr int kGzipWindow = 15 + 16;   // zlib's way of asking for a gzip wrapper
constexpr uint64_t kBestRatio = 1032;  // deflate: at most 258 bytes out of 2 bits
constexpr std::array kMagic = {std::byte{0x1f}, std::byte{0x8b}};

}  // namespace

struct MaybeGzip::State {
  explicit State(const std::filesystem::path& path) : file(path), input(1 << 16) {
    fill();
    compressed = available >= kMagic.size() && input[0] == kMagic[0] && input[1] == kMagic[1];
    if (!compressed) return;
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~State() {
    if (compressed) inflateEnd(&stream);
  }
  State(const State&) = delete;

  void fill() {
    available = file.read_some(input);
    taken = 0;
  }

  size_t copy(std::span<std::byte> to) {
    size_t done = 0;
    while (done < to.size()) {
      if (taken == available) fill();
      if (available == 0) break;
      const size_t step = std::min(to.size() - done, available - taken);
      std::copy_n(input.begin() + static_cast<ptrdiff_t>(taken), step,
                  to.begin() + static_cast<ptrdiff_t>(done));
      taken += step;
      done += step;
    }
    return done;
  }

  size_t inflate_into(std::span<std::byte> to) {
    size_t done = 0;
    while (done < to.size() && !ended) {
      if (taken == available) fill();
      if (available == 0) broken("it is truncated");
      const auto most = static_cast<uInt>(std::min<size_t>(to.size() - done, 1 << 30));
      stream.next_in = reinterpret_cast<Bytef*>(input.data() + taken);
      stream.avail_in = static_cast<uInt>(available - taken);
      stream.next_out = reinterpret_cast<Bytef*>(to.data() + done);
      stream.avail_out = most;
      const int status = ::inflate(&stream, Z_NO_FLUSH);
      taken = available - stream.avail_in;
      done += most - stream.avail_out;
      if (status == Z_STREAM_END) {
        ended = true;
        if (taken == available) fill();
        if (available > taken) broken("bytes follow its end");
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        broken(stream.msg ? stream.msg : "its data is damaged");
      }
    }
    return done;
  }

  [[noreturn]] void broken(std::string_view why) const {
    throw UserError(
        fmt::format("{}: is not a whole gzip file: {}; fetch or copy it again", file.path().string(), why));
  }

  InputFile file;
  std::vector<std::byte> input;
  size_t available = 0, taken = 0;
  z_stream stream = {};
  bool compressed = false, ended = false;
};

MaybeGzip::MaybeGzip(const std::filesystem::path& path) : state_(std::make_unique<State>(path)) {}
MaybeGzip::~MaybeGzip() = default;

uint64_t MaybeGzip::most_bytes() const {
  return state_->file.size_bytes() * (state_->compressed ? kBestRatio : 1);
}

size_t MaybeGzip::read_some(std::span<std::byte> to) {
  return state_->compressed ? state_->inflate_into(to) : state_->copy(to);
}

std::vector<std::byte> gzip(std::span<const std::byte> bytes) {
  constexpr int kMemoryLevel = 8;
  z_stream stream = {};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::vector<std::byte> out(deflateBound(&stream, bytes.size()));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::logic_error("deflate did not finish in the space it asked for");
  return out;
}

}  // namespace gridstride::io
