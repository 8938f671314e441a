#pragma once
#include "gridstride/emulator/integers.hpp"
#include "gridstride/emulator/math.hpp"
#include "gridstride/emulator/sync.hpp"
#include "gridstride/emulator/video.hpp"
#include "gridstride/emulator/warp.hpp"
