#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "framework/io/error.hpp"

namespace gridstride::data {

/// No mirror gave the file: there may be no network.
class NetworkError : public UserError {
 public:
  using UserError::UserError;
};

/// A published file whose content is known beforehand.
struct RemoteFile {
  std::string name;
  uint64_t bytes;
  std::string sha256;
};

/// Called as bytes arrive, with how many of the file are here by now.
using FetchProgress = std::function<void(const RemoteFile& file, uint64_t bytes_here)>;

enum class Fetched { kAlreadyThere, kDownloaded };

/// Bring `file` into `folder` from the first of `mirrors` (folder URLs that end in '/') that gives the right
/// bytes. An interrupted download waits as NAME.part and is continued; the file itself appears whole, with
/// its checksum verified, or not at all. Errors    NetworkError with each mirror's reason; UserError for the
/// disk
Fetched fetch_file(const RemoteFile& file, std::span<const std::string> mirrors,
                   const std::filesystem::path& folder, const FetchProgress& progress);

/// MNIST's four files, and where they can be had.
std::span<const RemoteFile> mnist_files();
std::span<const std::string> mnist_mirrors();

}  // namespace gridstride::data
