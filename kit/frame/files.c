#include "kit/frame/files.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/frame/requests.h"
#include "kit/frame/usage.h"
#include "kit/proc/printed.h"
#include "kit/say/fail.h"
#include "kit/say/run.h"

const char *kit_path(const char *name)
{
    return kit_text("%s/%s", kit_run_folder(), name);
}

const char *kit_file_text(const char *name)
{
    return kit_contents(kit_path(name));
}

const char *kit_file(const char *name, const char *text)
{
    FILE *out = kit_run_file(name);

    if (fputs(text, out) == EOF || fclose(out) != 0)
        kit_undecided("%s cannot be written", name);
    return kit_path(name);
}

static void expect_unusable(struct kit_program *program, const char *text,
                            const char *why)
{
    kit_expect_failure(
        program, 1, "«reason»",
        kit_text("the file is %s: %s", text[0] != '\0' ? text : "empty", why));
}

void kit_expect_unusable_files_of(const char *const contents[], const char *why,
                                  const char *const args[])
{
    struct kit_program *programs[16];
    size_t count = 0;

    while (contents[count] != NULL)
        count++;
    for (size_t i = 0; i < count + KIT_AT_ONCE; i++) {
        if (i >= KIT_AT_ONCE)
            expect_unusable(programs[i - KIT_AT_ONCE],
                            contents[i - KIT_AT_ONCE], why);
        if (i >= count)
            continue;
        const char *file = kit_file(kit_text("file-%zu", i + 1), contents[i]);
        programs[i] = kit_brief(kit_start_with(args, file));
    }
}
