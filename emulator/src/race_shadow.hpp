/// Who accessed each word of memory last: what a race is found by.
///
/// A word has room for a few accesses, chosen so that whoever races with one that was left out races with
/// one that was kept. Words that are accessed in parts have a cell for each byte.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace gridstride::emulator {

enum class AccessKind : unsigned { None, Read, Write, Atomic };

/// An access: by whom, when on its block's clock, where in the program.
struct Stamp {
  std::uint32_t block = 0;
  std::uint32_t time = 0;
  std::uint64_t counter : 48 = 0;
  std::uint64_t rank : 10 = 0;
  std::uint64_t kind_bits : 2 = 0;
  std::uint64_t is_volatile : 1 = 0;
  std::uint64_t is_under_way : 1 = 0;    // an asynchronous copy's, for which nobody has waited
  std::uint64_t is_last_update : 1 = 0;  // of its word: updates of one word stand in one order

  AccessKind kind() const { return static_cast<AccessKind>(kind_bits); }
  bool is_by_same_thread(const Stamp& other) const { return block == other.block && rank == other.rank; }
  bool is_like(const Stamp& other) const {
    return kind_bits == other.kind_bits && is_volatile == other.is_volatile;
  }
};
static_assert(sizeof(Stamp) == 16);

/// The accesses that are kept of a word or a byte; free places have no kind.
struct alignas(64) Cell {
  std::array<Stamp, 4> stamps;

  void add(const Stamp& fresh);
  /// Whether a read would change nothing: others of the same time stand for it, and whoever wrote did so
  /// before the barrier.
  bool has_around(const Stamp& read, std::uint32_t barrier) const;
};

class SpinLock {
 public:
  void lock() {
    while (taken_.test_and_set(std::memory_order_acquire)) {}
  }
  void unlock() { taken_.clear(std::memory_order_release); }

 private:
  std::atomic_flag taken_ = ATOMIC_FLAG_INIT;
};

enum class PageKind { Global, Shared, Local };

struct ShadowPage {
  static constexpr std::size_t kBytes = 4096;
  static constexpr std::size_t kWords = kBytes / 4;
  using Bytes = std::array<Cell, 4>;
  static constexpr std::int64_t kSplitBytes = sizeof(Bytes) + 4 * sizeof(void*);  // with its place in the map

  SpinLock lock;
  PageKind kind = PageKind::Global;
  std::atomic<std::int64_t>* left = nullptr;        // of the shadow's bytes
  std::unique_ptr<std::array<Cell, kWords>> words;  // none of a thread's own memory
  std::unordered_map<std::size_t, Bytes> split;
  std::array<std::uint64_t, kWords / 64> is_split{};

  /// The cells of a word of which `bytes` bytes from `first` on are accessed.
  template <class F>
  void for_cells(std::size_t word, std::size_t first, std::size_t bytes, F f) {
    const bool was_split = is_split[word / 64] >> word % 64 & 1;
    if (!was_split && bytes == 4) {
      f((*words)[word]);
      return;
    }
    if (!was_split) {
      if (left->fetch_sub(kSplitBytes, std::memory_order_relaxed) <= 0) return;  // it is full
      is_split[word / 64] |= std::uint64_t{1} << word % 64;
      split[word].fill((*words)[word]);
    }
    Bytes& cells = split[word];
    for (std::size_t i = first; i < first + bytes; ++i) f(cells[i]);
  }
};

/// The pages that a launch touched.
class Shadow {
 public:
  Shadow();
  /// Null where there are too many. A page's kind is asked for when it is first touched.
  template <class F>
  ShadowPage* page(std::uintptr_t number, F kind) {
    Shard& shard = shards_[number % kShards];
    const std::scoped_lock lock(shard.mutex);
    const auto [at, is_new] = shard.pages.try_emplace(number);
    if (is_new) at->second = make(kind());
    return at->second.get();
  }
  bool is_full() const { return left_.load(std::memory_order_relaxed) <= 0; }

 private:
  static constexpr std::size_t kShards = 64;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::uintptr_t, std::unique_ptr<ShadowPage>> pages;
  };
  std::unique_ptr<ShadowPage> make(PageKind kind);

  std::array<Shard, kShards> shards_;
  std::atomic<std::int64_t> left_;  // bytes
};

}  // namespace gridstride::emulator
