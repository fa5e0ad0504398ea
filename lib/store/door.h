/* The door: what is refused whoever asks, on a computer that is not registered
 * (R7.4) and while the store is suspended (R7.3). Once at the opening of a
 * session, so that nothing is read; and again with every entry, in the transaction
 * of its act, since a computer may be taken away and a store suspended meanwhile. */
#ifndef PEN_STORE_DOOR_H
#define PEN_STORE_DOOR_H

#include "store/suspension.h"
#include "store/terminal.h"

/* PEN_REFUSED if this computer does not serve that agency (`anywhere`: it need
 * not), or the store is suspended (`suspended`: it may be). */
enum pen_status pen_door__open(struct pen_store *store, const char *machine, const char *agency,
    bool anywhere, bool suspended, struct pen_error *error);

/* The same for an act about to be entered. */
enum pen_status pen_door__pass(struct pen_store *store, const char *machine, const char *agency,
    const char *act, const char *subject, struct pen_error *error);

/* An act that the door is open to on any computer: the next, and the one by which a
 * restored store is put into service. */
bool pen_door__asks_no_terminal(const char *machine, const char *act, const char *subject);

/* The one act that the door is open to always: a computer registers itself, by the
 * key of somebody who may register any. Without it a store restored on another
 * machine would be shut for ever. */
bool pen_door__registers_itself(const char *machine, const char *act, const char *subject);

#endif
