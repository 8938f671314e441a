#include "gridstride/emulator/findings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "gpus.hpp"
#include "profile_words.hpp"
#include "symbols.hpp"

namespace gridstride::emulator {
namespace {

/// From where on a finding is told, and why there.
constexpr double kTold = 0.05;        // what spares less than a twentieth is not worth a learner's first look
constexpr double kUncoalesced = 4;    // times the sectors needed: three quarters of what moves is for nothing
constexpr double kUnused = 1.5;       // times the sectors needed: more than an unlucky begin and end of a row
constexpr double kExtraSector = 0.5;  // misaligned: every second request at least has a sector too many
constexpr double kConflicts = 0.25;   // of the ideal wavefronts: some stray pairs of lanes are no pattern
constexpr double kTurns = 2;          // lanes on one address: the others of the warp wait at least once
constexpr double kUneven = 2;         // times the mean's work: half of the warps' time is waiting, or more
constexpr double kMissing = 0.25;     // of all lanes at accesses, on one line: more than a block's last store
constexpr double kNarrow = 2. / 3;    // of all requests: then the kernel waits for issuing them
constexpr double kTimes = 4;          // the same bytes asked for: two or three may be what the formula says
constexpr double kPerLoad = 4;   // operations for a load of shared memory; half of what keeps both units busy
constexpr unsigned kSteps = 16;  // basic blocks per access, from which on a kernel is one that computes
constexpr unsigned kWidest = 16;  // bytes that one instruction moves for a lane
constexpr std::uint64_t kSectorBytes = 32;
constexpr unsigned kWarp = 32;

/// Collects what is found, one finding of a kind for a line.
class Found {
 public:
  explicit Found(const KernelProfile& kernel) : kernel_(kernel) {}

  /// Of several on a line the heaviest gives the words.
  void add(FindingKind kind, const LineProfile& line, const std::vector<std::string>& inlined_into,
           double weight, const std::string& words) {
    Finding finding{kind, line.file, line.line, weight, {}};
    std::string through;
    if (!inlined_into.empty()) {
      const auto [file, at] = file_line(inlined_into.back());
      through = format(" (through %s:%u)", name_of(line.file).c_str(), line.line);
      finding.file = file;
      finding.line = at;
    }
    const bool is_elsewhere = name_of(finding.file) != name_of(kernel_.file);
    finding.text = format("%s%u%s: ", is_elsewhere ? (name_of(finding.file) + ":").c_str() : "line ",
                          finding.line, through.c_str()) +
                   words;
    const auto same = std::ranges::find_if(all_, [&](const Finding& other) {
      return other.kind == kind && other.file == finding.file && other.line == finding.line;
    });
    if (same == all_.end()) {
      heaviest_.push_back(weight);
      all_.push_back(std::move(finding));
      return;
    }
    same->weight += weight;
    double& heaviest = heaviest_[static_cast<std::size_t>(same - all_.begin())];
    if (weight > heaviest) heaviest = weight, same->text = finding.text;
  }
  void add(FindingKind kind, double weight, const std::string& words) {
    all_.push_back({kind, kernel_.file, kernel_.line, weight, words});
    heaviest_.push_back(weight);
  }

  std::vector<Finding> take() {
    std::erase_if(all_, [](const Finding& finding) { return finding.weight < kTold; });
    std::ranges::stable_sort(all_, std::ranges::greater{}, &Finding::weight);
    for (Finding& finding : all_) {
      const FindingAbout& kind = about(finding.kind);
      finding.text += ". " + std::string(kind.cure);
      finding.text += kind.chapter.empty() ? "; docs/counters.md explains it."
                                           : "; chapters/" + std::string(kind.chapter) + " shows it.";
    }
    return std::move(all_);
  }

 private:
  const KernelProfile& kernel_;
  std::vector<Finding> all_;
  std::vector<double> heaviest_;
};

bool is_in_a_row(const AccessProfile& access) { return access.stride && *access.stride == access.bytes; }

/// "neighbouring threads are 4,096 bytes apart"
std::string apart(const AccessProfile& access) {
  if (!access.stride) return "the addresses of neighbouring threads follow no common step";
  if (is_in_a_row(access)) return "neighbouring threads take neighbouring addresses, but in short rows";
  if (*access.stride == 0) return "many threads ask for the same address, but the others lie apart";
  return format("neighbouring threads are %s bytes apart%s",
                grouped(static_cast<std::uint64_t>(std::abs(*access.stride))).c_str(),
                *access.stride < 0 ? ", backwards" : "");
}

/// Sectors that requests for global memory move beyond those that their bytes would fill.
void find_sectors(Found& found, const KernelProfile& kernel, const LineProfile& line,
                  const AccessProfile& access) {
  const Counts& c = access.counts;
  const std::uint64_t requests = c.global_requests(), sectors = c.global_sectors();
  if (requests == 0) return;
  const std::uint64_t needed = std::max(requests, (c.global_bytes() + kSectorBytes - 1) / kSectorBytes);
  if (sectors <= needed) return;
  const auto add = [&](FindingKind kind, const std::string& why) {
    const char* what = c.load_requests != 0 ? "loads" : c.store_requests != 0 ? "stores" : "atomics";
    found.add(
        kind, line, access.inlined_into, ratio(sectors - needed, kernel.total.global_sectors()),
        format("%s of %u bytes move %.1f sectors per request where %.1f would hold what is asked for: %s",
               what, access.bytes, ratio(sectors, requests), ratio(needed, requests), why.c_str()));
  };
  // A row from which lanes are missing has as many sectors as one that is whole.
  const std::uint64_t whole = requests * access.bytes * kWarp / kSectorBytes;
  const double times = ratio(sectors, is_in_a_row(access) ? std::max(needed, whole) : needed);
  if (times >= kUncoalesced) {
    add(c.load_requests != 0 ? FindingKind::uncoalesced_load : FindingKind::uncoalesced_store, apart(access));
  } else if (times >= kUnused) {
    add(FindingKind::unused_bytes, apart(access));
  } else if (is_in_a_row(access) && sectors >= whole && ratio(sectors - whole, requests) >= kExtraSector) {
    add(FindingKind::misaligned_access,
        "neighbouring threads take neighbouring addresses, but their rows begin or end inside of a sector");
  }
}

void find_conflicts(Found& found, const KernelProfile& kernel, const LineProfile& line,
                    const AccessProfile& access) {
  const Counts& c = access.counts;
  const std::uint64_t wavefronts = c.shared_wavefronts(), conflicts = c.conflicts();
  if (conflicts == 0 || ratio(conflicts, wavefronts - conflicts) < kConflicts) return;
  const char* what = c.shared_load_requests != 0    ? "loads"
                     : c.shared_store_requests != 0 ? "stores"
                                                    : "atomics";
  found.add(
      FindingKind::bank_conflicts, line, access.inlined_into,
      ratio(conflicts, kernel.total.shared_wavefronts()),
      format("%u-byte %s of shared memory take %.1f wavefronts per request where %.1f would do: %s, and meet "
             "on the same banks",
             access.bytes, what, ratio(wavefronts, c.shared_requests()),
             ratio(wavefronts - conflicts, c.shared_requests()), apart(access).c_str()));
}

void find_turns(Found& found, const KernelProfile& kernel, const LineProfile& line,
                const AccessProfile& access) {
  const Counts& c = access.counts;
  const std::uint64_t requests = c.atomic_requests + c.shared_atomic_requests;
  if (requests == 0 || ratio(c.atomic_turns, requests) < kTurns) return;
  const std::uint64_t waits = c.atomic_turns - requests;
  found.add(
      FindingKind::atomic_contention, line, access.inlined_into,
      ratio(waits, kernel.total.memory_requests() + waits),
      format("%.1f lanes of a warp meet on one address in each atomic, and go there one after the other",
             ratio(c.atomic_turns, requests)));
}

/// Requests for less than an instruction could move, by lanes that stand in a row.
bool is_narrow(const AccessProfile& access) {
  return is_in_a_row(access) && access.bytes < kWidest &&
         access.counts.load_requests + access.counts.store_requests != 0;
}

void find_narrow(Found& found, const KernelProfile& kernel) {
  const LineProfile* line = nullptr;  // with the most of them
  const AccessProfile* most = nullptr;
  std::uint64_t narrow = 0, lines = 0;
  double spared = 0;
  for (const LineProfile& here : kernel.lines) {
    const std::uint64_t before = narrow;
    for (const AccessProfile& access : here.accesses) {
      if (!is_narrow(access)) continue;
      const std::uint64_t requests = access.counts.global_requests();
      narrow += requests;
      spared += static_cast<double>(requests) * (1 - static_cast<double>(access.bytes) / kWidest);
      if (most == nullptr || requests > most->counts.global_requests()) line = &here, most = &access;
    }
    lines += narrow != before;
  }
  const std::uint64_t all = kernel.total.memory_requests();
  if (most == nullptr || ratio(narrow, all) < kNarrow) return;
  const std::string where = lines == 1
                                ? ""
                                : format(" (here and in %llu more line%s)",
                                         static_cast<unsigned long long>(lines - 1), lines == 2 ? "" : "s");
  found.add(
      FindingKind::narrow_access, *line, most->inlined_into, spared / static_cast<double>(all),
      format("%.0f %% of the kernel's requests to memory%s ask for %u bytes a lane, in a row, where one may "
             "ask for %u",
             100 * ratio(narrow, all), where.c_str(), most->bytes, kWidest));
}

/// The line that asks memory for the most, by this counter.
const LineProfile* busiest(const KernelProfile& kernel, std::uint64_t Counts::*counter) {
  const auto most = std::ranges::max_element(kernel.lines, {},
                                             [&](const LineProfile& line) { return line.counts.*counter; });
  return most == kernel.lines.end() || most->counts.*counter == 0 ? nullptr : &*most;
}

/// The same bytes, again and again, for few operations each time: more of them should wait for it in shared
/// memory or registers.
void find_re_reads(Found& found, const KernelProfile& kernel) {
  const Counts& c = kernel.total;
  const LineProfile* line = busiest(kernel, &Counts::load_bytes);
  if (line == nullptr || kernel.footprint_bytes == 0 || !kernel.knows_flops || c.flops() == 0) return;
  const double times = ratio(c.global_bytes(), kernel.footprint_bytes * kernel.launches);
  const double operations = ratio(c.flops(), c.global_bytes());
  const Gpu& gpu = modelled_gpu();
  const double balance = gpu.flops_per_second() / gpu.bytes_per_second();
  if (times < kTimes || operations >= balance) return;
  found.add(
      FindingKind::re_read, *line, line->inlined_into, 1 - 1 / times,
      format(
          "the kernel asks %.0f times for the same bytes, %.2f operations for each byte it asks for, where "
          "the %s computes %.1f in the time that one takes to arrive from memory",
          times, operations, gpu.title, balance));
}

void find_shared_traffic(Found& found, const KernelProfile& kernel) {
  const Counts& c = kernel.total;
  const LineProfile* line = busiest(kernel, &Counts::shared_load_requests);
  if (line == nullptr || !kernel.knows_flops || c.flops() == 0) return;
  if (ratio(c.shared_load_requests, c.memory_requests()) < kNarrow) return;
  const double per_load = ratio(c.flops(), kWarp * c.shared_load_requests);
  if (per_load >= kPerLoad) return;
  found.add(
      FindingKind::shared_traffic, *line, line->inlined_into, 1 - per_load / (2 * kPerLoad),
      format("a thread computes %.1f operations for each load from shared memory, which serves one request "
             "of a warp in the time of %.0f",
             per_load, 2 * kPerLoad));
}

std::uint64_t threads_of(const KernelProfile& kernel) {
  return std::uint64_t{kernel.block.x} * kernel.block.y * kernel.block.z;
}

/// Warps that ask memory for what few of their lanes want. Others have ended, or do something else.
void find_few_lanes(Found& found, const KernelProfile& kernel, const LineProfile& line) {
  const Counts& c = line.counts;
  const double missing = ratio(kWarp * c.instructions - c.lanes, kWarp * kernel.total.instructions);
  if (c.memory_requests() == 0 || missing < kMissing || threads_of(kernel) % kWarp != 0) return;
  found.add(
      FindingKind::divergence, line, line.inlined_into, missing,
      format("%.1f of a warp's 32 lanes take part in an access here; the others have ended or are elsewhere",
             ratio(c.lanes, c.instructions)));
}

void find_divergence(Found& found, const KernelProfile& kernel, const LineProfile& line) {
  const Counts& c = line.counts;
  if (c.divergent_steps == 0) return;
  // A short side of a branch that asks for nothing becomes a select.
  if (c.divergent == 0 && kernel.total.steps < kSteps * kernel.total.instructions) return;
  // Lanes that have ended are missing, too, but nobody waits for them.
  const std::uint64_t missing = std::min(kWarp * c.steps - c.step_lanes, kWarp * c.divergent_steps);
  found.add(
      FindingKind::divergence, line, line.inlined_into, ratio(missing, kWarp * kernel.total.steps),
      format("%.0f %% of the times that a warp comes here some of its lanes are elsewhere; %.1f of 32 go "
             "through it together",
             100 * ratio(c.divergent_steps, c.steps), ratio(c.step_lanes, c.steps)));
}

/// Warps that wait at a barrier for one that has more to do.
void find_imbalance(Found& found, const KernelProfile& kernel, const LineProfile& line) {
  const Counts& c = line.counts;
  if (c.barrier_work == 0 || c.imbalance() < kUneven) return;
  const Counts& all = kernel.total;
  found.add(FindingKind::barrier_imbalance, line, line.inlined_into,
            ratio(c.barrier_idle, all.instructions + all.steps + all.barrier_idle),
            format("the busiest warp of a block does %.1f times as much as its mean warp on the way to this "
                   "barrier, at which the others wait for it",
                   c.imbalance()));
}

void find_local(Found& found, const KernelProfile& kernel, const LineProfile& line) {
  const Counts& c = line.counts;
  // g++ keeps on the stack some of what nvcc keeps in registers, such as a float4 on its way to a store.
  const std::uint64_t requests = kernel.total.memory_requests();
  if (c.local_requests == 0 || 10 * c.local_requests < requests) return;
  found.add(
      FindingKind::local_memory, line, line.inlined_into, ratio(c.local_requests, requests),
      format("%s requests go to a thread's own variables in memory", grouped(c.local_requests).c_str()));
}

void find_empty_processors(Found& found, const KernelProfile& kernel) {
  if (kernel.launches == 0) return;
  const Gpu& gpu = modelled_gpu();
  const double blocks = ratio(kernel.blocks, kernel.launches);
  if (blocks >= gpu.processors) return;
  found.add(FindingKind::too_few_blocks, 1 - blocks / gpu.processors,
            format("%.0f block%s: the %s has %u multiprocessors, so %.0f of them have nothing to do", blocks,
                   blocks == 1 ? "" : "s", gpu.title, gpu.processors, gpu.processors - blocks));
}

void find_partial_warps(Found& found, const KernelProfile& kernel) {
  const std::uint64_t threads = threads_of(kernel);
  if (threads % kWarp == 0) return;
  const std::uint64_t lanes = (threads + kWarp - 1) / kWarp * kWarp;
  found.add(FindingKind::partial_warps, ratio(lanes - threads, lanes),
            format("blocks of %s threads fill their last warp with %u of 32 lanes", grouped(threads).c_str(),
                   static_cast<unsigned>(threads % kWarp)));
}

}  // namespace

std::vector<Finding> findings(const KernelProfile& kernel) {
  Found found(kernel);
  if (kernel.traced_blocks == 0) return {};
  find_empty_processors(found, kernel);
  find_partial_warps(found, kernel);
  find_narrow(found, kernel);
  find_re_reads(found, kernel);
  find_shared_traffic(found, kernel);
  for (const LineProfile& line : kernel.lines) {
    for (const AccessProfile& access : line.accesses) {
      find_sectors(found, kernel, line, access);
      find_conflicts(found, kernel, line, access);
      find_turns(found, kernel, line, access);
    }
    find_divergence(found, kernel, line);
    find_few_lanes(found, kernel, line);
    find_local(found, kernel, line);
    find_imbalance(found, kernel, line);
  }
  return found.take();
}

}  // namespace gridstride::emulator
