#include "framework/io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "framework/io/error.hpp"

namespace gridstride::io {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kWriting = "be written";

bool same_file(int fd, const fs::path& path) {
  struct stat held = {}, named = {};
  return ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_dev == named.st_dev &&
         held.st_ino == named.st_ino;
}

}  // namespace

AtomicFile::AtomicFile(fs::path path, Unfinished unfinished)
    : path_(std::move(path)), partial_(path_), unfinished_(unfinished) {
  partial_ += unfinished == Unfinished::kKeep ? ".part" : ".tmp";
  struct stat status = {};
  if (::stat(path_.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) throw_file_error(path_, kWriting, EISDIR);
    // A rename would replace the device itself.
    if (!S_ISREG(status.st_mode)) {
      throw UserError(path_.string() + ": cannot be written: it is a device or a pipe; name a regular file");
    }
  }
  open_locked();
  if (unfinished == Unfinished::kDiscard) restart();
}

// The name of the unfinished file is fixed, so that a killed process leaves one file behind and not many. A
// lock keeps two live writers apart; it must be held on the file that bears the name now, not on one renamed
// meanwhile.
void AtomicFile::open_locked() {
  do {
    handle_ = FileHandle(::open(partial_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!handle_) throw_file_error(path_, kWriting, errno);
    if (::flock(handle_.get(), LOCK_EX | LOCK_NB) != 0) throw_file_error(path_, kWriting, errno);
  } while (!same_file(handle_.get(), partial_));
  const off_t end = ::lseek(handle_.get(), 0, SEEK_END);
  if (end < 0) throw_file_error(path_, kWriting, errno);
  size_bytes_ = static_cast<uint64_t>(end);
}

AtomicFile::~AtomicFile() {
  if (handle_ && unfinished_ == Unfinished::kDiscard) ::unlink(partial_.c_str());
}

void AtomicFile::write(const void* data, size_t bytes) {
  const char* from = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t put = ::write(handle_.get(), from, bytes);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_file_error(path_, kWriting, errno);
    from += put;
    bytes -= static_cast<size_t>(put);
    size_bytes_ += static_cast<uint64_t>(put);
  }
}

void AtomicFile::restart() {
  if (::ftruncate(handle_.get(), 0) != 0 || ::lseek(handle_.get(), 0, SEEK_SET) < 0) {
    throw_file_error(path_, kWriting, errno);
  }
  size_bytes_ = 0;
}

void AtomicFile::commit() {
  if (::fsync(handle_.get()) != 0) throw_file_error(path_, kWriting, errno);
  if (::rename(partial_.c_str(), path_.c_str()) != 0) throw_file_error(path_, kWriting, errno);
  handle_ = FileHandle();
  // Without this the rename itself may be lost to a power cut.
  const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
  const FileHandle directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || (::fsync(directory.get()) != 0 && errno != EINVAL)) {  // EINVAL: nothing to sync there
    throw_file_error(path_, kWriting, errno);
  }
}

void write_file(const fs::path& path, std::string_view text) {
  AtomicFile file(path);
  file.write(text.data(), text.size());
  file.commit();
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error) && !error)
    error = std::make_error_code(std::errc::not_a_directory);
  if (error) throw_file_error(folder, "be made", error.value());
}

}  // namespace gridstride::io
