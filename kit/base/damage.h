/* Damage: what becomes of a text whose bytes are cut, changed, lost and
 * repeated. A program that reads what strangers write has to survive it. */
#ifndef KIT_BASE_DAMAGE_H
#define KIT_BASE_DAMAGE_H

#include "kit/base/chance.h"

#include <stddef.h>

/* A damaged copy until the test ends, of *length bytes, which may hold any; it
 * differs from the text. */
const char *kit_damaged(struct kit_chance *chance, const char *text,
                        size_t *length);

#endif
