/// Profiles as text.
#include <sstream>
#include <utility>

#include "gridstride/emulator/findings.hpp"
#include "gridstride/emulator/profile.hpp"
#include "gridstride/emulator/races.hpp"
#include "profile_words.hpp"
#include "what_if.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::uint64_t kSectorBytes = 32;

std::string text(dim3 v) { return format("(%u,%u,%u)", v.x, v.y, v.z); }

// Columns of the table: empty where there is nothing to tell.
std::string number(std::uint64_t value) { return value == 0 ? "" : grouped(value); }
std::string quotient(std::uint64_t a, std::uint64_t b) { return b == 0 ? "" : format("%.2f", ratio(a, b)); }
std::string percent(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? "" : format("%.0f%%", 100 * ratio(a, b));
}

std::string row(const Counts& c) {
  return format("%13s %6s %6s %13s %6s %6s %13s %6s %11s", number(c.instructions).c_str(),
                quotient(c.lanes, c.instructions).c_str(),
                percent(c.divergent + c.divergent_steps, c.instructions + c.steps).c_str(),
                number(c.global_requests()).c_str(),
                quotient(c.global_sectors(), c.global_requests()).c_str(),
                percent(c.global_bytes(), kSectorBytes * c.global_sectors()).c_str(),
                number(c.shared_requests()).c_str(),
                quotient(c.shared_wavefronts(), c.shared_requests()).c_str(), number(c.conflicts()).c_str());
}

constexpr const char* kHead =
    "                 warp active diver-        global sector/  bytes        shared  wave/        bank\n"
    "  line   instructions  lanes   gent      requests    req.   used      requests   req.   conflicts\n";

/// How full a processor is, and how full it would be if the kernel took something else.
std::string occupancy(const KernelProfile& kernel) {
  const BlockNeeds& needs = kernel.needs;
  const Occupancy now = occupancy_of(needs);
  std::string registers = needs.registers == 0
                              ? "registers unknown: give --registers N, or GRIDSTRIDE_REGISTERS"
                              : format("%u registers a thread", needs.registers);
  if (!kernel.registers_from.empty()) registers += ", from " + kernel.registers_from;
  std::string out = format(
      "  occupancy       %.0f %%: %u block%s of %u threads, limited by %s; %s bytes of shared memory, %s\n",
      now.percent(), now.blocks, now.blocks == 1 ? "" : "s", needs.threads, now.limit,
      grouped(needs.shared_bytes).c_str(), registers.c_str());
  out += "  what if         ";
  const char* between = "";
  for (const auto& [change, other] : what_if(needs)) {
    out += std::exchange(between, ", ") + change + format(": %.0f %%", occupancy_of(other).percent());
  }
  return out + "\n";
}

std::string roofline(const KernelProfile& kernel) {
  constexpr double kTera = 1e12;
  const Roofline r = roofline_of(kernel);
  if (r.peak == 0) return {};
  return format(
      "  roofline        %.2f flop/byte, under the roof of %s (ridge at %.2f): at most %.2f TFLOP/s of %.2f "
      "on %s\n",
      r.intensity, r.memory_bound ? "memory" : "arithmetic", r.ridge, r.attainable / kTera, r.peak / kTera,
      kernel.gpu.c_str());
}

/// How unevenly the warps of a block arrive, over all barriers and at each.
std::string barriers(const KernelProfile& kernel) {
  if (kernel.total.barrier_work == 0) return {};
  std::string out = format(
      "  barriers        the busiest warp of a block does %.2f times the mean warp's work on the way to one",
      kernel.total.imbalance());
  std::string each;
  std::size_t lines = 0;
  for (const LineProfile& line : kernel.lines) {
    if (line.counts.barrier_work == 0) continue;
    const std::string place = line.file == kernel.file ? "line " : name_of(line.file) + ":";
    each +=
        format("%s %s%u %.2f", lines++ == 0 ? ":" : ",", place.c_str(), line.line, line.counts.imbalance());
  }
  return out + (lines > 1 ? each : "") + "\n";
}

std::string summary(const KernelProfile& kernel) {
  const Counts& c = kernel.total;
  std::string out;
  const auto global = [&](const char* what, std::uint64_t requests, std::uint64_t sectors,
                          std::uint64_t bytes) {
    if (requests == 0) return;
    out += format(
        "  global %-8s %s requests, %s sectors, %.2f a request; %s of the %s bytes moved were asked for\n",
        what, grouped(requests).c_str(), grouped(sectors).c_str(), ratio(sectors, requests),
        format("%.1f %%", 100 * ratio(bytes, kSectorBytes * sectors)).c_str(),
        grouped(kSectorBytes * sectors).c_str());
  };
  const auto shared = [&](const char* what, std::uint64_t requests, std::uint64_t wavefronts,
                          std::uint64_t ideal) {
    if (requests == 0) return;
    out += format("  shared %-8s %s requests, %s wavefronts, %s ideal: %s conflicts\n", what,
                  grouped(requests).c_str(), grouped(wavefronts).c_str(), grouped(ideal).c_str(),
                  grouped(wavefronts - ideal).c_str());
  };
  global("loads", c.load_requests, c.load_sectors, c.load_bytes);
  global("stores", c.store_requests, c.store_sectors, c.store_bytes);
  global("atomics", c.atomic_requests, c.atomic_sectors, c.atomic_bytes);
  shared("loads", c.shared_load_requests, c.shared_load_wavefronts, c.shared_load_ideal);
  shared("stores", c.shared_store_requests, c.shared_store_wavefronts, c.shared_store_ideal);
  shared("atomics", c.shared_atomic_requests, c.shared_atomic_wavefronts, c.shared_atomic_ideal);
  if (const std::uint64_t atomics = c.atomic_requests + c.shared_atomic_requests; atomics != 0) {
    out += format("  atomics         %.2f lanes of a warp on one address\n", ratio(c.atomic_turns, atomics));
  }
  if (c.local_requests != 0) {
    out += format("  local memory    %s requests, %s bytes\n", grouped(c.local_requests).c_str(),
                  grouped(c.local_bytes).c_str());
  }
  if (c.global_sectors() != 0) {
    out += format(
        "  caches          %.1f %% of loads found in L1, %.1f %% of the rest in L2; %s bytes from and to "
        "memory, for "
        "%s different ones (a model of %s)\n",
        100 * ratio(c.l1_hit_sectors, c.load_sectors), 100 * ratio(c.l2_hit_sectors, c.l2_sectors),
        grouped(c.dram_bytes()).c_str(), grouped(kernel.footprint_bytes).c_str(), kernel.gpu.c_str());
  }
  if (!kernel.knows_flops) {
    out += "  arithmetic      unknown: objdump (of binutils) is missing, or cannot read the program\n";
  } else if (c.flops() != 0) {
    out += "  arithmetic     ";
    for (const auto& [flops, precision] :
         {std::pair(c.fp16_flops, "fp16"), std::pair(c.fp32_flops, "fp32"), std::pair(c.fp64_flops, "fp64"),
          std::pair(c.tensor_flops, "tensor-core")}) {
      if (flops != 0) out += format(" %s %s flops", grouped(flops).c_str(), precision);
    }
    out += "\n";
  }
  out += roofline(kernel) + occupancy(kernel);
  out += format(
      "  warps           %.2f active lanes at an instruction; %.2f %% of the basic blocks diverged; "
      "%.2f barriers a warp\n",
      ratio(c.lanes, c.instructions), 100 * ratio(c.divergent_steps, c.steps),
      ratio(c.block_barriers, kernel.traced_warps));
  return out + barriers(kernel);
}

/// Each in a paragraph of lines that fit beside each other.
std::string in_words(const std::vector<Finding>& findings) {
  constexpr std::size_t kColumns = 110;
  std::string out;
  for (const Finding& finding : findings) {
    std::string row = "  *";
    std::istringstream words(finding.text);
    for (std::string word; words >> word; row += " " + word) {
      if (row.size() + 1 + word.size() <= kColumns) continue;
      out += row + "\n";
      row = "   ";
    }
    out += row + "\n";
  }
  return out;
}

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

std::string profile_table(const std::vector<KernelProfile>& kernels) {
  Sources sources;
  std::string out;
  for (const KernelProfile& kernel : kernels) {
    out += kernel.name + " (" + shown(kernel.file) + ":" + std::to_string(kernel.line) + "), " +
           grouped(kernel.launches) + (kernel.launches == 1 ? " launch" : " launches") + ", grid " +
           text(kernel.grid) + ", block " + text(kernel.block) + ", " +
           (kernel.traced_blocks == kernel.blocks
                ? "all " + grouped(kernel.blocks)
                : grouped(kernel.traced_blocks) + " of " + grouped(kernel.blocks)) +
           " blocks traced\n";
    if (kernel.lines.empty()) {
      out += "  nothing was counted\n\n";
      continue;
    }
    out += summary(kernel) + in_words(findings(kernel)) + kHead;
    std::string file;
    for (const LineProfile& line : kernel.lines) {
      if (line.file != file) out += (line.file.empty() ? "(line unknown)" : shown(line.file)) + "\n";
      file = line.file;
      out += format("%6u  ", line.line) + row(line.counts) + "  " + sources.at(line.file, line.line) + "\n";
    }
    out += "\n";
  }
  return out;
}

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
