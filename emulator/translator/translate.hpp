#pragma once
#include <string>
#include <string_view>

#include "emulator/translator/passes.hpp"

namespace gridstride::translator {

/// Who sees the functions and variables that a file declares for the device: other files too, as nvcc has it
/// with -rdc=true, or this file alone, which may then share their names with others.
enum class Linkage { external, internal };

/// Turns preprocessed CUDA C++ into C++ that the emulator runs. Every line keeps its number, so that the
/// linemarkers in the text stay true; text that is not CUDA's passes byte for byte.
/// `name` stands in messages before the first linemarker. Throws TranslateError.
std::string translate(std::string_view preprocessed, std::string_view name = "input",
                      Linkage linkage = Linkage::external);

}  // namespace gridstride::translator
