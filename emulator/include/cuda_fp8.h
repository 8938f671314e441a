#pragma once
#include "gridstride/emulator/fp8.hpp"
