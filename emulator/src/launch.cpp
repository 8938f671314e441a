/// From a launch in host code to an operation on a stream.
#include "gridstride/emulator/launch.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>

#include "block.hpp"
#include "error.hpp"
#include "gpus.hpp"
#include "grid.hpp"
#include "gridstride/emulator/api.hpp"
#include "gridstride/emulator/kernel_address.hpp"
#include "gridstride/emulator/launch_attributes.hpp"
#include "launch_operation.hpp"
#include "memory.hpp"
#include "profile.hpp"
#include "settings.hpp"
#include "signals.hpp"
#include "stream.hpp"
#include "worker.hpp"

namespace gridstride::emulator {
namespace {

constexpr unsigned kPortableBlocksPerCluster = 8;
constexpr unsigned kMaxBlocksPerCluster = 16;

constinit thread_local LaunchScope* innermost_scope = nullptr;
constinit thread_local detail::KernelProbe* innermost_probe = nullptr;
constinit thread_local std::shared_ptr<const Launch>* launch_sink = nullptr;  // takes what would be queued

/// "void ns::add(const T*, int) [with T = float]" -> "ns::add [with T = float]".
std::string short_name(const std::string& signature) {
  int depth = 0;
  std::size_t begin = 0;
  std::size_t end = signature.size();
  for (std::size_t i = 0; i < signature.size(); ++i) {
    const char c = signature[i];
    if (c == '<') ++depth;
    if (c == '>') --depth;
    if (depth != 0) continue;
    if (c == ' ') begin = i + 1;
    if (c == '(' && !signature.substr(i).starts_with("(anonymous") &&
        !signature.substr(i).starts_with("(lambda")) {
      end = i;
      break;
    }
  }
  std::string name = signature.substr(begin, end - begin);
  const std::size_t with = signature.find(" [with ", end);
  if (with != std::string::npos) name += signature.substr(with);
  return name;
}

void learn(detail::KernelHandle& handle, const KernelSite& site) {
  static std::mutex mutex;
  const std::scoped_lock lock(mutex);
  if (handle.info != nullptr) return;
  auto* info = new detail::KernelInfo;  // as long-lived as the kernel
  info->site = site;
  info->name = short_name(site.name);
  handle.site = site;
  __atomic_store_n(&handle.info, info, __ATOMIC_RELEASE);
}

std::string text(dim3 v) {
  return "(" + std::to_string(v.x) + "," + std::to_string(v.y) + "," + std::to_string(v.z) + ")";
}

std::string shared_text(const detail::KernelInfo& info, const detail::LaunchConfig& config) {
  return std::to_string(config.dynamic_shared_bytes) + " bytes of dynamic shared memory and " +
         std::to_string(info.static_shared_bytes) + " static";
}

/// The kernel's __cluster_dims__, as far as it names them.
dim3 required_cluster(const KernelSite& site) {
  const auto side = [&](int i) { return std::max(site.cluster[i], 1u); };
  return dim3(side(0), side(1), side(2));
}

/// Gives the launch its kernel's clusters; false where it asks for others.
bool take_clusters(const KernelSite& site, detail::LaunchConfig& config) {
  if (site.cluster[0] == 0) return true;
  const dim3 own = required_cluster(site);
  const dim3 asked = config.cluster;
  if (config.cluster_is_specified && (asked.x != own.x || asked.y != own.y || asked.z != own.z)) return false;
  config.cluster = own;
  config.cluster_is_specified = true;
  return true;
}

/// Empty when the device can run it.
std::string objection(const detail::KernelInfo& info, const detail::LaunchConfig& config,
                      cudaError_t& error) {
  const dim3 g = config.grid;
  const dim3 b = config.block;
  const std::uint64_t threads = std::uint64_t{b.x} * b.y * b.z;
  error = cudaErrorInvalidConfiguration;
  if (g.x == 0 || g.y == 0 || g.z == 0 || threads == 0) {
    return "a grid " + text(g) + " of blocks " + text(b) + " has nothing in it; no side may be 0";
  }
  if (g.x > 0x7fffffff || g.y > 65535 || g.z > 65535) {
    return "grid " + text(g) + " is too large; the limits are (2147483647,65535,65535)";
  }
  if (b.x > 1024 || b.y > 1024 || b.z > 64) {
    return "block " + text(b) + " is too large; the limits are (1024,1024,64)";
  }
  if (threads > kMaxThreadsPerBlock) {
    return "block " + text(b) + " has " + std::to_string(threads) + " threads; the limit is 1024";
  }
  error = cudaErrorInvalidValue;
  const std::size_t shared = config.dynamic_shared_bytes + info.static_shared_bytes;
  if (config.dynamic_shared_bytes > info.max_dynamic_shared_bytes && shared > kDefaultSharedBytes) {
    return shared_text(info, config) + "; the limit is " + std::to_string(kDefaultSharedBytes) +
           ", cudaFuncSetAttribute(MaxDynamicSharedMemorySize) raises it";
  }
  if (shared > gpu().architecture.shared_per_block()) {
    return shared_text(info, config) + "; a block of this GPU has " +
           std::to_string(gpu().architecture.shared_per_block());
  }
  const dim3 c = config.cluster;
  error = cudaErrorInvalidClusterSize;
  if (c.x == 0 || c.y == 0 || c.z == 0 || g.x % c.x != 0 || g.y % c.y != 0 || g.z % c.z != 0) {
    return "clusters of " + text(c) + " blocks do not fill a grid of " + text(g);
  }
  const std::uint64_t most = info.non_portable_clusters ? kMaxBlocksPerCluster : kPortableBlocksPerCluster;
  if (std::uint64_t{c.x} * c.y * c.z > most) {
    return "clusters of " + text(c) + " blocks; the limit is " + std::to_string(most) +
           (info.non_portable_clusters ? ""
                                       : ", cudaFuncSetAttribute(NonPortableClusterSizeAllowed) raises it");
  }
  if (config.cluster_is_specified && gpu().architecture.major < 9) {
    return std::string("clusters; ") + gpu().title + " has none, they begin with compute capability 9.0";
  }
  error = cudaErrorCooperativeLaunchTooLarge;
  if (config.cooperative && !gpu().is_host()) {
    const std::uint64_t blocks = std::uint64_t{g.x} * g.y * g.z;
    const std::uint64_t room =
        std::uint64_t{gpu().processors} * blocks_per_processor(gpu().architecture, threads, shared);
    if (blocks > room) {
      return "a cooperative launch of " + std::to_string(blocks) + " blocks; " + gpu().title + " holds " +
             std::to_string(room) + " of them at once";
    }
  }
  return {};
}

/// The bytes between an allocation's end and its pages' end can be written without a fault.
void look_for_damage(Grid& grid) {
  for (const Allocation& hurt : Memory::instance().damaged()) {
    const detail::KernelInfo& info = grid.info();
    grid.fail(
        cudaErrorIllegalAddress,
        "gridstride: illegal memory access: something was written right behind the end of an allocation of " +
            std::to_string(hurt.bytes) + " bytes\n  by the time that kernel " + info.name + " (" +
            info.site.file + ":" + std::to_string(info.site.line) + ") ended\n" +
            Memory::instance().history(hurt.base));
  }
}

}  // namespace

LaunchScope::LaunchScope(dim3 grid, dim3 block, std::size_t dynamic_shared_bytes, cudaStream_t stream,
                         bool cooperative, Site launched)
    : LaunchScope(detail::LaunchConfig{
          grid, block, dynamic_shared_bytes, stream, cooperative, {}, false, launched}) {}

LaunchScope::LaunchScope(const detail::LaunchConfig& config) : config_(config), outer_(innermost_scope) {
  innermost_scope = this;
}

LaunchScope::~LaunchScope() { innermost_scope = outer_; }

void Launch::run() const {
  if (device_error() != cudaSuccess) return;
  Grid grid(info_, config_, *kernel_);
  if (kernel_->is_traced() && grid.races() == nullptr) Profile::instance().launched(grid);
  run_grid(grid);
  if (grid.races() != nullptr) {
    conclude(*grid.races());
  } else if (kernel_->is_traced()) {
    Profile::instance().ended(grid);
  }
  if (checking()) look_for_damage(grid);
}

std::shared_ptr<const Launch> make_launch(const void* function, const detail::LaunchConfig& config,
                                          void** arguments) {
  std::shared_ptr<const Launch> made;
  launch_sink = &made;
  cudaLaunchKernel(function, config.grid, config.block, arguments, config.dynamic_shared_bytes,
                   config.stream);
  launch_sink = nullptr;
  return made;
}

namespace detail {

KernelProbe::KernelProbe() : outer_(innermost_probe) { innermost_probe = this; }

KernelProbe::~KernelProbe() { innermost_probe = outer_; }

bool begin_launch(KernelHandle& handle, const KernelSite& site, LaunchConfig& config) {
  if (__atomic_load_n(&handle.info, __ATOMIC_ACQUIRE) == nullptr) learn(handle, site);
  if (innermost_probe != nullptr) {
    innermost_probe->found_ = &handle;
    return false;
  }
  if (Block* block = running_block) {
    block->stop(cudaErrorCdpNotSupported,
                "kernel " + handle.info->name + " was launched from the device; only the host can",
                Site{site.file, site.line});
  }
  if (innermost_scope == nullptr || innermost_scope->taken_) {
    fail(cudaErrorMissingConfiguration, handle.info->name + " is a kernel: launch it with <<<grid, block>>>");
    return false;
  }
  innermost_scope->taken_ = true;
  config = innermost_scope->config_;
  if (device_error() != cudaSuccess) {
    note_failed_launch(device_error(), {});
    return false;
  }
  cudaError_t error = cudaErrorInvalidClusterSize;
  const std::string why = take_clusters(site, config) ? objection(*handle.info, config, error)
                                                      : "clusters of " + text(config.cluster) +
                                                            " blocks; its __cluster_dims__ differ";
  if (!why.empty()) {
    fail(error, handle.info->name + "<<<>>>: " + why);
    note_failed_launch(error, launch_text(*handle.info, config));
    return false;
  }
  return true;
}

void submit_launch(KernelHandle& handle, const LaunchConfig& config, const Kernel* taken) {
  std::unique_ptr<const Kernel> kernel(taken);
  signals::install();
  const auto stream = find_stream(config.stream);
  if (stream == nullptr) {
    fail(cudaErrorInvalidResourceHandle,
         handle.info->name + "<<<>>>: the stream does not exist (destroyed?)");
    return;
  }
  auto launch = std::make_shared<const Launch>(*handle.info, config, std::move(kernel));
  if (launch_sink != nullptr) {
    *launch_sink = std::move(launch);
  } else {
    enqueue(stream, std::move(launch));
  }
}

cudaError_t set_function_attribute(KernelHandle* kernel, cudaFuncAttribute attribute, int value) {
  if (kernel == nullptr) return fail(cudaErrorInvalidDeviceFunction);
  if (attribute == cudaFuncAttributePreferredSharedMemoryCarveout ||
      attribute == cudaFuncAttributeClusterSchedulingPolicyPreference) {
    return cudaSuccess;
  }
  if (attribute == cudaFuncAttributeNonPortableClusterSizeAllowed) {
    kernel->info->non_portable_clusters = value != 0;
    return cudaSuccess;
  }
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return fail(cudaErrorInvalidValue);
  const std::size_t most = gpu().architecture.shared_per_block() - kernel->info->static_shared_bytes;
  if (value < 0 || static_cast<std::size_t>(value) > most) {
    return fail(cudaErrorInvalidValue, "cudaFuncSetAttribute(" + kernel->info->name +
                                           ", MaxDynamicSharedMemorySize, " + std::to_string(value) +
                                           "): the most is " + std::to_string(most));
  }
  kernel->info->max_dynamic_shared_bytes = static_cast<std::size_t>(value);
  return cudaSuccess;
}

cudaError_t function_attributes(cudaFuncAttributes* attributes, KernelHandle* kernel, int compiled_for) {
  if (kernel == nullptr) return fail(cudaErrorInvalidDeviceFunction);
  *attributes = {};
  attributes->sharedSizeBytes = kernel->info->static_shared_bytes;
  attributes->maxThreadsPerBlock = kMaxThreadsPerBlock;
  attributes->binaryVersion = 10 * gpu().architecture.major + gpu().architecture.minor;
  attributes->ptxVersion = compiled_for != 0 ? compiled_for : attributes->binaryVersion;
  attributes->maxDynamicSharedSizeBytes =
      static_cast<int>(std::max<std::size_t>(kDefaultSharedBytes, kernel->info->max_dynamic_shared_bytes));
  attributes->nonPortableClusterSizeAllowed = kernel->info->non_portable_clusters;
  if (kernel->site.cluster[0] != 0) {
    const dim3 cluster = required_cluster(kernel->site);
    attributes->clusterDimMustBeSet = 1;
    attributes->requiredClusterWidth = static_cast<int>(cluster.x);
    attributes->requiredClusterHeight = static_cast<int>(cluster.y);
    attributes->requiredClusterDepth = static_cast<int>(cluster.z);
  }
  return cudaSuccess;
}

cudaError_t occupancy(int* blocks, KernelHandle* kernel, int block_size, std::size_t shared_bytes) {
  if (kernel == nullptr) return fail(cudaErrorInvalidDeviceFunction);
  if (blocks == nullptr || block_size < 1) return fail(cudaErrorInvalidValue);
  *blocks = static_cast<int>(blocks_per_processor(gpu().architecture, static_cast<std::size_t>(block_size),
                                                  shared_bytes + kernel->info->static_shared_bytes));
  return cudaSuccess;
}

cudaError_t largest_cluster(int* blocks, KernelHandle* kernel) {
  if (kernel == nullptr) return fail(cudaErrorInvalidDeviceFunction);
  if (blocks == nullptr) return fail(cudaErrorInvalidValue);
  *blocks = kernel->info->non_portable_clusters ? kMaxBlocksPerCluster : kPortableBlocksPerCluster;
  return cudaSuccess;
}

cudaError_t active_clusters(int* clusters, KernelHandle* kernel, const cudaLaunchConfig_t* config) {
  if (clusters == nullptr) return fail(cudaErrorInvalidValue);
  LaunchConfig launch;
  cudaError_t error = read_attributes(config, launch);
  if (error != cudaSuccess) return error;
  const dim3 b = launch.block;
  int blocks = 0;
  error = occupancy(&blocks, kernel, static_cast<int>(b.x * b.y * b.z), launch.dynamic_shared_bytes);
  if (error != cudaSuccess) return error;
  if (!take_clusters(kernel->site, launch)) return fail(cudaErrorInvalidClusterSize);
  const dim3 c = launch.cluster;
  if (c.x == 0 || c.y == 0 || c.z == 0) return fail(cudaErrorInvalidClusterSize);
  *clusters = blocks * gpu().processors / static_cast<int>(c.x * c.y * c.z);
  return cudaSuccess;
}

cudaError_t available_shared(std::size_t* bytes, KernelHandle* kernel, int blocks, int block_size) {
  if (kernel == nullptr) return fail(cudaErrorInvalidDeviceFunction);
  int most = 0;
  const cudaError_t error = occupancy(&most, kernel, block_size, 0);
  if (error != cudaSuccess) return error;
  if (bytes == nullptr || blocks < 1 || blocks > most) return fail(cudaErrorInvalidValue);
  *bytes =
      shared_bytes_for(gpu().architecture, static_cast<unsigned>(blocks), kernel->info->static_shared_bytes);
  return cudaSuccess;
}

}  // namespace detail
}  // namespace gridstride::emulator
