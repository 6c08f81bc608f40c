#include "kit/frame/folder.h"

#include "kit/base/clock.h"
#include "kit/base/difference.h"
#include "kit/base/large.h"
#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/files.h"
#include "kit/say/fail.h"
#include "kit/say/witness.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What is in private/ goes with the check (run/main.c). */
static const char *path_of(const char *name)
{
    return kit_path(kit_text("private/%s", name));
}

static void make(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        kit_undecided("%s cannot be made: %s", path, strerror(errno));
}

const char *kit_folder(const char *name)
{
    make(kit_path("private"));
    make(path_of(name));
    return path_of(name);
}

/* The path of a file; its folder is there. */
static const char *place_for(const char *file)
{
    kit_folder(kit_keep(file, (size_t)(strchr(file, '/') - file)));
    return path_of(file);
}

const char *kit_bytes(const char *file, const void *data, size_t length)
{
    const char *path = place_for(file);

    FILE *out = fopen(path, "wbe");
    if (out == NULL || fwrite(data, 1, length, out) != length ||
        fclose(out) != 0)
        kit_undecided("%s cannot be written: %s", path, strerror(errno));
    return path;
}

void kit_assert_bytes(const char *file, const void *data, size_t length,
                      const char *why)
{
    const char *expected =
        kit_text("the file %s, %s", file, kit_quote(data, length));
    struct kit_string seen = {0};
    char piece[4096];
    size_t count;

    FILE *in = fopen(path_of(file), "rbe");
    if (in == NULL)
        kit_fail(expected, why, "no such file");
    while ((count = fread(piece, 1, sizeof(piece), in)) > 0)
        kit_string_add_bytes(&seen, piece, count);
    fclose(in);
    if (!kit_same(data, length, seen.text, seen.length))
        kit_fail(
            expected, why, "%s",
            kit_difference(data, length, kit_string_text(&seen), seen.length));
}

/* ---- what is in a folder ------------------------------------------------- */

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* All entries; free each, and the list. */
static int entries_of(const char *folder, struct dirent ***entries)
{
    int count = scandir(folder, entries, is_entry, alphasort);

    if (count < 0)
        kit_undecided("%s cannot be read: %s", folder, strerror(errno));
    return count;
}

void kit_assert_folder(const char *name, const char *names, const char *why)
{
    struct kit_string seen = {0};
    struct dirent **entries;

    int count = entries_of(path_of(name), &entries);
    for (int i = 0; i < count; i++) {
        kit_string_add(&seen, "%s%s", i > 0 ? " " : "", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    const char *expected = names[0] != '\0' ? names : "nothing";
    if (strcmp(kit_string_text(&seen), names) != 0)
        kit_fail(kit_text("in the folder %s: %s", name, expected), why, "%s",
                 seen.length > 0 ? seen.text : "nothing");
}

void kit_assert_alone(const char *file, const void *data, size_t length,
                      const char *why)
{
    const char *slash = strchr(file, '/');

    kit_assert_bytes(file, data, length, why);
    kit_assert_folder(kit_keep(file, (size_t)(slash - file)), slash + 1,
                      "is the temporary file removed if anything fails?");
}

struct part {
    const char *folder, *name;
};

static bool is_there(void *argument)
{
    const struct part *part = argument;
    struct dirent **entries;
    struct stat status;
    bool found = false;

    int count = entries_of(part->folder, &entries);
    for (int i = 0; i < count; i++) {
        const char *path = kit_text("%s/%s", part->folder, entries[i]->d_name);
        found = found || (strcmp(entries[i]->d_name, part->name) != 0 &&
                          stat(path, &status) == 0 && status.st_size > 0);
        free(entries[i]);
    }
    free(entries);
    return found;
}

void kit_expect_part(const char *file, const char *why)
{
    const char *slash = strchr(file, '/');
    const char *folder = kit_keep(file, (size_t)(slash - file));
    struct part part = {path_of(folder), slash + 1};

    if (!kit_await(is_there, &part, KIT_DEADLINE_MS))
        kit_fail(kit_text("a temporary file in the folder %s, with the chunks "
                          "that have come",
                          folder),
                 why, "no other file than %s with something in it", part.name);
}

/* ---- large files --------------------------------------------------------- */

const char *kit_large(const char *file, int mib, uint32_t seed)
{
    const char *path = place_for(file);

    if (!kit_make_large(path, mib, seed))
        kit_undecided("%s cannot be written: %s", path, strerror(errno));
    return path;
}

void kit_assert_large(const char *file, int mib, uint32_t seed, const char *why)
{
    const char *difference = kit_large_difference(path_of(file), mib, seed);

    if (difference != NULL)
        kit_fail(kit_text("the file %s, of %d MiB, as it was put", file, mib),
                 why, "%s", difference);
}
