// Checks that the layer's contract headers stand on their own.
#include "stave/store.h"
#include "storage/snapshot.h"
#include "storage/transaction.h"
