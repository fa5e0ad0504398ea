/* Whose folio is whose, in memory: 32 bytes a folio. */
#ifndef PEN_STORE_FOLIOLIST_H
#define PEN_STORE_FOLIOLIST_H

#include "store/walk.h"

/* `counts` is whether it is confirmed or sealed; employer 0: none. */
struct pen_foliolist_entry { int64_t id, batch, employer; bool counts; };

/* By id. Start it as {0}. */
struct pen_foliolist { struct pen_foliolist_entry *at; size_t count, room, last; };
enum pen_status pen_foliolist__read(struct pen_foliolist *list, struct pen_walk *walk, struct pen_error *error);
void pen_foliolist__free(struct pen_foliolist *list);
/* NULL: there is none. Quick where the same or the next is asked for again. */
const struct pen_foliolist_entry *pen_foliolist__find(struct pen_foliolist *list, int64_t id);

#endif
