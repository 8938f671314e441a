/// Words such as __device__ are the translator's: nothing is left to define.
#pragma once
