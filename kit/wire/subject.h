/* Subjects, without a connection. */
#ifndef KIT_WIRE_SUBJECT_H
#define KIT_WIRE_SUBJECT_H

#include <stdbool.h>

/* NATS's matching: * is one token, > is one or more at the end. What is no
 * subject, since a token is empty, or no filter, matches nothing. */
bool kit_subject_matches(const char *filter, const char *subject);

#endif
