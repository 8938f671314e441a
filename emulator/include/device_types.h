#pragma once
#include "gridstride/emulator/round_mode.hpp"
