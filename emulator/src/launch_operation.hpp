/// A kernel with its configuration and arguments: an operation of a stream, or a node of a graph.
#pragma once

#include <memory>

#include "grid.hpp"
#include "stream.hpp"

namespace gridstride::emulator {

class Launch final : public Operation {
 public:
  Launch(detail::KernelInfo& info, const detail::LaunchConfig& config,
         std::shared_ptr<const detail::Kernel> kernel)
      : Operation(cudaGraphNodeTypeKernel), info_(info), config_(config), kernel_(std::move(kernel)) {}

  void run() const override;
  /// The same kernel and arguments in another configuration.
  std::shared_ptr<const Launch> reconfigured(const detail::LaunchConfig& config) const {
    return std::make_shared<const Launch>(info_, config, kernel_);
  }

  detail::KernelInfo& info() const { return info_; }
  const detail::LaunchConfig& config() const { return config_; }

 private:
  detail::KernelInfo& info_;
  detail::LaunchConfig config_;
  std::shared_ptr<const detail::Kernel> kernel_;
};

/// What launching would queue; null, with the thread's last error set, when the launch is refused.
std::shared_ptr<const Launch> make_launch(const void* function, const detail::LaunchConfig& config,
                                          void** arguments);

}  // namespace gridstride::emulator
