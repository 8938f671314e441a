/// What a run that is checked says at its very end: who never freed what, and whose error nobody asked for.
#pragma once

namespace gridstride::emulator {

/// From now on there may be something to say.
void expect_last_words();

}  // namespace gridstride::emulator
