// Kernels, function specifiers and pragmas.
#include <gtest/gtest.h>

#include "tests/emulator/translate_text.hpp"

namespace gridstride::translator {
namespace {

const std::string kEnter =
    "E::enter(E::KernelSite{__PRETTY_FUNCTION__, __builtin_FILE(), __builtin_LINE()}, [=]() mutable {";

TEST(Kernel, BodyIsEnteredThroughTheEmulator) {
  EXPECT_EQ(translated("__global__ void k(int n) { f(n); }"), "void k(int n) { " + kEnter + " f(n); }); }");
}

/// How a kernel's head may be written; only the body changes, and CUDA's words go.
struct Head {
  const char* cuda;
  const char* cpp;
};
class KernelHead : public testing::TestWithParam<Head> {};

TEST_P(KernelHead, KeepsItsMeaning) {
  EXPECT_EQ(translated(std::string(GetParam().cuda) + " { f(); } int after() { return 1; }"),
            GetParam().cpp + (" { " + kEnter) + " f(); }); } int after() { return 1; }");
}

INSTANTIATE_TEST_SUITE_P(
    All, KernelHead,
    testing::Values(Head{"static __global__ void k()", "static void k()"},
                    Head{"__global__ static void k()", "static void k()"},
                    Head{"extern \"C\" __global__ void k()", "extern \"C\" void k()"},
                    Head{"__global__ void __launch_bounds__(256, 2) k()", "void k()"},
                    Head{"__global__ __launch_bounds__(f(1)) void k(int a)", "void k(int a)"},
                    Head{"template <typename T, int N> __global__ void k(T t)",
                         "template <typename T, int N> void k(T t)"},
                    Head{"template <> __global__ void k<(1 > 0)>(int)", "template <> void k<(1 > 0)>(int)"},
                    Head{"template <int N> __global__ std::enable_if_t<N == 1> k()",
                         "template <int N> std::enable_if_t<N == 1> k()"},
                    Head{"template <int N> __global__ std::enable_if_t<N{}, void> k()",
                         "template <int N> std::enable_if_t<N{}, void> k()"},
                    Head{"__global__ void k(void (*fn)(int) = [](int) {}, int n = int{3})",
                         "void k(void (*fn)(int) = [](int) {}, int n = int{3})"},
                    Head{"__global__ void k(const __grid_constant__ P p)", "void k(const P p)"},
                    Head{"__global__ void k(int) noexcept(true)", "void k(int) noexcept(true)"},
                    Head{"__global__ auto k(int) -> void", "auto k(int) -> void"},
                    Head{"template <class T> __global__ void k(T t) requires C<T>",
                         "template <class T> void k(T t) requires C<T>"},
                    Head{"template <class T> __global__ void k(T t) requires (C<T>)",
                         "template <class T> void k(T t) requires (C<T>)"},
                    Head{"template <class T> __global__ void k(T t) requires requires (T u) { u + 1; }",
                         "template <class T> void k(T t) requires requires (T u) { u + 1; }"},
                    Head{"[[maybe_unused]] __global__ void k()", "[[maybe_unused]] void k()"}));

TEST(Kernel, DeclarationsOnlyLoseTheWord) {
  EXPECT_EQ(translated("__global__ void k(int); int f() { return 1; }"),
            "void k(int); int f() { return 1; }");
  EXPECT_EQ(translated("struct S { friend __global__ void k(S); int n; };"),
            "struct S { friend void k(S); int n; };");
  EXPECT_EQ(translated("template __global__ void k<int>(int*); int f() { }"),
            "template void k<int>(int*); int f() { }");
}

TEST(Specifiers, AreRemovedOrRenamed) {
  EXPECT_EQ(translated("__host__ __device__ int f();"), "int f();");
  EXPECT_EQ(translated("__constant__ float c[4]; __managed__ int m; extern __device__ int d;"),
            "float c[4]; int m; extern int d;");
  EXPECT_EQ(translated("[=] __device__ (int i) {}"), "[=] (int i) {}");
  EXPECT_EQ(
      translated("struct __align__(8) S {}; typedef struct __align__(16) { int a; } T;"),
      "struct __attribute__((aligned(8))) S {}; typedef struct __attribute__((aligned(16))) { int a; } T;");
  EXPECT_EQ(translated("__noinline__ int f();"), "__attribute__((noinline)) int f();");
  EXPECT_EQ(translated("void f(int* __restrict__ p);"), "void f(int* __restrict__ p);");
}

TEST(Specifiers, ForceinlineSaysInlineOnce) {
  const std::string always = "__attribute__((always_inline))";
  EXPECT_EQ(translated("__device__ __forceinline__ int f();"), "inline " + always + " int f();");
  EXPECT_EQ(translated("static inline __forceinline__ int f();"), "static inline " + always + " int f();");
  EXPECT_EQ(
      translated("template <int N, std::enable_if_t<(N > 1), int> = 0> __forceinline__ inline int f();"),
      "template <int N, std::enable_if_t<(N > 1), int> = 0> " + always + " inline int f();");
  EXPECT_EQ(translated("[=] __device__ __forceinline__ (int i) {}"), "[=] (int i) {}");
}

TEST(Specifiers, InsideAttributesBelongToTheCompiler) {
  const std::string source =
      "__attribute__((__noinline__)) void f(); __attribute__((__always_inline__, __align__(8)))";
  EXPECT_EQ(translated(source), source);
}

TEST(Specifiers, ClusterDimensionsGoWithTheKernel) {
  const auto entered = [](const std::string& dims) {
    return "void k() { E::enter(E::KernelSite{__PRETTY_FUNCTION__, __builtin_FILE(), __builtin_LINE()" +
           dims + "}, [=]() mutable { f(); }); }";
  };
  EXPECT_EQ(translated("__global__ void __cluster_dims__(2, 1, N) k() { f(); }"), entered(", {2, 1, N}"));
  EXPECT_EQ(translated("__cluster_dims__(4) __global__ void k() { f(); }"), entered(", {4}"));
  EXPECT_EQ(translated("__global__ void __cluster_dims__() k() { f(); }"), entered(""));
  EXPECT_THROW(translate("__global__ void __cluster_dims__(2) k();"), TranslateError);
}

TEST(Pragmas, MeantForNvccLeaveAnEmptyLine) {
  EXPECT_EQ(translate("a;\n#pragma unroll 4\n  # pragma nv_diag_suppress 177\nb;\n#pragma omp simd\n"),
            "a;\n\n  \nb;\n#pragma omp simd\n");
}

}  // namespace
}  // namespace gridstride::translator
