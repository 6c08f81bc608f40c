#include "kit/base/strange.h"

#include <stddef.h>

const char *const kit_no_tokens[] = {
    "",         "a.b",      "*",        ">",           "ada*", "two words",
    "ada\tbea", "ada\nbea", "ada\rbea", "ada\r\nPING", NULL};

const char *const kit_no_objects[] = {"{\"id\":", "7",      "[{}]",    "null",
                                      "{} {}",    "\"id\"", "\033[2J", NULL};
