/* What a case of amendment changes, record by record: the row as it stands, the
 * row as it is to stand, and which columns were asked for. Pure: whoever makes a
 * list looks the rows up, and whoever writes it gives the new ones their lines. */
#ifndef PEN_MODEL_AMENDED_H
#define PEN_MODEL_AMENDED_H

#include "base/memory.h"
#include "base/text.h"
#include "model/form.h"

/* Invariant: strings of the rows lie in the list's arena; `new` is `old` but for
 * the columns of `set` and `follow`, and for the line. */
struct pen_amended {
	const struct pen_kind *kind;
	char form[64];		/* of its folio: breakdown, registration, employer, opening, retirement */
	int64_t folio;		/* of the row that is replaced; 0: a record that is missing */
	int64_t employer;	/* of its folio; 0: none */
	int32_t period;		/* of its folio; 0: none */
	struct pen_row old;	/* as it stands; kind NULL for a missing one */
	struct pen_row new;	/* as it is to stand */
	uint32_t set, follow;	/* columns asked for, and those that follow from them: bit = column */
	int count, first;	/* of months that were told by their number; 0: not told so */
};

/* Start it as {0}. Records are kept in the order in which they were made; one is
 * moved by the next that is made, so keep its place and not its address. */
struct pen_amendeds { struct pen_arena *arena; struct pen_amended *at; size_t count, room; };

/* One more: a row that stands in a folio, copied; or one that is missing, as empty
 * as its kind may be. NULL: no memory. */
struct pen_amended *pen_amended__standing(struct pen_amendeds *list, const char *form, int64_t folio,
    int64_t employer, int32_t period, const struct pen_row *row);
struct pen_amended *pen_amended__missing(struct pen_amendeds *list, const struct pen_form *form, int64_t subject,
    int64_t employer, int32_t period);
void pen_amended__free(struct pen_amendeds *list);

/* The kind of the rows that a folio of a case's batch holds, which are of the folio's own
 * form: those that can be amended, and settlement; NULL: none of them. */
const struct pen_kind *pen_amended__kind(const char *form);

/* Whether rows of a form can be amended at all: not levies, nor what is computed. */
bool pen_amended__is_form(const char *form);

/* Asks for a field, by its Chinese title, key or indicator code, the text as in a
 * file of the form (yuan, ISO dates); empty is nothing. `today` bounds dates.
 * PEN_REFUSED, R5.1: amend.key (what a record is found by is never amended).
 * PEN_INPUT: amend.field (no such field), amend.twice, amend.value (not an amount,
 * not a date, or nothing where there has to be a value). The record is as it was. */
enum pen_status pen_amended__set(struct pen_amendeds *list, struct pen_amended *record, const struct pen_form *form,
    const char *field, const char *text, int32_t today, struct pen_error *error);

/* A stored value as a canonical JSON scalar (650000, "张三", null), and back: the
 * string lies in the arena. PEN_INTEGRITY if the text is none of them. */
void pen_amended__scalar(struct pen_text *out, const struct pen_value *value);
enum pen_status pen_amended__value(struct pen_arena *arena, const char *text, size_t n, struct pen_value *value,
    struct pen_error *error);

/* Whether the text is the value of the column, written as in a file of the form:
 * for the old values that an application may tell. PEN_INPUT as for _set. */
enum pen_status pen_amended__tells(const struct pen_amended *record, const struct pen_form *form, const char *field,
    const char *text, int32_t today, bool *same, struct pen_error *error);

/* The first month that a contribution is for, yyyymm; 0: it is not looked at. Where the
 * months are assumed, the last ones of the year would do. */
int64_t pen_amended__first_month(const struct pen_row *row, int32_t period);

#endif
