#pragma once
#include "gridstride/emulator/arrays.hpp"
