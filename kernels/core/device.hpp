#pragma once

#include <string>

namespace gridstride {

enum class Device { cpu, cuda };

/// The device that this build's kernels run on.
Device device();

/// Its name for people, as the driver reports it, with its number of multiprocessors.
struct DeviceInfo {
  std::string name;
  int multiprocessors = 0;
  int compute_capability = 0;  ///< 90 for 9.0
};
const DeviceInfo& device_info();

}  // namespace gridstride
