/// The files of report_page/, which the build puts into the library.
#pragma once

#include <string_view>

namespace gridstride::emulator {

extern const std::string_view kPageHtml, kPageCss, kScript;

}  // namespace gridstride::emulator
