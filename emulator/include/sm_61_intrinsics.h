#pragma once
#include "gridstride/emulator/video.hpp"
