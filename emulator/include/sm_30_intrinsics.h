#pragma once
#include "gridstride/emulator/warp.hpp"
