#include "kit/base/strange.h"

#include <stddef.h>

const char *const kit_no_tokens[] = {
    "",         "a.b",      "*",        ">",           "ada*", "two words",
    "ada\tbea", "ada\nbea", "ada\rbea", "ada\r\nPING", NULL};
