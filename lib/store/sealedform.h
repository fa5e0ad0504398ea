/* What is sealed of a form, row by row as a statement has it: of everybody, folio after
 * folio in slices, or of one person at once. */
#ifndef PEN_STORE_SEALEDFORM_H
#define PEN_STORE_SEALEDFORM_H

#include "store/session.h"

/* Every row begins with its folio, the employer (null: none), the entry of the seal, the
 * person and the line. */
#define PEN_SEALEDFORM_PERSON 3
#define PEN_SEALEDFORM_LINE 4
#define PEN_SEALEDFORM_OWN 5
#define PEN_SEALEDFORM_MOST 20	/* columns of a row */
typedef enum pen_status pen_sealedform_take(void *context, const struct pen_value *values, struct pen_error *error);

/* bulk: the statement of a folio's rows behind a place (:folio, :employer, :sealed, :person,
 * :line, :as_of, :most), which knows the first three from there; one: that of a person's
 * (:person, :as_of). period 0: any. after: folios sealed behind that entry alone, -1 for all. */
struct pen_sealedform { const char *form; int32_t period; enum pen_sql bulk, one; int64_t after; pen_sealedform_take *take; };

/* As of an index. person 0: everybody. Small folios are read under one lock, in which `take`
 * is quick. PEN_INCOMPLETE, stopped. */
enum pen_status pen_sealedform__read(struct pen_session *session, const struct pen_sealedform *source, int64_t as_of,
    int64_t person, void *context, struct pen_error *error);

/* The values of the row that a statement is at, valid until its next step. */
void pen_sealedform__values(struct pen_statement *row, struct pen_value values[PEN_SEALEDFORM_MOST]);

#endif
