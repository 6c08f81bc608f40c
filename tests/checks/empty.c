/* A check without a test: must not pass. */
#include "kit/kit.h"

TestSuite(empty, .init = kit_begin, .fini = kit_end);
