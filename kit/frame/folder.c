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
const char *kit_folder(const char *name)
{
    const char *path = kit_path(kit_text("private/%s", name));

    if ((mkdir(kit_path("private"), 0777) != 0 && errno != EEXIST) ||
        mkdir(path, 0777) != 0)
        kit_undecided("%s cannot be made: %s", path, strerror(errno));
    return path;
}

const char *kit_path_in(const char *folder, const char *name)
{
    return kit_text("%s/%s", folder, name);
}

const char *kit_bytes_in(const char *folder, const char *name, const void *data,
                         size_t length)
{
    const char *path = kit_path_in(folder, name);

    FILE *out = fopen(path, "wbe");
    if (out == NULL || fwrite(data, 1, length, out) != length ||
        fclose(out) != 0)
        kit_undecided("%s cannot be written: %s", path, strerror(errno));
    return path;
}

/* The file's name, as a report shows it. */
static const char *short_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

void kit_assert_bytes(const char *path, const void *data, size_t length,
                      const char *why)
{
    const char *expected =
        kit_text("the file %s, %s", short_name(path), kit_quote(data, length));
    struct kit_string seen = {0};
    char piece[4096];
    size_t count;

    FILE *in = fopen(path, "rbe");
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

void kit_assert_folder(const char *folder, const char *names, const char *why)
{
    struct kit_string seen = {0};
    struct dirent **entries;

    int count = entries_of(folder, &entries);
    for (int i = 0; i < count; i++) {
        kit_string_add(&seen, "%s%s", i > 0 ? " " : "", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    const char *expected = names[0] != '\0' ? names : "nothing";
    if (strcmp(kit_string_text(&seen), names) != 0)
        kit_fail(kit_text("in the folder %s: %s", short_name(folder), expected),
                 why, "%s", seen.length > 0 ? seen.text : "nothing");
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
        const char *path = kit_path_in(part->folder, entries[i]->d_name);
        found = found || (strcmp(entries[i]->d_name, part->name) != 0 &&
                          stat(path, &status) == 0 && status.st_size > 0);
        free(entries[i]);
    }
    free(entries);
    return found;
}

void kit_expect_part(const char *folder, const char *name, const char *why)
{
    struct part part = {folder, name};

    if (!kit_await(is_there, &part, KIT_DEADLINE_MS))
        kit_fail(kit_text("a temporary file in the folder %s, with the chunks "
                          "that have come",
                          short_name(folder)),
                 why, "no other file than %s with something in it", name);
}

/* ---- large files --------------------------------------------------------- */

const char *kit_large_in(const char *folder, const char *name, int mib,
                         uint32_t seed)
{
    const char *path = kit_path_in(folder, name);

    if (!kit_make_large(path, mib, seed))
        kit_undecided("%s cannot be written: %s", path, strerror(errno));
    return path;
}

void kit_assert_large(const char *path, int mib, uint32_t seed, const char *why)
{
    const char *difference = kit_large_difference(path, mib, seed);

    if (difference != NULL)
        kit_fail(kit_text("the file %s, of %d MiB, as it was put",
                          short_name(path), mib),
                 why, "%s", difference);
}
