#include "thread_locals.hpp"

#include <link.h>

namespace gridstride::emulator {

std::size_t thread_local_bytes() {
  static const std::size_t bytes = [] {
    std::size_t found = 0;
    const auto look = [](dl_phdr_info* info, std::size_t, void* data) {
      for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& segment = info->dlpi_phdr[i];
        if (segment.p_type != PT_TLS) continue;
        *static_cast<std::size_t*>(data) =
            (segment.p_memsz + segment.p_align - 1) / segment.p_align * segment.p_align;
      }
      return 1;  // the program comes first
    };
    dl_iterate_phdr(look, &found);
    return found;
  }();
  return bytes;
}

}  // namespace gridstride::emulator
