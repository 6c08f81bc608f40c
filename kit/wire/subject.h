/* Subjects, without a connection. */
#ifndef KIT_WIRE_SUBJECT_H
#define KIT_WIRE_SUBJECT_H

#include <stdbool.h>

/* NATS's matching: * is one token, > is one or more at the end. */
bool kit_subject_matches(const char *filter, const char *subject);

#endif
