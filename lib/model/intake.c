#include "model/intake.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

/* `header` holds once `titled` is true; before that the next record that is not
 * blank is the header. `cells` are those of the last record, in the form's
 * order; a cell whose column the file does not have stays empty from the start.
 * `decoded` is where the UTF-8 of a record stands, for it has to outlive the
 * decoder's own room. */
struct pen_intake {
	struct pen_intake_plan plan;
	struct pen_decoder *decoder;
	struct pen_shape *shape;

	bool titled;
	struct pen_header header;
	struct pen_csv_field *titles;	/* as they stood; the bytes are in the arena */
	size_t title_count;
	struct pen_arena *arena;

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

/* Keeps the titles as they stood. */
static enum pen_status keep_titles(struct pen_intake *intake, const struct pen_csv_field *fields,
    size_t count, struct pen_error *error)
{
	size_t i;

	intake->titles = pen_memory__take(intake->arena, count * sizeof(*intake->titles));
	for (i = 0; intake->titles && i < count; i++) {
		intake->titles[i].s = pen_memory__copy(intake->arena, fields[i].s, fields[i].n);
		intake->titles[i].n = fields[i].n;
		if (!intake->titles[i].s)
			return pen_error__memory(error);
	}
	intake->title_count = count;
	return intake->titles ? PEN_OK : pen_error__memory(error);
}

static enum pen_status take_header(struct pen_intake *intake, const struct pen_csv_field *fields,
    size_t count, long line, struct pen_error *error)
{
	const size_t most = sizeof(intake->header.field_of) / sizeof(intake->header.field_of[0]);
	struct pen_csv_field *texts;
	enum pen_status status = PEN_OK;
	size_t i;

	if (count > most) {
		status = pen_error__set(error, PEN_INPUT, "form.columns",
		    _("the header has %zu columns; at most %zu are read: leave out those that form %s does not have"),
		    count, most, intake->plan.form->name);
		goto out;
	}
	status = keep_titles(intake, fields, count, error);
	if (status != PEN_OK)
		return status;
	texts = pen_memory__take(intake->arena, count * sizeof(*texts));
	if (!texts)
		return pen_error__memory(error);
	for (i = 0; i < count && status == PEN_OK; i++)
		status = decode(intake, &fields[i], &texts[i], error);
	if (status == PEN_OK)
		status = pen_form__match(intake->plan.form, texts, count, &intake->header, error);
	intake->titled = status == PEN_OK;
	if (status == PEN_OK)
		return PEN_OK;
out:
	return pen_error__at(error, NULL, line, NULL);
}

/* ------------------------------------------------------------------- rows -- */

static void empty_cell(struct pen_cell *cell)
{
	cell->value = pen_value__null();
	cell->id18[0] = '\0';
	cell->repairs = 0;
	cell->rule = NULL;
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

/* Bytes that are no text are a finding; anything else that fails stops. */
static enum pen_status read_cell(struct pen_intake *intake, const struct pen_csv_field *raw,
    const struct pen_field *field, struct pen_cell *cell, struct pen_error *error)
{
	struct pen_csv_field text;
	struct pen_error fault;
	enum pen_status status = decode(intake, raw, &text, &fault);

	if (status == PEN_OK) {
		pen_field__read(field, text.s, text.n, intake->plan.today, cell);
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
		column = intake->header.column_of[i];
		if (column >= 0)
			status = read_cell(intake, &fields[column], &form->fields[i], &intake->cells[i], error);
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
	snprintf(expected, sizeof(expected), _("%zu fields, as in the header"), intake->title_count);
	pen_rule__add(&intake->findings, "row.columns", "", found, expected);
	for (i = 0; i < intake->plan.form->count; i++)
		empty_cell(&intake->cells[i]);
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

static enum pen_status take_row(struct pen_intake *intake, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	const struct pen_intake_plan *plan = &intake->plan;
	struct pen_intake_line taken = {
		.line = line, .byte = byte, .source = fields, .source_count = count,
		.cells = intake->cells, .findings = &intake->findings
	};
	enum pen_status status;

	intake->findings.count = 0;
	count = width_of(fields, count, intake->title_count);
	if (count != intake->title_count) {
		refuse_width(intake, count, &taken.shaped);
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
	return plan->sink(plan->context, &taken, error);
}

/* ------------------------------------------------------------- the intake -- */

enum pen_status pen_intake__open(struct pen_intake **intake, const struct pen_intake_plan *plan,
    struct pen_error *error)
{
	struct pen_intake *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->plan = *plan;
	made->around.parameters = plan->parameters;
	made->around.area = plan->area;
	made->around.county = plan->county;
	made->around.today = plan->today;
	made->around.cache = &made->cache;
	made->arena = pen_memory__arena();
	if (!made->arena) {
		status = pen_error__memory(error);
		goto err0;
	}
	status = pen_shape__open(&made->shape, plan->form, error);
	if (status != PEN_OK)
		goto err0;
	status = pen_charset__decoder(&made->decoder, plan->encoding, error);
	if (status != PEN_OK)
		goto err0;
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
		return PEN_OK;
	}
	status = make_room(intake, fields, count, error);
	if (status != PEN_OK)
		return status;
	if (intake->titled)
		return take_row(intake, fields, count, line, byte, error);
	intake->other++;
	return take_header(intake, fields, count, line, error);
}

enum pen_status pen_intake__finish(struct pen_intake *intake, struct pen_error *error)
{
	if (!intake->titled)
		return pen_error__set(error, PEN_INPUT, "input.empty",
		    _("there is nothing in it: expected a header with the columns of form %s, and rows below it"),
		    intake->plan.form->name);
	if (intake->read == intake->other)
		return pen_error__set(error, PEN_INPUT, "input.rows",
		    _("there is a header and no row below it: expected the rows of form %s; export the file again"),
		    intake->plan.form->name);
	return PEN_OK;
}

void pen_intake__counts(const struct pen_intake *intake, struct pen_intake_counts *counts)
{
	counts->read = intake->read;
	counts->other = intake->other;
	counts->totals = 0;
	counts->private_use = pen_charset__private_use(intake->decoder);
	counts->base_unchecked = intake->around.base_unchecked;
	counts->share_unchecked = intake->around.share_unchecked;
}

const struct pen_header *pen_intake__header(const struct pen_intake *intake)
{
	return intake->titled ? &intake->header : NULL;
}

const struct pen_csv_field *pen_intake__titles(const struct pen_intake *intake, size_t *count)
{
	*count = intake->title_count;
	return intake->titles;
}

void pen_intake__close(struct pen_intake *intake)
{
	if (!intake)
		return;
	if (intake->decoder)
		pen_charset__close(intake->decoder);
	pen_shape__close(intake->shape);
	pen_memory__drop(intake->arena);
	pen_memory__free(intake->decoded);
	pen_memory__free(intake);
}
