#include "model/judge.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/cell_text.h"

#include <assert.h>
#include <string.h>

/* The bytes that a cell was read from, as far as they are few: n is LONG for more,
 * and for cells whose value lies in the record. */
#define LONG SIZE_MAX
struct last { size_t n; enum pen_token token; char bytes[32]; };

/* `cells` are those of the last record, in the form's order; a cell whose column
 * the file does not have stays from the start what was declared, or empty.
 * `decoded` is where the UTF-8 of a record stands, for it has to outlive the
 * decoder's own room. */
struct pen_judge {
	struct pen_judge_plan plan;
	struct pen_decoder *decoder;
	struct pen_shape *shape;
	uint32_t given;

	struct pen_header columns;
	size_t width;			/* columns in the file; 0: not known yet */
	bool keyed;
	int person;			/* the column of the citizen id, -1: none */
	struct pen_field fields[PEN_FIELDS_MOST];	/* the form's; money as the file has it */

	struct pen_surroundings around;
	struct pen_rule_cache cache;
	struct pen_cell cells[PEN_FIELDS_MOST];
	struct last last[PEN_FIELDS_MOST];
	struct pen_findings findings;
	char *decoded;
	size_t decoded_n, decoded_room;
};

/* --------------------------------------------------------------- decoding -- */

/* Room for the UTF-8 of a whole record, so that what was decoded stays where it
 * is: no encoding that is read here takes less than half of it. */
static enum pen_status make_room(struct pen_judge *judge, const struct pen_csv_field *fields,
    size_t count, struct pen_error *error)
{
	size_t i, need = 0;
	char *more;

	for (i = 0; i < count; i++)
		need += 2 * fields[i].n;
	judge->decoded_n = 0;
	if (need <= judge->decoded_room)
		return PEN_OK;
	more = pen_memory__realloc(judge->decoded, need, 2);
	if (!more)
		return pen_error__memory(error);
	judge->decoded = more;
	judge->decoded_room = 2 * need;
	return PEN_OK;
}

/* A field as UTF-8 that holds for the whole record. */
static enum pen_status decode(struct pen_judge *judge, const struct pen_csv_field *field,
    struct pen_csv_field *text, struct pen_error *error)
{
	enum pen_status status = pen_charset__decode(judge->decoder, field->s, field->n, &text->s,
	    &text->n, error);

	if (status != PEN_OK || text->s == field->s || text->n == 0)
		return status;
	assert(text->n <= judge->decoded_room - judge->decoded_n);
	memcpy(judge->decoded + judge->decoded_n, text->s, text->n);
	text->s = judge->decoded + judge->decoded_n;
	judge->decoded_n += text->n;
	return PEN_OK;
}

/* ------------------------------------------------------------------ cells -- */

static void empty_cell(struct pen_cell *cell)
{
	cell->value = pen_value__null();
	cell->id18[0] = '\0';
	cell->repairs = 0;
	cell->rule = NULL;
	cell->has_fen = false;
}

/* The first bytes in hexadecimal: they are no text that could be shown. */
static void show_bytes(const struct pen_csv_field *field, char *out, size_t room)
{
	size_t i, n = 0;

	out[0] = '\0';
	for (i = 0; i < field->n && n + 8 < room; i++)
		n += (size_t)snprintf(out + n, room - n, i ? " %02x" : "%02x", (unsigned char)field->s[i]);
	if (i < field->n)
		snprintf(out + n, room - n, " …");
}

/* A cell that is refused before it is read, with what stood there. */
static void refuse_cell(struct pen_cell *cell, const char *rule, const struct pen_csv_field *text, const char *expected)
{
	empty_cell(cell);
	cell->rule = rule;
	pen_cell_text__show(text, cell->found, sizeof(cell->found));
	pen_cell_text__show(&(struct pen_csv_field){ expected, strlen(expected), PEN_TOKEN_TEXT }, cell->expected,
	    sizeof(cell->expected));
}

/* A cell whose text is known. */
static void read_text(struct pen_judge *judge, const struct pen_field *field, struct pen_csv_field *text,
    enum pen_token token, struct pen_cell *cell)
{
	char expected[96];
	const char *rule = pen_cell_text__check(field, text, token, expected, sizeof(expected));

	if (rule)
		refuse_cell(cell, rule, text, expected);
	else
		pen_field__read(field, text->s, text->n, judge->plan.today, cell);
	if (judge->plan.strict && cell->repairs && !cell->rule)
		pen_field__insist(field, text->s, text->n, cell);
}

/* Bytes that are no text are a finding; anything else that fails stops. */
static enum pen_status read_cell(struct pen_judge *judge, const struct pen_csv_field *raw,
    const struct pen_field *field, struct pen_cell *cell, struct pen_error *error)
{
	struct pen_csv_field text;
	struct pen_error fault;
	enum pen_status status = decode(judge, raw, &text, &fault);

	if (status == PEN_OK) {
		read_text(judge, field, &text, raw->token, cell);
		return PEN_OK;
	}
	if (status != PEN_INPUT) {
		*error = fault;
		return status;
	}
	empty_cell(cell);
	cell->rule = "text.encoding";
	show_bytes(raw, cell->found, sizeof(cell->found));
	snprintf(cell->expected, sizeof(cell->expected), "%s", pen_charset__name(judge->plan.encoding));
	return PEN_OK;
}

/* Year, months and employer are mostly those of the row before: then the cell stays
 * as it is. */
static bool is_last(const struct last *last, const struct pen_csv_field *raw)
{
	return last->n == raw->n && last->token == raw->token && (!raw->n || memcmp(last->bytes, raw->s, raw->n) == 0);
}

static void set_last(struct last *last, const struct pen_csv_field *raw, const struct pen_field *field)
{
	bool lies_there = field->type == PEN_FIELD_TEXT || field->type == PEN_FIELD_NAME || field->open;

	last->n = raw->n > sizeof(last->bytes) || lies_there ? LONG : raw->n;
	last->token = raw->token;
	if (last->n != LONG && raw->n)
		memcpy(last->bytes, raw->s, raw->n);
}

static enum pen_status read_cells(struct pen_judge *judge, const struct pen_csv_field *fields,
    struct pen_error *error)
{
	const struct pen_form *form = judge->plan.form;
	enum pen_status status = PEN_OK;
	int i, column;

	for (i = 0; i < form->count && status == PEN_OK; i++) {
		column = judge->columns.column_of[i];
		if (column >= 0 && is_last(&judge->last[i], &fields[column]))
			continue;
		if (column >= 0) {
			status = read_cell(judge, &fields[column], &judge->fields[i], &judge->cells[i], error);
			set_last(&judge->last[i], &fields[column], &judge->fields[i]);
		} else if (judge->keyed && !form->fields[i].optional && !(judge->columns.given >> i & 1))
			pen_field__read(&form->fields[i], "", 0, judge->plan.today, &judge->cells[i]);
	}
	return status;
}

/* A line of another width than the header: its columns cannot be trusted to be
 * what they stand under, so nothing else is said of it and no amount counted. */
static void refuse_width(struct pen_judge *judge, size_t count, struct pen_shaped *shaped)
{
	char found[64], expected[64];
	int i;

	snprintf(found, sizeof(found), _("%zu fields"), count);
	snprintf(expected, sizeof(expected), _("%zu fields, as in the header"), judge->width);
	pen_rule__add(&judge->findings, "row.columns", "", found, expected);
	for (i = 0; i < judge->plan.form->count; i++) {
		if (judge->columns.column_of[i] < 0)
			continue;
		empty_cell(&judge->cells[i]);
		judge->last[i].n = LONG;
	}
	*shaped = (struct pen_shaped){ .row = { .kind = judge->plan.form->kind } };
}

/* ------------------------------------------------------------------- rows -- */

void pen_judge__columns(struct pen_judge *judge, const struct pen_header *columns, size_t width, bool keyed)
{
	int i;

	judge->columns = *columns;
	judge->width = width;
	judge->keyed = keyed;
	judge->person = -1;
	for (i = 0; i < PEN_FIELDS_MOST; i++)
		judge->last[i].n = LONG;
	for (i = 0; i < judge->plan.form->count; i++) {
		judge->fields[i] = judge->plan.form->fields[i];
		judge->fields[i].fen = columns->fen[i];
		if (judge->fields[i].type == PEN_FIELD_CITIZEN_ID)
			judge->person = columns->column_of[i];
	}
}

/* Ids that have to be mended first come when they come. */
void pen_judge__expect(const struct pen_judge *judge, const struct pen_csv_field *fields, size_t count, bool near)
{
	const struct pen_reference *reference = judge->plan.reference;
	const struct pen_csv_field *field;
	char id18[19];

	if (judge->person < 0 || (size_t)judge->person >= count || !reference->expect)
		return;
	field = &fields[judge->person];
	if (field->n != sizeof(id18) - 1)
		return;
	memcpy(id18, field->s, field->n);
	id18[field->n] = '\0';
	reference->expect(reference->context, id18, near);
}

static void show(struct pen_judge *judge, struct pen_judged *out)
{
	out->cells = judge->cells;
	out->findings = &judge->findings;
}

void pen_judge__wrong_width(struct pen_judge *judge, size_t count, struct pen_judged *out)
{
	judge->findings.count = 0;
	refuse_width(judge, count, &out->shaped);
	show(judge, out);
}

enum pen_status pen_judge__row(struct pen_judge *judge, const struct pen_csv_field *fields, size_t count,
    long line, struct pen_judged *out, struct pen_error *error)
{
	enum pen_status status = make_room(judge, fields, count, error);

	judge->findings.count = 0;
	if (status == PEN_OK)
		status = read_cells(judge, fields, error);
	if (status != PEN_OK)
		return status;
	pen_shape__row(judge->shape, judge->cells, line, judge->plan.reference, &judge->around, &out->shaped,
	    &judge->findings);
	show(judge, out);
	if (!judge->plan.reference->failed)
		return PEN_OK;
	pen_error__set(error, PEN_SYSTEM, "system.reference",
	    _("employers and people could not be looked up in the store: there is no memory left, or the store cannot be read; nothing was brought in, run the command again"));
	return pen_error__at(error, NULL, line, NULL);
}

/* -------------------------------------------------------------- the judge -- */

/* Reads what was declared, once for all rows, and sets the bits of its fields. */
static enum pen_status read_given(struct pen_judge *judge, uint32_t *fields, struct pen_error *error)
{
	const struct pen_form *form = judge->plan.form;
	const struct pen_given *given = judge->plan.given;
	struct pen_cell *cell;
	size_t i;
	int at;

	*fields = 0;
	for (i = 0; i < judge->plan.given_count; i++, given++) {
		at = pen_form__called(form, given->field, strlen(given->field), NULL);
		if (at < 0 || *fields >> at & 1)
			return pen_error__set(error, PEN_INPUT, "given.field",
			    _("%s was declared for the whole file; expected a field of form %s, each once: see pen-import schema"),
			    given->field, form->name);
		cell = &judge->cells[at];
		pen_field__read(&form->fields[at], given->value, strlen(given->value), judge->plan.today, cell);
		if (cell->rule || cell->value.type == PEN_NULL)
			return pen_error__set(error, PEN_INPUT, "given.value",
			    _("%s was declared as \"%s\" for the whole file; expected %s"), form->fields[at].title,
			    given->value, cell->rule ? cell->expected : _("a value"));
		/* It is nothing that stood in the file. */
		cell->repairs = 0;
		*fields |= UINT32_C(1) << at;
	}
	return PEN_OK;
}

enum pen_status pen_judge__open(struct pen_judge **judge, const struct pen_judge_plan *plan, struct pen_error *error)
{
	struct pen_judge *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->plan = *plan;
	made->person = -1;
	made->around.parameters = plan->parameters;
	made->around.area = plan->area;
	made->around.county = plan->county;
	made->around.today = plan->today;
	made->around.cache = &made->cache;
	status = pen_shape__open(&made->shape, plan->form, error);
	if (status == PEN_OK)
		status = read_given(made, &made->given, error);
	if (status == PEN_OK)
		status = pen_charset__decoder(&made->decoder, plan->encoding, error);
	if (status != PEN_OK) {
		pen_judge__close(made);
		return status;
	}
	*judge = made;
	return PEN_OK;
}

void pen_judge__close(struct pen_judge *judge)
{
	if (!judge)
		return;
	if (judge->decoder)
		pen_charset__close(judge->decoder);
	pen_shape__close(judge->shape);
	pen_memory__free(judge->decoded);
	pen_memory__free(judge);
}

uint32_t pen_judge__given(const struct pen_judge *judge)
{
	return judge->given;
}

void pen_judge__counts(const struct pen_judge *judge, struct pen_judge_counts *counts)
{
	counts->private_use = pen_charset__private_use(judge->decoder);
	counts->base_unchecked = judge->around.base_unchecked;
	counts->share_unchecked = judge->around.share_unchecked;
}
