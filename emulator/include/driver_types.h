#pragma once
#include "gridstride/emulator/api_types.hpp"
#include "gridstride/emulator/texture_types.hpp"
