/// Profiles as text.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <fstream>
#include <map>
#include <utility>

#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {
namespace {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  char text[512];
  va_list values;
  va_start(values, pattern);
  std::vsnprintf(text, sizeof text, pattern, values);
  va_end(values);
  return text;
}

double ratio(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b);
}

constexpr std::uint64_t kSectorBytes = 32;

std::string text(dim3 v) { return format("(%u,%u,%u)", v.x, v.y, v.z); }

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

/// The lines of source files, read once.
class Sources {
 public:
  std::string at(const std::string& file, unsigned line) {
    const auto [found, is_new] = files_.try_emplace(file);
    if (is_new) {
      std::ifstream in(file);
      for (std::string text; std::getline(in, text);) found->second.push_back(text);
    }
    return line == 0 || line > found->second.size() ? std::string() : found->second[line - 1];
  }

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

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
std::string occupancy(const BlockNeeds& needs) {
  const Occupancy now = occupancy_of(needs);
  const std::string registers = needs.registers == 0
                                    ? "registers unknown: give --registers N, or GRIDSTRIDE_REGISTERS"
                                    : format("%u registers a thread", needs.registers);
  std::string out = format(
      "  occupancy       %.0f %%: %u blocks of %u threads, limited by %s; %s bytes of shared memory, %s\n",
      now.percent(), now.blocks, needs.threads, now.limit, grouped(needs.shared_bytes).c_str(),
      registers.c_str());
  const auto percent_with = [](const BlockNeeds& other) {
    return format("%.0f %%", occupancy_of(other).percent());
  };
  out += "  what if         blocks of";
  for (unsigned threads = 64; threads <= 1024; threads *= 2) {
    out += format(" %u: ", threads) + percent_with({threads, needs.shared_bytes, needs.registers}) +
           (threads < 1024 ? "," : "");
  }
  if (needs.registers > 8) {
    out += format("; %u registers: ", needs.registers - 8) +
           percent_with({needs.threads, needs.shared_bytes, needs.registers - 8});
  }
  if (needs.registers != 0) {
    out += format("; %u registers: ", needs.registers + 8) +
           percent_with({needs.threads, needs.shared_bytes, needs.registers + 8});
  }
  if (needs.shared_bytes != 0) {
    out +=
        "; half the shared memory: " + percent_with({needs.threads, needs.shared_bytes / 2, needs.registers});
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
  out += roofline(kernel) + occupancy(kernel.needs);
  out += format(
      "  warps           %.2f active lanes at an instruction; %.2f %% of the basic blocks diverged; "
      "%.2f barriers a warp\n",
      ratio(c.lanes, c.instructions), 100 * ratio(c.divergent_steps, c.steps),
      ratio(c.block_barriers, kernel.traced_warps));
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += format("\\u%04x", c);
    } else {
      out += c;
    }
  }
  return out + '"';
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

std::string json(const BlockNeeds& needs) {
  std::string what_if;
  for (unsigned threads = 64; threads <= 1024; threads *= 2) {
    what_if += format("%s{\"threads\": %u, \"occupancy\": ", threads == 64 ? "" : ", ", threads) +
               json(occupancy_of({threads, needs.shared_bytes, needs.registers})) + "}";
  }
  return format("{\"threads\": %u, \"shared_bytes\": %zu, \"registers\": %s, \"occupancy\": ", needs.threads,
                needs.shared_bytes, needs.registers == 0 ? "null" : std::to_string(needs.registers).c_str()) +
         json(occupancy_of(needs)) + ", \"what_if\": [" + what_if + "]}";
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

std::string json(const LineProfile& line, const std::string& source) {
  std::string inlined;
  for (const std::string& place : line.inlined_into) {
    inlined += (inlined.empty() ? "" : ", ") + quoted(place);
  }
  return "{\"file\": " + quoted(line.file) + ", \"line\": " + std::to_string(line.line) +
         ", \"source\": " + quoted(source) + ", \"inlined_into\": [" + inlined +
         "], \"counts\": " + json(line.counts) + "}";
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
    out += kernel.name + " (" + kernel.file + ":" + std::to_string(kernel.line) + "), " +
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
    out += summary(kernel) + kHead;
    std::string file;
    for (const LineProfile& line : kernel.lines) {
      if (line.file != file) out += (line.file.empty() ? "(line unknown)" : line.file) + "\n";
      file = line.file;
      out += format("%6u  ", line.line) + row(line.counts) + "  " + sources.at(line.file, line.line) + "\n";
    }
    out += "\n";
  }
  return out;
}

std::string profile_json(const std::vector<KernelProfile>& kernels) {
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
           ",\n \"needs\": " + json(kernel.needs) + ",\n \"roofline\": " + json(roofline_of(kernel)) +
           ",\n \"total\": " + json(kernel.total) + ",\n \"lines\": [";
    for (const LineProfile& line : kernel.lines) {
      if (&line != kernel.lines.data()) out += ",";
      out += "\n  " + json(line, sources.at(line.file, line.line));
    }
    out += "]}";
  }
  return out + "]\n}\n";
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
