/// What the runtime's tests share: every test runs under each schedule, on a device without errors.
#pragma once

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "gridstride/emulator/report.hpp"
#include "gridstride/emulator/schedule.hpp"

namespace gridstride::emulator {

class RuntimeTest : public ::testing::TestWithParam<Schedule> {
 protected:
  void SetUp() override {
    set_schedule(GetParam());
    cudaDeviceReset();
    clear_reports();
  }
  void TearDown() override {
    cudaDeviceReset();
    set_schedule({});
  }

  /// The one report that a launch left, or a remark on how many there are.
  static std::string only_report() {
    const std::vector<std::string> all = reports();
    return all.size() == 1 ? all[0] : std::to_string(all.size()) + " reports";
  }
};

inline void PrintTo(const Schedule& schedule, std::ostream* out) {
  constexpr const char* kNames[] = {"forward", "reversed", "random"};
  *out << kNames[static_cast<int>(schedule.order)] << ':' << schedule.seed;
}

inline std::string schedule_name(const ::testing::TestParamInfo<Schedule>& info) {
  switch (info.param.order) {
    case Order::Forward:
      return "forward";
    case Order::Reversed:
      return "reversed";
    case Order::Random:
      return "random_" + std::to_string(info.param.seed);
  }
  return {};
}

#define GRIDSTRIDE_EVERY_SCHEDULE(SUITE)                                                                \
  INSTANTIATE_TEST_SUITE_P(Schedules, SUITE,                                                            \
                           ::testing::Values(Schedule{Order::Forward, 0}, Schedule{Order::Reversed, 0}, \
                                             Schedule{Order::Random, 1}, Schedule{Order::Random, 2}),   \
                           schedule_name)

/// An array on the device, filled with a value; read back with host().
template <class T>
class DeviceArray {
 public:
  DeviceArray(std::size_t count, T value) : DeviceArray(std::vector<T>(count, value)) {}
  explicit DeviceArray(const std::vector<T>& values) : count_(values.size()) {
    EXPECT_EQ(cudaMalloc(&data_, count_ * sizeof(T)), cudaSuccess);
    EXPECT_EQ(cudaMemcpy(data_, values.data(), count_ * sizeof(T), cudaMemcpyHostToDevice), cudaSuccess);
  }
  ~DeviceArray() { cudaFree(data_); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  T* data() { return data_; }

  std::vector<T> host() const {
    std::vector<T> values(count_);
    EXPECT_EQ(cudaMemcpy(values.data(), data_, count_ * sizeof(T), cudaMemcpyDeviceToHost), cudaSuccess);
    return values;
  }

 private:
  std::size_t count_;
  T* data_ = nullptr;
};

}  // namespace gridstride::emulator
