#pragma once
#include "cooperative_groups.h"
#include "gridstride/emulator/cooperative/collectives.hpp"
