// gridstride-cudacc: a compiler launcher that lets an ordinary C++ compiler compile CUDA sources for the
// emulator.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "emulator/driver/pipeline.hpp"

int main(int argc, char** argv) {
  namespace driver = gridstride::driver;
  try {
    const driver::CommandLine line(driver::Words(argv + 1, argv + argc));
    if (!line.compiles_cuda()) driver::become(line.plain());
    driver::catch_signals();
    const int status = driver::compile_cuda(line);
    if (driver::interrupted()) driver::die_interrupted();
    return status;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "gridstride-cudacc: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gridstride-cudacc: %s\n", error.what());
    return 1;
  }
}
