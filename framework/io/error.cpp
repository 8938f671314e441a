#include "framework/io/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace gridstride::io {
namespace {

std::string_view advice(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "free some space or choose another folder";
    case EFBIG:
      return "raise the file size limit (ulimit -f) or choose another disk";
    case EACCES:
    case EPERM:
    case EROFS:
      return "check its permissions or choose another folder";
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP:
      return "check the path";
    case EISDIR:
      return "name a file, not a folder";
    case EWOULDBLOCK:
      return "another process is writing it; wait for that or choose another folder";
    default:
      return "check the disk";
  }
}

}  // namespace

void throw_file_error(const std::filesystem::path& file, std::string_view action, int error) {
  throw UserError(
      fmt::format("{}: cannot {}: {}; {}", file.string(), action, std::strerror(error), advice(error)));
}

std::string escaped(std::string_view text) {
  constexpr size_t kMost = 60;
  std::string out = "'";
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte >= 0x20 && byte < 0x7f ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  return out + (text.size() > kMost ? "...'" : "'");
}

}  // namespace gridstride::io
