# gridstride_cuda_sources(<target> <files.cu>...) adds CUDA sources to a target, for the device of this build.
set(GRIDSTRIDE_CUDACC ${CMAKE_BINARY_DIR}/bin/gridstride-cudacc)
include(${CMAKE_CURRENT_LIST_DIR}/../emulator/cmake/EmulatorSources.cmake)

function(gridstride_cuda_sources target)
  if(GRIDSTRIDE_DEVICE STREQUAL "cuda")
    target_sources(${target} PRIVATE ${ARGN})
    return()
  endif()
  gridstride_emulator_sources(${target} ${ARGN})
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${GRIDSTRIDE_KERNEL_OPTIONS}")
  add_dependencies(${target} gridstride-cudacc)
endfunction()
