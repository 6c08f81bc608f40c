/* NATS's matching, as the server does it. */
#include "kit/wire/subject.h"

#include <criterion/criterion.h>
#include <stddef.h>

static const struct {
    const char *filter, *subject;
    bool matches;
} table[] = {
    /* whole tokens, by letter */
    {"orders", "orders", true},
    {"orders", "Orders", false},
    {"orders", "order", false},
    {"orders", "orders.new", false},
    {"orders.new", "orders", false},
    {"orders.new", "orders.new", true},
    {"orders.new", "orders.old", false},
    {"orders.new", "ordersxnew", false},

    /* * is one token */
    {"*", "orders", true},
    {"*", "orders.new", false},
    {"orders.*", "orders.new", true},
    {"orders.*", "orders", false},
    {"orders.*", "orders.new.7", false},
    {"*.new", "orders.new", true},
    {"*.*", "orders.new", true},
    {"*.*", "orders", false},
    {"orders.*.done", "orders.7.done", true},
    {"orders.*.done", "orders.done", false},
    {"orders.*.done", "orders.7.8.done", false},

    /* only alone: as part of a token it is a letter */
    {"order*", "orders", false},
    {"order*", "order*", true},
    {"*s", "orders", false},
    {"**", "orders", false},
    {"orders.*", "orders.*", true},

    /* > is one token or more, at the end */
    {">", "orders", true},
    {">", "orders.new.7", true},
    {"orders.>", "orders.new", true},
    {"orders.>", "orders.new.7", true},
    {"orders.>", "orders", false},
    {"orders.>", "order.new", false},
    {"*.>", "orders.new", true},
    {"*.>", "orders", false},
    {"orders.*.>", "orders.new", false},
    {"orders.*.>", "orders.new.7", true},
    {"orders>", "orders>", true},
    {"orders>", "orders.new", false},
    {">>", "orders", false},

    /* > anywhere else is no subject to subscribe to */
    {">.new", "orders.new", false},
    {">.new", ">.new", false},
    {"orders.>.new", "orders.7.new", false},
    {"orders.>.new", "orders.>.new", false},

    /* no token is empty */
    {"", "", false},
    {">", "", false},
    {"*", "", false},
    {"orders", "", false},
    {"", "orders", false},
    {"orders.", "orders.", false},
    {"orders..new", "orders..new", false},
    {"orders.*", "orders.", false},
    {"orders.>", "orders.", false},
    {"orders.*.new", "orders..new", false},
    {">", ".", false},
    {">", ".orders", false},
    {">", "orders.", false},
    {">", "orders..new", false},
    {"orders.>", "orders..new", false},
    {"orders.>", "orders.new.", false},
};

Test(subject, it_matches_what_the_server_matches)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        cr_expect_eq(kit_subject_matches(table[i].filter, table[i].subject),
                     table[i].matches, "filter '%s', subject '%s'",
                     table[i].filter, table[i].subject);
}
