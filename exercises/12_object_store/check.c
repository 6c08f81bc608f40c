/* Files in a bucket: whole or not at all, of any size, where they belong. */
#include "kit/kit.h"

/* The servers are busy with a large file, all the time. */
static void begin(void)
{
    kit_begin();
    kit_be_patient(12000);
}

TestSuite(object_store, .init = begin, .fini = kit_end);

#define SIZE 300000 /* of a file: three chunks */
#define TYPED (1 << 20)
#define LARGE 256 /* MiB of a file, and what a program may use for it */
#define MOST 128

static const char prints[] = "is it printed once all has succeeded?";
static const char inside[] = "is it FOLDER/ and files_last_part(name)?";
static const char whole[] = "is a temporary file renamed once it is complete?";
static const char left[] = "is the temporary file removed if anything fails?";
static const char sent[] = "is each piece sent as soon as it is read?";
static const char streams[] = "is each chunk written, and freed, at once?";
static const char status[] = "is the status of a call that failed returned?";

static void assert_notes(const void *bytes, size_t length, const char *why)
{
    kit_assert_bytes("here/notes", bytes, length, why);
    kit_assert_folder("here", "notes", left);
}

Test(object_store, put_stores_a_file_under_its_own_name)
{
    const void *bytes = kit_random_bytes(SIZE);
    const char *path = kit_bytes("mine/notes", bytes, SIZE);

    kit_by_hand("object ls b");
    struct kit_program *run = kit_start_brief("put", "b", path, "all of them");
    kit_expect_success(run);
    kit_expect_object("b", "notes", bytes, SIZE, "is all added that was read?");
    kit_expect_stream("OBJ_b", {"config.num_replicas", "3", "Replicas?"});
    kit_assert_text(kit_object("b", "notes").description, "all of them",
                    "is meta.Description set?");
    kit_assert_output(run, kit_text("put notes %d\n", SIZE), prints);
}

Test(object_store, put_uses_a_bucket_that_is_there)
{
    kit_add_bucket("b");
    kit_expect_exit(kit_start("put", "b", kit_bytes("mine/empty", "", 0)), 0,
                    "is it created only if js_ObjectStore finds none?");
    kit_expect_object("b", "empty", "", 0, "nothing is added to it, is it?");
    kit_expect_exit(kit_start("put", "b", kit_folder("mine")), 1,
                    "that is a folder: is ferror() heeded?");
    kit_assert_no_object("b", "mine", "is it completed all the same?");
}

Test(object_store, get_writes_the_file_into_the_folder)
{
    const char *folder = kit_folder("here");
    const void *bytes = kit_random_bytes(SIZE);

    kit_expect_exit(kit_start("get", "b", "notes", folder), 1, status);
    kit_add_bucket("b");
    kit_expect_exit(kit_start("get", "b", "notes", folder), 1, status);
    kit_assert_folder("here", "", left);
    kit_put_object("b", "notes", bytes, SIZE);
    struct kit_program *run = kit_start_brief("get", "b", "notes", folder);
    kit_expect_success(run);
    assert_notes(bytes, SIZE, "is it fwrite, with the chunk's length?");
    kit_assert_output(run, kit_text("got notes %d\n", SIZE), prints);
    kit_put_object("b", "notes", "", 0);
    kit_expect_success(kit_start("get", "b", "notes", folder));
    assert_notes("", 0, whole);
}

Test(object_store, get_writes_nothing_outside_of_the_folder)
{
    const char *absolute = kit_text("%s/absolute", kit_folder("outside"));
    const char *names[] = {absolute, "../outside/up", "/nowhere/etc", "a/b"};

    kit_add_bucket("b");
    for (int i = 0; i < 4; i++) {
        kit_put_object("b", names[i], "text", 4);
        kit_expect_exit(kit_start("get", "b", names[i], kit_folder("here")), 0,
                        inside);
    }
    kit_assert_folder("outside", "", inside);
    kit_assert_folder("here", "absolute b etc up", inside);
}

Test(object_store, get_leaves_nothing_of_a_file_that_is_not_right)
{
    const void *bytes = kit_random_bytes(SIZE);

    kit_add_bucket("b");
    struct kit_late_get get =
        kit_start_late_get("b", "here/notes", bytes, SIZE, whole, streams);
    kit_publish_bytes(get.chunk.subject, bytes, get.chunk.length);
    kit_expect_exit(get.program, 1, "is the digest right? The last read says");
    assert_notes(KIT_OLD, whole);
    get = kit_start_late_get("b", "here/notes", bytes, SIZE, whole, streams);
    kit_signal(get.program, SIGINT);
    kit_expect_exit(get.program, 1, "without a file it has not succeeded");
    assert_notes(KIT_OLD, whole);
}

Test(object_store, a_connection_may_be_cut)
{
    const char *bytes = kit_random_bytes(TYPED);

    kit_be_patient(18000);
    /* nats.c 3.14 subscribes anew, in a thread that may not end in time. */
    kit_set_env("LSAN_OPTIONS", "detect_leaks=0");
    kit_add_bucket("b");
    kit_put_object("b", "stdin", KIT_OLD);
    struct kit_late_get get =
        kit_start_late_get("b", "here/notes", bytes, SIZE, whole, streams);
    struct kit_program *put = kit_start("put", "b", "/dev/stdin");
    kit_type_bytes(put, bytes, TYPED);
    kit_expect_stream("OBJ_b", {"state.bytes", ">= 1048576", sent});
    kit_expect_object("b", "stdin", KIT_OLD, "only Complete may replace it");
    kit_kick_all();
    kit_publish_bytes(get.chunk.subject, get.chunk.data, get.chunk.length);
    kit_type_end(put);
    size_t got = kit_expect_end(get.program, NULL) ? SIZE : 0;
    assert_notes(got ? bytes : "old", got ? got : 3, whole);
    got = kit_expect_end(put, NULL) ? TYPED : 0;
    kit_expect_object("b", "stdin", got ? bytes : "old", got ? got : 3, status);
}

Test(object_store, list_shows_what_is_there_and_rm_deletes_it)
{
    kit_add_bucket("b");
    kit_expect_printed(kit_start("list", "b"), "", "empty is NATS_NOT_FOUND");
    kit_put_object("b", "gone", "12", 2);
    kit_put_object("b", "c/d", "1", 1);
    kit_put_object("b", "e\\u001b[2J", "1234", 4);
    kit_expect_printed(kit_start("rm", "b", "gone"), "removed gone\n", prints);
    kit_assert_no_object("b", "gone", "is it objStore_Delete?");
    kit_expect_exit(kit_start("rm", "b", "gone"), 1, status);
    kit_expect_printed(kit_start("list", "b"), "c/d 1\ne?[2J 4\n",
                       "is it files_print for each, but no deleted ones?");
}

Test(object_store, watch_shows_each_change)
{
    kit_add_bucket("b");
    kit_put_object("b", "notes", "1", 1);
    kit_put_object("b", "gone", "12", 2);
    kit_remove_object("b", "gone");
    struct kit_program *run = kit_start("watch", "b");
    kit_expect_line(run, "--", "a NULL says that the first ones are all");
    kit_put_object("b", "more", "123", 3);
    kit_remove_object("b", "more");
    kit_put_object("b", "notes", "", 0);
    kit_expect_line(run, "PUT notes 0", "does it go on until it is stopped?");
    kit_finish();
    kit_assert_output(run,
                      "PUT notes 1\n--\nPUT more 3\nDEL more\nPUT notes 0\n",
                      "is all shown, but what was deleted before it began?");
}

Test(object_store, a_file_of_256_MiB_takes_little_memory)
{
    uint32_t seed = kit_random(1u << 31);
    const char *path = kit_large("mine/large", LARGE, seed);
    const char *folder = kit_folder("here");

    kit_untap();
    kit_be_patient(30000);
    kit_add_bucket("b");
    kit_expect_frugal("putting 256 MiB", MOST, sent, "files", "put", "b", path);
    kit_expect_frugal("getting 256 MiB", MOST, streams, "files", "get", "b",
                      "large", folder);
    kit_assert_large("here/large", LARGE, seed, streams);
    kit_remove_bucket("b");
}
