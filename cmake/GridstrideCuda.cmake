# gridstride_cuda_sources(<target> <files.cu>...) adds CUDA sources to a target.
#
# On the cpu device they are C++ to CMake, and gridstride-cudacc stands in front of the compiler as its launcher:
# it translates what ends in .cu and hands everything else on to the launcher that was there before (ccache).
function(gridstride_cuda_sources target)
  target_sources(${target} PRIVATE ${ARGN})
  if(GRIDSTRIDE_DEVICE STREQUAL "cuda")
    return()
  endif()

  set(cudacc ${CMAKE_BINARY_DIR}/bin/gridstride-cudacc)
  set_source_files_properties(${ARGN} PROPERTIES LANGUAGE CXX OBJECT_DEPENDS ${cudacc}
    COMPILE_OPTIONS "${GRIDSTRIDE_KERNEL_OPTIONS}")
  add_dependencies(${target} gridstride-cudacc)
  target_link_libraries(${target} PRIVATE gridstride::emulator)

  get_target_property(launcher ${target} CXX_COMPILER_LAUNCHER)
  if(NOT "${launcher}" MATCHES "gridstride-cudacc")
    set(words ${cudacc})
    foreach(word IN LISTS launcher)
      if(word)
        list(APPEND words --launcher ${word})
      endif()
    endforeach()
    set_property(TARGET ${target} PROPERTY CXX_COMPILER_LAUNCHER ${words})
  endif()
endfunction()
