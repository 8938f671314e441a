#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "framework/io/file_handle.hpp"

namespace gridstride::io {

/// What becomes of an unfinished file when its writer gives up.
enum class Unfinished {
  kDiscard,  ///< removed; the next writer starts from nothing
  kKeep,     ///< kept as NAME.part; the next writer goes on at its end (downloads)
};

/// A file that appears whole or not at all: written beside its place, synced, then renamed over it. Until
/// `commit` returns, whatever stood there before is untouched, whenever the process dies or the disk fills
/// up. Two writers of one file: the second is refused.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path, Unfinished unfinished = Unfinished::kDiscard);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  const std::filesystem::path& partial_path() const { return partial_; }
  /// Bytes written so far, those of an earlier writer included.
  uint64_t size_bytes() const { return size_bytes_; }

  void write(const void* data, size_t bytes);
  /// Forget everything written so far.
  void restart();
  void commit();

 private:
  void open_locked();

  std::filesystem::path path_;
  std::filesystem::path partial_;
  Unfinished unfinished_;
  FileHandle handle_;
  uint64_t size_bytes_ = 0;
};

/// Write `text` as the whole content of `path`, atomically.
void write_file(const std::filesystem::path& path, std::string_view text);

/// Make the folder and those above it; UserError where that cannot be done.
void make_folder(const std::filesystem::path& folder);

}  // namespace gridstride::io
