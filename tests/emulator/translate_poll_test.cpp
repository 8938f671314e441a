// Loops without a body poll for another thread, which must get its turn.
#include <gtest/gtest.h>

#include "tests/emulator/translate_text.hpp"

namespace gridstride::translator {
namespace {

const std::string kPoll = "E::detail::spin_point();";

std::string in_device_function(const std::string& body) {
  const std::string whole = translated("__device__ void f(volatile int* p) { " + body + " }");
  const std::string head = "void f(volatile int* p) { ";
  return whole.substr(0, head.size()) == head ? whole.substr(head.size(), whole.size() - head.size() - 2)
                                              : whole;
}

TEST(Poll, EmptyLoopsLetOthersRun) {
  EXPECT_EQ(in_device_function("while (*p == 0);"), "while (*p == 0) " + kPoll);
  EXPECT_EQ(in_device_function("while (*p == 0) {}"), "while (*p == 0) {" + kPoll + "}");
  EXPECT_EQ(in_device_function("for (; *p == 0; );"), "for (; *p == 0; ) " + kPoll);
  EXPECT_EQ(in_device_function("do {} while (*p == 0);"), "do {" + kPoll + "} while (*p == 0);");
  EXPECT_EQ(in_device_function("do ; while (*p == 0);"), "do " + kPoll + " while (*p == 0);");
  EXPECT_EQ(in_device_function("if (a) while (*p);"), "if (a) while (*p) " + kPoll);
  EXPECT_EQ(in_device_function("f(); while (*p);"), "f(); while (*p) " + kPoll);
}

TEST(Poll, OtherLoopsStayAsTheyAre) {
  for (const char* body :
       {"do { f(); } while (*p);", "do f(); while (*p);", "do if (a) f(); while (*p);", "while (*p) f();",
        "while (*p) { f(); }", "for (int i = 0; i < 3; ++i) p[i] = 0;"}) {
    EXPECT_EQ(in_device_function(body), body);
  }
}

TEST(Poll, HostCodeStaysAsItIs) {
  EXPECT_EQ(translated("void f(int* p) { while (*p); }"), "void f(int* p) { while (*p); }");
}

}  // namespace
}  // namespace gridstride::translator
