/* Folders that the learner's programs read and write. A file is named by folder
 * and name: "here/notes". */
#ifndef KIT_FRAME_FOLDER_H
#define KIT_FRAME_FOLDER_H

#include <stddef.h>
#include <stdint.h>

/* The path of a folder of the test's, which is made. It is removed when the
 * check ends, whatever ends it: there may be large files in it. */
const char *kit_folder(const char *name);

/* Writes a file, whose folder is made; returns its path. */
const char *kit_bytes(const char *file, const void *data, size_t length);

/* The file has these bytes. */
void kit_assert_bytes(const char *file, const void *data, size_t length,
                      const char *why);

/* The same, and nothing else is in its folder: no part of what was begun. */
void kit_assert_alone(const char *file, const void *data, size_t length,
                      const char *why);

/* In the folder is this, and nothing else: the names of files and folders,
 * hidden ones as well, in order, with a space between; "" for nothing. */
void kit_assert_folder(const char *name, const char *names, const char *why);

/* In the file's folder is another file, which is not empty, or comes to be
 * there: somebody writes what shall have this name. */
void kit_expect_part(const char *file, const char *why);

/* A file of so many MiB (base/large.h), which takes little room; its path. The
 * file is like the one that was made with this seed. */
const char *kit_large(const char *file, int mib, uint32_t seed);
void kit_assert_large(const char *file, int mib, uint32_t seed,
                      const char *why);

#endif
