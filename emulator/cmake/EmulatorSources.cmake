# gridstride_emulator_sources(<target> <files.cu>...) adds CUDA sources to a target, for the emulator.
#
# They are C++ to CMake, and gridstride-cudacc stands in front of the compiler as its launcher: it translates what
# ends in .cu and hands everything else on to the launcher that was there before (ccache).
function(gridstride_emulator_sources target)
  target_sources(${target} PRIVATE ${ARGN})
  set_source_files_properties(${ARGN} PROPERTIES LANGUAGE CXX OBJECT_DEPENDS ${GRIDSTRIDE_CUDACC})
  target_link_libraries(${target} PRIVATE gridstride::emulator)

  get_target_property(launcher ${target} CXX_COMPILER_LAUNCHER)
  if(NOT "${launcher}" MATCHES "gridstride-cudacc")
    set(words ${GRIDSTRIDE_CUDACC})
    foreach(word IN LISTS launcher)
      if(word)
        list(APPEND words --launcher ${word})
      endif()
    endforeach()
    set_property(TARGET ${target} PROPERTY CXX_COMPILER_LAUNCHER ${words})
  endif()
endfunction()
