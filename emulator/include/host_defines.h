#pragma once
#include "gridstride/emulator/words.hpp"
