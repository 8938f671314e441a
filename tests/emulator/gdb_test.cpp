// A debugger at work in a kernel, as docs/emulator.md shows it.
#include "tests/emulator/cc_fixture.hpp"

namespace gridstride::driver {
namespace {

using Gdb = CcFixture;

TEST_F(Gdb, StopsInAKernelsLineAndShowsThreadLocalAndSharedArray) {
  if (kSanitized) GTEST_SKIP() << "AddressSanitizer's leak check cannot run under a debugger";
  if (shell("command -v gdb") != 0) GTEST_SKIP() << "gdb is not installed";
  const std::string source = GRIDSTRIDE_SOURCE_DIR "/docs/examples/block_sum.cu";
  ASSERT_EQ(shell("cc -g -G '" + source + "' -o block_sum"), 0) << messages_;
  ASSERT_EQ(shell("./block_sum"), 0) << messages_;
  EXPECT_EQ(output_, "2016\n6112\n10208\n14304\n");
  shell(
      "gdb -nx -q -batch -ex 'break block_sum.cu:10 if blockIdx.x == 2 && threadIdx.x == 5' -ex run"
      " -ex 'print threadIdx' -ex 'print stride' -ex 'print partial[5]' -ex 'print partial'"
      " -ex next -ex 'print partial[5]' ./block_sum");
  if (messages_.find("ptrace: Operation not permitted") != std::string::npos) {
    GTEST_SKIP() << "debuggers are not allowed here";
  }
  for (const char* seen : {"block_sum.cu:10", "$1 = {x = 5, y = 0, z = 0}", "$2 = 32", "$3 = 133",
                           "{288, 290, 292, 294, 296, 133, 134, ", "$5 = 298"}) {
    EXPECT_NE(output_.find(seen), std::string::npos) << seen << " is not in\n" << output_ << messages_;
  }
}

}  // namespace
}  // namespace gridstride::driver
