#pragma once
#include <stdexcept>
#include <string>

#include "emulator/translator/edits.hpp"
#include "emulator/translator/source.hpp"

namespace gridstride::translator {

/// What CUDA would not accept either, or what the emulator cannot do. what() is "file:line: message".
class TranslateError : public std::runtime_error {
 public:
  TranslateError(Location where, std::string message);
  Location where;
  std::string message;
};

[[noreturn]] void fail(const Source& source, std::size_t token, const std::string& message);

/// Gives functions and variables that only the device has internal linkage.
void make_internal(const Source& source, Edits& edits);
/// Removes or replaces the words that an ordinary compiler does not know, and pragmas meant for nvcc.
void rewrite_keywords(const Source& source, Edits& edits);
/// Takes out of the global namespace what programs of an older standard may declare themselves.
void hide_newer_names(const Source& source, Edits& edits);
/// Says `template` in `A<T>::f<N>(x)`, which nvcc does not ask for and other compilers do.
void name_member_templates(const Source& source, Edits& edits);
/// Wraps the body of every `__global__` function into a call of the emulator.
void rewrite_kernels(const Source& source, Edits& edits);
/// Turns `__shared__` variables into references into the block's shared memory.
void rewrite_shared(const Source& source, Edits& edits);
/// Turns `k<<<grid, block>>>(args)` into an ordinary call within the scope of a launch configuration.
void rewrite_launches(const Source& source, Edits& edits);

/// Turns asm statements whose text is PTX into C++ of the same meaning.
void rewrite_ptx(const Source& source, Edits& edits);

/// Lets other threads run where device code polls, in loops without a body: `while (*flag == 0);`
void rewrite_polls(const Source& source, Edits& edits);

/// Lets the runtime API see the kernels that programs pass to it as `(void*)kernel`.
void rewrite_kernel_casts(const Source& source, Edits& edits);

}  // namespace gridstride::translator
