/* Micro services, as they tell of themselves: tests/programs/teller.c. */
#include "kit/kit.h"

#include <stdlib.h>
#include <string.h>

TestSuite(services, .init = kit_begin, .fini = kit_end);

static const struct kit_service *find_owner(const struct kit_services *services,
                                            const char *owner)
{
    for (size_t i = 0; i < services->count; i++) {
        const struct kit_service *service = &services->list[i];
        if (strcmp(kit_service_value(service, "metadata.owner"), owner) == 0)
            return service;
    }
    cr_assert_fail("no service of %s", owner);
    return NULL;
}

Test(services, two_tell_what_they_are)
{
    kit_start("Ada");
    kit_start("Bea");
    struct kit_services services = kit_expect_services("teller", 2, NULL);
    const struct kit_service *ada = find_owner(&services, "Ada");
    const struct kit_service *bea = find_owner(&services, "Bea");

    cr_assert_eq(services.broken, 0);
    cr_assert_str_eq(ada->name, "teller");
    cr_assert_str_eq(ada->version, "1.2.3");
    cr_assert_str_eq(ada->description, "tells what it is told to");
    cr_assert_str_neq(ada->id, bea->id);
    cr_assert_str_eq(kit_service_value(ada, "endpoints.#"), "1");
    cr_assert_str_eq(kit_service_value(ada, "metadata.color"), "");
    cr_assert_str_eq(kit_service_value(bea, "endpoints.get.subject"),
                     "tell.Bea");
    cr_assert_str_eq(
        kit_service_value(bea, "endpoints.get.metadata.description"),
        "says hi");
    cr_assert_str_eq(kit_service_value(bea, "endpoints.get.no_such_value"), "");
    cr_assert_str_eq(kit_service_value(bea, "endpoints.list.subject"), "");
    cr_assert_eq(kit_discover("PING", NULL, 2).count, 2);
    kit_finish();
    kit_untap();
    cr_assert_eq(kit_discover("PING", NULL, 0).count, 0);
}

Test(services, they_count_requests_and_errors)
{
    kit_start("Ada");
    kit_expect_services("teller", 1, NULL);
    for (int i = 0; i < 3; i++)
        kit_expect_answer("tell.Ada", "x", "hi", NULL);
    kit_request("tell.Ada", "nothing");
    struct kit_services services = kit_discover("STATS", "teller", 1);
    cr_assert_eq(services.count, 1);
    const struct kit_service *ada = &services.list[0];
    cr_assert_str_eq(kit_service_value(ada, "endpoints.get.num_requests"), "4");
    cr_assert_str_eq(kit_service_value(ada, "endpoints.get.num_errors"), "1");
    kit_finish();
}

Test(services, what_does_not_parse_is_counted_and_the_others_are_told)
{
    kit_start("Ada");
    kit_start("--alone", "Bea");
    cr_assert_eq(kit_discover("PING", NULL, 2).count, 2);
    struct kit_services services = kit_discover("INFO", NULL, 2);
    cr_assert_eq(services.count, 1);
    cr_assert_eq(services.broken, 1);
    cr_assert(strstr(services.broken_text, "Bea"), "%s", services.broken_text);
    cr_assert_str_eq(kit_service_value(&services.list[0], "metadata.owner"),
                     "Ada");
    kit_expect_services("teller", 1, NULL);
    kit_finish();
}

Test(services, two_hundred_are_all_found)
{
    for (int i = 0; i < 200; i++) {
        const char *json = kit_text("{\"name\":\"crowd\",\"id\":\"%d\"}", i);
        kit_serve("$SRV.INFO.crowd", NULL, kit_say, (void *)json);
    }
    struct kit_services services = kit_expect_services("crowd", 200, NULL);
    bool seen[200] = {false};
    for (size_t i = 0; i < services.count; i++)
        seen[strtoul(services.list[i].id, NULL, 10) % 200] = true;
    for (int i = 0; i < 200; i++)
        cr_assert(seen[i], "%d", i);
}
