/* Memory that lives until the test ends. */
#ifndef KIT_BASE_MEMORY_H
#define KIT_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed; never NULL: without memory the process aborts. From any thread. */
void *kit_allocate(size_t size);

/* A copy of length bytes, and a NUL after them. */
char *kit_keep(const void *data, size_t length);

/* A copy of a string; "" where it is NULL. */
char *kit_keep_text(const char *text);

/* Frees all of it. No other thread may allocate meanwhile. */
void kit_free_all(void);

#endif
