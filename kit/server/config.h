/* What nats-server says about a configuration, and the line that it means. */
#ifndef KIT_SERVER_CONFIG_H
#define KIT_SERVER_CONFIG_H

/* The number in "leaf.conf:12:3: unknown field" or "Parse error on line 12:
 * ...": 12; 0 where the message names none. */
long kit_offending_number(const char *message);

/* The line of the file that the message names, as a hint. */
const char *kit_offending_line(const char *file, const char *message);

/* The line of a server's log that says why it ended: its last [FTL] or [ERR].
 */
const char *kit_last_words(const char *log);

#endif
