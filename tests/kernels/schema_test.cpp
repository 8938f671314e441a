// What a user may type for an operation's fields.
#include "kernels/core/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gridstride {
namespace {

enum class Colour { red, green };

struct Args {
  int64_t n = 3;
  float p = 0.5f;
  bool on = false;
  Colour colour = Colour::red;
  const float* x = nullptr;
};

class SchemaTest : public ::testing::Test {
 protected:
  SchemaTest() {
    schema_.dim("n", args_.n, "").real("p", args_.p, "").flag("on", args_.on, "");
    schema_.choice("colour", args_.colour, {"red", "green"}, "").input("x", args_.x, args_.n);
  }
  Field& field(std::string_view name) {
    return *std::ranges::find(schema_.fields, name, [](const Field& f) { return std::string_view(f.name); });
  }
  std::string refusal(std::string_view name, const std::string& text) {
    try {
      field(name).parse(text);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "taken";
  }

  Args args_;
  Schema schema_;
};

TEST_F(SchemaTest, ParsesAndShowsEveryKindOfField) {
  field("n").parse("9000000000");
  field("p").parse("0.25");
  field("on").parse("1");
  field("colour").parse("green");
  EXPECT_EQ(args_.n, 9000000000);
  EXPECT_EQ(args_.p, 0.25f);
  EXPECT_TRUE(args_.on);
  EXPECT_EQ(args_.colour, Colour::green);
  EXPECT_EQ(field("n").show(), "9000000000");
  EXPECT_EQ(field("p").show(), "0.25");
  EXPECT_EQ(field("on").show(), "1");
  EXPECT_EQ(field("colour").show(), "green");
}

TEST_F(SchemaTest, RefusesWhatIsNotWhollyANumber) {
  for (const std::string text : {"", "x", "12x", " 12", "1.5", "1e3"}) {
    EXPECT_EQ(refusal("n", text), "--n wants a whole number, got '" + text + "'");
  }
  EXPECT_EQ(refusal("n", "99999999999999999999"),
            "--n wants a whole number that 64 bits can hold, got '99999999999999999999'");
  EXPECT_EQ(refusal("p", "half"), "--p wants a number, got 'half'");
  EXPECT_EQ(refusal("on", "yes"), "--on wants 0|1, got 'yes'");
  EXPECT_EQ(refusal("colour", "blue"), "--colour wants red|green, got 'blue'");
  EXPECT_EQ(args_.n, 3);
}

TEST_F(SchemaTest, BindsOperands) {
  float data = 0;
  EXPECT_EQ(schema_.operands.front().elems, 3);
  EXPECT_EQ(schema_.operands.front().dtype, Dtype::f32);
  schema_.operands.front().bind(&data);
  EXPECT_EQ(args_.x, &data);
}

}  // namespace
}  // namespace gridstride
