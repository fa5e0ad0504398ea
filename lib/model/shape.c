#include "model/shape.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/shape_account.h"
#include "model/shape_change.h"
#include "model/shape_people.h"
#include "model/shape_work.h"

#include <stdio.h>
#include <string.h>

static const struct layout layouts[PEN_SHAPES] = {
	[PEN_KIND_EMPLOYER] = { pen_shape_people__employer, pen_shape_people__claim_employer },
	[PEN_KIND_REGISTRATION] = { pen_shape_people__registration, pen_shape_people__claim_person },
	[PEN_KIND_CONTRIBUTION] = { pen_shape_account__breakdown, NULL },
	[PEN_KIND_LEVY] = { pen_shape_account__levy, pen_shape_account__claim_levy },
	[PEN_KIND_OPENING] = { pen_shape_account__opening, NULL },
	[PEN_KIND_RETIREMENT] = { pen_shape_people__retirement, pen_shape_people__claim_retirement },
	[PEN_KIND_CHANGE] = { pen_shape_change__movement, pen_shape_change__claim_movement },
	[PEN_KIND_SUCCESSION] = { pen_shape_change__successor, pen_shape_change__claim_successor },
	[PEN_SHAPE_SUPPLEMENT] = { pen_shape_people__supplement, pen_shape_people__claim_supplement },
};

/* What is remembered of the rows let in. */
static enum pen_status remember(struct pen_shape *shape, struct pen_error *error)
{
	bool good = true;

	if (shape->id == PEN_KIND_LEVY) {
		shape->paid = pen_shape_paid__new();
		good = shape->paid != NULL;
	} else if (shape->id == PEN_KIND_REGISTRATION) {
		shape->named = pen_shape_named__new();
		good = shape->named != NULL;
	} else if (shape->id >= PEN_KIND_RETIREMENT) {
		shape->seen = pen_shape_seen__new();
		good = shape->seen != NULL;
	}
	return good ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_shape__open(struct pen_shape **shape, const struct pen_form *form,
    struct pen_error *error)
{
	struct pen_shape *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->form = form;
	status = pen_shape_fields__find(form, made->at, error);
	if (status != PEN_OK)
		goto err0;
	made->id = pen_shape_fields__of(form);
	made->layout = &layouts[made->id];
	status = remember(made, error);
	if (status != PEN_OK)
		goto err0;
	*shape = made;
	return PEN_OK;
err0:
	pen_shape__close(made);
	return status;
}

void pen_shape__close(struct pen_shape *shape)
{
	if (!shape)
		return;
	pen_shape_paid__free(shape->paid);
	pen_shape_seen__free(shape->seen);
	pen_shape_named__free(shape->named);
	pen_memory__free(shape);
}

/* What the cells say of themselves. */
static void add_cells(struct work *work)
{
	const struct pen_form *form = work->shape->form;
	int i;

	for (i = 0; i < form->count; i++) {
		const struct pen_cell *cell = &work->cells[i];

		if (cell->rule)
			pen_rule__add(work->findings, cell->rule, form->fields[i].name, cell->found,
			    cell->expected);
	}
}

/* Of some fields one has to be filled: the first is named for all. */
static void add_groups(struct work *work)
{
	const struct pen_form *form = work->shape->form;
	char expected[160];
	size_t n;
	int i, k;

	for (i = 0; i < form->groups; i++) {
		const struct pen_field_group *group = &form->group[i];

		for (k = 0; k < group->count; k++) {
			const struct pen_cell *cell = &work->cells[group->field[k]];

			if (cell->rule || cell->value.type != PEN_NULL)
				break;
		}
		if (k < group->count)
			continue;
		n = (size_t)snprintf(expected, sizeof(expected), "%s", _("a value in one of: "));
		for (k = 0; k < group->count && n < sizeof(expected); k++)
			n += (size_t)snprintf(expected + n, sizeof(expected) - n, k ? ", %s" : "%s", form->fields[group->field[k]].title);
		pen_rule__add(work->findings, "field.required", form->fields[group->field[0]].name, "", expected);
	}
}

/* The form's word for what a cell of a choice says; NULL: it is none. */
static const char *word_of(const struct pen_field *field, const struct pen_cell *cell)
{
	int i;

	if (field->type != PEN_FIELD_CHOICE || cell->rule || cell->value.type != PEN_STRING)
		return NULL;
	for (i = 0; i < field->choices; i++)
		if (strlen(field->choice[i].to) == cell->value.n && memcmp(field->choice[i].to, cell->value.s, cell->value.n) == 0)
			return field->choice[i].from;
	return NULL;
}

/* The row rules name columns of the store; a file has fields. */
static void name_fields(struct work *work, int from)
{
	int i;

	for (i = from; i < work->findings->count; i++)
		work->findings->at[i].field = pen_shape_fields__of_column(work->shape->id,
		    work->findings->at[i].field);
}

/* The rules say what the store holds, where the file has a word. */
static void say_words(struct work *work)
{
	const struct pen_form *form = work->shape->form;
	struct pen_finding *finding;
	const char *word;
	int i, field;

	for (i = 0; i < work->findings->count; i++) {
		finding = &work->findings->at[i];
		field = pen_form__field(form, finding->field);
		word = field < 0 ? NULL : word_of(&form->fields[field], &work->cells[field]);
		if (word)
			snprintf(finding->found, sizeof(finding->found), "%s", word);
	}
}

/* Into the form's order; those of one field stay as they came. */
static void sort(const struct pen_form *form, struct pen_findings *findings)
{
	struct pen_finding held;
	int i, k, place;

	for (i = 1; i < findings->count; i++) {
		held = findings->at[i];
		place = pen_form__field(form, held.field);
		for (k = i; k > 0 && pen_form__field(form, findings->at[k - 1].field) > place; k--)
			findings->at[k] = findings->at[k - 1];
		findings->at[k] = held;
	}
}

void pen_shape__row(struct pen_shape *shape, const struct pen_cell *cells, int64_t line,
    struct pen_reference *reference, struct pen_surroundings *around,
    struct pen_shaped *out, struct pen_findings *findings)
{
	struct work work;
	int from;

	/* Not the whole struct: the name's room costs more than all the rest. */
	work.shape = shape;
	work.cells = cells;
	work.reference = reference;
	work.around = around;
	work.out = out;
	work.findings = findings;
	*out = (struct pen_shaped){ .row = { .kind = shape->form->kind } };
	set_number(&work, PEN_LINE, line);
	around->person = NULL;
	around->name = NULL;
	around->name_folded = false;
	around->employer = NULL;
	around->live_on = reference->live_on;

	add_cells(&work);
	add_groups(&work);
	shape->layout->shape(&work);
	from = findings->count;
	pen_rule__row(&out->row, around, findings);
	out->name_folded = around->name_folded;
	name_fields(&work, from);
	say_words(&work);
	sort(shape->form, findings);
	if (findings->count == 0 && !reference->failed && shape->layout->claim)
		shape->layout->claim(&work);
	around->person = NULL;
	around->name = NULL;
	around->employer = NULL;
}
