#include "framework/data/idx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

#include "framework/io/atomic_file.hpp"
#include "framework/io/error.hpp"
#include "framework/io/gzip.hpp"

namespace gridstride::data {
namespace {

constexpr uint8_t kUnsignedByte = 0x08;
// Far above every set of this format, far below what a machine would choke on.
constexpr uint64_t kMostBytes = uint64_t{1} << 30;

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path), source_(path) {}

  [[noreturn]] void malformed(const std::string& why) const {
    throw UserError(fmt::format("{}: {}; fetch or copy it again", path_.string(), why));
  }

  std::vector<int64_t> shape(int rank) {
    std::array<uint8_t, 4> magic = {};
    const size_t got = read(magic);
    if (got == 0) malformed("is empty, where an IDX file was expected");
    if (got < magic.size()) malformed("is truncated within its first four bytes");
    if (magic[0] != 0 || magic[1] != 0) {
      malformed(fmt::format("is not an IDX file: it begins with {:02x} {:02x}, not with 00 00", magic[0],
                            magic[1]));
    }
    if (magic[2] != kUnsignedByte) {
      malformed(fmt::format("holds IDX type 0x{:02x}, where unsigned bytes (0x08) were expected", magic[2]));
    }
    if (magic[3] != rank) malformed(fmt::format("has {} dimensions, where {} were expected", magic[3], rank));
    std::vector<int64_t> shape;
    for (int i = 0; i < rank; ++i) {
      std::array<uint8_t, 4> dim = {};
      if (read(dim) < dim.size()) malformed("is truncated within its dimensions");
      shape.push_back((int64_t{dim[0]} << 24) | (dim[1] << 16) | (dim[2] << 8) | dim[3]);
    }
    return shape;
  }

  std::vector<uint8_t> values(const std::vector<int64_t>& shape) {
    uint64_t bytes = 1;
    for (const int64_t dim : shape) {
      if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes)) bytes = UINT64_MAX;
    }
    const std::string declared = fmt::format("declares {} values", fmt::join(shape, " x "));
    if (bytes > kMostBytes) malformed(declared + ", more than any such file can mean");
    if (bytes > source_.most_bytes()) malformed(declared + ", more than the file can hold: it is truncated");
    std::vector<uint8_t> values;
    constexpr size_t kChunk = 1 << 22;
    while (values.size() < bytes) {
      const size_t at = values.size();
      values.resize(std::min<uint64_t>(bytes, at + kChunk));
      const size_t got = read(std::span(values).subspan(at));
      if (at + got < values.size()) {
        malformed(fmt::format("{}, but is truncated after {}", declared, at + got));
      }
    }
    std::array<uint8_t, 1> beyond = {};
    if (read(beyond) > 0) malformed(declared + ", but more bytes follow them");
    return values;
  }

 private:
  size_t read(std::span<uint8_t> to) { return source_.read_some(std::as_writable_bytes(to)); }

  std::filesystem::path path_;
  io::MaybeGzip source_;
};

}  // namespace

Idx read_idx(const std::filesystem::path& path, int rank) {
  Reader reader(path);
  Idx array;
  array.shape = reader.shape(rank);
  array.values = reader.values(array.shape);
  return array;
}

void write_idx(const std::filesystem::path& path, const Idx& array) {
  std::vector<uint8_t> bytes = {0, 0, kUnsignedByte, static_cast<uint8_t>(array.shape.size())};
  for (const int64_t dim : array.shape) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(dim >> shift));
  }
  bytes.insert(bytes.end(), array.values.begin(), array.values.end());
  const std::vector<std::byte> packed = io::gzip(std::as_bytes(std::span(bytes)));
  io::AtomicFile file(path);
  file.write(packed.data(), packed.size());
  file.commit();
}

}  // namespace gridstride::data
