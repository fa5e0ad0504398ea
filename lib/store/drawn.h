/* What pensions take out of personal accounts in a year: of everybody, or of one person,
 * who draws one and since when, and what the sealed rolls of the year say. As the seals
 * of a journal index have it. */
#ifndef PEN_STORE_DRAWN_H
#define PEN_STORE_DRAWN_H

#include "model/account.h"
#include "store/folio.h"

struct pen_drawn_person {
	int64_t person;
	int64_t basis, source;		/* folios: of the record that they are paid by, of the last roll of the year (0: none) */
	int32_t since;			/* first month of the pension, by that record */
	bool assessed;			/* by the system; else by a form, and others may have paid before */
	int32_t months;			/* set: of rolls that name them */
	struct pen_account_pension pension;
};

struct pen_drawn {
	int32_t year;
	struct pen_drawn_person *at;	/* by person */
	size_t count, room;
	int32_t first, newest;		/* months of the first and of the newest sealed roll; 0: none */
};

/* Adds everybody (person 0), or one person, to a list that is empty or has others. */
enum pen_status pen_drawn__read(struct pen_drawn *drawn, struct pen_store *store, int32_t year, int64_t person,
    int64_t as_of, struct pen_error *error);
void pen_drawn__free(struct pen_drawn *drawn);
struct pen_drawn_person *pen_drawn__find(const struct pen_drawn *drawn, int64_t person);	/* NULL: none */

/* What is missing before the year of somebody's account can be worked out up to a month of
 * it (1 to 12): the month whose roll is not sealed; 0: nothing. *untold: it was paid before
 * the store's first roll, by others. */
int32_t pen_drawn__missing(const struct pen_drawn *drawn, const struct pen_drawn_person *one, int through, bool *untold);

#endif
