/* A child process and what it has printed. For the files of proc/: others go
 * by program.h. */
#ifndef KIT_PROC_CHILD_H
#define KIT_PROC_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What came from one of its streams. Guarded by kit_lock. */
struct kit_captured {
    char *text; /* ends in a NUL beyond length */
    size_t length, capacity;
    double at;        /* kit_clock() when the last of it came */
    size_t used;      /* up to here expectations have looked */
    const char *path; /* of the copy that the learner can read */
};

/* What the test does not want to see on stdout (lines.h). */
struct kit_forbidden {
    const char *form, *expected, *why;
};

struct kit_reader;

struct kit_program {
    struct kit_program *next;
    struct kit_reader *reader; /* that reads it */
    const char *name;          /* its arguments, as typed */
    const char *file; /* of what it prints, but for a number and an ending */
    pid_t pid;
    int in;       /* our ends of its pipes; -1 when closed */
    int out, err; /* the reader's: it closes them with kit_lock */
    struct kit_captured stdout_text, stderr_text;
    bool tool;     /* a server or service, not what the test is about */
    bool light;    /* one of many: its memory is not looked at */
    bool told;     /* to end, by a signal */
    bool stopping; /* with all others that run */
    bool accused;  /* of why the test fails */
    struct kit_forbidden forbidden; /* form NULL: nothing is */
    double idle_from, idle_busy;    /* kit_watch_idle (testify.h) */

    /* Guarded by kit_lock. */
    bool ended; /* and reaped: status holds waitpid's */
    int status;
    bool ending;        /* the test asked it to end, or lets it */
    const char *why;    /* the mistake, if it ends before that; or NULL */
    bool held;          /* its stdout is not read */
    int lines_left;     /* to be read until it is held; 0: no end */
    bool too_large;     /* killed for its memory */
    bool too_much;      /* killed for what it printed */
    long peak_kib;      /* of its memory, as last looked at */
    long inherited_kib; /* what it had of ours before it became itself */
};

/* Makes an empty copy at path, which the stream keeps. */
void kit_capture_begin(struct kit_captured *captured, const char *path);

/* Appends, here and to the copy. With kit_lock held. */
void kit_locked_capture(struct kit_captured *captured, const char *data,
                        size_t length);

/* A copy of what there is now, until the test ends; length may be NULL. */
const char *kit_captured(struct kit_captured *captured, size_t *length);

/* Spawns argv, in a process group of its own, with stdout and stderr on pipes,
 * and stdin too where has_input says so, else nothing to read. Fills pid, in,
 * out, err. The child dies with the calling thread. Ends the test, undecided,
 * where the system refuses. */
void kit_spawn(struct kit_program *program, char *const argv[],
               char *const envp[], bool has_input);

/* The memory of a process now, in KiB; 0 where it has none any more. *peak is
 * raised. */
long kit_memory_kib(pid_t pid, long *peak);

/* The processor time that a process has used until now, in ms; 0 where it has
 * ended. */
double kit_busy_ms(pid_t pid);

#endif
