#include "gridstride/emulator/interprocess.hpp"

#include <string>

#include "error.hpp"

namespace gridstride::emulator {
namespace {

cudaError_t refuse(const char* call) {
  return fail(cudaErrorNotSupported,
              std::string(call) + ": memory and events are not shared with other processes");
}

}  // namespace
}  // namespace gridstride::emulator

using namespace gridstride::emulator;

cudaError_t cudaIpcGetMemHandle(cudaIpcMemHandle_t*, void*) { return refuse("cudaIpcGetMemHandle"); }
cudaError_t cudaIpcOpenMemHandle(void**, cudaIpcMemHandle_t, unsigned) {
  return refuse("cudaIpcOpenMemHandle");
}
cudaError_t cudaIpcCloseMemHandle(void*) { return refuse("cudaIpcCloseMemHandle"); }
cudaError_t cudaIpcGetEventHandle(cudaIpcEventHandle_t*, cudaEvent_t) {
  return refuse("cudaIpcGetEventHandle");
}
cudaError_t cudaIpcOpenEventHandle(cudaEvent_t*, cudaIpcEventHandle_t) {
  return refuse("cudaIpcOpenEventHandle");
}
