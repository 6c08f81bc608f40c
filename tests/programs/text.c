/* For tests/header: text.h lets letters through and nothing that steers a
 * terminal. Prints what is wrong; exit status 1 then. */
#include "text.h"

#include <stdlib.h>
#include <string.h>

struct sample {
    const char *text;
    size_t length;
    const char *shown;
};

#define SAMPLE(text, shown) {text, sizeof(text) - 1, shown}

static const struct sample texts[] = {
    SAMPLE("", ""),
    SAMPLE("abc ~", "abc ~"),
    SAMPLE("a\0b", "a?b"),
    SAMPLE("\033[2J\177\t\n\r", "?[2J????"),
    /* Two bytes, three and four; the first is U+00A0, after the controls. */
    SAMPLE("\302\240 \303\251 \342\202\254 \360\237\231\202",
           "\302\240 \303\251 \342\202\254 \360\237\231\202"),
    SAMPLE("\302\233"
           "31m \302\200 \302\237",
           "?31m ? ?"),
    /* No UTF-8: alone, cut short, impossible. */
    SAMPLE("\233 \303 \303\303\251 \377\376", "? ? ?\303\251 ??"),
    SAMPLE("\342\202", "??"),
    SAMPLE("\303\033", "??"),
    SAMPLE("\365\200\200\200", "????"),
    /* Escape or U+009B, written longer than need be. */
    SAMPLE("\300\233 \340\202\233 \360\200\202\233", "?? ? ?"),
};

static const struct sample lines[] = {
    SAMPLE("", ""),
    SAMPLE("\n", "\n"),
    SAMPLE("a\nb", "a\nb"),
    SAMPLE("a\r\n\n\033\n\303", "a?\n\n?\n?"),
};

static bool shows(const struct sample *sample,
                  void (*put)(FILE *, const char *, size_t))
{
    char shown[100] = "";

    FILE *out = fmemopen(shown, sizeof(shown), "w");
    if (out == NULL)
        return false;

    put(out, sample->text, sample->length);
    fclose(out);
    if (strcmp(shown, sample->shown) == 0)
        return true;

    fprintf(stderr, "shown: %s\nnot:   %s\n", shown, sample->shown);
    return false;
}

int main(void)
{
    bool ok = true;

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        ok = shows(&texts[i], put_text) && ok;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        ok = shows(&lines[i], put_lines) && ok;
    ok = shows(&(struct sample){NULL, 0, ""}, put_text) && ok;
    ok = shows(&(struct sample){NULL, 0, ""}, put_lines) && ok;
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
