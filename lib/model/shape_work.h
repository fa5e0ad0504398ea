/* What the functions that shape the rows of a form share: the row under way, its
 * cells by field, and what every form asks of employers and people. */
#ifndef PEN_MODEL_SHAPE_WORK_H
#define PEN_MODEL_SHAPE_WORK_H

#include "model/shape.h"
#include "model/shape_fields.h"
#include "model/shape_paid.h"
#include "model/shape_named.h"
#include "model/shape_seen.h"

#include <string.h>

struct work;

/* One function makes the row, one asks for its numbers once it has no finding. */
struct layout {
	void (*shape)(struct work *work);
	void (*claim)(struct work *work);	/* NULL: nothing to claim */
};

/* The shaping of one file. `at` gives for each field of the kind its place in the
 * form, or -1. */
struct pen_shape {
	const struct pen_form *form;
	const struct layout *layout;
	int id;				/* which fields: pen_shape_fields__of */
	int at[PEN_SHAPE_FIELDS_MOST];
	struct pen_paid *paid;		/* the levy rows let in; NULL for other forms */
	struct pen_seen *seen;		/* whom the rows let in were about; NULL likewise */
	struct pen_named *named;	/* by which names, of registrations; NULL likewise */
};

/* Everything that goes into one row, and what comes of it. */
struct work {
	struct pen_shape *shape;
	const struct pen_cell *cells;
	struct pen_reference *reference;
	struct pen_surroundings *around;
	struct pen_shaped *out;
	struct pen_findings *findings;
	struct pen_person_facts facts;	/* what the row rules see of the person */
	int64_t other;			/* the second employer of a change or a succession */
	char name[1024];		/* no form lets a name be longer */
};

static inline const struct pen_cell *cell_of(const struct work *work, int field)
{
	int at = work->shape->at[field];

	return at < 0 ? NULL : &work->cells[at];
}

/* What the cell says; null if it is empty, absent or wrong. */
static inline struct pen_value value_of(const struct work *work, int field)
{
	const struct pen_cell *cell = cell_of(work, field);

	return cell && !cell->rule ? cell->value : pen_value__null();
}

/* The cell says something, be it wrong. */
static inline bool is_filled(const struct work *work, int field)
{
	const struct pen_cell *cell = cell_of(work, field);

	return cell && (cell->rule || cell->value.type != PEN_NULL);
}

static inline void set(struct work *work, int column, struct pen_value value)
{
	work->out->row.v[column] = value;
}

static inline void set_number(struct work *work, int column, int64_t number)
{
	set(work, column, pen_value__integer(number));
}

static inline bool says(const struct pen_value *value, const char *text)
{
	return value->type == PEN_STRING && value->n == strlen(text) && memcmp(value->s, text, value->n) == 0;
}

static inline void add(struct work *work, const char *rule, int field, const char *found, const char *expected)
{
	pen_rule__add(work->findings, rule, pen_shape_fields__name(work->shape->id, field), found, expected);
}

/* A whole number, also from a choice, whose values are text; null otherwise. */
struct pen_value pen_shape_work__number(const struct work *work, int field);
int64_t pen_shape_work__number_or_zero(const struct work *work, int field);

/* A value as text; cut if it does not fit, which no identifier is. */
const char *pen_shape_work__text(const struct pen_value *value, char *out, size_t room);

/* County staff act for the employers of their county (R5.1). */
void pen_shape_work__county(struct work *work, int field, int64_t employer);
/* The employer that a row of another form names, which the row rules see from then
 * on: 0 if there is none. */
int64_t pen_shape_work__employer(struct work *work, int field);
/* The person and the name that a row gives, for the row rules. */
void pen_shape_work__person(struct work *work, int id_field, int name_field);
/* The registered name to the facts of the person, beside the one that the row gives. */
void pen_shape_work__known_as(struct work *work, const struct pen_value *name);
void pen_shape_work__place(struct work *work, int64_t employer, int64_t year);

/* What is entered of an employer; NULL: nothing, or it cannot be asked. */
const struct pen_employer_facts *pen_shape_work__facts(const struct work *work, int64_t employer);
/* Remembers that the file had a row about two numbers. */
void pen_shape_work__remember(struct work *work, int64_t a, int64_t b, int64_t value);

#endif
