// What the table and the file say of arithmetic, caches, occupancy and the roof.
#include <gtest/gtest.h>

#include <regex>

#include "gridstride/emulator/gpu.hpp"
#include "gridstride/emulator/profile.hpp"

namespace gridstride::emulator {
namespace {

class ProfileText : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(choose_gpu("a100"));
    kernel_.name = "stream";
    kernel_.gpu = "NVIDIA A100-SXM4-80GB";
    kernel_.knows_flops = true;
    kernel_.needs = {256, 1024, 40};
    kernel_.footprint_bytes = 4096;
    Counts& c = kernel_.total;
    c.fp32_flops = 2048;
    c.load_requests = 32, c.load_sectors = 128, c.load_bytes = 4096;
    c.l1_hit_sectors = 32, c.l2_sectors = 96, c.l2_hit_sectors = 24, c.dram_sectors = 72;
    kernel_.lines.emplace_back();
  }
  void TearDown() override { choose_gpu("host"); }

  void expect(const std::string& text, const char* pattern) {
    EXPECT_TRUE(std::regex_search(text, std::regex(pattern))) << pattern << "\n" << text;
  }

  KernelProfile kernel_;
};

TEST_F(ProfileText, TellsTheRates) {
  const std::string table = profile_table({kernel_});
  expect(table, "arithmetic +2,048 fp32 flops\n");
  expect(table,
         "caches +25.0 % of loads found in L1, 25.0 % of the rest in L2; 2,304 bytes from and to memory");
  expect(table,
         "roofline +0.89 flop/byte, under the roof of memory \\(ridge at 9.56\\): at most 1.81 TFLOP/s of "
         "19.49");
  expect(table, "occupancy +75 %: 6 blocks of 256 threads, limited by registers; 1,024 bytes");
  expect(table, "what if +64 threads: .*, 1024 threads: 50 %, 32 registers: 100 %");
}

TEST_F(ProfileText, SaysWhoCountedTheRegisters) {
  expect(profile_table({kernel_}), ", 40 registers a thread\n");
  kernel_.registers_from = "ptxas for sm_80";
  expect(profile_table({kernel_}), ", 40 registers a thread, from ptxas for sm_80\n");
  expect(profile_json({kernel_}),
         "\"registers_from\": \"ptxas for sm_80\", \"what_if\": \\[\\{\"threads\": 64, ");
}

TEST_F(ProfileText, SaysWhatItDoesNotKnow) {
  kernel_.knows_flops = false;
  kernel_.needs.registers = 0;
  const std::string table = profile_table({kernel_});
  expect(table, "arithmetic +unknown: objdump");
  expect(table,
         "100 %: 8 blocks of 256 threads, limited by threads; .* registers unknown: give --registers N");
}

TEST_F(ProfileText, TheFileHasItAll) {
  const std::string json = profile_json({kernel_});
  expect(json, "\"fp32_flops\": 2048");
  expect(json, "\"footprint_bytes\": 4096");
  expect(json,
         "\"needs\": \\{\"threads\": 256, \"shared_bytes\": 1024, \"registers\": 40, "
         "\"occupancy\": \\{\"percent\": 75, \"blocks\": 6, \"warps\": 48, \"most_warps\": 64, \"limit\": "
         "\"registers\"");
  expect(json, "\"roofline\": \\{\"intensity\": 0.888889, .*\"bound\": \"memory\"\\}");
  kernel_.total.fp32_flops = 0;
  expect(profile_json({kernel_}), "\"roofline\": null");
}

}  // namespace
}  // namespace gridstride::emulator
