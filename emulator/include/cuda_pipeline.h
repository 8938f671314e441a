#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define _CUDA_PIPELINE_H_
#include "cuda_pipeline_primitives.h"
#include "gridstride/emulator/cuda/pipeline.hpp"
