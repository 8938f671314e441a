#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gridstride::io {

/// The element types of the safetensors format, in the order in which it ranks them.
enum class Dtype { kBool, kU8, kI8, kI16, kU16, kF16, kBF16, kI32, kU32, kF32, kF64, kI64, kU64 };

/// The name the format uses: "F32".
std::string_view dtype_name(Dtype dtype);
size_t dtype_bytes(Dtype dtype);

namespace detail {
template <class T>
struct DtypeOf;
// clang-format off
template <> struct DtypeOf<uint8_t> { static constexpr Dtype value = Dtype::kU8; };
template <> struct DtypeOf<int32_t> { static constexpr Dtype value = Dtype::kI32; };
template <> struct DtypeOf<uint32_t> { static constexpr Dtype value = Dtype::kU32; };
template <> struct DtypeOf<int64_t> { static constexpr Dtype value = Dtype::kI64; };
template <> struct DtypeOf<uint64_t> { static constexpr Dtype value = Dtype::kU64; };
template <> struct DtypeOf<float> { static constexpr Dtype value = Dtype::kF32; };
template <> struct DtypeOf<double> { static constexpr Dtype value = Dtype::kF64; };
// clang-format on
}  // namespace detail

/// One array of a file: row-major, little-endian, on the host.
struct Array {
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;

  /// Throws std::invalid_argument unless `values` fills `shape`.
  template <class T>
  static Array of(std::vector<int64_t> shape, std::span<const T> values) {
    Array array{detail::DtypeOf<T>::value, std::move(shape), std::vector<std::byte>(values.size_bytes())};
    array.require_full();
    if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), values.size_bytes());
    return array;
  }

  /// The elements; UserError when the file holds another type than T.
  template <class T>
  std::span<const T> values() const {
    require_dtype(detail::DtypeOf<T>::value);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  int64_t elems() const;
  bool operator==(const Array&) const = default;

 private:
  void require_full() const;
  void require_dtype(Dtype wanted) const;
};

/// Named arrays and free text beside them, as a .safetensors file holds them.
/// Source    https://github.com/huggingface/safetensors#format
struct SafeTensors {
  std::map<std::string, Array> arrays;
  std::map<std::string, std::string> metadata;

  /// UserError when there is no such array.
  const Array& at(const std::string& name) const;
  bool operator==(const SafeTensors&) const = default;
};

/// Read a file without trusting it: header length, JSON, types, shapes and offsets are checked before any of
/// them is used, and memory stays within a small multiple of the file's size. Errors    UserError "FILE: ..."
SafeTensors read_safetensors(const std::filesystem::path& path);

/// Write atomically: the file's earlier content survives any failure.
/// Errors    UserError for the disk; std::invalid_argument for an array that does not fill its shape
void write_safetensors(const std::filesystem::path& path, const SafeTensors& content);

}  // namespace gridstride::io
