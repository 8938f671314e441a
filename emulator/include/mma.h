#pragma once
#include "gridstride/emulator/wmma.hpp"
