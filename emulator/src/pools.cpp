#include "pools.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "error.hpp"
#include "gridstride/emulator/api.hpp"
#include "memory.hpp"

namespace gridstride::emulator {
namespace {

struct Pools {
  std::mutex mutex;
  std::shared_ptr<Pool> device = std::make_shared<Pool>();  // the default one
  std::shared_ptr<Pool> current = device;
  std::unordered_map<cudaMemPool_t, std::shared_ptr<Pool>> created;
};

Pools& pools() {
  static auto* all = new Pools;
  return *all;
}

cudaMemPool_t handle_of(const std::shared_ptr<Pool>& pool) {
  return reinterpret_cast<cudaMemPool_t>(pool.get());
}

std::shared_ptr<Pool> find(cudaMemPool_t handle) {
  Pools& all = pools();
  const std::scoped_lock lock(all.mutex);
  if (handle == handle_of(all.device)) return all.device;
  const auto found = all.created.find(handle);
  return found == all.created.end() ? nullptr : found->second;
}

bool is_device(const cudaMemLocation& location) {
  return location.type == cudaMemLocationTypeDevice && location.id == 0;
}

std::atomic<int>* flag_of(Pool& pool, cudaMemPoolAttr attribute) {
  switch (attribute) {
    case cudaMemPoolReuseFollowEventDependencies:
      return &pool.follow_events;
    case cudaMemPoolReuseAllowOpportunistic:
      return &pool.opportunistic;
    case cudaMemPoolReuseAllowInternalDependencies:
      return &pool.internal_dependencies;
    default:
      return nullptr;
  }
}

}  // namespace

bool Pool::take(std::size_t bytes) {
  const std::uint64_t now = used += bytes;
  if (most_bytes != 0 && now > most_bytes) {
    used -= bytes;
    return false;
  }
  std::uint64_t high = used_high;
  while (high < now && !used_high.compare_exchange_weak(high, now)) {}
  return true;
}

std::shared_ptr<Pool> current_pool() {
  Pools& all = pools();
  const std::scoped_lock lock(all.mutex);
  return all.current;
}

}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaMemPoolCreate(cudaMemPool_t* handle, const cudaMemPoolProps* properties) {
  if (handle == nullptr || properties == nullptr || properties->allocType != cudaMemAllocationTypePinned ||
      !is_device(properties->location)) {
    return fail(cudaErrorInvalidValue);
  }
  if (properties->handleTypes != cudaMemHandleTypeNone) {
    return fail(cudaErrorNotSupported, "cudaMemPoolCreate: pools are not shared with other processes");
  }
  auto pool = std::make_shared<Pool>();
  pool->most_bytes = properties->maxSize;
  *handle = handle_of(pool);
  Pools& all = pools();
  const std::scoped_lock lock(all.mutex);
  all.created.emplace(*handle, std::move(pool));
  return cudaSuccess;
}

cudaError_t cudaMemPoolDestroy(cudaMemPool_t handle) {
  Pools& all = pools();
  const std::scoped_lock lock(all.mutex);
  if (all.created.erase(handle) == 0) return fail(cudaErrorInvalidValue);
  if (handle_of(all.current) == handle) all.current = all.device;
  return cudaSuccess;  // what was allocated from it keeps it
}

cudaError_t cudaMemPoolSetAccess(cudaMemPool_t handle, const cudaMemAccessDesc* access, std::size_t count) {
  if (find(handle) == nullptr || (access == nullptr && count > 0)) return fail(cudaErrorInvalidValue);
  for (std::size_t i = 0; i < count; ++i) {
    if (access[i].location.type != cudaMemLocationTypeDevice) return fail(cudaErrorInvalidValue);
    if (access[i].location.id != 0) return fail(cudaErrorInvalidDevice);
    if (access[i].flags != cudaMemAccessFlagsProtReadWrite) {
      return fail(cudaErrorInvalidValue,
                  "cudaMemPoolSetAccess: the device that holds a pool's memory reads and writes it");
    }
  }
  return cudaSuccess;
}

cudaError_t cudaMemPoolGetAccess(cudaMemAccessFlags* flags, cudaMemPool_t handle, cudaMemLocation* location) {
  if (flags == nullptr || location == nullptr || find(handle) == nullptr) return fail(cudaErrorInvalidValue);
  if (!is_device(*location)) return fail(cudaErrorInvalidDevice);
  *flags = cudaMemAccessFlagsProtReadWrite;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int device) {
  if (pool == nullptr) return fail(cudaErrorInvalidValue);
  if (device != 0) return fail(cudaErrorInvalidDevice);
  *pool = handle_of(pools().device);
  return cudaSuccess;
}

cudaError_t cudaDeviceGetMemPool(cudaMemPool_t* pool, int device) {
  if (pool == nullptr) return fail(cudaErrorInvalidValue);
  if (device != 0) return fail(cudaErrorInvalidDevice);
  *pool = handle_of(current_pool());
  return cudaSuccess;
}

cudaError_t cudaDeviceSetMemPool(int device, cudaMemPool_t handle) {
  if (device != 0) return fail(cudaErrorInvalidDevice);
  auto pool = find(handle);
  if (pool == nullptr) return fail(cudaErrorInvalidValue);
  Pools& all = pools();
  const std::scoped_lock lock(all.mutex);
  all.current = std::move(pool);
  return cudaSuccess;
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t handle, cudaMemPoolAttr attribute, void* value) {
  const auto pool = find(handle);
  if (pool == nullptr || value == nullptr) return fail(cudaErrorInvalidValue);
  if (std::atomic<int>* flag = flag_of(*pool, attribute)) {
    *flag = *static_cast<int*>(value);
    return cudaSuccess;
  }
  const std::uint64_t number = *static_cast<std::uint64_t*>(value);
  switch (attribute) {
    case cudaMemPoolAttrReleaseThreshold:
      pool->release_threshold = number;
      return cudaSuccess;
    case cudaMemPoolAttrUsedMemHigh:
    case cudaMemPoolAttrReservedMemHigh:
      if (number != 0) return fail(cudaErrorInvalidValue);  // a high-water mark can be reset only
      pool->used_high = pool->used.load();
      return cudaSuccess;
    default:
      return fail(cudaErrorInvalidValue);
  }
}

/// What is reserved is what is used: the cache behind is shared with cudaMalloc, and no pool's own.
cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t handle, cudaMemPoolAttr attribute, void* value) {
  const auto pool = find(handle);
  if (pool == nullptr || value == nullptr) return fail(cudaErrorInvalidValue);
  if (const std::atomic<int>* flag = flag_of(*pool, attribute)) {
    *static_cast<int*>(value) = *flag;
    return cudaSuccess;
  }
  auto& number = *static_cast<std::uint64_t*>(value);
  switch (attribute) {
    case cudaMemPoolAttrReleaseThreshold:
      number = pool->release_threshold;
      return cudaSuccess;
    case cudaMemPoolAttrReservedMemCurrent:
    case cudaMemPoolAttrUsedMemCurrent:
      number = pool->used;
      return cudaSuccess;
    case cudaMemPoolAttrReservedMemHigh:
    case cudaMemPoolAttrUsedMemHigh:
      number = pool->used_high;
      return cudaSuccess;
    default:
      return fail(cudaErrorInvalidValue);
  }
}

cudaError_t cudaMemPoolTrimTo(cudaMemPool_t handle, std::size_t bytes_to_keep) {
  if (find(handle) == nullptr) return fail(cudaErrorInvalidValue);
  Memory::instance().trim(bytes_to_keep);
  return cudaSuccess;
}

cudaError_t cudaMallocFromPoolAsync(void** pointer, std::size_t bytes, cudaMemPool_t handle,
                                    cudaStream_t stream) {
  auto pool = find(handle);
  if (pool == nullptr) return fail(cudaErrorInvalidValue);
  return allocate_from(std::move(pool), pointer, bytes, stream);
}
