/* Files in a bucket: whole or not at all, of any size, where they belong. */
#include "kit/kit.h"

TestSuite(object_store, .init = kit_begin, .fini = kit_end);

#define SIZE                                                                   \
    300001 /* of a file: three chunks, with a few bytes of any value           \
            */
#define TYPED (1 << 20)
#define LARGE_MIB 256
#define MOST_MIB 128
#define BYTES "\0two\n\n\"lines\"\0\377"

static const char name_kept[] = "is meta.Name files_last_part(path)?";
static const char prints[] = "is it printed when all has succeeded?";
static const char binary[] = "any byte may be in a file, also none: is it "
                             "objStorePut_Add with the length that was read?";
static const char written[] = "is it fwrite, with the chunk's length?";
static const char inside[] =
    "is the path FOLDER/ and files_last_part(name)? Others choose the names";
static const char whole[] =
    "is it a temporary file that gets its name by rename(), at the end?";
static const char left[] = "is the temporary file removed if anything fails?";
static const char digest[] =
    "the last objStoreGet_Read fails where the digest is wrong: is it heeded?";
static const char at_once[] = "is each piece sent as soon as it is read?";
static const char old_one[] =
    "is the old one deleted? Leave that to objStorePut_Complete";
static const char streams[] = "is each chunk written, and freed, at once?";

/* SIZE bytes, other ones each time. */
static const char *make_bytes(void)
{
    char *bytes = (char *)kit_random_text(SIZE);

    memcpy(bytes + SIZE / 2, BYTES, sizeof(BYTES));
    return bytes;
}

static void cut_connections(void)
{
    struct kit_connections all = kit_connections();

    for (size_t i = 0; i < all.count; i++)
        kit_kick(all.list[i]);
}

/* What is got under this name, whatever it ended with, is one or the other. */
static void expect_success_or_failure(struct kit_program *run)
{
    kit_be_patient(20000);
    kit_await_end(run, KIT_DEADLINE_MS);
    kit_expect_exit(run, kit_exit_status(run) == 0 ? 0 : 1,
                    "does it end, and say whether it has succeeded?");
}

/* A get of an object whose last chunk is missing: it has begun to write. */
static struct kit_program *get_without_end(const char *folder,
                                           const char *bytes,
                                           struct kit_message *chunk)
{
    kit_add_bucket("b");
    kit_put_object("b", "notes", bytes, SIZE);
    *chunk = kit_take_chunk("b", "notes");
    kit_bytes_in(folder, "notes", "old", 3);
    struct kit_program *run =
        kit_must_run(kit_start("get", "b", "notes", folder),
                     "does it wait for a chunk that is late?");
    kit_expect_part(folder, "notes", streams);
    kit_assert_bytes(kit_path_in(folder, "notes"), "old", 3, whole);
    return run;
}

Test(object_store, put_stores_a_file_under_its_own_name)
{
    const char *name = kit_random_word(), *folder = kit_folder("mine");
    const char *path = kit_bytes_in(folder, name, BYTES, sizeof(BYTES));
    struct kit_program *run = kit_start_brief("put", "b", path, "my notes");

    kit_by_hand("object ls b");
    kit_expect_success(run);
    kit_expect_stream("OBJ_b", {"config.num_replicas", "3", "Replicas?"},
                      {"config.storage", "file", "the default is in files"});
    kit_expect_object("b", name, BYTES, sizeof(BYTES), name_kept);
    kit_assert_text(kit_object("b", name).description, "my notes",
                    "is meta.Description set?");
    kit_assert_output(run, kit_text("put %s %zu\n", name, sizeof(BYTES)),
                      prints);
}

Test(object_store, put_stores_files_of_any_size)
{
    const char *bytes = make_bytes(), *folder = kit_folder("mine");

    kit_add_bucket("b"); /* with one replica */
    kit_bytes_in(folder, "some", bytes, SIZE);
    kit_expect_exit(
        kit_start("put", "b", kit_path_in(folder, "some")), 0,
        "is a bucket that is there used, however it is configured?");
    kit_expect_object("b", "some", bytes, SIZE, binary);
    kit_bytes_in(folder, "some", "", 0);
    kit_expect_exit(kit_start("put", "b", kit_path_in(folder, "some")), 0,
                    "an empty file is a file: objStorePut_Add only if length "
                    "> 0");
    kit_expect_object("b", "some", "", 0, binary);
    struct kit_program *none = kit_start("put", "b", "no/such/file");
    struct kit_program *bad = kit_start("put", "b", folder);
    kit_expect_exit(none, 1, "is it said that there is no such file?");
    kit_expect_exit(bad, 1, "is ferror() looked at after fread()?");
    cr_assert(!kit_object("b", "mine").exists);
}

Test(object_store, get_writes_the_file_into_the_folder)
{
    const char *bytes = make_bytes(), *folder = kit_folder("here");
    struct kit_program *none = kit_start("get", "c", "notes", folder);

    kit_by_hand("object get b notes");
    kit_expect_exit(none, 1, "there is no such bucket: only put creates it");
    kit_add_bucket("b");
    kit_put_object("b", "notes", bytes, SIZE);
    kit_put_object("b", "empty", "", 0);
    struct kit_program *run = kit_start_brief("get", "b", "notes", folder);
    kit_expect_success(run);
    kit_assert_bytes(kit_path_in(folder, "notes"), bytes, SIZE, written);
    kit_assert_output(run, kit_text("got notes %d\n", SIZE), prints);
    kit_expect_success(kit_start("get", "b", "empty", folder));
    kit_expect_exit(kit_start("get", "b", "note", folder), 1,
                    "does objStore_Get fail where there is no such object?");
    kit_assert_folder(folder, "empty notes", left);
}

Test(object_store, get_writes_nothing_outside_of_the_folder)
{
    const char *outside = kit_folder("outside"), *folder = kit_folder("here");
    const char *names[] = {"../outside/up", "a/b", "/nowhere/etc",
                           kit_path_in(outside, "absolute"), ".hidden"};

    kit_add_bucket("b");
    for (int i = 0; i < 5; i++) {
        kit_put_object("b", names[i], "text", 4);
        kit_expect_exit(kit_start("get", "b", names[i], folder), 0, inside);
    }
    kit_assert_folder(outside, "", inside);
    kit_assert_folder(folder, ".hidden absolute b etc up", inside);
}

Test(object_store, get_finds_a_chunk_that_was_changed)
{
    const char *folder = kit_folder("here"), *bytes = make_bytes();
    struct kit_message chunk;
    struct kit_program *run = get_without_end(folder, bytes, &chunk);

    kit_may_end(run);
    kit_publish_bytes(chunk.subject, bytes, chunk.length);
    kit_expect_exit(run, 1, digest);
    kit_expect_complaint(run, "…", "is the reason said on stderr?");
    kit_assert_bytes(kit_path_in(folder, "notes"), "old", 3, digest);
    kit_assert_folder(folder, "notes", left);
}

Test(object_store, get_is_whole_though_the_connection_is_cut)
{
    const char *folder = kit_folder("here"), *bytes = make_bytes();
    struct kit_message chunk;
    struct kit_program *run = get_without_end(folder, bytes, &chunk);

    kit_may_end(run);
    cut_connections();
    kit_publish_bytes(chunk.subject, chunk.data, chunk.length);
    expect_success_or_failure(run);
    bool got = kit_exit_status(run) == 0;
    kit_assert_bytes(kit_path_in(folder, "notes"), got ? bytes : "old",
                     got ? SIZE : 3, whole);
    kit_assert_folder(folder, "notes", left);
}

Test(object_store, get_leaves_nothing_when_it_is_stopped)
{
    const char *folder = kit_folder("here");
    struct kit_message chunk;
    struct kit_program *run = get_without_end(folder, make_bytes(), &chunk);

    kit_signal(run, SIGINT);
    kit_expect_exit(run, 1, "does get end with 1 where it has no file?");
    kit_assert_bytes(kit_path_in(folder, "notes"), "old", 3, whole);
    kit_assert_folder(folder, "notes", left);
}

Test(object_store, put_replaces_an_object_whole_or_not_at_all)
{
    const char *typed = kit_random_text(TYPED + 1);

    kit_add_bucket("b");
    kit_put_object("b", "stdin", "old", 3);
    struct kit_program *run = kit_start("put", "b", "/dev/stdin");
    kit_type_bytes(run, typed, TYPED);
    kit_expect_stream("OBJ_b", {"state.bytes", ">= 1048576", at_once});
    kit_expect_object("b", "stdin", "old", 3, old_one);
    cut_connections();
    kit_type_bytes(run, typed + TYPED, 1);
    kit_type_end(run);
    expect_success_or_failure(run);
    bool put = kit_exit_status(run) == 0;
    kit_expect_object("b", "stdin", put ? typed : "old", put ? TYPED + 1 : 3,
                      old_one);
}

Test(object_store, list_shows_what_is_there_and_rm_deletes_it)
{
    kit_add_bucket("b");
    kit_expect_printed(kit_start("list", "b"), "",
                       "NATS_NOT_FOUND says that nothing is in the bucket");
    kit_put_object("b", "c/d", "1", 1);
    kit_put_object("b", "a", "", 0);
    kit_put_object("b", "e\\u001b[2J", "1234", 4);
    kit_put_object("b", "gone", "12", 2);
    kit_expect_printed(kit_start("rm", "b", "gone"), "removed gone\n", prints);
    kit_expect_exit(kit_start("rm", "b", "gone"), 1,
                    "is the status of objStore_Delete returned?");
    cr_assert(!kit_object("b", "gone").exists);
    kit_expect_printed(kit_start("list", "b"), "c/d 1\na 0\ne?[2J 4\n",
                       "is it files_print for each, but for deleted ones?");
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
    kit_put_object("b", "notes", "", 0);
    kit_remove_object("b", "more");
    kit_expect_line(run, "DEL more", "is it info->Deleted?");
    kit_finish();
    kit_assert_lines(run, {"PUT notes 1", "are those shown that are there?"},
                     {"--", "what was deleted before is not there"},
                     {"PUT more 3", prints}, {"PUT notes 0", prints},
                     {"DEL more", prints});
}

Test(object_store, what_cannot_be_meant_is_refused)
{
    const char *const no_files[] = {"", ".", "..", "a/", "a/..", NULL};

    kit_expect_usage_errors(no_files, "it names no file", "get", "b", kit_each);
    kit_expect_usage_error("it would be no JSON", "put", "b", "a\"b");
    kit_expect_no_server("list", "b");
}

Test(object_store, a_file_of_256_MiB_takes_little_memory)
{
    uint32_t seed = kit_random(1u << 31);
    const char *in = kit_folder("in"), *out = kit_folder("out");
    const char *path = kit_large_in(in, "large", LARGE_MIB, seed);

    kit_untap();
    kit_be_patient(30000);
    kit_add_bucket("b");
    kit_meanwhile("a file of 256 MiB is put, and memory is measured");
    struct kit_program *put = kit_start_plain("files", "put", "b", path);
    kit_expect_success(put);
    kit_assert_memory(put, MOST_MIB, at_once);
    kit_meanwhile("the file of 256 MiB is got, and memory is measured");
    struct kit_program *get =
        kit_start_plain("files", "get", "b", "large", out);
    kit_expect_success(get);
    kit_assert_memory(get, MOST_MIB, streams);
    kit_meanwhile("the two files of 256 MiB are compared");
    kit_assert_large(kit_path_in(out, "large"), LARGE_MIB, seed, written);
    kit_remove_bucket("b");
}
