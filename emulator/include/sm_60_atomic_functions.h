#pragma once
#include "gridstride/emulator/atomics.hpp"
