/* The check harness: what a check.c includes, and all of it.
 *
 * A check is a Criterion program linked with libkit.a, which brings main().
 * It runs the learner's program as a separate process in a leased account of
 * the cluster, watches what the program does on the wire, asks the server
 * about it, and reports the first difference in words.
 *
 *     TestSuite(lottery, .init = kit_begin, .fini = kit_end);
 *
 *     Test(lottery, each_draw_has_exactly_one_winner)
 *     {
 *         kit_start("Ada");
 *         kit_expect_subscribers("room.lottery", 1);
 *         ...
 *     }
 *
 * A test's name, with spaces for underscores, is the sentence that the learner
 * reads. Tests are reported in the order of the file, and run up to four at
 * once, each in a process and an account of its own; the first that fails ends
 * the run. KIT_JOBS=1 runs them one by one, SEED=... repeats a run.
 *
 * Every kit_expect_... waits for its condition until KIT_DEADLINE_MS has
 * passed and then fails the test; every kit_assert_... looks once. Both
 * return only on success. Call them from the test's own thread.
 *
 * Absence is never proven by waiting. It is proven by a sentinel: something
 * sent after, whose arrival shows that nothing can be still under way
 * (kit_settle), or by the end of the program (kit_finish).
 *
 * Everything the kit hands out (programs, replies, strings) belongs to the
 * kit and lives until kit_end. Times are milliseconds. Payloads are (data,
 * length) and may hold any bytes. What is said about a server was read from
 * its own answers, not guessed.
 *
 * What asks or answers takes a place; without one it means the room. */
#ifndef KIT_KIT_H
#define KIT_KIT_H

#include <criterion/criterion.h>

/* The verdict, the words of a failure, text, time and values in JSON. */
#include "kit/base/clock.h"
#include "kit/base/difference.h"
#include "kit/base/json.h"
#include "kit/base/strange.h"
#include "kit/base/text.h"
#include "kit/say/fail.h"
#include "kit/say/meanwhile.h"
#include "kit/say/same.h"
#include "kit/say/time.h"
#include "kit/say/witness.h"

/* The frame; programs, what they print, fleets of them. */
#include "kit/frame/answers.h"
#include "kit/frame/buckets.h"
#include "kit/frame/desk.h"
#include "kit/frame/devices.h"
#include "kit/frame/files.h"
#include "kit/frame/fleet.h"
#include "kit/frame/folder.h"
#include "kit/frame/forgery.h"
#include "kit/frame/objects.h"
#include "kit/frame/requests.h"
#include "kit/frame/services.h"
#include "kit/frame/start.h"
#include "kit/frame/streams.h"
#include "kit/frame/test.h"
#include "kit/frame/usage.h"
#include "kit/proc/lines.h"
#include "kit/proc/memory.h"
#include "kit/proc/output.h"
#include "kit/proc/printed.h"
#include "kit/proc/program.h"
#include "kit/proc/testify.h"

/* Messages, services and streams in the room, or at any place. */
#include "kit/frame/room.h"
#include "kit/stream/bucket.h"
#include "kit/wire/attempt.h"
#include "kit/wire/doors.h"
#include "kit/wire/login.h"
#include "kit/wire/payload.h"
#include "kit/wire/token.h"

/* Servers: the learner's, their links, the way a message goes; the cluster. */
#include "kit/frame/regions.h"
#include "kit/frame/servers.h"
#include "kit/frame/stage.h"
#include "kit/server/way.h"

#endif
