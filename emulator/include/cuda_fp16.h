#pragma once
#include "gridstride/emulator/half.hpp"
