/// Copies and fills, whose pointers are checked against the allocation table.

#include <cstring>
#include <tuple>

#include "capture.hpp"
#include "copy_operation.hpp"
#include "error.hpp"
#include "gridstride/emulator/api.hpp"
#include "guarded.hpp"
#include "memory.hpp"

namespace gridstride::emulator {
namespace {

/// Up to this size, pageable memory is copied when the call is made; beyond, the call waits for its turn.
constexpr std::size_t kStagedBytes = 64 * 1024;

enum class Side { Host, Device, Any };

/// Why the memory is not what the caller says it is, and big enough; empty when it is.
std::string objection(const char* role, const Area& area, Side side) {
  Allocation known;
  const Memory& memory = Memory::instance();
  const bool found = memory.find(area.base, known);
  if (!found) {
    if (side != Side::Device) return {};
    return std::string(role) + " " + memory.describe(area.base) +
           " is not on the device, but the direction says so";
  }
  if (side == Side::Host && !known.on_host()) {
    return std::string(role) + " " + memory.describe(area.base) + ", but the direction says host";
  }
  if (side == Side::Device && !known.on_device() && known.kind != MemoryKind::Pinned &&
      known.kind != MemoryKind::Registered) {
    return std::string(role) + " " + memory.describe(area.base) + ", but the direction says device";
  }
  const auto offset =
      static_cast<std::size_t>(static_cast<const char*>(area.base) - static_cast<const char*>(known.base));
  if (area.extent() > known.bytes - offset) {
    return std::string(role) + " " + memory.describe(area.base) + ": " + std::to_string(area.extent()) +
           " bytes go beyond its end";
  }
  return {};
}

cudaError_t check_copy(const char* name, const Area& target, const Area& source, cudaMemcpyKind kind) {
  Side to = Side::Any;
  Side from = Side::Any;
  switch (kind) {
    case cudaMemcpyHostToHost:
      to = from = Side::Host;
      break;
    case cudaMemcpyHostToDevice:
      to = Side::Device, from = Side::Host;
      break;
    case cudaMemcpyDeviceToHost:
      to = Side::Host, from = Side::Device;
      break;
    case cudaMemcpyDeviceToDevice:
      to = from = Side::Device;
      break;
    case cudaMemcpyDefault:
      break;
    default:
      return fail(
          cudaErrorInvalidMemcpyDirection,
          std::string(name) + ": " + std::to_string(static_cast<int>(kind)) + " is not a cudaMemcpyKind");
  }
  if (target.base == nullptr || source.base == nullptr) {
    return fail(cudaErrorInvalidValue, std::string(name) + ": null pointer");
  }
  for (const auto& [role, area, side] :
       {std::tuple("target", target, to), std::tuple("source", source, from)}) {
    const std::string why = objection(role, area, side);
    if (why.empty()) continue;
    return fail(cudaErrorInvalidValue, std::string(name) + ": " + why, Memory::instance().history(area.base));
  }
  return cudaSuccess;
}

/// Calls `on` with the offsets of all rows of both areas; rows without gaps between them count as one.
template <class F>
void for_each_row(const Area& a, const Area& b, F on) {
  const bool whole = a.pitch == a.width && b.pitch == b.width;
  for (std::size_t slice = 0; slice < a.slices; ++slice) {
    for (std::size_t row = 0; row < (whole ? 1 : a.rows); ++row) {
      on(slice * a.slice_pitch + row * a.pitch, slice * b.slice_pitch + row * b.pitch,
         whole ? a.width * a.rows : a.width);
    }
  }
}

void copy_rows(const Area& target, const Area& source) {
  auto* to = static_cast<char*>(const_cast<void*>(target.base));
  const auto* from = static_cast<const char*>(source.base);
  for_each_row(target, source, [=](std::size_t at, std::size_t source_at, std::size_t bytes) {
    std::memmove(to + at, from + source_at, bytes);
  });
}

/// Memory filled with a value of 1, 2 or 4 bytes.
void fill_rows(const Area& target, unsigned value, unsigned element_bytes) {
  auto* to = static_cast<char*>(const_cast<void*>(target.base));
  for_each_row(target, target, [=](std::size_t at, std::size_t, std::size_t bytes) {
    if (element_bytes == 1) {
      std::memset(to + at, static_cast<int>(value), bytes);
      return;
    }
    for (std::size_t i = 0; i < bytes; i += element_bytes) std::memcpy(to + at + i, &value, element_bytes);
  });
}

bool pageable(const void* address) {
  Allocation known;
  return !Memory::instance().find(address, known);
}

/// Copies on the calling thread, when all that was queued before is done.
cudaError_t copy_now(const std::shared_ptr<Stream>& stream, const Area& target, const Area& source) {
  wait_for_turn(stream);
  const guarded::DeviceAccess access;
  if (device_error() == cudaSuccess) copy_rows(target, source);
  return outcome();
}

}  // namespace

cudaError_t copy(const char* name, const Area& target, const Area& source, cudaMemcpyKind kind,
                 cudaStream_t handle, bool asynchronous) {
  if (target.bytes() == 0) return outcome();
  std::shared_ptr<const Operation> operation;
  const cudaError_t error = copy_operation(name, target, source, kind, operation);
  if (error != cudaSuccess) return error;
  if (device_error() != cudaSuccess) return fail(device_error());
  const auto stream = find_stream(handle);
  if (stream == nullptr) return fail(cudaErrorInvalidResourceHandle);
  if (asynchronous && is_capturing(stream)) return enqueue(stream, operation);
  const bool from_pageable = pageable(source.base);
  const bool staged = from_pageable && source.bytes() <= kStagedBytes;
  if (!asynchronous || pageable(target.base) || (from_pageable && !staged)) {
    const cudaError_t refused = refuse_waiting(stream);
    return refused != cudaSuccess ? refused : copy_now(stream, target, source);
  }
  if (!from_pageable) return enqueue(stream, operation);
  auto staging = std::make_shared<char[]>(source.bytes());
  const Area inner{staging.get(), source.width, source.width, source.rows, source.width * source.rows,
                   source.slices};
  copy_rows(inner, source);
  return enqueue(stream, call([target, inner, keep = std::move(staging)] { copy_rows(target, inner); }));
}

namespace {

cudaError_t fill(const char* name, const Area& target, int value, cudaStream_t handle) {
  if (target.bytes() == 0) return outcome();
  std::shared_ptr<const Operation> operation;
  const cudaError_t error = fill_operation(name, target, static_cast<unsigned>(value & 0xff), 1, operation);
  if (error != cudaSuccess) return error;
  if (device_error() != cudaSuccess) return fail(device_error());
  const auto stream = find_stream(handle);
  if (stream == nullptr) return fail(cudaErrorInvalidResourceHandle);
  return enqueue(stream, operation);
}

Area row(const void* base, std::size_t bytes) { return {base, bytes, bytes, 1}; }

/// A range of a `__device__` or `__constant__` variable; false when it goes beyond its end.
bool within_symbol(const char* name, std::size_t symbol_bytes, std::size_t offset, std::size_t bytes) {
  if (offset <= symbol_bytes && bytes <= symbol_bytes - offset) return true;
  fail(cudaErrorInvalidValue, std::string(name) + ": " + std::to_string(bytes) + " bytes from offset " +
                                  std::to_string(offset) + " of a symbol of " + std::to_string(symbol_bytes));
  return false;
}

cudaError_t copy_3d(const char* name, const cudaMemcpy3DParms* params, cudaStream_t stream,
                    bool asynchronous) {
  Area target;
  Area source;
  const cudaError_t error = areas_of(name, params, target, source);
  if (error != cudaSuccess) return error;
  return copy(name, target, source, params->kind, stream, asynchronous);
}

}  // namespace

cudaError_t copy_operation(const char* name, const Area& target, const Area& source, cudaMemcpyKind kind,
                           std::shared_ptr<const Operation>& made) {
  if (target.pitch < target.width || source.pitch < source.width) {
    return fail(cudaErrorInvalidPitchValue, std::string(name) + ": the pitch is less than the width");
  }
  const cudaError_t error = check_copy(name, target, source, kind);
  if (error != cudaSuccess) return error;
  made = call(
      [=] {
        if (device_error() == cudaSuccess) copy_rows(target, source);
      },
      cudaGraphNodeTypeMemcpy);
  return cudaSuccess;
}

cudaError_t fill_operation(const char* name, const Area& target, unsigned value, unsigned element_bytes,
                           std::shared_ptr<const Operation>& made) {
  if (target.base == nullptr) return fail(cudaErrorInvalidValue, std::string(name) + ": null pointer");
  if (target.pitch < target.width && target.rows > 1) {
    return fail(cudaErrorInvalidPitchValue, std::string(name) + ": the pitch is less than the width");
  }
  const std::string why = objection("target", target, Side::Device);
  if (!why.empty()) return fail(cudaErrorInvalidValue, std::string(name) + ": " + why);
  made = call(
      [=] {
        if (device_error() == cudaSuccess) fill_rows(target, value, element_bytes);
      },
      cudaGraphNodeTypeMemset);
  return cudaSuccess;
}

namespace detail {

cudaError_t symbol_address(void** address, const void* symbol, std::size_t bytes) {
  if (address == nullptr) return fail(cudaErrorInvalidValue);
  *address = const_cast<void*>(symbol);
  Allocation known;
  Memory& memory = Memory::instance();
  if (!memory.find(symbol, known)) memory.add_foreign(*address, bytes, MemoryKind::Symbol);
  return cudaSuccess;
}

cudaError_t copy_to_symbol(const void* symbol, std::size_t symbol_bytes, const void* source,
                           std::size_t bytes, std::size_t offset, cudaMemcpyKind kind, cudaStream_t stream,
                           bool asynchronous) {
  constexpr const char* kName = "cudaMemcpyToSymbol";
  void* address = nullptr;
  symbol_address(&address, symbol, symbol_bytes);
  if (!within_symbol(kName, symbol_bytes, offset, bytes)) return cudaErrorInvalidValue;
  return copy(kName, row(static_cast<char*>(address) + offset, bytes), row(source, bytes), kind, stream,
              asynchronous);
}

cudaError_t copy_from_symbol(void* target, const void* symbol, std::size_t symbol_bytes, std::size_t bytes,
                             std::size_t offset, cudaMemcpyKind kind, cudaStream_t stream,
                             bool asynchronous) {
  constexpr const char* kName = "cudaMemcpyFromSymbol";
  void* address = nullptr;
  symbol_address(&address, symbol, symbol_bytes);
  if (!within_symbol(kName, symbol_bytes, offset, bytes)) return cudaErrorInvalidValue;
  return copy(kName, row(target, bytes), row(static_cast<char*>(address) + offset, bytes), kind, stream,
              asynchronous);
}

}  // namespace detail
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaMemcpy(void* target, const void* source, std::size_t bytes, cudaMemcpyKind kind) {
  return copy("cudaMemcpy", row(target, bytes), row(source, bytes), kind, nullptr, false);
}

cudaError_t cudaMemcpyAsync(void* target, const void* source, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  return copy("cudaMemcpyAsync", row(target, bytes), row(source, bytes), kind, stream, true);
}

cudaError_t cudaMemcpy2D(void* target, std::size_t target_pitch, const void* source, std::size_t source_pitch,
                         std::size_t width_bytes, std::size_t height, cudaMemcpyKind kind) {
  return copy("cudaMemcpy2D", {target, target_pitch, width_bytes, height},
              {source, source_pitch, width_bytes, height}, kind, nullptr, false);
}

cudaError_t cudaMemcpy2DAsync(void* target, std::size_t target_pitch, const void* source,
                              std::size_t source_pitch, std::size_t width_bytes, std::size_t height,
                              cudaMemcpyKind kind, cudaStream_t stream) {
  return copy("cudaMemcpy2DAsync", {target, target_pitch, width_bytes, height},
              {source, source_pitch, width_bytes, height}, kind, stream, true);
}

cudaError_t cudaMemset(void* target, int value, std::size_t bytes) {
  return fill("cudaMemset", row(target, bytes), value, nullptr);
}

cudaError_t cudaMemsetAsync(void* target, int value, std::size_t bytes, cudaStream_t stream) {
  return fill("cudaMemsetAsync", row(target, bytes), value, stream);
}

cudaError_t cudaMemset2D(void* target, std::size_t pitch, int value, std::size_t width_bytes,
                         std::size_t height) {
  return fill("cudaMemset2D", {target, pitch, width_bytes, height}, value, nullptr);
}

cudaError_t cudaMemset2DAsync(void* target, std::size_t pitch, int value, std::size_t width_bytes,
                              std::size_t height, cudaStream_t stream) {
  return fill("cudaMemset2DAsync", {target, pitch, width_bytes, height}, value, stream);
}

cudaError_t cudaMemcpy3D(const cudaMemcpy3DParms* params) {
  return copy_3d("cudaMemcpy3D", params, nullptr, false);
}

cudaError_t cudaMemcpy3DAsync(const cudaMemcpy3DParms* params, cudaStream_t stream) {
  return copy_3d("cudaMemcpy3DAsync", params, stream, true);
}

cudaError_t cudaMemset3D(cudaPitchedPtr target, int value, cudaExtent extent) {
  return cudaMemset3DAsync(target, value, extent, nullptr);
}

cudaError_t cudaMemset3DAsync(cudaPitchedPtr target, int value, cudaExtent extent, cudaStream_t stream) {
  return fill("cudaMemset3D", area_of(target, {}, extent), value, stream);
}
