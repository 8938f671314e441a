/// CUDA's built-in vector types with CUDA's alignments, their make_ functions, and dim3.
#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define __VECTOR_TYPES_H__
#define __VECTOR_FUNCTIONS_H__

#define GRIDSTRIDE_VECTOR_TYPES(NAME, T, ALIGN2, ALIGN4)                        \
  struct NAME##1 {                                                              \
    T x;                                                                        \
  };                                                                            \
  struct alignas(ALIGN2) NAME##2 {                                              \
    T x, y;                                                                     \
  };                                                                            \
  struct NAME##3 {                                                              \
    T x, y, z;                                                                  \
  };                                                                            \
  struct alignas(ALIGN4) NAME##4 {                                              \
    T x, y, z, w;                                                               \
  };                                                                            \
  constexpr NAME##1 make_##NAME##1(T x) { return {x}; }                         \
  constexpr NAME##2 make_##NAME##2(T x, T y) { return {x, y}; }                 \
  constexpr NAME##3 make_##NAME##3(T x, T y, T z) { return {x, y, z}; }         \
  constexpr NAME##4 make_##NAME##4(T x, T y, T z, T w) { return {x, y, z, w}; } \
  static_assert(sizeof(NAME##3) == 3 * sizeof(T) && sizeof(NAME##4) == 4 * sizeof(T))

GRIDSTRIDE_VECTOR_TYPES(char, signed char, 2, 4);
GRIDSTRIDE_VECTOR_TYPES(uchar, unsigned char, 2, 4);
GRIDSTRIDE_VECTOR_TYPES(short, short, 4, 8);
GRIDSTRIDE_VECTOR_TYPES(ushort, unsigned short, 4, 8);
GRIDSTRIDE_VECTOR_TYPES(int, int, 8, 16);
GRIDSTRIDE_VECTOR_TYPES(uint, unsigned int, 8, 16);
GRIDSTRIDE_VECTOR_TYPES(long, long int, 16, 16);
GRIDSTRIDE_VECTOR_TYPES(ulong, unsigned long int, 16, 16);
GRIDSTRIDE_VECTOR_TYPES(longlong, long long int, 16, 16);
GRIDSTRIDE_VECTOR_TYPES(ulonglong, unsigned long long int, 16, 16);
GRIDSTRIDE_VECTOR_TYPES(float, float, 8, 16);
GRIDSTRIDE_VECTOR_TYPES(double, double, 16, 16);

#undef GRIDSTRIDE_VECTOR_TYPES

// CUDA 13 has the four-vectors of eight-byte numbers with a choice of alignments.
#define GRIDSTRIDE_ALIGNED_VECTORS(NAME, T)                                             \
  struct alignas(16) NAME##4_16a {                                                      \
    T x, y, z, w;                                                                       \
  };                                                                                    \
  struct alignas(32) NAME##4_32a {                                                      \
    T x, y, z, w;                                                                       \
  };                                                                                    \
  constexpr NAME##4_16a make_##NAME##4_16a(T x, T y, T z, T w) { return {x, y, z, w}; } \
  constexpr NAME##4_32a make_##NAME##4_32a(T x, T y, T z, T w) { return {x, y, z, w}; }

GRIDSTRIDE_ALIGNED_VECTORS(long, long int)
GRIDSTRIDE_ALIGNED_VECTORS(ulong, unsigned long int)
GRIDSTRIDE_ALIGNED_VECTORS(longlong, long long int)
GRIDSTRIDE_ALIGNED_VECTORS(ulonglong, unsigned long long int)
GRIDSTRIDE_ALIGNED_VECTORS(double, double)

#undef GRIDSTRIDE_ALIGNED_VECTORS

struct dim3 {
  unsigned int x = 1, y = 1, z = 1;

  constexpr dim3(unsigned int vx = 1, unsigned int vy = 1, unsigned int vz = 1) : x(vx), y(vy), z(vz) {}
  constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
  constexpr operator uint3() const { return {x, y, z}; }
};
