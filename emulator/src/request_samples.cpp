#include "request_samples.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "arena.hpp"
#include "memory.hpp"

namespace gridstride::emulator {
namespace {

constexpr std::uint64_t kLineBytes = 128;

bool is_earlier(const RequestSample& a, const RequestSample& b) {
  return std::tie(a.launch, a.block, a.warp) < std::tie(b.launch, b.block, b.warp);
}

/// `count` of them, the first and the last among these, and the costliest.
std::vector<RequestSample> some_of(const std::vector<RequestSample>& samples, std::size_t count) {
  if (samples.size() <= count) return samples;
  const auto costliest =
      static_cast<std::size_t>(std::ranges::max_element(samples, {}, &RequestSample::cost) - samples.begin());
  std::vector<std::size_t> chosen{costliest};
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const std::size_t at = i * (samples.size() - 1) / std::max<std::size_t>(count - 2, 1);
    if (at != costliest) chosen.push_back(at);
  }
  std::ranges::sort(chosen);
  std::vector<RequestSample> out;
  for (const std::size_t at : chosen) out.push_back(samples[at]);
  return out;
}

}  // namespace

void locate_global(RequestSample& sample, std::span<const Access> accesses) {
  const auto low = std::ranges::min_element(accesses, {}, &Access::address)->address;
  const auto high = std::ranges::max_element(accesses, {}, &Access::address)->address;
  Allocation allocation;
  sample.memory_begin = low / kLineBytes * kLineBytes;
  if (Memory::instance().find(reinterpret_cast<const void*>(low), allocation)) {
    const auto base = reinterpret_cast<std::uintptr_t>(allocation.base);
    if (high - base < allocation.bytes) {  // else the lanes are in several: told from the lowest
      sample.memory = allocation.kind == MemoryKind::Symbol ? "variable" : "buffer";
      sample.memory_begin = base;
      sample.memory_bytes = allocation.bytes;
    }
  }
  for (const Access& access : accesses) {
    sample.offsets[access.lane] = static_cast<std::int64_t>(access.address - sample.memory_begin);
  }
}

void locate_shared(RequestSample& sample, std::span<const Access> accesses, const Arena& arena) {
  for (const Access& access : accesses) {
    sample.offsets[access.lane] = static_cast<std::int64_t>(access.address);
    std::string& element = sample.elements[access.lane];
    element = arena.element(arena.at_window_offset(static_cast<std::uint32_t>(access.address)));
    const std::string variable = element.substr(0, element.find('['));
    if (sample.memory.empty()) sample.memory = variable;
  }
}

void merge(std::vector<RequestSample>& into, const std::vector<RequestSample>& samples) {
  if (samples.empty()) return;
  into.insert(into.end(), samples.begin(), samples.end());
  std::ranges::stable_sort(into, is_earlier);
  if (into.size() > kSamplesOfInstruction) into.resize(kSamplesOfInstruction);
}

void thin_out(std::vector<RequestSample>& samples) {
  using Form = std::tuple<RequestSample::Space, RequestSample::Kind, std::uint32_t, std::vector<std::string>>;
  std::map<Form, std::vector<RequestSample>> forms;
  for (RequestSample& sample : samples) {
    forms[{sample.space, sample.kind, sample.bytes, sample.inlined_into}].push_back(std::move(sample));
  }
  samples.clear();
  for (auto& [form, of] : forms) {
    std::ranges::stable_sort(of, is_earlier);
    for (RequestSample& sample : some_of(of, std::max<std::size_t>(2, kMostSamples / forms.size()))) {
      samples.push_back(std::move(sample));
    }
  }
}

void name_buffers(std::vector<LineProfile>& lines) {
  std::map<std::pair<std::string, std::uint64_t>, std::string> names;
  std::map<std::string, int> count;
  for (LineProfile& line : lines) {
    for (RequestSample& sample : line.samples) {
      if (sample.space == RequestSample::Space::Shared || sample.memory_bytes == 0) continue;
      std::string& name = names[{sample.memory, sample.memory_begin}];
      if (name.empty()) name = sample.memory + " " + std::to_string(++count[sample.memory]);
      sample.memory = name;
    }
  }
}

}  // namespace gridstride::emulator
