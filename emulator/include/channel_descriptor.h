#pragma once
#include "gridstride/emulator/api.hpp"
