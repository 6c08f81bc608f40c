#include "kit/base/large.h"

#include "kit/base/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (1024L * 1024)
#define PIECE 65536L

struct mark {
    uint32_t number, seed;
};

bool kit_make_large(const char *path, int mib, uint32_t seed)
{
    long pieces = mib * MIB / PIECE;
    bool written = true;

    FILE *file = fopen(path, "wbe");
    if (file == NULL)
        return false;
    for (long i = 0; i < pieces && written; i++) {
        struct mark mark = {(uint32_t)i, seed};
        written = fseek(file, i * PIECE, SEEK_SET) == 0 &&
                  fwrite(&mark, sizeof(mark), 1, file) == 1;
    }
    written =
        written && fflush(file) == 0 && ftruncate(fileno(file), mib * MIB) == 0;
    return fclose(file) == 0 && written;
}

static const char *piece_difference(FILE *file, long number, uint32_t seed)
{
    static char piece[PIECE], wanted[PIECE];
    struct mark mark = {(uint32_t)number, seed};

    memcpy(wanted, &mark, sizeof(mark));
    if (fread(piece, 1, sizeof(piece), file) == sizeof(piece) &&
        memcmp(piece, wanted, sizeof(piece)) == 0)
        return NULL;
    return kit_text("other bytes from byte %ld on", number * PIECE);
}

const char *kit_large_difference(const char *path, int mib, uint32_t seed)
{
    const char *difference = NULL;
    struct stat status;

    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return "no such file";
    if (fstat(fileno(file), &status) != 0 || status.st_size != mib * MIB)
        difference = kit_text("%lld bytes", (long long)status.st_size);
    for (long i = 0; i < mib * MIB / PIECE && difference == NULL; i++)
        difference = piece_difference(file, i, seed);
    fclose(file);
    return difference;
}
