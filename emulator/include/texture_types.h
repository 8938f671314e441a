#pragma once
#include "gridstride/emulator/texture_types.hpp"
