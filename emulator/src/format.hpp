/// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace gridstride::emulator {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...);
/// 1,234,567
std::string grouped(std::uint64_t value);

}  // namespace gridstride::emulator
