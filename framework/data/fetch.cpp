#include "framework/data/fetch.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>

#include "framework/io/atomic_file.hpp"
#include "framework/io/sha256.hpp"

namespace gridstride::data {
namespace {

constexpr long kConnectSeconds = 8;
constexpr long kStalledBytesPerSecond = 100;
constexpr long kStalledSeconds = 20;

/// One transfer that appends to a file; what the file refuses comes back as an exception.
class Transfer {
 public:
  Transfer(const RemoteFile& wanted, io::AtomicFile& file, const FetchProgress& progress)
      : wanted_(wanted), file_(file), progress_(progress) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl_.reset(curl_easy_init());
    if (!curl_) throw NetworkError("libcurl cannot be started; check this machine's memory");
  }

  /// Empty when the server said all it had to say, else why not.
  std::string run(const std::string& url) {
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_USERAGENT, "gridstride");
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 5L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_LOW_SPEED_LIMIT, kStalledBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, kStalledSeconds);
    set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(file_.size_bytes()));
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_bytes);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_ERRORBUFFER, reason_.data());
    CURLcode status = curl_easy_perform(curl_.get());
    if (status == CURLE_RANGE_ERROR) {  // this server only gives whole files
      file_.restart();
      set(CURLOPT_RESUME_FROM_LARGE, curl_off_t{0});
      status = curl_easy_perform(curl_.get());
    }
    if (failure_) std::rethrow_exception(failure_);
    if (too_long_) return "the file there is longer than it should be";
    if (status == CURLE_OK) return {};
    return reason_[0] ? reason_.data() : curl_easy_strerror(status);
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(curl_.get(), option, value);
  }

  static size_t on_bytes(const char* data, size_t, size_t bytes, void* self) {
    return static_cast<Transfer*>(self)->receive(data, bytes);
  }

  size_t receive(const char* data, size_t bytes) try {
    too_long_ = file_.size_bytes() + bytes > wanted_.bytes;
    if (too_long_) return 0;
    file_.write(data, bytes);
    if (progress_) progress_(wanted_, file_.size_bytes());
    return bytes;
  } catch (...) {
    failure_ = std::current_exception();
    return 0;
  }

  const RemoteFile& wanted_;
  io::AtomicFile& file_;
  const FetchProgress& progress_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_{nullptr, curl_easy_cleanup};
  std::array<char, CURL_ERROR_SIZE> reason_ = {};
  bool too_long_ = false;
  std::exception_ptr failure_;
};

bool is_complete(const std::filesystem::path& path, const RemoteFile& file) {
  std::error_code absent;
  return std::filesystem::file_size(path, absent) == file.bytes && io::sha256_file(path) == file.sha256;
}

/// Empty when the file is now whole and right, else why not; then nothing wrong is kept.
std::string fetch_from(const std::string& url, const RemoteFile& wanted, io::AtomicFile& part,
                       const FetchProgress& progress) {
  if (const std::string why = Transfer(wanted, part, progress).run(url); !why.empty()) return why;
  if (is_complete(part.partial_path(), wanted)) return {};
  const bool short_of = part.size_bytes() < wanted.bytes;
  part.restart();
  return short_of ? "the file there is shorter than it should be" : "the file there has a wrong checksum";
}

}  // namespace

Fetched fetch_file(const RemoteFile& file, std::span<const std::string> mirrors,
                   const std::filesystem::path& folder, const FetchProgress& progress) {
  io::make_folder(folder);
  const std::filesystem::path path = folder / file.name;
  if (is_complete(path, file)) return Fetched::kAlreadyThere;
  io::AtomicFile part(path, io::Unfinished::kKeep);
  const auto done = [&part] {
    part.commit();
    return Fetched::kDownloaded;
  };
  if (is_complete(part.partial_path(), file)) return done();
  if (part.size_bytes() >= file.bytes) part.restart();
  std::string reasons;
  for (const std::string& mirror : mirrors) {
    const std::string url = mirror + file.name;
    const bool continued = part.size_bytes() > 0;
    std::string why = fetch_from(url, file, part, progress);
    // Once more where the connection broke, or where what lay here from earlier may be to blame.
    if (!why.empty() && (continued || part.size_bytes() > 0)) why = fetch_from(url, file, part, progress);
    if (why.empty()) return done();
    reasons += fmt::format("{}{} ({})", reasons.empty() ? "" : ", ", mirror, why);
  }
  throw NetworkError(fmt::format("{}: cannot be fetched from {}; check the network, or put the file into {}",
                                 file.name, reasons.empty() ? "anywhere" : reasons, folder.string()));
}

std::span<const RemoteFile> mnist_files() {
  static const std::array<RemoteFile, 4> files = {{
      {"train-images-idx3-ubyte.gz", 9912422,
       "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
      {"train-labels-idx1-ubyte.gz", 28881,
       "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
      {"t10k-images-idx3-ubyte.gz", 1648877,
       "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
      {"t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
  }};
  return files;
}

std::span<const std::string> mnist_mirrors() {
  static const std::array<std::string, 3> mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                                                     "https://storage.googleapis.com/cvdf-datasets/mnist/",
                                                     "http://yann.lecun.com/exdb/mnist/"};
  return mirrors;
}

}  // namespace gridstride::data
