// Checks that the layer's contract headers stand on their own.
#include "stave/query.h"
