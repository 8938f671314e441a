#pragma once
#include "gridstride/emulator/vectors.hpp"
