#include "emulator/translator/passes.hpp"
#include "emulator/translator/walk.hpp"

namespace gridstride::translator {

/// From C++20 on <math.h> says `using std::lerp;`. Programs of older standards, which are compiled as C++20,
/// have a lerp(float, float, float) of their own.
void hide_newer_names(const Source& source, Edits& edits) {
  for (std::size_t i = 0; i + 4 < source.size(); ++i) {
    if (!source.is(i, "using") || !source.is(i + 3, "lerp") || !source.is(i + 1, "std")) continue;
    if (source.mark(i + 4) != ';' || !at_namespace_scope(source, i)) continue;
    edits.replace(source[i].begin, source[i + 4].end, "");
  }
}

}  // namespace gridstride::translator
