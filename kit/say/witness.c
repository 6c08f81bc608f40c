#include "kit/say/witness.h"

#include "kit/base/clock.h"

#include <stddef.h>

static struct kit_witness *witnesses;

void kit_witness_add(struct kit_witness *witness)
{
    struct kit_witness **end = &witnesses;

    while (*end != NULL)
        end = &(*end)->next;
    witness->next = NULL;
    *end = witness;
}

void kit_witnesses_forget(void)
{
    witnesses = NULL;
}

void kit_witnesses_tell(FILE *out, enum kit_section section)
{
    for (struct kit_witness *w = witnesses; w != NULL; w = w->next) {
        if (w->section == section && w->tell != NULL)
            w->tell(out, w->closure);
    }
}

static const char *first_alibi(struct kit_witness **witness)
{
    const char *alibi = NULL;

    for (struct kit_witness *w = witnesses; w != NULL && alibi == NULL;
         w = w->next) {
        if (w->alibi != NULL)
            alibi = w->alibi(w->closure);
        *witness = w;
    }
    return alibi;
}

const char *kit_alibi(void)
{
    struct kit_witness *witness;

    return first_alibi(&witness);
}

const char *kit_alibi_mistake(void)
{
    struct kit_witness *witness;

    return first_alibi(&witness) != NULL ? witness->why : NULL;
}

struct waiting {
    bool (*holds)(void *arg);
    void *arg;
    bool held;
};

static bool holds_or_over(void *argument)
{
    struct waiting *waiting = argument;

    waiting->held = waiting->holds(waiting->arg);
    return waiting->held || kit_alibi() != NULL;
}

/* What held when the alibi was looked for may have come just before it. */
bool kit_await(bool (*holds)(void *arg), void *arg, int deadline_ms)
{
    struct waiting waiting = {.holds = holds, .arg = arg};

    kit_wait(holds_or_over, &waiting, deadline_ms);
    return waiting.held || holds(arg);
}
