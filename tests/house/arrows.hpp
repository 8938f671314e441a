#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace gridstride::house {

/// A folder and the folders that its files may include besides itself. The longest matching folder rules.
struct Layer {
  std::string folder;
  std::vector<std::string> may_include;
};

/// Who may include whom: the house plan, written once.
const std::vector<Layer>& layers();

/// Every include under `root` that runs against the plan, as "file:line: what is wrong".
std::vector<std::string> wrong_arrows(const std::filesystem::path& root);

/// Every place outside of emulator/ where code names the emulator: kernels ask for <cuda_runtime.h>, and the
/// build decides whose. Comments and messages may speak of it, except in kernels/ and framework/.
std::vector<std::string> emulator_named(const std::filesystem::path& root);

}  // namespace gridstride::house
