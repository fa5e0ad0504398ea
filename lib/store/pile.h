/* Rows of one file, gathered in memory before they go to the store in order:
 * packed, some forty bytes each, strings included. Memory only. */
#ifndef PEN_STORE_PILE_H
#define PEN_STORE_PILE_H

#include "model/shape.h"

/* A row as it lies in the pile; strings in `row` belong to the pile. */
struct pen_piled {
	int64_t employer;	/* of the folio */
	int32_t period;
	struct pen_row row;
	int64_t amount_fen, byte;
	int first_month;
	int32_t since, until;
};

struct pen_pile;
struct pen_pile *pen_pile__new(const struct pen_kind *kind);	/* NULL: no memory */
void pen_pile__free(struct pen_pile *pile);

/* PEN_SYSTEM: no memory, or more than the pile can number (4 GiB). */
enum pen_status pen_pile__add(struct pen_pile *pile, const struct pen_shaped *shaped, int64_t byte,
    struct pen_error *error);
/* Into the order of storage: employer and period of the folio, subject, line. */
void pen_pile__sort(struct pen_pile *pile);
size_t pen_pile__count(const struct pen_pile *pile);
void pen_pile__read(const struct pen_pile *pile, size_t i, struct pen_piled *out);
/* Takes rows out: those for which gone[i] is true. */
void pen_pile__drop(struct pen_pile *pile, const bool *gone);

#endif
