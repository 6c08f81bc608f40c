#include "kit/say/run.h"

#include "kit/base/memory.h"
#include "kit/base/text.h"
#include "kit/say/verdict.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *folder = ".";

void kit_run_begin(const char *path)
{
    folder = kit_keep_text(path);
    mkdir(folder, 0777);
}

const char *kit_run_folder(void)
{
    return folder;
}

FILE *kit_run_file(const char *name)
{
    const char *path = kit_text("%s/%s", folder, name);
    FILE *file = fopen(path, "we");

    if (file == NULL) {
        fprintf(stderr, "check: cannot write %s\n", path);
        _exit(KIT_ENVIRONMENT);
    }
    return file;
}
