/* The employers of a list, or their folios, as its summary has them: how many people and
 * how much, and the places for the signatures. */
#ifndef PEN_WORK_GROUPED_H
#define PEN_WORK_GROUPED_H

#include "model/printer.h"
#include "store/folio.h"
#include "store/people.h"

struct pen_group {
	struct pen_business employer;
	int64_t folio;			/* 0: of an employer, whatever the folio */
	bool sealed;
	struct pen_signer operator, lead;
	int64_t people, fen;
	struct pen_item item[10];
};

/* It starts as {0} and ends in _free. */
struct pen_grouped { struct pen_group *at; size_t count, room; };
void pen_grouped__free(struct pen_grouped *grouped);

/* The last group if it is this employer's and folio's (0: none), else a new one behind it.
 * It is valid until the next. */
enum pen_status pen_grouped__turn(struct pen_grouped *grouped, struct pen_store *store, int64_t employer, int64_t folio,
    bool sealed, int64_t as_of, struct pen_group **group, struct pen_error *error);
/* One record for each; fen is named by the key and title, or left out (NULL). Free the
 * list with pen_memory__free; NULL: no memory. */
struct pen_items *pen_grouped__list(struct pen_grouped *grouped, const char *key, const char *title);

#endif
