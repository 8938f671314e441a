/// Profiles as files that programs read: JSON and CSV.
#include "gridstride/emulator/findings.hpp"
#include "gridstride/emulator/profile.hpp"
#include "gridstride/emulator/races.hpp"
#include "profile_words.hpp"
#include "what_if.hpp"

namespace gridstride::emulator {
namespace {

std::string json(const Counts& counts) {
  std::string out = "{";
  for (const CounterName& counter : counter_names()) {
    if (out.size() > 1) out += ", ";
    out += quoted(counter.name) + ": " + std::to_string(counts.*counter.value);
  }
  return out + "}";
}

std::string json(const Occupancy& occupancy) {
  return format("{\"percent\": %.6g, \"blocks\": %u, \"warps\": %u, \"most_warps\": %u, \"limit\": \"%s\"}",
                occupancy.percent(), occupancy.blocks, occupancy.warps, occupancy.most_warps,
                occupancy.limit);
}

/// Without the closing brace: more follows.
std::string json_of_needs(const BlockNeeds& needs) {
  return format("{\"threads\": %u, \"shared_bytes\": %zu, \"registers\": %s, \"occupancy\": ", needs.threads,
                needs.shared_bytes, needs.registers == 0 ? "null" : std::to_string(needs.registers).c_str()) +
         json(occupancy_of(needs));
}

std::string json(const BlockNeeds& needs, const std::string& registers_from) {
  std::string others;
  for (const auto& [change, other] : what_if(needs)) {
    others += (others.empty() ? "" : ", ") + json_of_needs(other) + ", \"change\": " + quoted(change) + "}";
  }
  return json_of_needs(needs) + ", \"registers_from\": " + quoted(registers_from) + ", \"what_if\": [" +
         others + "]}";
}

/// Null where there is nothing to tell.
std::string json(const Roofline& r) {
  if (r.peak == 0) return "null";
  return format(
      "{\"intensity\": %.6g, \"ridge\": %.6g, \"attainable_flops_per_second\": %.6g, "
      "\"peak_flops_per_second\": %.6g, \"bytes_per_second\": %.6g, \"bound\": \"%s\"}",
      r.intensity, r.ridge, r.attainable, r.peak, r.bandwidth, r.memory_bound ? "memory" : "arithmetic");
}

std::string json(dim3 v) { return format("[%u, %u, %u]", v.x, v.y, v.z); }

std::string json(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

std::string json(const RequestSample& sample) {
  constexpr const char* kKinds[] = {"load", "store", "atomic"};
  const bool is_shared = sample.space == RequestSample::Space::Shared;
  std::string offsets, elements;
  for (unsigned lane = 0; lane < 32; ++lane) {
    const bool is_in = (sample.lanes >> lane & 1) != 0;
    offsets += (lane == 0 ? "" : ",") + (is_in ? std::to_string(sample.offsets[lane]) : "null");
    elements += (lane == 0 ? "" : ",") + quoted(sample.elements[lane]);
  }
  std::string out =
      format(R"({"space": "%s", "kind": "%s", "launch": %llu, "block": %llu, "warp": %u, "bytes": %u)",
             is_shared ? "shared" : "global", kKinds[static_cast<int>(sample.kind)],
             static_cast<unsigned long long>(sample.launch), static_cast<unsigned long long>(sample.block),
             sample.warp, sample.bytes);
  out += ", \"memory\": " + quoted(sample.memory) + ", \"inlined_into\": " + json(sample.inlined_into);
  if (is_shared) {
    out += format(", \"wavefronts\": %u, \"ideal\": %u", sample.cost, sample.ideal);
    if (!sample.memory.empty()) out += ", \"elements\": [" + elements + "]";
  } else {
    out += format(", \"memory_bytes\": %llu, \"begins_at\": %llu, \"sectors\": %u",
                  static_cast<unsigned long long>(sample.memory_bytes),
                  static_cast<unsigned long long>(sample.memory_begin % 128), sample.cost);
  }
  return out + ", \"offsets\": [" + offsets + "]}";
}

std::string json(const LineProfile& line, const std::string& source) {
  std::string samples;
  for (const RequestSample& sample : line.samples)
    samples += (samples.empty() ? "\n   " : ",\n   ") + json(sample);
  return "{\"file\": " + quoted(line.file) + ", \"line\": " + std::to_string(line.line) +
         ", \"source\": " + quoted(source) + ", \"inlined_into\": " + json(line.inlined_into) +
         ", \"counts\": " + json(line.counts) + ", \"samples\": [" + samples + "]}";
}

std::string json(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    const FindingAbout& kind = about(finding.kind);
    out += (out.empty() ? "\n  {\"kind\": " : ",\n  {\"kind\": ") + quoted(std::string(kind.name)) +
           ", \"file\": " + quoted(finding.file) + ", \"line\": " + std::to_string(finding.line) +
           format(", \"weight\": %.4f", finding.weight) + ", \"text\": " + quoted(finding.text) +
           ", \"chapter\": " + quoted(std::string(kind.chapter)) + "}";
  }
  return "[" + out + "]";
}

std::string in_csv(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace

std::string profile_json(const std::vector<KernelProfile>& kernels, const RaceFindings* races) {
  Sources sources;
  std::string out = "{\n\"version\": 1,\n\"nsight\": {";
  bool first = true;
  for (const CounterName& counter : counter_names()) {
    if (*counter.nsight == '\0') continue;
    out += (first ? "" : ", ") + quoted(counter.name) + ": " + quoted(counter.nsight);
    first = false;
  }
  out += "},\n\"kernels\": [";
  for (const KernelProfile& kernel : kernels) {
    if (&kernel != kernels.data()) out += ",";
    out += "\n{\"name\": " + quoted(kernel.name) + ", \"file\": " + quoted(kernel.file) +
           ", \"line\": " + std::to_string(kernel.line) +
           ", \"launches\": " + std::to_string(kernel.launches) + ", \"grid\": " + json(kernel.grid) +
           ", \"block\": " + json(kernel.block) + ", \"blocks\": " + std::to_string(kernel.blocks) +
           ", \"traced_blocks\": " + std::to_string(kernel.traced_blocks) +
           ", \"traced_warps\": " + std::to_string(kernel.traced_warps) +
           ",\n \"gpu\": " + quoted(kernel.gpu) +
           ", \"footprint_bytes\": " + std::to_string(kernel.footprint_bytes) +
           ", \"knows_flops\": " + (kernel.knows_flops ? "true" : "false") +
           ",\n \"needs\": " + json(kernel.needs, kernel.registers_from) +
           ",\n \"roofline\": " + json(roofline_of(kernel)) + ",\n \"findings\": " + json(findings(kernel)) +
           ",\n \"total\": " + json(kernel.total) + ",\n \"lines\": [";
    for (const LineProfile& line : kernel.lines) {
      if (&line != kernel.lines.data()) out += ",";
      out += "\n  " + json(line, sources.at(line.file, line.line));
    }
    out += "]}";
  }
  return out + "]" + (races == nullptr ? "" : ",\n\"races\": " + races_json(*races)) + "\n}\n";
}

std::string profile_json(const std::vector<NamedProfile>& profiles) {
  std::string out;
  for (const NamedProfile& profile : profiles) {
    out += (out.empty() ? "\n{\"name\": " : ",\n{\"name\": ") + quoted(profile.name) +
           ", \"profile\": " + profile_json(profile.kernels, profile.races ? &*profile.races : nullptr) + "}";
  }
  return "{\n\"version\": 1,\n\"profiles\": [" + out + "]\n}\n";
}

std::string profile_csv(const std::vector<KernelProfile>& kernels) {
  std::string out = "kernel,file,line";
  for (const CounterName& counter : counter_names()) out += std::string(",") + counter.name;
  out += "\n";
  for (const KernelProfile& kernel : kernels) {
    for (const LineProfile& line : kernel.lines) {
      out += in_csv(kernel.name) + "," + in_csv(line.file) + "," + std::to_string(line.line);
      for (const CounterName& counter : counter_names()) {
        out += "," + std::to_string(line.counts.*counter.value);
      }
      out += "\n";
    }
  }
  return out;
}

}  // namespace gridstride::emulator
