/* Many short looks at the store under few read locks: taking one costs as much as
 * reading a hundred rows, and while one is held nobody can commit. So it is kept from
 * look to look, and for a twentieth of a second at most. Two threads that take turns
 * without a break would hold one for as long as they work: after that time each lets go
 * and waits a moment for the other to do so. */
#ifndef PEN_STORE_LOOKING_H
#define PEN_STORE_LOOKING_H

#include "store/store.h"

/* Start it as { .db = … }; `open` and `since` are its own. */
struct pen_looking { struct pen_db *db; bool open; int64_t since; };

/* Before a look, with no statement under way: looks from here on are under a lock that
 * is not old. In somebody's transaction there is nothing to do. */
enum pen_status pen_looking__on(struct pen_looking *looking, struct pen_error *error);
/* Before anything that may take its time: lets the lock go. Twice is fine. */
void pen_looking__off(struct pen_looking *looking);

#endif
