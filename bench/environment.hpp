#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace gridstride::bench {

/// Where and by what a result was made: machine, device, compiler, commit, date.
nlohmann::ordered_json environment(const std::filesystem::path& repository);

/// The processor's name, as the system reports it.
std::string processor_name();

}  // namespace gridstride::bench
