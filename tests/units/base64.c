/* base64url, and damaged texts. */
#include "kit/base/base64.h"

#include "kit/base/damage.h"
#include "kit/base/memory.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(base64, .fini = kit_free_all);

/* RFC 4648, 10, without the = at the end. */
Test(base64, letters_are_those_of_the_standard)
{
    cr_assert_str_eq(kit_base64url("", 0), "");
    cr_assert_str_eq(kit_base64url("f", 1), "Zg");
    cr_assert_str_eq(kit_base64url("fo", 2), "Zm8");
    cr_assert_str_eq(kit_base64url("foo", 3), "Zm9v");
    cr_assert_str_eq(kit_base64url("foobar", 6), "Zm9vYmFy");
    cr_assert_str_eq(kit_base64url("\xfb\xff\xfe", 3), "-__-");
}

Test(base64, bytes_come_back)
{
    char bytes[256];
    size_t size;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)i;
    for (size_t length = 0; length <= sizeof(bytes); length++) {
        const char *text = kit_base64url(bytes, length);
        const char *back = kit_base64url_bytes(text, strlen(text), &size);
        cr_assert_eq(size, length);
        cr_assert_eq(memcmp(back, bytes, length), 0);
        cr_assert_eq(back[length], '\0');
    }
}

Test(base64, other_letters_are_refused)
{
    size_t size;

    cr_assert_null(kit_base64url_bytes("Zg==", 4, &size));
    cr_assert_null(kit_base64url_bytes("Z+", 2, &size));
    cr_assert_null(kit_base64url_bytes("Z\0", 2, &size));
}

Test(base64, a_damaged_text_differs)
{
    static const char text[] = "eyJ0eXAi.eyJ0eXAi";
    struct kit_chance chance;
    size_t length;

    kit_chance_begin(&chance, 7, "damage");
    for (int i = 0; i < 10000; i++) {
        const char *bytes = kit_damaged(&chance, text, &length);
        cr_assert(length != strlen(text) || memcmp(bytes, text, length) != 0);
    }
    kit_damaged(&chance, "", &length);
    cr_assert_eq(length, 0);
}
