/* Nothing is left behind.
 *
 * A guard is a process that adopts every orphan below it (child subreaper) and
 * kills whatever is left when its work has ended. main() stacks two: should
 * one of them be killed with SIGKILL, the other one cleans up. */
#ifndef KIT_RUN_GUARD_H
#define KIT_RUN_GUARD_H

/* Runs work() in a child and waits for it, at most seconds (0: for ever). When
 * it returns, no descendant of this process is left, whatever they did, and
 * clean_up() was called, which may be NULL. When this process is killed, its
 * child is told by SIGTERM and does the same. Returns work's value, or -1 where
 * it was killed or ran out of time. */
int kit_guard(int (*work)(void), int seconds, void (*clean_up)(void));

#endif
