#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gridstride::data {

/// An array of bytes in MNIST's own format: two zero bytes, the type 0x08, the rank, each dimension as four
/// bytes with the highest first, then the values. Source    http://yann.lecun.com/exdb/mnist, "The IDX file
/// format"
struct Idx {
  std::vector<int64_t> shape;
  std::vector<uint8_t> values;
};

/// Read an IDX file of this rank, raw or gzip-compressed. The file is not trusted: magic, dimensions and
/// length are checked, and memory grows with what is there, not with what is claimed. Errors    UserError
/// "FILE: ..."
Idx read_idx(const std::filesystem::path& path, int rank);

/// Write gzip-compressed and atomically.
void write_idx(const std::filesystem::path& path, const Idx& array);

}  // namespace gridstride::data
