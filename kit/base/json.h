/* JSON, as values by path. */
#ifndef KIT_BASE_JSON_H
#define KIT_BASE_JSON_H

/* The value at path of a document, as text until the test ends: "4222",
 * "true", a string without its quotes, an object or array as JSON. path is
 * names and numbers with dots: "jetstream.config.max_memory", "leafs.0.name";
 * "leafs.#" is how many there are; "" is the document itself. Integers above
 * 2^53 are rounded; names with dots cannot be asked for. NULL where there is no
 * such value, or the document does not parse. */
const char *kit_json_value(const char *json, const char *path);

/* Some characters before and after the place where a document that does not
 * parse is broken. */
const char *kit_json_break(const char *json);

#endif
