#pragma once
#include "gridstride/emulator/complex.hpp"
