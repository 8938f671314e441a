#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gridstride::data {

/// Grey images of one size, as a file gave them.
struct Images {
  int64_t count = 0, height = 0, width = 0;
  std::vector<uint8_t> pixels;  ///< (count, height, width)
};

/// Read what a file holds, told by its first bytes: PNG, PGM (P2 or P5), or the images of an IDX file, gzip
/// or not. Colours become grey. Errors    UserError "FILE: ..."
Images read_images(const std::filesystem::path& path);

}  // namespace gridstride::data
