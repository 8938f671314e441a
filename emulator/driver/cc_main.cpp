// gridstride-cc: nvcc's command line for the emulator.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "emulator/driver/cc.hpp"

int main(int argc, char** argv) {
  namespace driver = gridstride::driver;
  try {
    const driver::NvccLine line(driver::Words(argv + 1, argv + argc));
    driver::catch_signals();
    const int status = driver::cc(line, driver::find_toolchain());
    if (driver::interrupted()) driver::die_interrupted();
    return status;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "gridstride cc: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gridstride cc: %s\n", error.what());
    return 1;
  }
}
