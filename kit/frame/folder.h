/* Folders that the learner's programs write into, and what they leave there. */
#ifndef KIT_FRAME_FOLDER_H
#define KIT_FRAME_FOLDER_H

#include <stddef.h>
#include <stdint.h>

/* Makes an empty folder of the test's, and returns its path. It is removed when
 * the check ends, whatever ends it: there may be large files in it. */
const char *kit_folder(const char *name);

/* The path of a file in a folder; the same, after writing it. */
const char *kit_path_in(const char *folder, const char *name);
const char *kit_bytes_in(const char *folder, const char *name, const void *data,
                         size_t length);

/* The file at path has these bytes. */
void kit_assert_bytes(const char *path, const void *data, size_t length,
                      const char *why);

/* In the folder is this, and nothing else: the names of files and folders,
 * hidden ones as well, in order, with a space between; "" for nothing. */
void kit_assert_folder(const char *folder, const char *names, const char *why);

/* In the folder is a file of another name than this one, which is not empty, or
 * comes to be there: somebody is writing it. */
void kit_expect_part(const char *folder, const char *name, const char *why);

/* A file of so many MiB (base/large.h), which takes little room; it is like the
 * one that kit_large_in has made with this seed. */
const char *kit_large_in(const char *folder, const char *name, int mib,
                         uint32_t seed);
void kit_assert_large(const char *path, int mib, uint32_t seed,
                      const char *why);

#endif
