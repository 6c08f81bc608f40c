/* Files that the learner's programs read, or write. */
#ifndef KIT_FRAME_FILES_H
#define KIT_FRAME_FILES_H

/* The path of a file of this name in the test's folder; writes it there; all
 * that is in it, "" where it is not there. */
const char *kit_path(const char *name);
const char *kit_file(const char *name, const char *text);
const char *kit_file_text(const char *name);

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
