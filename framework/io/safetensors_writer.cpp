// Writing: the order and the padding of the reference implementation, so that equal content gives equal
// bytes.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "framework/io/atomic_file.hpp"
#include "framework/io/safetensors.hpp"

namespace gridstride::io {
namespace {

using Named = std::pair<const std::string, Array>;

constexpr size_t kAlignmentBytes = 8;

void require_writable(const Named& named) {
  uint64_t bytes = dtype_bytes(named.second.dtype);
  for (const int64_t dim : named.second.shape) {
    if (dim < 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes)) bytes = UINT64_MAX;
  }
  if (bytes != named.second.bytes.size() || named.first == "__metadata__") {
    throw std::invalid_argument(fmt::format(
        "[safetensors] '{}' holds {} bytes; its shape needs {}, and its name must not be __metadata__",
        named.first, named.second.bytes.size(), bytes));
  }
}

/// Highest rank first, then by name: wide elements come before narrow ones, so every array is aligned.
std::vector<const Named*> in_file_order(const SafeTensors& content) {
  std::vector<const Named*> order;
  for (const Named& named : content.arrays) order.push_back(&named);
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [](const Named* named) { return named->second.dtype; });
  return order;
}

std::string header_text(const SafeTensors& content, const std::vector<const Named*>& order) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  uint64_t at = 0;
  for (const Named* named : order) {
    const Array& array = named->second;
    const uint64_t end = at + array.bytes.size();
    header[named->first] = {
        {"dtype", dtype_name(array.dtype)}, {"shape", array.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument("[safetensors] names and metadata must be UTF-8");
  }
  text.append((kAlignmentBytes - text.size() % kAlignmentBytes) % kAlignmentBytes, ' ');
  return text;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const SafeTensors& content) {
  for (const Named& named : content.arrays) require_writable(named);
  const std::vector<const Named*> order = in_file_order(content);
  const std::string header = header_text(content, order);
  const uint64_t header_bytes = header.size();

  AtomicFile file(path);
  file.write(&header_bytes, sizeof(header_bytes));
  file.write(header.data(), header.size());
  for (const Named* named : order) file.write(named->second.bytes.data(), named->second.bytes.size());
  file.commit();
}

}  // namespace gridstride::io
