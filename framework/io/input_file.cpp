#include "framework/io/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "framework/io/error.hpp"

namespace gridstride::io {

InputFile::InputFile(std::filesystem::path path) : path_(std::move(path)) {
  handle_ = FileHandle(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!handle_) throw_file_error(path_, "be read", errno);
  struct stat status = {};
  if (::fstat(handle_.get(), &status) != 0) throw_file_error(path_, "be read", errno);
  if (S_ISDIR(status.st_mode)) throw_file_error(path_, "be read", EISDIR);
  if (!S_ISREG(status.st_mode)) {
    throw UserError(path_.string() + ": cannot be read: it is a device or a pipe; name a regular file");
  }
  size_bytes_ = static_cast<uint64_t>(status.st_size);
}

size_t InputFile::read_some(std::span<std::byte> to) {
  size_t done = 0;
  while (done < to.size()) {
    const ssize_t got = ::read(handle_.get(), to.data() + done, to.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_file_error(path_, "be read", errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

void InputFile::read(std::span<std::byte> to) {
  if (const size_t got = read_some(to); got < to.size()) {
    throw UserError(fmt::format("{}: is truncated: {} more bytes were expected at its end; copy it again",
                                path_.string(), to.size() - got));
  }
}

std::vector<std::byte> read_file(const std::filesystem::path& path, uint64_t most_bytes) {
  InputFile file(path);
  if (file.size_bytes() > most_bytes) {
    throw UserError(fmt::format("{}: holds {} bytes, more than the {} that make sense here; check the path",
                                path.string(), file.size_bytes(), most_bytes));
  }
  std::vector<std::byte> bytes(file.size_bytes());
  file.read(bytes);
  return bytes;
}

}  // namespace gridstride::io
