# find_package(gridstride-emulator): the target gridstride::emulator, and gridstride_emulator_sources() for .cu files.
include(CMakeFindDependencyMacro)
find_dependency(Boost 1.74 COMPONENTS context)
find_dependency(TBB)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/gridstride-emulator-targets.cmake)
get_filename_component(GRIDSTRIDE_CUDACC ${CMAKE_CURRENT_LIST_DIR}/../../../bin/gridstride-cudacc ABSOLUTE)
include(${CMAKE_CURRENT_LIST_DIR}/EmulatorSources.cmake)
