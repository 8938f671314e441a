# The libraries that stand beside our kernels. A rung whose library is missing stays listed, with the reason.
function(gridstride_link_libraries target)
  target_link_libraries(${target} PUBLIC Threads::Threads)
  if(GRIDSTRIDE_DEVICE STREQUAL "cuda")
    target_link_libraries(${target} PUBLIC CUDA::cudart CUDA::cublas)
    target_compile_definitions(${target} PUBLIC GRIDSTRIDE_HAS_CUBLAS=1 GRIDSTRIDE_HAS_THRUST=1)
    find_path(CUDNN_INCLUDE cudnn_graph.h HINTS ${CUDAToolkit_INCLUDE_DIRS} $ENV{CUDNN_PATH}/include
      PATH_SUFFIXES x86_64-linux-gnu)
    find_library(CUDNN_LIBRARY cudnn HINTS ${CUDAToolkit_LIBRARY_DIR} $ENV{CUDNN_PATH}/lib
      PATH_SUFFIXES x86_64-linux-gnu lib64)
    if(CUDNN_INCLUDE AND CUDNN_LIBRARY)
      target_compile_definitions(${target} PUBLIC GRIDSTRIDE_HAS_CUDNN=1)
      target_include_directories(${target} SYSTEM PUBLIC ${CUDNN_INCLUDE})
      target_link_libraries(${target} PUBLIC ${CUDNN_LIBRARY})
    endif()
  else()
    target_link_libraries(${target} PUBLIC gridstride::emulator)  # whoever includes a contract wants its cuda_runtime.h
    find_path(THRUST_INCLUDE thrust/version.h NO_DEFAULT_PATH PATHS ${CMAKE_SOURCE_DIR}/.deps/usr/include
      /usr/include)
    if(THRUST_INCLUDE)
      target_compile_definitions(${target} PUBLIC GRIDSTRIDE_HAS_THRUST=1
        THRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_TBB)
    endif()
  endif()
endfunction()
