#include "framework/train/run_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>

#include "framework/io/atomic_file.hpp"
#include "framework/io/error.hpp"
#include "framework/train/checkpoint.hpp"

namespace gridstride::train {

namespace fs = std::filesystem;

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  io::make_folder(path_);
  lock_ = io::FileHandle(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock_) io::throw_file_error(path_, "be opened", errno);
  // A file system without locks leaves the user to care for this.
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw UserError(path_.string() +
                    ": another run is writing there; wait for its end, or give another --out");
  }
}

fs::path RunFolder::keep_earlier() const {
  const fs::path checkpoint = path_ / kCheckpointFile;
  std::error_code error;
  if (!fs::exists(checkpoint, error)) return {};
  fs::path kept;
  for (int i = 1; kept.empty() || fs::exists(kept, error); ++i)
    kept = path_ / fmt::format("earlier-{}.safetensors", i);
  fs::rename(checkpoint, kept, error);
  if (error) io::throw_file_error(kept, "be written", error.value());
  return kept;
}

}  // namespace gridstride::train
