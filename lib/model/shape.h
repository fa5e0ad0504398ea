/* From the cells of a form to a record: one function a form. What a cell says
 * alone is the field's business; what the cells say together is decided here. */
#ifndef PEN_MODEL_SHAPE_H
#define PEN_MODEL_SHAPE_H

#include "model/field.h"
#include "model/rule.h"

/* Where an account stands, by confirmed and sealed folios. */
struct pen_account_facts {
	int64_t opening, settlement;	/* the folios; 0: none */
	int32_t settled;		/* the last year of it */
};

/* A retirement as it stands, newest version, and the employer of its folio.
 * Strings are valid until the next one is asked for. */
struct pen_retired { int64_t folio, employer; struct pen_row row; };

/* What the store knows, asked while rows are shaped. Each answers from memory.
 * person: facts by citizen id (18), employer: number by credit code; without
 * `claim` NULL or 0 if unknown. With it an unknown one gets a number, which the
 * look-ups after it give out: that is how a code given twice in a file is seen.
 * Only a row without findings claims. levy_known and registered need not know
 * what the file itself has brought: shape remembers its levy rows, and
 * pen_rule__ordered sees a registration or an opening given twice. Facts are
 * used until the next row is shaped. */
struct pen_reference {
	void *context;
	const struct pen_person_facts *(*person)(void *context, const char id18[19], bool claim);
	int64_t (*employer)(void *context, const char *credit_code, bool claim);
	/* A person will be asked for, some rows on (first not near, then near): whoever
	 * has to go far for the answer may set out. NULL: nobody has to. */
	void (*expect)(void *context, const char id18[19], bool near);
	/* A levy row of this voucher, employer, year, insurance and amount is in
	 * the store already. */
	bool (*levy_known)(void *context, int64_t employer, const struct pen_row *row);
	/* This person is registered with this employer since this day already. */
	bool (*registered)(void *context, int64_t person, int64_t employer, int32_t since);
	bool failed;		/* no memory, or the store failed: set by the functions */
	/* What stands of a person's account, asked for openings. NULL: nothing. */
	void (*account)(void *context, int64_t person, struct pen_account_facts *facts);
	/* The area of an employer as entered, NULL if there is none; valid until it
	 * is asked again. Asked for county staff alone. */
	const char *(*area)(void *context, int64_t employer);
	/* The name that somebody is registered with, NULL if there is none; valid
	 * until it is asked again. Asked where its mark differs. */
	const char *(*name)(void *context, int64_t person);
	int32_t live_on;	/* the day the system went live (R4.3.1); 0: not known */
	/* What further forms ask, with a context of its own; those that make no use
	 * of it may leave it NULL. `facts` of an employer entered, NULL if it was not;
	 * the one `pseudo_unit` of an agency (NULL: of the store), 0 if there is none,
	 * -1 if there are several; somebody's `retired` row, NULL if there is none;
	 * the first day of a person's `period` with an employer that has no end yet,
	 * 0 if there is none. */
	void *known;
	const struct pen_employer_facts *(*facts)(void *known, int64_t employer);
	int64_t (*pseudo_unit)(void *known, const char *county);
	const struct pen_retired *(*retired)(void *known, int64_t person);
	int32_t (*period)(void *known, int64_t person, int64_t employer);
};

/* One line shaped. Strings in `row` point into the cells. */
struct pen_shaped {
	int64_t employer;	/* of the folio; 0: the form's folios have none */
	int32_t period;		/* of the folio; 0: none */
	struct pen_row row;
	const struct pen_person_facts *person;
	int64_t amount_fen;	/* what the receipt counts: what came in (levy), unit + personal
				 * (breakdown), all four parts (opening); 0 for the others */
	int first_month;	/* where assumed months start */
	bool name_folded;	/* the name is the registered one but for its writing: to be reported */
	int32_t since, until;	/* registration, change: the employment period; 0: none */
};

/* The shaping of one file: where the form's fields lie, and the levy rows seen.
 * PEN_INPUT if no record is made of the form ("form.record"), or it lacks a field
 * that its record needs ("form.field"), or has it as another type ("form.type"). */
struct pen_shape;
enum pen_status pen_shape__open(struct pen_shape **shape, const struct pen_form *form,
    struct pen_error *error);
void pen_shape__close(struct pen_shape *shape);

/* Cells in the order of the form's fields. Findings are added in the form's
 * order and name its fields; the caller starts with none. Sets the year, the
 * person and the name in `around`; the latter two are NULL again on return.
 * amount_fen is set as far as the cells allow even when there are findings. A
 * row with findings may have nulls; its subject may be null or 0. */
void pen_shape__row(struct pen_shape *shape, const struct pen_cell *cells, int64_t line,
    struct pen_reference *reference, struct pen_surroundings *around,
    struct pen_shaped *out, struct pen_findings *findings);

#endif
