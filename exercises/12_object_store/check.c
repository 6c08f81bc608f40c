/* Files in a bucket: whole or not at all, of any size, where they belong. */
#include "kit/kit.h"

#define SIZE 300000 /* of a file: three chunks */
#define TYPED (1 << 20)

static const char prints[] = "is it printed once all has succeeded?";
static const char inside[] = "is it FOLDER/ and files_last_part(name)?";
static const char whole[] = "is a temporary file renamed once it is complete?";
static const char sent[] = "is each piece sent as soon as it is read?";
static const char streams[] = "is each chunk written, and freed, at once?";
static const char fails[] = "is what fails noticed (ferror?), and 1 returned?";

/* The bucket has one replica, and the servers are busy with a large file. */
static void begin(void)
{
    kit_begin();
    kit_be_patient(25000);
    kit_add_objects("b");
}

TestSuite(object_store, .init = begin, .fini = kit_end);

Test(object_store, put_stores_a_file_under_its_own_name)
{
    const void *bytes = kit_random_bytes(SIZE);
    const char *path = kit_bytes("mine/notes", bytes, SIZE);
    struct kit_program *run = kit_start_brief("put", "c", path, "mine");

    kit_by_hand("object ls c");
    kit_expect_exit(run, 0, "is the bucket created if there is none?");
    kit_expect_object("c", "notes", bytes, SIZE, "is all of it added?");
    kit_expect_stream("OBJ_c", {"config.num_replicas", "3", "are Replicas 3?"});
    kit_assert_described("c", "notes", "mine", "is meta.Description set?");
    kit_assert_output(run, kit_text("put notes %d\n", SIZE), prints);
}

Test(object_store, put_uses_a_bucket_that_is_there)
{
    kit_expect_exit(kit_start("put", "b", kit_bytes("mine/empty", "", 0)), 0,
                    "may the bucket be there already, and the file empty?");
    kit_expect_object("b", "empty", "", 0, "nothing is added to it, is it?");
    kit_expect_exit(kit_start("put", "b", kit_folder("mine")), 1, fails);
    kit_assert_no_object("b", "mine", "is it completed all the same?");
}

Test(object_store, get_writes_the_file_into_the_folder)
{
    const char *folder = kit_folder("here"), *bytes = kit_random_bytes(SIZE);

    kit_expect_exit(kit_start("get", "b", "notes", folder), 1, fails);
    kit_assert_folder("here", "", "is it removed again?");
    kit_put_object("b", "notes", bytes, SIZE);
    struct kit_program *run = kit_start_brief("get", "b", "notes", folder);
    kit_expect_success(run);
    kit_assert_alone("here/notes", bytes, SIZE, "is it fwrite with length?");
    kit_assert_output(run, kit_text("got notes %d\n", SIZE), prints);
    kit_put_object("b", "notes", "", 0);
    kit_expect_success(kit_start("get", "b", "notes", folder));
    kit_assert_alone("here/notes", "", 0, whole);
}

Test(object_store, get_writes_nothing_outside_of_the_folder)
{
    const char *absolute = kit_text("%s/abs", kit_folder("outside"));
    const char *names[] = {absolute, "../outside/up", "/nowhere/etc", "a/b"};
    const char *folder = kit_folder("here");

    for (int i = 0; i < 4; i++) {
        kit_put_object("b", names[i], "text", 4);
        kit_expect_exit(kit_start("get", "b", names[i], folder), 0, inside);
    }
    kit_assert_folder("outside", "", inside);
    kit_assert_folder("here", "abs b etc up", inside);
    kit_expect_usage_error("it names no file", "get", "b", "a/..");
}

Test(object_store, get_leaves_nothing_of_a_file_that_is_not_right)
{
    const void *bytes = kit_random_bytes(SIZE);
    struct kit_late late = kit_get_late("b", "here/notes", bytes, SIZE);
    kit_publish_bytes(late.chunk.subject, bytes, late.chunk.length);
    kit_expect_exit(late.get, 1, "is the digest right? The last read says");
    kit_assert_alone("here/notes", KIT_OLD, whole);
    late = kit_get_late("b", "here/notes", bytes, SIZE);
    kit_signal(late.get, SIGINT);
    kit_expect_exit(late.get, 1, "without a file it has not succeeded");
    kit_assert_alone("here/notes", KIT_OLD, whole);
}

Test(object_store, a_connection_may_be_cut)
{
    const char *bytes = kit_random_bytes(TYPED);

    kit_put_object("b", "stdin", KIT_OLD);
    struct kit_late late = kit_get_late("b", "here/notes", bytes, SIZE);
    struct kit_program *put = kit_start("put", "b", "/dev/stdin");
    kit_type_bytes(put, bytes, TYPED);
    kit_expect_stream("OBJ_b", {"state.bytes", ">= 1048576", sent});
    kit_expect_object("b", "stdin", KIT_OLD, "only Complete may replace it");
    kit_kick_all();
    kit_publish_bytes(late.chunk.subject, late.chunk.data, late.chunk.length);
    kit_type_end(put);
    bool ok = kit_expect_end(late.get, "got …");
    kit_assert_alone("here/notes", ok ? bytes : "old", ok ? SIZE : 3, whole);
    ok = kit_expect_end(put, "put …");
    kit_expect_object("b", "stdin", ok ? bytes : "old", ok ? TYPED : 3, fails);
}

Test(object_store, list_shows_what_is_there_and_rm_deletes_it)
{
    kit_expect_printed(kit_start("list", "b"), "", "empty is NATS_NOT_FOUND");
    kit_put_object("b", "gone", "12", 2);
    kit_put_object("b", "c/d", "1", 1);
    kit_put_object("b", "e\\u001b[2J", "1234", 4);
    kit_expect_printed(kit_start("rm", "b", "gone"), "removed gone\n", prints);
    kit_expect_exit(kit_start("rm", "b", "gone"), 1, fails);
    kit_expect_printed(kit_start("list", "b"), "c/d 1\ne?[2J 4\n",
                       "is it files_print for each, but no deleted ones?");
}

Test(object_store, watch_shows_each_change)
{
    kit_put_object("b", "notes", "1", 1);
    kit_put_object("b", "gone", "12", 2);
    kit_remove_object("b", "gone");
    struct kit_program *run = kit_start("watch", "b");
    kit_expect_line(run, "--", "a NULL says that the first ones are all");
    kit_put_object("b", "more", "123", 3);
    kit_expect_line(run, "PUT more 3", "does it go on after the NULL?");
    kit_remove_object("b", "more");
    kit_expect_line(run, "DEL more", "is it info->Deleted?");
    kit_finish();
    kit_assert_output(run, "PUT notes 1\n--\nPUT more 3\nDEL more\n",
                      "is what was there shown, but what was deleted is not?");
}

Test(object_store, a_file_of_256_MiB_takes_little_memory, .timeout = 140)
{
    uint32_t seed = kit_random(1u << 31);

    kit_untap();
    kit_be_patient(60000);
    kit_expect_frugal("putting a file of 256 MiB", 128, sent, "files", "put",
                      "b", kit_large("mine/large", 256, seed));
    kit_expect_frugal("getting the file of 256 MiB", 128, streams, "files",
                      "get", "b", "large", kit_folder("here"));
    kit_assert_large("here/large", 256, seed, streams);
    kit_remove_objects("b");
}
