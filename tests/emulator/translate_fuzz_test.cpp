// Broken sources: whatever stands in a file, the translator ends, quickly, with a translation or an error.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include "emulator/translator/translate.hpp"

namespace gridstride::translator {
namespace {

const std::string kSeed = R"cuda(
# 3 "seed.cu"
namespace ns { template <class T, bool B = (1 > 0)> __global__ void __launch_bounds__(256, 2) k(T* out, int n = int{3}); }
extern __shared__ __align__(16) float dynamic[];
struct __align__(8) Pair { int a, b; };
template <typename T, int N> __global__ std::enable_if_t<(N > 3)> tile(T* out) requires requires(T t) { t + 1; } {
  __shared__ T s[32][32 + 1], *p, (*row)[33];
  volatile __shared__ struct Named { int a; char c; } named[2];
  extern __shared__ unsigned long long words[];
  auto f = [=] __device__ __forceinline__ (int i) { return s[0][i] + named[1].a + 'x' + 1'000; };
#pragma unroll
  for (int i = 0; i < 4; ++i) out[i >> 1] = f(i) << 2;
  asm volatile("{ .reg .pred %p<2>; setp.ge.f32 %p1|_, %2, 0f3f800000;\n\t" "@!%p1 mov.b64 {%0, _}, %3; }"
               : "=r"(out[0]), "+r"(out[1]) : "f"(1.0f), "l"(out) : "memory");
}
template <class F> void host(F* p) {
  tile<F, 4><<<dim3{1, 2}, grid<A<B<1>>>(3), sizeof(F) * 4, 0>>>(p);
  if (p) ns::k<A<B<int>>, (1 > 0)><<<1, // comment
      2>>>(p); else this->table[3]->fn<<<n < 2 ? 1 : 2, 2>>>("a\"<<<", u8R"x(>>>")x");
}
friend ostream& operator<< <T>(ostream&, T); /* __shared__ */
)cuda";

using Pieces = std::vector<std::string>;

/// The seed cut at every place where the translator may look.
Pieces pieces() {
  Pieces out;
  const Source source(kSeed, "seed");
  std::size_t at = 0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    out.push_back(kSeed.substr(at, source[i].begin - at));
    out.emplace_back(source.spell(i));
    at = source[i].end;
  }
  return out;
}

std::string join(const Pieces& pieces) {
  std::string out;
  for (const std::string& piece : pieces) out += piece;
  return out;
}

/// Translates; both outcomes are fine, a crash or a hang is not. A translation keeps the number of lines
/// unless a raw string, the one token that spans lines, was moved.
void expect_an_end(const std::string& source) {
  const auto start = std::chrono::steady_clock::now();
  try {
    const std::string out = translate(source);
    if (source.find("R\"") == std::string::npos) {
      ASSERT_EQ(std::count(out.begin(), out.end(), '\n'), std::count(source.begin(), source.end(), '\n'))
          << source;
    }
  } catch (const TranslateError& error) {
    ASSERT_FALSE(error.message.empty());
  }
  ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << source.substr(0, 200);
}

TEST(Fuzz, TheSeedItselfIsTranslated) {
  const std::string out = translate(kSeed);
  for (const char* word : {"__global__", "__shared__ T", "__device__", "#pragma"}) {
    EXPECT_EQ(out.find(word), std::string::npos) << word;
  }
}

TEST(Fuzz, EveryTruncation) {
  for (std::size_t n = 0; n <= kSeed.size(); ++n) {
    expect_an_end(kSeed.substr(0, n));
    expect_an_end(kSeed.substr(n));
  }
}

TEST(Fuzz, TokensDroppedDoubledAndSwapped) {
  std::mt19937 random(20240607);
  const Pieces original = pieces();
  const auto pick = [&] { return random() % original.size(); };
  for (int trial = 0; trial < 1000; ++trial) {
    Pieces mutated = original;
    for (int change = 0, changes = 1 + random() % 8; change < changes; ++change) {
      switch (random() % 4) {
        case 0:
          mutated[pick()].clear();
          break;
        case 1:
          mutated[pick()] = original[pick()];
          break;
        case 2:
          std::swap(mutated[pick()], mutated[pick()]);
          break;
        default:
          mutated[pick()] += original[pick()];
          break;
      }
    }
    expect_an_end(join(mutated));
    if (HasFatalFailure()) return;
  }
}

TEST(Fuzz, BytesOfAnyValue) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 1000; ++trial) {
    std::string mutated = kSeed;
    for (int change = 0, changes = 1 + random() % 16; change < changes; ++change) {
      mutated[random() % mutated.size()] = static_cast<char>(random());
    }
    expect_an_end(mutated);
    if (HasFatalFailure()) return;
  }
}

TEST(Fuzz, EndlessRepetition) {
  for (const char* unit : {"(",
                           "{",
                           "[",
                           ")",
                           "<",
                           ">",
                           "<<<",
                           "k<",
                           "k<<<1,2>>>(",
                           "__shared__ ",
                           "__global__ ",
                           "__align__(",
                           "extern __shared__ ",
                           "template <",
                           "[=]{",
                           "R\"(",
                           "'",
                           "/*",
                           "::a",
                           "a.",
                           "__forceinline__ ",
                           "__shared__ int a; [=]{a;};"}) {
    std::string source;
    while (source.size() < 12000) source += unit;
    expect_an_end("void f() {" + source);
  }
}

}  // namespace
}  // namespace gridstride::translator
