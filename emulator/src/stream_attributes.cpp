#include "gridstride/emulator/stream_attributes.hpp"

#include <map>
#include <mutex>

#include "error.hpp"
#include "stream.hpp"

namespace gridstride::emulator {
namespace {

using Attributes = std::map<cudaStreamAttrID, cudaStreamAttrValue>;

/// By the stream's id, which no later stream has again.
struct Registry {
  std::mutex mutex;
  std::map<std::uint64_t, Attributes> of_stream;
};
Registry& registry() {
  static auto* all = new Registry;
  return *all;
}

bool is_of_streams(cudaStreamAttrID attribute) {
  return attribute == cudaStreamAttributeAccessPolicyWindow ||
         attribute == cudaStreamAttributeSynchronizationPolicy || attribute == cudaStreamAttributePriority;
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaStreamSetAttribute(cudaStream_t stream, cudaStreamAttrID attribute,
                                   const cudaStreamAttrValue* value) {
  const auto known = find_stream(stream);
  if (known == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (value == nullptr || !is_of_streams(attribute)) return fail(cudaErrorInvalidValue);
  const std::scoped_lock lock(registry().mutex);
  registry().of_stream[known->id()][attribute] = *value;
  return cudaSuccess;
}

cudaError_t cudaStreamGetAttribute(cudaStream_t stream, cudaStreamAttrID attribute,
                                   cudaStreamAttrValue* value) {
  const auto known = find_stream(stream);
  if (known == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (value == nullptr || !is_of_streams(attribute)) return fail(cudaErrorInvalidValue);
  const std::scoped_lock lock(registry().mutex);
  const Attributes& attributes = registry().of_stream[known->id()];
  const auto found = attributes.find(attribute);
  *value = found == attributes.end() ? cudaStreamAttrValue{} : found->second;
  return cudaSuccess;
}

cudaError_t cudaStreamCopyAttributes(cudaStream_t to, cudaStream_t from) {
  const auto target = find_stream(to), source = find_stream(from);
  if (target == nullptr || source == nullptr) return fail(cudaErrorInvalidResourceHandle);
  const std::scoped_lock lock(registry().mutex);
  registry().of_stream[target->id()] = registry().of_stream[source->id()];
  return cudaSuccess;
}

cudaError_t cudaCtxResetPersistingL2Cache() { return cudaSuccess; }
