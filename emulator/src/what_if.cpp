#include "what_if.hpp"

namespace gridstride::emulator {

std::vector<WhatIf> what_if(const BlockNeeds& needs) {
  constexpr unsigned kStep = 8, kMost = 255;  // registers are given out in steps of eight
  std::vector<WhatIf> all;
  for (unsigned threads = 64; threads <= 1024; threads *= 2) {
    all.push_back({std::to_string(threads) + " threads", {threads, needs.shared_bytes, needs.registers}});
  }
  const auto with_registers = [&](unsigned registers) {
    all.push_back({std::to_string(registers) + " registers", {needs.threads, needs.shared_bytes, registers}});
  };
  if (needs.registers > kStep) with_registers(needs.registers - kStep);
  if (needs.registers != 0 && needs.registers + kStep <= kMost) with_registers(needs.registers + kStep);
  if (needs.shared_bytes != 0) {
    all.push_back({"half the shared memory", {needs.threads, needs.shared_bytes / 2, needs.registers}});
  }
  return all;
}

}  // namespace gridstride::emulator
