/*
 * The book itself: what the guests wrote, in the key/value bucket `guestbook`.
 *
 * A guest is a key, the entries are its history. All state is in the bucket, so
 * any number of programs may have the book open at once, and any thread of
 * theirs may call these functions.
 */
#ifndef ROOM_BOOK_H
#define ROOM_BOOK_H

#include <cjson/cJSON.h>
#include <nats/nats.h>
#include <stdbool.h>
#include <stdint.h>

#define BOOK_HISTORY 5 /* entries of a guest that are kept */
#define BOOK_NAME_MAX 64
#define BOOK_MESSAGE_MAX 1000

struct book;

/* Opens the bucket, makes it where there is none. On success *book is the
 * caller's, for book_close, and before the connection is destroyed. Fails while
 * the cluster has no leader yet: try again. */
natsStatus book_open(struct book **book, natsConnection *nc, int replicas);

/* Releases the book. NULL is fine. */
void book_close(struct book *book);

/* True if name can be a key: one token that a bucket accepts. A backslash would
 * be one too, but nats.c 3.14 does not escape it in the JSON it sends. */
bool book_is_name(const char *name);

/* What is wrong with a message, NULL if nothing is. Control characters are, so
 * that another guest can print it without harm. Call
 * setlocale(LC_CTYPE, "C.UTF-8") once before. */
const char *book_message_fault(const char *data, size_t len);

/* Adds an entry. *number is its number in the whole book. After a failure it
 * may or may not have been written. */
natsStatus book_sign(struct book *book, uint64_t *number, const char *name,
                     const char *data, int len);

/* Appends the names of all guests to list. After a failure some are missing. */
natsStatus book_names(struct book *book, cJSON *list);

/* Appends what a guest wrote to list, {"message":...,"time":RFC 3339} each,
 * oldest first. NATS_NOT_FOUND if nothing. After a failure some are missing. */
natsStatus book_entries(struct book *book, cJSON *list, const char *name);

#endif
