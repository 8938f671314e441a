#pragma once
#include "gridstride/emulator/api_types.hpp"
