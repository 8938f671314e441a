#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gridstride {

/// Something the user can put right: a file, a folder, a disk. One line that says what, why and what to do.
class UserError : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

namespace io {

/// "FILE: cannot ACTION: REASON; what to do", with the reason and the advice taken from `error` (an errno).
[[noreturn]] void throw_file_error(const std::filesystem::path& file, std::string_view action, int error);

/// Text from an untrusted file, fit for one line of a message: escaped, and cut where it is long.
std::string escaped(std::string_view text);

}  // namespace io
}  // namespace gridstride
