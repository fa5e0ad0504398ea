/* Signatures under a seal, in the caller's transaction: the first, which draws it up;
 * the next, for which everything is read again; and the end, after the last. Who may
 * sign what is the caller's to know. */
#ifndef PEN_WORK_UNDERSIGN_H
#define PEN_WORK_UNDERSIGN_H

#include "store/sealing.h"
#include "store/session.h"

/* Makes the roots of the folios (into them and the store), draws up the text, signs it
 * and enters it. PEN_INTEGRITY, sign.rows: the rows are not those that were confirmed. */
enum pen_status pen_undersign__draw_up(struct pen_session *session, const struct pen_batch *batch, const char *role,
    struct pen_folio *folios, size_t count, int64_t *seal, struct pen_error *error);
/* The same of folios whose roots this very run has made, of rows as it read them back. */
enum pen_status pen_undersign__draw_up_rooted(struct pen_session *session, const struct pen_batch *batch, const char *role,
    struct pen_folio *folios, size_t count, int64_t *seal, struct pen_error *error);

/* Signs after others. PEN_INTEGRITY, sign.changed: the seal does not hold any more. */
enum pen_status pen_undersign__countersign(struct pen_session *session, const struct pen_batch *batch, const struct pen_seal *seal,
    const char *role, const struct pen_folio *folios, size_t count, struct pen_error *error);

/* Closes a seal that all have signed, and seals its folios. PEN_INTEGRITY, close.changed. */
enum pen_status pen_undersign__close(struct pen_session *session, const struct pen_batch *batch, const struct pen_seal *seal,
    const struct pen_folio *folios, size_t count, struct pen_error *error);

/* Ends a seal by an act, seal.close or seal.void, which is entered. */
enum pen_status pen_undersign__end(struct pen_session *session, const struct pen_batch *batch, const struct pen_seal *seal,
    int64_t folios, const char *reason, int64_t *at, struct pen_error *error);

#endif
