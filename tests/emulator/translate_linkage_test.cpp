// Without relocatable device code, what a file declares for the device is its own.
#include <gtest/gtest.h>

#include "emulator/translator/translate.hpp"

namespace gridstride::translator {
namespace {

std::string internal(const std::string& source) { return translate(source, "input", Linkage::internal); }

const std::string kStatic = "__attribute__((unused)) static ";

TEST(Linkage, FunctionsAndVariablesOfTheDeviceBecomeInternal) {
  EXPECT_EQ(internal("__device__ int f(int x);"), kStatic + " int f(int x);");
  EXPECT_EQ(internal("namespace n { __device__ int a[3] = {1}; }"),
            "namespace n { " + kStatic + " int a[3] = {1}; }");
  EXPECT_EQ(internal("__constant__ std::pair<int, int> p;"), kStatic + " std::pair<int, int> p;");
  EXPECT_EQ(internal("extern \"C\" { __managed__ int m; }"), "extern \"C\" { " + kStatic + " int m; }");
  EXPECT_EQ(internal("__device__ __constant__ int c;"), kStatic + "  int c;");
}

TEST(Linkage, WhatSaysItsLinkageOrMayBeRepeatedStaysAsItIs) {
  for (const std::string rest :
       {"static int x;", "extern int x;", "inline int f() { return 1; }", "constexpr int x = 1;"}) {
    EXPECT_EQ(internal("__device__ " + rest), " " + rest);
  }
  EXPECT_EQ(internal("template <class T> __device__ T f(T x) { return x; }"),
            "template <class T>  T f(T x) { return x; }");
  EXPECT_EQ(internal("__host__ __device__ int f();"), "  int f();");
  EXPECT_EQ(internal("struct S { __device__ int f(); };"), "struct S {  int f(); };");
  EXPECT_EQ(internal("auto f = [] __device__ (int x) { return x; };"), "auto f = []  (int x) { return x; };");
  EXPECT_EQ(internal("void g() { int y = 1; auto f = [=] __device__ () {}; }"),
            "void g() { int y = 1; auto f = [=]  () {}; }");
}

TEST(Linkage, MembersSpecializationsAndFriendsAreMerged) {
  EXPECT_EQ(internal("__device__ int S::f() { return 1; }"), "inline  int S::f() { return 1; }");
  EXPECT_EQ(internal("template <> __device__ int f<int>() { return 1; }"),
            "template <> inline  int f<int>() { return 1; }");
  EXPECT_EQ(internal("struct S { friend int f(S); }; __device__ int f(S) { return 1; }"),
            "struct S { friend int f(S); }; inline  int f(S) { return 1; }");
}

TEST(Linkage, RelocatableDeviceCodeIsForAllFiles) {
  EXPECT_EQ(translate("__device__ int f(); __constant__ int c;"), " int f();  int c;");
}

}  // namespace
}  // namespace gridstride::translator
