#pragma once
#include "cuda_pipeline_primitives.h"
#include "gridstride/emulator/cuda/pipeline.hpp"
