#pragma once
#include "gridstride/emulator/memory_access.hpp"
