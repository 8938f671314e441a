#pragma once
#include "gridstride/emulator/cooperative/groups.hpp"
#include "gridstride/emulator/cooperative/partition.hpp"
