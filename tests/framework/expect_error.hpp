#pragma once

#include <gtest/gtest.h>

#include <string>

namespace gridstride::tests {

/// `call` must throw an E whose one line contains every one of `parts`.
template <class E, class Call>
void expect_error(Call call, std::initializer_list<const char*> parts) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const E& error) {
    const std::string line = error.what();
    for (const char* part : parts)
      EXPECT_NE(line.find(part), std::string::npos) << line << "\nlacks " << part;
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  }
}

}  // namespace gridstride::tests
