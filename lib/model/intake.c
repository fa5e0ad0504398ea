#include "model/intake.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/cell_text.h"

#include <assert.h>
#include <string.h>

/* `cells` are those of the last record, in the form's order; a cell whose column
 * the file does not have stays from the start what was declared, or empty.
 * `decoded` is where the UTF-8 of a record stands, for it has to outlive the
 * decoder's own room. */
struct pen_intake {
	struct pen_intake_plan plan;
	struct pen_decoder *decoder;
	struct pen_shape *shape;

	struct pen_sheet *sheet;
	const struct pen_sheet_header *header;	/* of the sheet */
	struct pen_field fields[PEN_FIELDS_MOST];	/* the form's; money as the file has it */
	bool keyed;			/* by pen_intake__columns */

	struct pen_surroundings around;
	struct pen_rule_cache cache;
	struct pen_cell cells[PEN_FIELDS_MOST];
	struct pen_findings findings;
	char *decoded;
	size_t decoded_n, decoded_room;

	int64_t read, other;
};

/* --------------------------------------------------------------- decoding -- */

/* Room for the UTF-8 of a whole record, so that what was decoded stays where it
 * is: no encoding that is read here takes less than half of it. */
static enum pen_status make_room(struct pen_intake *intake, const struct pen_csv_field *fields,
    size_t count, struct pen_error *error)
{
	size_t i, need = 0;
	char *more;

	for (i = 0; i < count; i++)
		need += 2 * fields[i].n;
	intake->decoded_n = 0;
	if (need <= intake->decoded_room)
		return PEN_OK;
	more = pen_memory__realloc(intake->decoded, need, 2);
	if (!more)
		return pen_error__memory(error);
	intake->decoded = more;
	intake->decoded_room = 2 * need;
	return PEN_OK;
}

/* A field as UTF-8 that holds for the whole record. */
static enum pen_status decode(struct pen_intake *intake, const struct pen_csv_field *field,
    struct pen_csv_field *text, struct pen_error *error)
{
	enum pen_status status = pen_charset__decode(intake->decoder, field->s, field->n, &text->s,
	    &text->n, error);

	if (status != PEN_OK || text->s == field->s || text->n == 0)
		return status;
	assert(text->n <= intake->decoded_room - intake->decoded_n);
	memcpy(intake->decoded + intake->decoded_n, text->s, text->n);
	text->s = intake->decoded + intake->decoded_n;
	intake->decoded_n += text->n;
	return PEN_OK;
}

/* ----------------------------------------------------------------- header -- */

/* Once the header is known, and again when it grows. */
static void take_columns(struct pen_intake *intake)
{
	int i;

	for (i = 0; i < intake->plan.form->count; i++) {
		intake->fields[i] = intake->plan.form->fields[i];
		intake->fields[i].fen = intake->header->columns.fen[i];
	}
}

enum pen_status pen_intake__columns(void *context, const struct pen_csv_field *titles, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct pen_intake *intake = context;
	enum pen_status status = pen_sheet_header__keys(pen_sheet__header(intake->sheet), titles, count, line, error);

	(void)byte;
	intake->keyed = true;
	if (status == PEN_OK)
		take_columns(intake);
	return status;
}

/* ------------------------------------------------------------------- rows -- */

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
static void read_text(struct pen_intake *intake, const struct pen_field *field, struct pen_csv_field *text,
    enum pen_token token, struct pen_cell *cell)
{
	char expected[96];
	const char *rule = pen_cell_text__check(field, text, token, expected, sizeof(expected));

	if (rule)
		refuse_cell(cell, rule, text, expected);
	else
		pen_field__read(field, text->s, text->n, intake->plan.today, cell);
	if (intake->plan.strict && cell->repairs && !cell->rule)
		pen_field__insist(field, text->s, text->n, cell);
}

/* Bytes that are no text are a finding; anything else that fails stops. */
static enum pen_status read_cell(struct pen_intake *intake, const struct pen_csv_field *raw,
    const struct pen_field *field, struct pen_cell *cell, struct pen_error *error)
{
	struct pen_csv_field text;
	struct pen_error fault;
	enum pen_status status = decode(intake, raw, &text, &fault);

	if (status == PEN_OK) {
		read_text(intake, field, &text, raw->token, cell);
		return PEN_OK;
	}
	if (status != PEN_INPUT) {
		*error = fault;
		return status;
	}
	empty_cell(cell);
	cell->rule = "text.encoding";
	show_bytes(raw, cell->found, sizeof(cell->found));
	snprintf(cell->expected, sizeof(cell->expected), "%s", pen_charset__name(intake->plan.encoding));
	return PEN_OK;
}

static enum pen_status read_cells(struct pen_intake *intake, const struct pen_csv_field *fields,
    struct pen_error *error)
{
	const struct pen_form *form = intake->plan.form;
	enum pen_status status = PEN_OK;
	int i, column;

	for (i = 0; i < form->count && status == PEN_OK; i++) {
		column = intake->header->columns.column_of[i];
		if (column >= 0)
			status = read_cell(intake, &fields[column], &intake->fields[i], &intake->cells[i], error);
		else if (intake->keyed && !form->fields[i].optional && !(intake->header->columns.given >> i & 1))
			pen_field__read(&form->fields[i], "", 0, intake->plan.today, &intake->cells[i]);
	}
	return status;
}

/* A line of another width than the header: its columns cannot be trusted to be
 * what they stand under, so nothing else is said of it and no amount counted. */
static void refuse_width(struct pen_intake *intake, size_t count, struct pen_shaped *shaped)
{
	char found[64], expected[64];
	int i;

	snprintf(found, sizeof(found), _("%zu fields"), count);
	snprintf(expected, sizeof(expected), _("%zu fields, as in the header"), intake->header->title_count);
	pen_rule__add(&intake->findings, "row.columns", "", found, expected);
	for (i = 0; i < intake->plan.form->count; i++) {
		if (intake->header->columns.column_of[i] >= 0)
			empty_cell(&intake->cells[i]);
	}
	*shaped = (struct pen_shaped){ .row = { .kind = intake->plan.form->kind } };
}

static bool is_blank(const struct pen_csv_field *field)
{
	size_t i;

	/* Control characters too: 0x1a ends files of old systems. */
	for (i = 0; i < field->n; i++) {
		if ((unsigned char)field->s[i] > ' ')
			return false;
	}
	return true;
}

/* Fields without those at the end that are empty and have no title. */
static size_t width_of(const struct pen_csv_field *fields, size_t count, size_t titles)
{
	while (count > titles && is_blank(&fields[count - 1]))
		count--;
	return count;
}

/* True if the record is no row after all: then it is counted, and gone. */
static enum pen_status look_aside(struct pen_intake *intake, const struct pen_csv_field *fields, size_t count,
    long line, bool *aside, struct pen_error *error)
{
	enum pen_status status = pen_sheet__other(intake->sheet, fields, count, line, aside, error);

	intake->other += status == PEN_OK && *aside;
	return status;
}

static enum pen_status take_row(struct pen_intake *intake, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	const struct pen_intake_plan *plan = &intake->plan;
	struct pen_intake_line taken = {
		.line = line, .byte = byte, .source = fields, .source_count = count,
		.cells = intake->cells, .findings = &intake->findings
	};
	const size_t width = width_of(fields, count, intake->header->title_count);
	enum pen_status status;
	bool aside = false;

	intake->findings.count = 0;
	if (width != intake->header->title_count) {
		status = look_aside(intake, fields, count, line, &aside, error);
		if (status != PEN_OK || aside)
			return status;
		refuse_width(intake, width, &taken.shaped);
		pen_sheet__row(intake->sheet, NULL);
		return plan->sink(plan->context, &taken, error);
	}
	status = read_cells(intake, fields, error);
	if (status != PEN_OK)
		return status;
	pen_shape__row(intake->shape, intake->cells, line, plan->reference, &intake->around, &taken.shaped,
	    &intake->findings);
	if (plan->reference->failed) {
		pen_error__set(error, PEN_SYSTEM, "system.reference",
		    _("employers and people could not be looked up in the store: there is no memory left, or the store cannot be read; nothing was brought in, run the command again"));
		return pen_error__at(error, NULL, line, NULL);
	}
	if (intake->findings.count > 0 || pen_sheet__wary(intake->sheet))
		status = look_aside(intake, fields, count, line, &aside, error);
	if (status != PEN_OK || aside)
		return status;
	pen_sheet__row(intake->sheet, intake->cells);
	return plan->sink(plan->context, &taken, error);
}

/* ------------------------------------------------------------- the intake -- */

/* Reads what was declared, once for all rows, and sets the bits of its fields. */
static enum pen_status read_given(struct pen_intake *intake, uint32_t *fields, struct pen_error *error)
{
	const struct pen_form *form = intake->plan.form;
	const struct pen_given *given = intake->plan.given;
	struct pen_cell *cell;
	size_t i;
	int at;

	*fields = 0;
	for (i = 0; i < intake->plan.given_count; i++, given++) {
		at = pen_form__called(form, given->field, strlen(given->field));
		if (at < 0 || *fields >> at & 1)
			return pen_error__set(error, PEN_INPUT, "given.field",
			    _("%s was declared for the whole file; expected a field of form %s, each once: see pen-import schema"),
			    given->field, form->name);
		cell = &intake->cells[at];
		pen_field__read(&form->fields[at], given->value, strlen(given->value), intake->plan.today, cell);
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

enum pen_status pen_intake__open(struct pen_intake **intake, const struct pen_intake_plan *plan,
    struct pen_error *error)
{
	struct pen_intake *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;
	uint32_t given;

	if (!made)
		return pen_error__memory(error);
	made->plan = *plan;
	made->around.parameters = plan->parameters;
	made->around.area = plan->area;
	made->around.county = plan->county;
	made->around.today = plan->today;
	made->around.cache = &made->cache;
	status = pen_shape__open(&made->shape, plan->form, error);
	if (status == PEN_OK)
		status = read_given(made, &given, error);
	if (status == PEN_OK)
		status = pen_sheet__open(&made->sheet, plan->form, plan->encoding, given, plan->today, error);
	if (status == PEN_OK)
		status = pen_charset__decoder(&made->decoder, plan->encoding, error);
	if (status != PEN_OK)
		goto err0;
	made->header = pen_sheet__header(made->sheet);
	*intake = made;
	return PEN_OK;
err0:
	pen_intake__close(made);
	return status;
}

enum pen_status pen_intake__record(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct pen_intake *intake = context;
	enum pen_status status;
	size_t i;

	intake->read++;
	for (i = 0; i < count && is_blank(&fields[i]); i++)
		;
	if (i == count) {
		intake->other++;
		pen_sheet_header__blank(pen_sheet__header(intake->sheet));
		return PEN_OK;
	}
	if (!intake->header->found) {
		intake->other++;
		status = pen_sheet_header__look(pen_sheet__header(intake->sheet), fields, count, line, error);
		if (status == PEN_OK && intake->header->found)
			take_columns(intake);
		return status;
	}
	status = make_room(intake, fields, count, error);
	return status == PEN_OK ? take_row(intake, fields, count, line, byte, error) : status;
}

enum pen_status pen_intake__finish(struct pen_intake *intake, struct pen_error *error)
{
	if (!intake->header->found)
		return pen_sheet_header__miss(intake->header, error);
	if (intake->read == intake->other)
		return pen_error__set(error, PEN_INPUT, "input.rows",
		    _("there is a header and no row below it: expected the rows of form %s; export the file again"),
		    intake->plan.form->name);
	return intake->keyed ? pen_form__complete(intake->plan.form, &intake->header->columns, error) : PEN_OK;
}

void pen_intake__counts(const struct pen_intake *intake, struct pen_intake_counts *counts)
{
	counts->read = intake->read;
	counts->other = intake->other;
	counts->padding = 0;
	counts->private_use = pen_charset__private_use(intake->decoder);
	counts->base_unchecked = intake->around.base_unchecked;
	counts->share_unchecked = intake->around.share_unchecked;
	pen_sheet__counts(intake->sheet, &counts->sheet);
	counts->totals = counts->sheet.totals;
}

const struct pen_header *pen_intake__header(const struct pen_intake *intake)
{
	return intake->header->found ? &intake->header->columns : NULL;
}

const struct pen_csv_field *pen_intake__titles(const struct pen_intake *intake, size_t *count)
{
	*count = intake->header->title_count;
	return intake->header->titles;
}

void pen_intake__close(struct pen_intake *intake)
{
	if (!intake)
		return;
	if (intake->decoder)
		pen_charset__close(intake->decoder);
	pen_shape__close(intake->shape);
	pen_sheet__close(intake->sheet);
	pen_memory__free(intake->decoded);
	pen_memory__free(intake);
}
