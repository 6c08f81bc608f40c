/* Time, and waiting for what other threads see. */
#ifndef KIT_BASE_CLOCK_H
#define KIT_BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>

/* How long an expectation waits. Generous: a busy laptop is no mistake. From
 * kit_be_patient on, for the rest of the test, it is as long as that says. */
#define KIT_DEADLINE_MS kit_deadline()
int kit_deadline(void);
void kit_be_patient(int deadline_ms);

/* Guards all that threads of nats.c and the reader of programs share with the
 * test. Whoever changes something a test may wait for calls kit_locked_notify
 * before unlocking. */
extern pthread_mutex_t kit_lock;
void kit_locked_notify(void);

/* Once, before any other thread: kit_clock counts from here. */
void kit_clock_start(void);

/* Milliseconds of the monotonic clock since the test began. */
double kit_clock(void);

/* Calls holds(arg) until it is true or deadline_ms have passed; between calls
 * it waits for the next notification, 10 ms at most. Returns what holds
 * returned last. Expectations use kit_await (say/witness.h), which also ends
 * when there is nothing left to wait for. */
bool kit_wait(bool (*holds)(void *arg), void *arg, int deadline_ms);

#endif
