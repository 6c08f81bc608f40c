#include "kit/base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    max_align_t data[];
};

static struct block *blocks;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void *kit_allocate(size_t size)
{
    struct block *block = calloc(1, sizeof(*block) + size);
    if (block == NULL)
        abort();

    pthread_mutex_lock(&lock);
    block->next = blocks;
    blocks = block;
    pthread_mutex_unlock(&lock);
    return block->data;
}

char *kit_keep(const void *data, size_t length)
{
    char *copy = kit_allocate(length + 1);

    if (length > 0)
        memcpy(copy, data, length);
    return copy;
}

char *kit_keep_text(const char *text)
{
    return text != NULL ? kit_keep(text, strlen(text)) : kit_keep("", 0);
}

void kit_free_all(void)
{
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}
