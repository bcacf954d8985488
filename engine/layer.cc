// Checks that the layer's contract headers stand on their own.
#include "engine/execute.h"
