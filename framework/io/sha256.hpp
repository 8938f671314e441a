#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace gridstride::io {

/// SHA-256 in lower-case hexadecimal.
std::string sha256(std::span<const std::byte> bytes);
std::string sha256_file(const std::filesystem::path& path);

}  // namespace gridstride::io
