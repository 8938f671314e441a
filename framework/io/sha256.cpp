#include "framework/io/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "framework/io/input_file.hpp"

namespace gridstride::io {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  void update(std::span<const std::byte> bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }

  std::string hex() {
    unsigned char digest[32];
    require(EVP_DigestFinal_ex(context_.get(), digest, nullptr) == 1);
    std::string text;
    for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
    return text;
  }

 private:
  static void require(bool ok) {
    if (!ok) throw std::runtime_error("SHA-256 is not available in this machine's libcrypto");
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string sha256_file(const std::filesystem::path& path) {
  InputFile file(path);
  Sha256 hash;
  std::vector<std::byte> chunk(1 << 16);
  while (const size_t got = file.read_some(chunk)) hash.update(std::span(chunk).first(got));
  return hash.hex();
}

}  // namespace gridstride::io
