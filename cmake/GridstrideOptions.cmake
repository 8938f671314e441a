# Compiler settings that every target shares.
find_program(GRIDSTRIDE_CCACHE ccache)
if(GRIDSTRIDE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GRIDSTRIDE_CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${GRIDSTRIDE_CCACHE})
endif()

add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wall> $<$<COMPILE_LANGUAGE:CXX>:-Wextra>)
if(GRIDSTRIDE_WERROR)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Werror>
    "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-Werror all-warnings>")
endif()

if(GRIDSTRIDE_DEVICE STREQUAL "cuda")
  enable_language(CUDA)
  find_package(CUDAToolkit REQUIRED)
  # CMake 3.25 does not know that nvcc speaks C++20: told nothing it drops the standard without a word.
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
  endif()
  set(CMAKE_CUDA_STANDARD 20)
  set(CMAKE_CUDA_STANDARD_REQUIRED ON)
  set(CMAKE_CUDA_EXTENSIONS OFF)
  add_compile_options($<$<COMPILE_LANGUAGE:CUDA>:--extended-lambda>
    $<$<COMPILE_LANGUAGE:CUDA>:-lineinfo>)
elseif(GRIDSTRIDE_DEVICE STREQUAL "cpu")
  # Executables stay position-dependent: threadIdx is then one segment-relative load.
  add_compile_options(-fno-pie)
  add_link_options(-no-pie)
else()
  message(FATAL_ERROR "GRIDSTRIDE_DEVICE is '${GRIDSTRIDE_DEVICE}'; choose cpu or cuda")
endif()
# What tells the profiler of every access, call and basic block. The code has to lie in memory as it stands in
# the source, once, and to do what the source says, access by access: see docs/profiler.md. -O3 for what it unrolls
# before it tells: a thread's small arrays are registers then, as nvcc has them.
set(GRIDSTRIDE_PROFILE_OPTIONS -D__GRIDSTRIDE_PROFILE__=1 -O3 -g1 -fsanitize=thread -U__SANITIZE_THREAD__
  --param=tsan-distinguish-volatile=1 -Wno-tsan
  -fsanitize-coverage=trace-pc -fno-tree-vectorize -fno-reorder-blocks -fno-reorder-blocks-and-partition
  -fno-thread-jumps -fno-tree-tail-merge -fno-crossjumping -fno-code-hoisting -fno-tree-pre -fno-tree-sink
  -fno-tree-cselim -fno-tree-sra -fno-ipa-sra -fno-ssa-phiopt -fno-ipa-icf -fno-partial-inlining
  -fno-optimize-sibling-calls -fno-unswitch-loops -fno-split-loops -fno-split-paths
  -fno-version-loops-for-strides -fno-ipa-cp-clone)

# Kernels are built on the machine they run on and may use all that its processor has. Other code gains nothing from
# it, and must not have it: g++ 12 at -O3 with AVX-512 loses a store when it copies a layer's options.
if(GRIDSTRIDE_SANITIZE)
  set(GRIDSTRIDE_PROFILE_OPTIONS "")  # one instrumentation at a time
  set(CMAKE_CXX_FLAGS_RELEASE "-O1 -g1")
  set(GRIDSTRIDE_KERNEL_OPTIONS "")
  # With a sanitizer g++ sees uninitialised members in its own <regex>: its manual warns of such false alarms.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
    -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=address,undefined)
else()
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
  set(GRIDSTRIDE_KERNEL_OPTIONS -O3 -march=native -fno-math-errno -fno-trapping-math)
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # others instrument what they have already changed
  set(GRIDSTRIDE_PROFILE_OPTIONS "")
endif()
if(GRIDSTRIDE_PROFILE)
  if(NOT GRIDSTRIDE_PROFILE_OPTIONS OR NOT GRIDSTRIDE_DEVICE STREQUAL "cpu")
    message(FATAL_ERROR "GRIDSTRIDE_PROFILE wants g++, the emulator, and no other sanitizer")
  endif()
  list(APPEND GRIDSTRIDE_KERNEL_OPTIONS ${GRIDSTRIDE_PROFILE_OPTIONS})
endif()
