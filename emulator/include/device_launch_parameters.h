#pragma once
#include "gridstride/emulator/thread.hpp"
