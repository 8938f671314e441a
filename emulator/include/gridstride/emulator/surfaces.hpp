/// Surface loads and stores: bytes of an array, with x in bytes.
#pragma once

#include "gridstride/emulator/site.hpp"
#include "gridstride/emulator/texels.hpp"

namespace gridstride::emulator::detail {

/// Ends the launch: the access is outside the surface, or its x is no multiple of its size.
[[noreturn]] void refuse_surface_access(const Texels& surface, int x_bytes, int y, int z, std::size_t bytes,
                                        Site site);

template <class T>
concept SurfaceValue = std::is_trivially_copyable_v<T> &&
    (sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8 || sizeof(T) == 16);

/// Where the bytes are; null where the boundary mode says that there are none.
template <SurfaceValue T>
inline unsigned char* surface_address(cudaSurfaceObject_t handle, int x, int y, int z,
                                      cudaSurfaceBoundaryMode mode, Site site) {
  const Texels& surface = *reinterpret_cast<const Texels*>(handle);
  const int last = surface.width * surface.texel_bytes - static_cast<int>(sizeof(T));
  const auto inside = [](int i, int greatest) { return i >= 0 && i <= greatest; };
  if (x % static_cast<int>(sizeof(T)) != 0) refuse_surface_access(surface, x, y, z, sizeof(T), site);
  if (!inside(x, last) || !inside(y, surface.height - 1) || !inside(z, surface.depth - 1)) {
    if (mode == cudaBoundaryModeTrap) refuse_surface_access(surface, x, y, z, sizeof(T), site);
    if (mode == cudaBoundaryModeZero || last < 0) return nullptr;
    const auto clamped = [](int i, int greatest) { return i < 0 ? 0 : i > greatest ? greatest : i; };
    x = clamped(x, last), y = clamped(y, surface.height - 1), z = clamped(z, surface.depth - 1);
  }
  return surface.at(static_cast<std::size_t>(x), y, z);
}

template <SurfaceValue T>
inline T surface_read(cudaSurfaceObject_t handle, int x, int y, int z, cudaSurfaceBoundaryMode mode,
                      Site site) {
  T value{};
  if (const unsigned char* from = surface_address<T>(handle, x, y, z, mode, site)) {
    std::memcpy(&value, from, sizeof value);
  }
  return value;
}

template <SurfaceValue T>
inline void surface_write(const T& value, cudaSurfaceObject_t handle, int x, int y, int z,
                          cudaSurfaceBoundaryMode mode, Site site) {
  if (unsigned char* to = surface_address<T>(handle, x, y, z, mode, site))
    std::memcpy(to, &value, sizeof value);
}

}  // namespace gridstride::emulator::detail

#define GRIDSTRIDE_SURFACE(NAME, PARAMETERS, PLACE)                                                       \
  template <gridstride::emulator::detail::SurfaceValue T>                                                 \
  inline T NAME##read(cudaSurfaceObject_t surface, GRIDSTRIDE_UNWRAP PARAMETERS,                          \
                      cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap,                                \
                      gridstride::emulator::Site site = gridstride::emulator::Site::here()) {             \
    return gridstride::emulator::detail::surface_read<T>(surface, GRIDSTRIDE_UNWRAP PLACE, mode, site);   \
  }                                                                                                       \
  template <gridstride::emulator::detail::SurfaceValue T>                                                 \
  inline void NAME##read(T* value, cudaSurfaceObject_t surface, GRIDSTRIDE_UNWRAP PARAMETERS,             \
                         cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap,                             \
                         gridstride::emulator::Site site = gridstride::emulator::Site::here()) {          \
    *value = gridstride::emulator::detail::surface_read<T>(surface, GRIDSTRIDE_UNWRAP PLACE, mode, site); \
  }                                                                                                       \
  template <gridstride::emulator::detail::SurfaceValue T>                                                 \
  inline void NAME##write(T value, cudaSurfaceObject_t surface, GRIDSTRIDE_UNWRAP PARAMETERS,             \
                          cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap,                            \
                          gridstride::emulator::Site site = gridstride::emulator::Site::here()) {         \
    gridstride::emulator::detail::surface_write(value, surface, GRIDSTRIDE_UNWRAP PLACE, mode, site);     \
  }
#define GRIDSTRIDE_UNWRAP(...) __VA_ARGS__

GRIDSTRIDE_SURFACE(surf1D, (int x), (x, 0, 0))
GRIDSTRIDE_SURFACE(surf2D, (int x, int y), (x, y, 0))
GRIDSTRIDE_SURFACE(surf3D, (int x, int y, int z), (x, y, z))
GRIDSTRIDE_SURFACE(surf1DLayered, (int x, int layer), (x, 0, layer))
GRIDSTRIDE_SURFACE(surf2DLayered, (int x, int y, int layer), (x, y, layer))

#undef GRIDSTRIDE_UNWRAP
#undef GRIDSTRIDE_SURFACE
