// Reading: everything the header claims is checked against the file before it is used.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "framework/io/error.hpp"
#include "framework/io/input_file.hpp"
#include "framework/io/safetensors.hpp"

namespace gridstride::io {
namespace {

using nlohmann::json;

// The limit of the reference implementation.
constexpr uint64_t kMostHeaderBytes = 100'000'000;

/// A reason without the file's name, which the caller adds.
struct Malformed : std::runtime_error {
  using runtime_error::runtime_error;
};

/// Parse the header; a key given twice would let two readers see two files, so it is refused.
json parse_header(std::string_view text) {
  if (!text.starts_with('{')) throw Malformed("its header does not begin with '{'");
  std::vector<std::set<std::string>> keys;
  const auto watch = [&keys](int depth, json::parse_event_t event, json& value) {
    if (depth > 3) throw Malformed("its header is nested too deeply");
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      throw Malformed(fmt::format("its header names {} twice", escaped(value.get<std::string>())));
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::exception&) {
    throw Malformed("its header is not JSON");
  }
}

std::map<std::string, std::string> parse_metadata(const json& value) {
  std::map<std::string, std::string> metadata;
  if (!value.is_object()) throw Malformed("its __metadata__ is not an object");
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) throw Malformed(fmt::format("its metadata {} is not text", escaped(key)));
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

std::optional<Dtype> dtype_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Dtype::kU64); ++i) {
    if (dtype_name(static_cast<Dtype>(i)) == name) return static_cast<Dtype>(i);
  }
  return std::nullopt;
}

struct Entry {
  std::string name;
  Array array;
  uint64_t begin, end;
};

Entry parse_entry(const std::string& name, const json& value) {
  const auto malformed = [&name](std::string_view why) {
    return Malformed(fmt::format("tensor {} {}", escaped(name), why));
  };
  if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
      !value.contains("data_offsets")) {
    throw malformed("needs exactly dtype, shape and data_offsets");
  }
  Entry entry{name, {}, 0, 0};

  const json& dtype = value["dtype"];
  if (!dtype.is_string()) throw malformed("has a dtype that is not text");
  const auto known = dtype_named(dtype.get<std::string>());
  if (!known) throw malformed(fmt::format("has the unknown dtype {}", escaped(dtype.get<std::string>())));
  entry.array.dtype = *known;

  const json& shape = value["shape"];
  if (!shape.is_array()) throw malformed("has a shape that is not a list");
  uint64_t bytes = dtype_bytes(*known);
  for (const json& dim : shape) {
    if (!dim.is_number_unsigned() || dim.get<uint64_t>() > INT64_MAX) {
      throw malformed(fmt::format("has the impossible dimension {}", escaped(dim.dump())));
    }
    if (__builtin_mul_overflow(bytes, dim.get<uint64_t>(), &bytes))
      throw malformed("has a shape that overflows");
    entry.array.shape.push_back(dim.get<int64_t>());
  }

  const json& offsets = value["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    throw malformed("has data_offsets that are not two positions");
  }
  entry.begin = offsets[0].get<uint64_t>();
  entry.end = offsets[1].get<uint64_t>();
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
    throw malformed(
        fmt::format("claims bytes {} to {}, but its shape and dtype need {}", entry.begin, entry.end, bytes));
  }
  return entry;
}

/// In the order of the data. The format allows neither holes nor overlaps, and nothing after the last byte.
std::vector<Entry> parse_entries(const json& header, uint64_t data_bytes) {
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") entries.push_back(parse_entry(name, value));
  }
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
  uint64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at) {
      throw Malformed(fmt::format("tensor {} begins at byte {} of the data, where {} was expected",
                                  escaped(entry.name), entry.begin, at));
    }
    if (entry.end > data_bytes) {
      throw Malformed(fmt::format("it is truncated: tensor {} ends at byte {} of the data, and there are {}",
                                  escaped(entry.name), entry.end, data_bytes));
    }
    at = entry.end;
  }
  if (at != data_bytes) throw Malformed(fmt::format("{} bytes follow its last tensor", data_bytes - at));
  return entries;
}

SafeTensors read(InputFile& file) {
  uint64_t header_bytes = 0;
  if (file.size_bytes() == 0) throw Malformed("it is empty");
  if (file.size_bytes() < sizeof(header_bytes)) throw Malformed("it is truncated");
  file.read(std::as_writable_bytes(std::span(&header_bytes, 1)));
  const uint64_t rest = file.size_bytes() - sizeof(header_bytes);
  if (header_bytes > kMostHeaderBytes)
    throw Malformed(fmt::format("a header of {} bytes is absurd", header_bytes));
  if (header_bytes > rest) {
    throw Malformed(
        fmt::format("it is truncated: a header of {} bytes is declared, {} are there", header_bytes, rest));
  }
  std::string text(header_bytes, '\0');
  file.read(std::as_writable_bytes(std::span(text)));
  const json header = parse_header(text);

  SafeTensors content;
  if (header.contains("__metadata__")) content.metadata = parse_metadata(header["__metadata__"]);
  for (Entry& entry : parse_entries(header, rest - header_bytes)) {
    entry.array.bytes.resize(entry.end - entry.begin);
    file.read(entry.array.bytes);
    content.arrays.emplace(std::move(entry.name), std::move(entry.array));
  }
  return content;
}

}  // namespace

SafeTensors read_safetensors(const std::filesystem::path& path) {
  InputFile file(path);
  try {
    return read(file);
  } catch (const Malformed& reason) {
    throw UserError(
        fmt::format("{}: is not a whole safetensors file: {}; use an earlier copy or write it again",
                    path.string(), reason.what()));
  }
}

}  // namespace gridstride::io
