/* Terminals: the computers that may be used (R7.4), by journal index. */
#ifndef PEN_STORE_TERMINAL_H
#define PEN_STORE_TERMINAL_H

#include "store/store.h"

/* id: the digest of "pen-terminal/" and the machine's id. agency "": the store's
 * own. at: the entry that registered it, or took it away. */
struct pen_terminal { char id[PEN_DIGEST_HEX], name[128], agency[7]; int64_t at; };

/* This computer, in a suite: its /etc/machine-id; where there is none, its name. */
enum pen_status pen_terminal__here(enum pen_suite suite, char out[PEN_DIGEST_HEX], struct pen_error *error);

/* Registers (allowed), or takes away, from terminal->at on. */
enum pen_status pen_terminal__enter(struct pen_store *store, const struct pen_terminal *terminal, bool allowed,
    struct pen_error *error);
/* Whether it is registered for an act at an index: from the entry after its own,
 * up to and with the one that took it away; what entry 0 registered, from 0 on. */
enum pen_status pen_terminal__at(struct pen_store *store, const char *id, int64_t at,
    struct pen_terminal *terminal, bool *found, struct pen_error *error);
/* The store's own terminals serve everybody, a county's that county's staff. */
bool pen_terminal__serves(const struct pen_terminal *terminal, const char *agency);

/* Every registration and removal, by id and index, with its entry's time and
 * author. A visit asks the store nothing about terminals. */
typedef enum pen_status pen_terminal_visit(void *context, const struct pen_terminal *terminal, bool allowed,
    const char *time, const char *staff, struct pen_error *error);
enum pen_status pen_terminal__each(struct pen_store *store, pen_terminal_visit *visit, void *context, struct pen_error *error);

#endif
