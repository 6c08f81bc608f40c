/* Which line of a configuration nats-server means. The messages are its own,
 * those of 2.15. */
#include "kit/server/config.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(config, .fini = kit_free_all);

Test(config, the_number_is_found)
{
    static const struct {
        const char *message;
        long number;
    } table[] = {
        {"nats-server: leaf.conf:12:3: unknown field \"nonsense\"", 12},
        {"nats-server: build/a/mine.cfg:2:1: interface conversion: interface "
         "{} is string, not int64",
         2},
        {"nats-server: Parse error on line 4: 'Unexpected EOF.'", 4},
        {"nats-server: variable reference for 'NOPE' on line 7 can not be "
         "found",
         7},
        {"nats-server: leaf.conf:5:2: max_mem_store strconv.ParseInt: parsing "
         "\"x\": invalid syntax\nleaf.conf:7:2: Can not have a single "
         "user/pass and a users array",
         5},
        {"nats-server: open none.conf: no such file or directory", 0},
        {"nats-server: connecting to 127.0.0.1:4222: refused", 0},
        {"", 0},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        cr_expect_eq(kit_offending_number(table[i].message), table[i].number,
                     "%ld in: %s", kit_offending_number(table[i].message),
                     table[i].message);
}

static char path[] = "/tmp/kit-units-XXXXXX";

static void write_config(const char *text)
{
    FILE *file = fdopen(mkstemp(path), "w");

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_line(const char *message, const char *hint)
{
    cr_assert_str_eq(kit_offending_line(path, message), hint);
}

Test(config, the_line_is_shown)
{
    write_config("port: 1\n\n    \tnonsense: 7\nlast: 8");
    assert_line("leaf.conf:3:5: unknown field", "line 3: nonsense: 7");
    assert_line("leaf.conf:2:1: unknown field", "line 2: ");
    assert_line("leaf.conf:4:1: unknown field", "line 4: last: 8");
    assert_line("leaf.conf:5:1: unknown field",
                "line 5: (the end of the file)");
    assert_line("Parse error on line 1: 'x'",
                "a bracket, a brace or a quote that is not closed, in or "
                "above line 1: port: 1");
    assert_line("open none.conf: no such file", "the message says what it is");
    unlink(path);
}

Test(config, a_long_line_is_one_line)
{
    char *comment = kit_keep(kit_text("%2000s", ""), 2000);

    memset(comment, '#', 2000);
    write_config(kit_text("%s\nport: nowhere\n", comment));
    assert_line("leaf.conf:2:1: not int64", "line 2: port: nowhere");
    unlink(path);
}

Test(config, without_the_file_there_is_no_line)
{
    assert_line("leaf.conf:2:1: not int64", "the message says what it is");
}

Test(config, a_logs_last_words_are_found)
{
    cr_assert_str_eq(kit_last_words("[7] [INF] Starting\n[7] [FTL] Can't "
                                    "listen\n[7] [INF] Exit\n"),
                     "[FTL] Can't listen");
    cr_assert_str_eq(kit_last_words("[7] [ERR] first\n[7] [ERR] last"),
                     "[ERR] last");
    cr_assert_str_eq(kit_last_words("[7] [FTL] why\n[7] [ERR] after it\n"),
                     "[FTL] why");
    cr_assert_str_eq(kit_last_words("nats-server: a.conf:1:1: no\n"),
                     "nats-server: a.conf:1:1: no");
    cr_assert_str_eq(kit_last_words("[7] [INF] Starting\n"),
                     "it said nothing about it");
    cr_assert_str_eq(kit_last_words(""), "it said nothing about it");
}
