/* One thread reads what all programs of a test print, looks at their memory
 * and reaps them. */
#ifndef KIT_PROC_READER_H
#define KIT_PROC_READER_H

#include "kit/proc/child.h"

#include <pthread.h>
#include <stdatomic.h>

struct kit_reader {
    struct kit_program *programs; /* the newest first; guarded by kit_lock */
    pthread_t thread;
    int wake;     /* an eventfd: something has changed */
    int children; /* a signalfd of SIGCHLD, which every thread must block */
    bool running;
    atomic_bool stop;
};

/* Blocks SIGCHLD in this thread, and so in those that it starts from now on. */
void kit_reader_begin(struct kit_reader *reader);

/* The program, just spawned, is read from now on. */
void kit_reader_add(struct kit_reader *reader, struct kit_program *program);

/* held or lines_left of a program was changed. */
void kit_reader_wake(struct kit_reader *reader);

/* Ends the thread; programs are neither read nor reaped any more. */
void kit_reader_end(struct kit_reader *reader);

#endif
