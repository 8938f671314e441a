/// The driver API's types. Programs include this header beside the runtime API; of its functions
/// cuTensorMapEncodeTiled is offered, calling another one is an error at compile time.
#pragma once
#include "gridstride/emulator/api_types.hpp"
#include "gridstride/emulator/tensor_map.hpp"

#define CUDA_VERSION CUDART_VERSION

typedef int CUdevice;
typedef unsigned long long CUdeviceptr;
typedef struct CUctx_st* CUcontext;
typedef struct CUmod_st* CUmodule;
typedef struct CUfunc_st* CUfunction;
typedef cudaStream_t CUstream;
typedef cudaEvent_t CUevent;
