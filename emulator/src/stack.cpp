#include <sys/mman.h>
#include <unistd.h>

#include <new>

#include "fiber.hpp"

namespace gridstride::emulator {

Stack::Stack(std::size_t bytes, unsigned color) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  mapped_bytes_ = kGuardBytes + (bytes + 2 * page - 1) / page * page;
  void* mapping = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<char*>(mapping);
  if (mprotect(mapping_, kGuardBytes, PROT_NONE) != 0) {
    munmap(mapping_, mapped_bytes_);
    throw std::bad_alloc();
  }
  constexpr std::size_t kColorBytes = 320;  // five cache lines
  top_ = mapping_ + mapped_bytes_ - color * kColorBytes % page / 64 * 64;
}

Stack::~Stack() {
#if GRIDSTRIDE_ASAN
  __asan_unpoison_memory_region(low(), bytes());
#endif
  munmap(mapping_, mapped_bytes_);
}

}  // namespace gridstride::emulator
