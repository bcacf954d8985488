// Checks that the layer's contract headers stand on their own.
#include "stave/generate.h"
#include "stave/import.h"
#include "stave/version.h"
