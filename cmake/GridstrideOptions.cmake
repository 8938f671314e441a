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
  # The program is built on the machine it runs on, so it may use all that this processor has.
  # Executables stay position-dependent: threadIdx is then one segment-relative load.
  add_compile_options(-march=native -fno-math-errno -fno-trapping-math -fno-pie)
  add_link_options(-no-pie)
else()
  message(FATAL_ERROR "GRIDSTRIDE_DEVICE is '${GRIDSTRIDE_DEVICE}'; choose cpu or cuda")
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1")

if(GRIDSTRIDE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
