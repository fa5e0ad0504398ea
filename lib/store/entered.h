/* What the journal says of a computer and of a person, by its entries alone: asked
 * where the door refuses somebody, since the row that says so may have been changed
 * behind the tools' back. */
#ifndef PEN_STORE_ENTERED_H
#define PEN_STORE_ENTERED_H

#include "store/store.h"

/* `error` is a refusal (terminal.unknown, terminal.agency). If by the journal the
 * computer is registered and serves that agency, it becomes PEN_INTEGRITY,
 * terminal.changed, of the same clause, and names the record. Returns error->status. */
enum pen_status pen_entered__terminal(struct pen_store *store, const char *machine, const char *agency,
    struct pen_error *error);

/* The same for a person (staff.unknown, staff.revoked, key.other): PEN_INTEGRITY,
 * staff.changed, if they, a role of theirs or their key are not as entered. */
enum pen_status pen_entered__staff(struct pen_store *store, const char *id, struct pen_error *error);

#endif
