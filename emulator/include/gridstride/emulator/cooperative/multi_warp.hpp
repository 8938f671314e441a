/// Tiles of more than one warp. Their threads meet in shared memory, as they do on a GPU.
#pragma once

#include <algorithm>

#include "gridstride/emulator/cooperative/groups.hpp"
#include "gridstride/emulator/shared.hpp"

namespace cooperative_groups {

/// What a GPU needs for such tiles in blocks of up to `Threads`; the emulator keeps its own.
template <unsigned Threads = 1024>
struct block_tile_memory {
  unsigned char reserved[16];
};

template <unsigned Threads>
thread_block this_thread_block(block_tile_memory<Threads>&) {
  return {};
}

/// `Size` neighbouring threads of the block: 64, 128, 256, 512 or 1024.
template <unsigned Size, class Parent>
requires(Size > 32) class thread_block_tile<Size, Parent> {
  static_assert(Size <= 1024 && (Size & (Size - 1)) == 0, "tiles have a power of two of threads, up to 1024");

 public:
  explicit thread_block_tile(unsigned parent_rank, unsigned parent_threads)
      : meta_rank_(parent_rank / Size), meta_size_((parent_threads + Size - 1) / Size) {}
  template <class Other>
  thread_block_tile(const thread_block_tile<Size, Other>& other)
      : meta_rank_(other.meta_group_rank()), meta_size_(other.meta_group_size()) {}

  static constexpr unsigned num_threads() { return Size; }
  static constexpr unsigned size() { return Size; }
  static unsigned thread_rank() { return lanes::block_rank() % Size; }
  unsigned meta_group_rank() const { return meta_rank_; }
  unsigned meta_group_size() const { return meta_size_; }

  static void sync() {
    Meeting& meeting = gridstride::emulator::shared<Meetings, Meetings>().of_tile[tile()];
    // Atomic, for whoever looks for races: the threads of a block do not run at once.
    const unsigned generation = __atomic_load_n(&meeting.generation, __ATOMIC_ACQUIRE);
    if (__atomic_add_fetch(&meeting.last_arrival, 1, __ATOMIC_ACQ_REL) == populated() - 1) {
      __atomic_store_n(&meeting.last_arrival, kNobody, __ATOMIC_RELEASE);
      __atomic_store_n(&meeting.generation, generation + 1, __ATOMIC_RELEASE);
    }
    while (__atomic_load_n(&meeting.generation, __ATOMIC_ACQUIRE) == generation) __nanosleep(0);
  }

  template <class T>
  static T shfl(const T& value, int rank) {
    return all_values(value,
                      [rank](const T* of_rank) { return of_rank[static_cast<unsigned>(rank) % Size]; });
  }
  static int any(int predicate) {
    return all_values(predicate != 0, [](const bool* of_rank) {
      return std::find(of_rank, of_rank + populated(), true) != of_rank + populated();
    });
  }
  static int all(int predicate) { return !any(!predicate); }

  /// In order of the ranks, so that all of them get the same bits.
  template <class T, class Op>
  static T gridstride_reduce(const T& value, Op op) {
    return all_values(value, [op](const T* of_rank) {
      T sum = of_rank[0];
      for (unsigned i = 1; i < populated(); ++i) sum = op(sum, of_rank[i]);
      return sum;
    });
  }

 private:
  static constexpr unsigned kNobody = ~0u;  // which is what shared memory starts with
  struct Meeting {
    unsigned last_arrival, generation;
  };
  struct Meetings {
    Meeting of_tile[1024 / Size];
  };
  template <class T>
  struct Values {
    T of_tile[1024 / Size][Size];
  };

  static unsigned tile() { return lanes::block_rank() / Size; }
  static unsigned populated() { return std::min(Size, lanes::block_threads() - tile() * Size); }

  /// `f` of what all threads brought.
  template <class T, class F>
  static auto all_values(const T& value, F f) {
    T* of_rank = gridstride::emulator::shared<Values<T>, Values<T>>().of_tile[tile()];
    of_rank[thread_rank()] = value;
    sync();
    const auto result = f(of_rank);
    sync();
    return result;
  }

  unsigned meta_rank_, meta_size_;
};

template <unsigned Size, class Parent, class T, class Op>
requires(Size > 32) T reduce(const thread_block_tile<Size, Parent>& tile, T value, Op op) {
  return tile.gridstride_reduce(value, op);
}

}  // namespace cooperative_groups
