#include "kit/say/same.h"

#include "kit/base/difference.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"

#include <string.h>

void kit_assert_text(const char *seen, const char *wanted, const char *why)
{
    if (strcmp(seen, wanted) != 0)
        kit_fail(kit_quote(wanted, strlen(wanted)), why, "%s",
                 kit_difference(wanted, strlen(wanted), seen, strlen(seen)));
}
