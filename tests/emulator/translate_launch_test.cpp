// Launches: where the kernel's name begins, where the configuration ends, and what is not a launch at all.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/emulator/translate_text.hpp"

namespace gridstride::translator {
namespace {

struct Case {
  const char* cuda;
  const char* cpp;
};

class Launch : public testing::TestWithParam<Case> {};

TEST_P(Launch, BecomesACallInAScope) { EXPECT_EQ(translated(GetParam().cuda), GetParam().cpp); }

INSTANTIATE_TEST_SUITE_P(
    Forms, Launch,
    testing::Values(Case{"k<<<1, 2>>>();", "(E::LaunchScope(1, 2), k());"},
                    Case{"k<<<g>>>(a);", "(E::LaunchScope(g), k(a));"},
                    Case{"k<<<g, b, s, st>>>(a, b);", "(E::LaunchScope(g, b, s, st), k(a, b));"},
                    Case{"k<<<dim3{1, 2}, {3, 4}>>>(a);", "(E::LaunchScope(dim3{1, 2}, {3, 4}), k(a));"},
                    Case{"k <<< 1, 2 >>> (a);", "(E::LaunchScope(1, 2), k (a));"},
                    Case{"k<< <1, 2>> >(a);", "(E::LaunchScope(1, 2), k(a));"},
                    Case{"if (x) k<<<1, 2>>>();", "if (x) (E::LaunchScope(1, 2), k());"},
                    Case{"if (x) (*k)<<<1, 2>>>();", "if (x) (E::LaunchScope(1, 2), (*k)());"},
                    Case{"if constexpr (x) (k)<<<1, 2>>>();",
                         "if constexpr (x) (E::LaunchScope(1, 2), (k)());"},
                    Case{"else ::k<<<1, 2>>>();", "else (E::LaunchScope(1, 2), ::k());"},
                    Case{"return a::k<<<1, 2>>>();", "return (E::LaunchScope(1, 2), a::k());"},
                    Case{"(void)k<<<1, 2>>>();", "(void)(E::LaunchScope(1, 2), k());"},
                    Case{"c ? k<<<1, 2>>>() : j<<<3, 4>>>();",
                         "c ? (E::LaunchScope(1, 2), k()) : (E::LaunchScope(3, 4), j());"}));

INSTANTIATE_TEST_SUITE_P(
    Kernels, Launch,
    testing::Values(
        Case{"k<T, 4><<<1, 2>>>(a);", "(E::LaunchScope(1, 2), k<T, 4>(a));"},
        Case{"ns::k<A<B<int>>, (1>0)><<<1, 2>>>(a);", "(E::LaunchScope(1, 2), ns::k<A<B<int>>, (1>0)>(a));"},
        Case{"k<(1 << 3)><<<1, 2>>>(a);", "(E::LaunchScope(1, 2), k<(1 << 3)>(a));"},
        Case{"k<1 << 3><<<1, 2>>>(a);", "(E::LaunchScope(1, 2), k<1 << 3>(a));"},
        Case{"A<T>::template k<U><<<1, 2>>>(a);", "(E::LaunchScope(1, 2), A<T>::template k<U>(a));"},
        Case{"this->fn<<<1, 2>>>(a);", "(E::LaunchScope(1, 2), this->fn(a));"},
        Case{"x.y->z[3][i<j]<<<1, 2>>>(a);", "(E::LaunchScope(1, 2), x.y->z[3][i<j](a));"},
        Case{"pick(x)(y)<<<1, 2>>>(a);", "(E::LaunchScope(1, 2), pick(x)(y)(a));"},
        Case{"pick<int>(x)<<<1, 2>>>(a);", "(E::LaunchScope(1, 2), pick<int>(x)(a));"},
        Case{"decltype(x)::k<<<1, 2>>>(a);", "(E::LaunchScope(1, 2), decltype(x)::k(a));"},
        Case{"static_cast<F>(p)<<<1, 2>>>(a);", "(E::LaunchScope(1, 2), static_cast<F>(p)(a));"}));

INSTANTIATE_TEST_SUITE_P(
    Configurations, Launch,
    testing::Values(Case{"k<<<f<A<B<1>>>(3), 2>>>(a);", "(E::LaunchScope(f<A<B<1>>>(3), 2), k(a));"},
                    Case{"k<<<1, f<2>>>>(a);", "(E::LaunchScope(1, f<2>), k(a));"},
                    Case{"k<<<1, A<B<2> >::n>>>(a);", "(E::LaunchScope(1, A<B<2> >::n), k(a));"},
                    Case{"k<<<n >> 8, 1 << 8>>>(a);", "(E::LaunchScope(n >> 8, 1 << 8), k(a));"},
                    Case{"k<<<n < 256 ? n : 256, 2>>>(a);", "(E::LaunchScope(n < 256 ? n : 256, 2), k(a));"},
                    Case{"k<<<(n > 256), 2>>>(a);", "(E::LaunchScope((n > 256), 2), k(a));"},
                    Case{"k<<<v[i]->n, 2>>>(a), j<<<1, 2>>>(b);",
                         "(E::LaunchScope(v[i]->n, 2), k(a)), (E::LaunchScope(1, 2), j(b));"},
                    Case{"k<<<1, 2>>>([=] { j<<<3, 4>>>(b); });",
                         "(E::LaunchScope(1, 2), k([=] { (E::LaunchScope(3, 4), j(b)); }));"},
                    Case{"k<<<[] { j<<<3, 4>>>(b); return 1; }(), 2>>>(a);",
                         "(E::LaunchScope([] { (E::LaunchScope(3, 4), j(b)); return 1; }(), 2), k(a));"}));

INSTANTIATE_TEST_SUITE_P(
    NotALaunch, Launch,
    testing::Values(Case{"friend S& operator<< <T>(S&, T);", "friend S& operator<< <T>(S&, T);"},
                    Case{"friend S& operator<<<T>(S&, T);", "friend S& operator<<<T>(S&, T);"},
                    Case{"A<B<C<int>>>(x);", "A<B<C<int>>>(x);"},
                    Case{"a <<= 3; b >>= 2;", "a <<= 3; b >>= 2;"},
                    Case{"s = \"k<<<1, 2>>>(a)\";", "s = \"k<<<1, 2>>>(a)\";"},
                    Case{"s = R\"x(k<<<1, 2>>>(a) )\" )x\";", "s = R\"x(k<<<1, 2>>>(a) )\" )x\";"},
                    Case{"c = '\"'; d = 1'000 < x;", "c = '\"'; d = 1'000 < x;"},
                    Case{"/* k<<<1, 2>>>(a) */ x;", "/* k<<<1, 2>>>(a) */ x;"}));

TEST(LaunchLines, StayWhereTheyWere) {
  const std::string source =
      "ns::k<\n"
      "    A>\n"
      "  <<<1, // the grid\n"
      "# 40 \"b.cu\"\n"
      "     /* the\n"
      "block */ 2>>>(\n"
      "    a,\n"
      "    b);\n";
  const std::string out = translate(source);
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), std::count(source.begin(), source.end(), '\n'));
  EXPECT_NE(out.find("\n# 40 \"b.cu\"\n"), std::string::npos) << out;
  EXPECT_EQ(out.substr(0, out.find('\n')), "(::gridstride::emulator::LaunchScope(1, 2), ns::k<");
}

TEST(KernelCast, KernelsReachTheRuntimeWithTheirTypes) {
  EXPECT_EQ(translated("cudaLaunchKernel((void*)k<int>, g, b, args);"),
            "cudaLaunchKernel(k<int>, g, b, args);");
  EXPECT_EQ(translated("cudaLaunchCooperativeKernel((const void *)ns::k, g, b, (void**)args);"),
            "cudaLaunchCooperativeKernel(ns::k, g, b, (void**)args);");
  EXPECT_EQ(translated("cudaOccupancyMaxPotentialBlockSize(&g, &b, (void*)k, 0, 0);"),
            "cudaOccupancyMaxPotentialBlockSize(&g, &b, k, 0, 0);");
  EXPECT_EQ(translated("cudaFuncSetAttribute(reinterpret_cast<const void*>(&k), a, 1);"),
            "cudaFuncSetAttribute((&k), a, 1);");
  EXPECT_EQ(translated("cudaFuncGetAttributes((void*)x, k); f((void*)k);"),
            "cudaFuncGetAttributes((void*)x, k); f((void*)k);");
}

TEST(KernelCast, CastsElsewhereKeepTheTypesToo) {
  const auto beside_kernel = [](const std::string& code) {
    const std::string head = translated("template <class T> __global__ void k(T x); ");
    const std::string all = translated("template <class T> __global__ void k(T x); " + code);
    return all.substr(head.size() + 1);
  };
  EXPECT_EQ(beside_kernel("p.func = (void *)k<int>;"), "p.func = E::kernel_address(k<int>);");
  EXPECT_EQ(beside_kernel("f((const void*)&n::k<A<2>>, x);"), "f(E::kernel_address(&n::k<A<2>>), x);");
  EXPECT_EQ(beside_kernel("f((void*)y); g((void*)z.k);"), "f((void*)y); g((void*)z.k);");
  EXPECT_EQ(beside_kernel("cudaLaunchKernel((void*)k<int>, g, b, a);"), "cudaLaunchKernel(k<int>, g, b, a);");
}

}  // namespace
}  // namespace gridstride::translator
