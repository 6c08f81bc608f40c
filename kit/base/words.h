/* Lists of "NAME=value", as environments are. */
#ifndef KIT_BASE_WORDS_H
#define KIT_BASE_WORDS_H

/* The environment with these variables set or replaced: both lists end in
 * NULL, more may be NULL. The result lives until the test ends. */
char **kit_environment_with(char *const environment[],
                            const char *const more[]);

/* "east-2" as part of a variable's name: EAST_2. */
const char *kit_upper(const char *name);

/* "CHECK_1" in small letters. */
const char *kit_lower(const char *name);

/* What of a name may stand in a file's: letters and digits, 24 at most, and _
 * for the others. */
const char *kit_file_name(const char *name);

#endif
