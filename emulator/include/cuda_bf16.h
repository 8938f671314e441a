#pragma once
#include "gridstride/emulator/bfloat16.hpp"
