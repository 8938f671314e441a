#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace gridstride::io {

/// Reads a file that may be gzip-compressed (told by its first bytes, never by its name) as the bytes inside
/// it. A damaged or cut stream, a wrong checksum and bytes after the stream are UserErrors.
class MaybeGzip {
 public:
  explicit MaybeGzip(const std::filesystem::path& path);
  ~MaybeGzip();

  /// The most bytes that can come out: the file's size, or what deflate could at best make of it.
  uint64_t most_bytes() const;
  /// Up to `to.size()` bytes; fewer only at the end.
  size_t read_some(std::span<std::byte> to);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One gzip stream without name or time, so that equal bytes give equal files.
std::vector<std::byte> gzip(std::span<const std::byte> bytes);

}  // namespace gridstride::io
