/* The roll before, sealed: what it says of each person. Of everybody it is read on the
 * other core, while this one reads what people are paid by. */
#ifndef PEN_STORE_LASTROLL_H
#define PEN_STORE_LASTROLL_H

#include "model/payment.h"
#include "store/session.h"

/* Somebody's line, and the folio that it stands in. */
struct pen_lastroll_line { int64_t person, folio; struct pen_payment_before before; };

struct pen_lastroll;
/* Of the roll of `month`, as of an index. The session has no transaction open: what is in
 * one is not seen. */
enum pen_status pen_lastroll__begin(struct pen_lastroll **roll, const struct pen_session *session, int32_t month, int64_t as_of,
    struct pen_error *error);
/* Waits for all its lines: by person, and the roll's own. PEN_INCOMPLETE, stopped. */
enum pen_status pen_lastroll__lines(struct pen_lastroll *roll, const struct pen_lastroll_line **lines, size_t *count,
    struct pen_error *error);
void pen_lastroll__free(struct pen_lastroll *roll);	/* at any time; NULL is fine */

/* Somebody's newest line of any roll before `month`, among those of an employer (0: those
 * of nobody's). month of *before 0: there is none. */
enum pen_status pen_lastroll__newest(struct pen_store *store, int64_t person, int64_t employer, int32_t month, int64_t as_of,
    struct pen_payment_before *before, struct pen_error *error);

#endif
