#pragma once

#include <filesystem>

#include "framework/io/file_handle.hpp"

namespace gridstride::train {

/// The folder that a run leaves its files in, made if need be, and held: as long as this object lives,
/// another process that wants the folder is refused, for each would write over the other's checkpoints.
class RunFolder {
 public:
  /// Throws UserError where the folder cannot be made or is another run's.
  explicit RunFolder(std::filesystem::path path);

  /// Moves the checkpoint of an earlier run out of a new one's way, to the first free earlier-N.safetensors.
  /// Returns its new name; empty where there was none.
  std::filesystem::path keep_earlier() const;

 private:
  std::filesystem::path path_;
  io::FileHandle lock_;
};

}  // namespace gridstride::train
