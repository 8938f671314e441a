#pragma once
// The toolkit's guard: programs ask for it, and its own headers stand back.
#define _COOPERATIVE_GROUPS_H_
#include "gridstride/emulator/cooperative/groups.hpp"
#include "gridstride/emulator/cooperative/multi_warp.hpp"
#include "gridstride/emulator/cooperative/partition.hpp"
