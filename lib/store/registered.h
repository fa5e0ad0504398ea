/* All registrations that count, in the order in which they lie: what an import and a
 * verification have to know of everybody. */
#ifndef PEN_STORE_REGISTERED_H
#define PEN_STORE_REGISTERED_H

#include "store/store.h"

/* One of a folio that was confirmed; later folios come later. The strings are valid
 * during the call. */
struct pen_registered {
	int64_t folio, employer, person;
	struct pen_value name;
	const char *payer;
	int64_t born, insured_on;
	int sex;
};
typedef enum pen_status pen_registered_visit(void *context, const struct pen_registered *registered, struct pen_error *error);

/* As of a journal index. Reads in slices, by a handle of the caller's, so that another
 * thread can. */
enum pen_status pen_registered__each(struct pen_db *db, int64_t as_of, pen_registered_visit *visit, void *context, struct pen_error *error);

/* The same in two halves: those of folios up to `middle`, and those of folios behind it;
 * *middle is the folio by which about as many registrations lie on either side. */
enum pen_registered_half { PEN_REGISTERED_ALL, PEN_REGISTERED_FIRST, PEN_REGISTERED_SECOND };
enum pen_status pen_registered__middle(struct pen_db *db, int64_t as_of, int64_t *middle, struct pen_error *error);
enum pen_status pen_registered__half(struct pen_db *db, int64_t as_of, enum pen_registered_half half, int64_t middle,
    pen_registered_visit *visit, void *context, struct pen_error *error);

/* The number that the next person gets; and below which all those lie that a table by
 * number has to have room for: of a few people, one with a number of its own that is
 * far beyond the others is no reason to make room for a million. */
enum pen_status pen_registered__next(struct pen_store *store, int64_t *next, int64_t *room, struct pen_error *error);

#endif
