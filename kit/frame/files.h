/* Files that the learner's programs read. */
#ifndef KIT_FRAME_FILES_H
#define KIT_FRAME_FILES_H

/* Writes a file into the test's folder, and returns its path. */
const char *kit_file(const char *name, const char *text);

/* For each of these contents, up to a NULL, of a file: a program with these
 * arguments, kit_each among them for the file, ends with status 1 and a line on
 * stderr.
 *     kit_expect_unusable_files(files, why, "ada", kit_each); */
#define kit_expect_unusable_files(contents, why, ...)                          \
    kit_expect_unusable_files_of(contents, why,                                \
                                 (const char *const[]){__VA_ARGS__, NULL})
void kit_expect_unusable_files_of(const char *const contents[], const char *why,
                                  const char *const args[]);

#endif
