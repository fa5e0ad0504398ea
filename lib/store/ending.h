/* An account that ends by an act, as a computed batch: what a closing and a merge have in
 * common. Its plan names the person, which paper says so, and what it was worked out from;
 * the rows end with nothing in the account. It counts when its folio is sealed. */
#ifndef PEN_STORE_ENDING_H
#define PEN_STORE_ENDING_H

#include "model/parameter.h"
#include "store/computed.h"
#include "store/movement.h"

/* What any of them is made from, so that it can be made again. */
struct pen_ending_plan {
	int64_t person, as_of;
	char note[256];			/* which paper says so; no line break */
	char parameters[PEN_DIGEST_HEX];
};

/* The first member of what is more to an ending, which is the context of its batch. */
#define PEN_ENDING_ROWS (PEN_MOVEMENT_YEAR_ROWS + 2)
struct pen_ending {
	struct pen_computed computed;
	struct pen_ending_plan plan;
	struct pen_parameters *parameters;	/* as plan.as_of has them */
	struct pen_row row[PEN_ENDING_ROWS];	/* what it comes to, but for their lines */
	int rows;
	int64_t total_fen;			/* what of it counts */
};

/* What is to go into a plan: one line that fits. */
enum pen_status pen_ending__check_note(const char *note, struct pen_error *error);
/* Begins a plan: as_of and parameters, as the store has them now. */
enum pen_status pen_ending__begin(struct pen_ending *ending, int64_t person, const char *note, struct pen_error *error);
/* Draws it up: `own` are the lines that only such an ending has, `about` ends the name. */
enum pen_status pen_ending__plan(struct pen_ending *ending, const char *own, const char *about, struct pen_error *error);
/* The plan as a batch keeps it; `take` gets a line that only such an ending has. False: it
 * is the plan of something else. */
typedef void pen_ending_take(struct pen_ending *ending, const char *key, const char *value);
enum pen_status pen_ending__read(struct pen_ending *ending, const struct pen_batch *batch, pen_ending_take *take, bool *is,
    struct pen_error *error);

/* The folio that a statement names, of a person, and since a year if one is given; 0: none. */
enum pen_status pen_ending__find(const struct pen_ending *ending, enum pen_sql which, int64_t person, int32_t year, int64_t *folio,
    struct pen_error *error);
/* PEN_REFUSED, account.closed: the account is ended by another batch, sealed or not. */
enum pen_status pen_ending__check_open(const struct pen_ending *ending, int64_t person, struct pen_error *error);
/* The folio of its rows: in the year, with the employer where somebody was last. */
enum pen_status pen_ending__folio(struct pen_ending *ending, int64_t person, int32_t year, struct pen_error *error);

/* Of its pen_computed_way: rows, and what shows beside them. */
enum pen_status pen_ending__rows(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error);
enum pen_status pen_ending__show(void *context, struct pen_computed *computed, int64_t at, struct pen_error *error);

enum pen_status pen_ending__write(struct pen_ending *ending, struct pen_error *error);
void pen_ending__free(struct pen_ending *ending);

#endif
