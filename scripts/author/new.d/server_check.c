/* @NAME@: a server of the learner's, with a name. */
#include "kit/kit.h"

#include <string.h>

TestSuite(@NAME@, .init = kit_begin, .fini = kit_end);

Test(@NAME@, the_file_has_no_syntax_error)
{
    kit_assert_config();
}

Test(@NAME@, the_server_is_called_@NAME@)
{
    const char *name = kit_server_name(kit_start_server());

    if (strcmp(name, "@NAME@") != 0)
        kit_fail("a server called '@NAME@'",
                 "is there a server_name? A server without one makes one up",
                 "'%s'", name);
}
