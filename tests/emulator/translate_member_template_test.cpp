// Templates that are members of templates, which nvcc's front end knows as such without being told.
#include <gtest/gtest.h>

#include "tests/emulator/translate_text.hpp"

namespace gridstride::translator {
namespace {

TEST(MemberTemplate, IsNamedWhereItIsCalled) {
  EXPECT_EQ(translated("template <class T> void f(T x) { A<T>::g<4>(x); }"),
            "template <class T> void f(T x) { A<T>::template g<4>(x); }");
  EXPECT_EQ(translated("void f() { if (a) return ns::A<B<T>, 2>::g<B<U>, N>(x) + 1; }"),
            "void f() { if (a) return ns::A<B<T>, 2>::template g<B<U>, N>(x) + 1; }");
}

TEST(MemberTemplate, OtherCodeStaysAsItIs) {
  for (const char* source :
       {"void f() { A<T>::template g<4>(x); }", "void f() { A<T>::g(x); }", "void f() { ns::g<4>(x); }",
        "template <> void A<int>::g<4>(int x) {}", "void f() { if (A<T>::least < a && b > (c)) g(); }",
        "void f() { bool b = A<T>::least < a; }", "struct S { friend void A<int>::g<4>(int); };"}) {
    EXPECT_EQ(translated(source), source);
  }
}

}  // namespace
}  // namespace gridstride::translator
