#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "framework/io/file_handle.hpp"

namespace gridstride::io {

/// A regular file opened for reading from its start. Folders, pipes and devices are refused: they have no
/// size, and waiting on a pipe would look like a hang.
class InputFile {
 public:
  explicit InputFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  uint64_t size_bytes() const { return size_bytes_; }

  /// Up to `to.size()` bytes; fewer only at the end of the file.
  size_t read_some(std::span<std::byte> to);
  /// Exactly `to.size()` bytes, else UserError.
  void read(std::span<std::byte> to);

 private:
  std::filesystem::path path_;
  FileHandle handle_;
  uint64_t size_bytes_ = 0;
};

/// The whole file; UserError when it holds more than `most_bytes`.
std::vector<std::byte> read_file(const std::filesystem::path& path, uint64_t most_bytes);

}  // namespace gridstride::io
