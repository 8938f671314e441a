// Shared variables: declarators of every kind, alignment, scopes, and lambdas that use them.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/emulator/translate_text.hpp"

namespace gridstride::translator {
namespace {

/// `declaration` translated within a function.
std::string in_function(const std::string& declaration) {
  const std::string out = translated("void f() { " + declaration + " }");
  return out.substr(11, out.size() - 13);
}

std::string tag(const std::string& name) { return "struct gridstride_shared_" + name + " {}; "; }

/// A static variable `name` whose type is written before it, around it and in the template argument.
std::string variable(const std::string& reference, const std::string& type, const std::string& name) {
  return tag(name) + reference + " = E::shared<" + type + ", gridstride_shared_" + name + ">();";
}

TEST(Shared, Scalars) {
  EXPECT_EQ(in_function("__shared__ int n;"), variable("int &n", "int", "n"));
  EXPECT_EQ(in_function("static __shared__ unsigned long long n;"),
            variable("unsigned long long &n", "unsigned long long", "n"));
  EXPECT_EQ(in_function("int __shared__ n;"), variable("int &n", "int", "n"));
  EXPECT_EQ(in_function("volatile __shared__ int n;"), variable("volatile int &n", "volatile int", "n"));
}

TEST(Shared, Arrays) {
  EXPECT_EQ(in_function("__shared__ float t[32][32 + 1];"),
            variable("float (&t)[32][32 + 1]", "float[32][32 + 1]", "t"));
  EXPECT_EQ(in_function("__shared__ T t[(A > B) ? 1 : 2];"),
            variable("T (&t)[((A > B) ? 1 : 2)]", "T[((A > B) ? 1 : 2)]", "t"));
}

TEST(Shared, SeveralDeclarators) {
  EXPECT_EQ(in_function("__shared__ T a[4], *b, c;"), variable("T (&a)[4]", "T[4]", "a") + ' ' +
                                                          variable("T * &b", "T *", "b") + ' ' +
                                                          variable("T &c", "T", "c"));
}

TEST(Shared, TypesWithNames) {
  EXPECT_EQ(in_function("__shared__ std::pair<A<int>, B<(1>0)>> p;"),
            variable("std::pair<A<int>, B<(1>0)>> &p", "std::pair<A<int>, B<(1>0)>>", "p"));
  EXPECT_EQ(in_function("__shared__ typename X<T>::template Y<U>::Z z;"),
            variable("typename X<T>::template Y<U>::Z &z", "typename X<T>::template Y<U>::Z", "z"));
  EXPECT_EQ(in_function("__shared__ decltype(a + b) d[2];"),
            variable("decltype(a + b) (&d)[2]", "decltype(a + b)[2]", "d"));
  EXPECT_EQ(in_function("__shared__ struct S s;"), variable("struct S &s", "struct S", "s"));
}

TEST(Shared, PointersToArraysAndFunctions) {
  EXPECT_EQ(in_function("__shared__ float (*row)[33];"), variable("auto& row", "float (*) [33]", "row"));
  EXPECT_EQ(in_function("__shared__ void (*fn)(int);"), variable("auto& fn", "void (*) ( int ) ", "fn"));
}

TEST(Shared, TypesDefinedInPlace) {
  EXPECT_EQ(in_function("__shared__ struct S { int a[2]; } s;"),
            "struct S { int a[2]; }; " + variable("S &s", "S", "s"));
  const std::string unnamed = in_function("__shared__ volatile union { int a; } s;");
  EXPECT_EQ(unnamed.find("union gridstride_type_"), 0u) << unnamed;
  EXPECT_NE(unnamed.find("{ int a; }; struct gridstride_shared_s {}; volatile gridstride_type_"),
            std::string::npos);
}

TEST(Shared, Alignment) {
  const std::string rest =
      "char (&c)[8] = E::shared<char[8], gridstride_shared_c, alignof(gridstride_shared_c)>();";
  const std::string attribute = "struct __attribute__((aligned(16))) gridstride_shared_c {}; " + rest;
  EXPECT_EQ(in_function("__align__(16) __shared__ char c[8];"), attribute);
  EXPECT_EQ(in_function("__shared__ __align__(16) char c[8];"), attribute);
  EXPECT_EQ(in_function("__shared__ alignas(float4) char c[8];"),
            "struct alignas(float4) gridstride_shared_c {}; " + rest);
}

TEST(Shared, Dynamic) {
  EXPECT_EQ(in_function("extern __shared__ float s[];"), "float (&s)[] = E::dynamic_shared<float[]>();");
  EXPECT_EQ(in_function("extern volatile __shared__ T s[];"),
            "volatile T (&s)[] = E::dynamic_shared<volatile T[]>();");
  EXPECT_EQ(in_function("extern __shared__ __align__(16) char s[];"),
            "struct __attribute__((aligned(16))) gridstride_shared_s {}; "
            "char (&s)[] = E::dynamic_shared<char[], alignof(gridstride_shared_s)>();");
}

TEST(Shared, DynamicOutsideOfFunctions) {
  EXPECT_EQ(translated("extern __shared__ float s[]; extern __shared__ float s[];"),
            "inline E::DynamicShared<float> s;");
  EXPECT_EQ(translated("namespace a::b { extern \"C\" { extern __shared__ int s[]; } }"),
            "namespace a::b { extern \"C\" { inline E::DynamicShared<int> s; } }");
}

TEST(Shared, LambdasSeeTheVariableItself) {
  const std::string s = "void f() { " + variable("int &s", "int", "s");
  EXPECT_EQ(translated("void f() { __shared__ int s; [=](int i) { s = i; }; }"),
            s + " [=, &s](int i) { s = i; }; }");
  EXPECT_EQ(translated("void f() { __shared__ int s; [](auto i) { s = i; }; }"),
            s + " [&s](auto i) { s = i; }; }");
  EXPECT_EQ(translated("void f() { __shared__ int s; [&](int i) { s = i; }; }"),
            s + " [&](int i) { s = i; }; }");
  EXPECT_EQ(translated("void f() { __shared__ int s; [=](int i) { x.s = i; }; a[i](s); }"),
            s + " [=](int i) { x.s = i; }; a[i](s); }");
}

TEST(Shared, OutsideOfFunctionsItIsKnownInEveryFunctionThatNamesIt) {
  const std::string bound = "int (&n)[2] = E::shared<int[2], gridstride_shared_n>();";
  EXPECT_EQ(translated("__shared__ int n[2]; int m[] = {1}; struct A { int n; void f() { n[0] = m[0]; } };"),
            "struct gridstride_shared_n {}; int m[] = {1}; struct A { int n; void f() { " + bound +
                " n[0] = m[0]; } };");
  EXPECT_EQ(translated("__shared__ int n[2]; namespace a { void f() { g(); } void h(int n) { n = 1; } }"),
            "struct gridstride_shared_n {}; namespace a { void f() { g(); } void h(int n) { n = 1; } }");
}

TEST(Shared, LinesStayWhereTheyWere) {
  EXPECT_EQ(translate("void f() {\n__shared__ struct {\n int a;\n}\n s;\n__shared__\n  int\n n[\n 2];\n}\n")
                .substr(0, 11),
            "void f() {\n");
  const std::string out = translate("void f() {\n__shared__\n  int\n n[\n 2]; g();\n}\n");
  EXPECT_EQ(out.substr(out.rfind(" g();")), " g();\n}\n");
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 6);
}

std::string error_of(const std::string& source) {
  try {
    translate(source, "x.cu");
  } catch (const TranslateError& error) {
    return error.what();
  }
  return "";
}

TEST(Errors, NameFileAndLine) {
  EXPECT_EQ(error_of("int a;\n__shared__ int n = 1;\n"),
            "x.cu:2: a __shared__ variable cannot have an initializer; assign to it in the kernel");
  EXPECT_EQ(error_of("# 7 \"k.cuh\"\nvoid f() {\n __shared__ int n = 1;\n}\n"),
            "k.cuh:8: a __shared__ variable cannot have an initializer; assign to it in the kernel");
  EXPECT_EQ(error_of("# 1 \"a.cu\"\n# 1 \"b.h\" 1\n# 90 \"a.cu\" 2\n\nk<<<1, 2>>;\n"),
            "a.cu:91: no '>>>(' closes this '<<<'; a launch reads kernel<<<grid, block>>>(arguments)");
  EXPECT_EQ(error_of("k<<<>>>();"),
            "x.cu:1: '<<<>>>' lacks grid and block; a launch reads kernel<<<grid, block>>>(arguments)");
  EXPECT_EQ(error_of("= <<<1, 2>>>();"),
            "x.cu:1: no kernel stands before '<<<'; a launch reads kernel<<<grid, block>>>(arguments)");
  EXPECT_EQ(error_of("void f() { __shared__ int; }"), "x.cu:1: __shared__ must declare a variable");
}

}  // namespace
}  // namespace gridstride::translator
