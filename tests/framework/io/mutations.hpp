#pragma once

#include <random>
#include <string>

namespace gridstride::tests {

/// One random act of damage to a file: bits, bytes, cuts, growth, moved and repeated pieces.
inline std::string mutate(std::string bytes, std::mt19937& random) {
  const auto pick = [&random](size_t below) { return below ? random() % below : 0; };
  for (size_t acts = 1 + pick(3); acts > 0; --acts) {
    const size_t at = pick(bytes.size());
    const size_t length = pick(std::min<size_t>(bytes.size() - at, 16) + 1);
    switch (pick(7)) {
      case 0:
        if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << pick(8)));
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = static_cast<char>(pick(256));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.erase(at, length);
        break;
      case 4:
        bytes.insert(at, bytes.substr(at, length));
        break;
      case 5:
        bytes.insert(at, std::string(length, static_cast<char>(pick(256))));
        break;
      case 6:
        bytes += std::string(1 + pick(16), static_cast<char>(pick(256)));
        break;
    }
  }
  return bytes;
}

}  // namespace gridstride::tests
