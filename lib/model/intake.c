#include "model/intake.h"
#include "base/error.h"
#include "base/memory.h"

/* The sheet says which records are rows, the judge what is wrong with them. */
struct pen_intake {
	struct pen_intake_plan plan;
	struct pen_judge *judge;
	struct pen_sheet *sheet;
	const struct pen_sheet_header *header;	/* of the sheet */
	bool keyed;			/* by pen_intake__columns */
	int64_t read, other;
};

/* ----------------------------------------------------------------- header -- */

/* Once the header is known, and again when it grows. */
static void take_columns(struct pen_intake *intake)
{
	pen_judge__columns(intake->judge, &intake->header->columns, intake->header->title_count, intake->keyed);
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

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One to three digits at the end, and no others before: what a comma leaves of 10,000.00. */
static bool is_cut_before(const struct pen_csv_field *field)
{
	size_t n = field->n, digits = 0, i;

	while (n > 0 && field->s[n - 1] == ' ')
		n--;
	while (digits < n && is_digit(field->s[n - 1 - digits]))
		digits++;
	for (i = 0; i < n - digits; i++)
		if (is_digit(field->s[i]))
			return false;
	return digits >= 1 && digits <= 3;
}

/* Three digits, and decimals perhaps: the other half. */
static bool is_cut_behind(const struct pen_csv_field *field)
{
	return field->n >= 3 && is_digit(field->s[0]) && is_digit(field->s[1]) && is_digit(field->s[2]) &&
	    (field->n == 3 || !is_digit(field->s[3]));
}

/* True if an amount may have been cut in two by the comma for its thousands: what
 * stands behind it then stands under the wrong title. */
static bool may_be_cut(const struct pen_intake *intake, const struct pen_csv_field *fields, size_t titles)
{
	const struct pen_form *form = intake->plan.judging.form;
	size_t i;
	int field;

	for (i = 0; i < titles; i++) {
		field = intake->header->columns.field_of[i];
		if (field >= 0 && form->fields[field].type == PEN_FIELD_MONEY && is_cut_before(&fields[i]) &&
		    is_cut_behind(&fields[i + 1]))
			return true;
	}
	return false;
}

/* Fields without those at the end that are empty and have no title, unless they may be
 * there because others have moved on. */
static size_t width_of(const struct pen_intake *intake, const struct pen_csv_field *fields, size_t count)
{
	const size_t titles = intake->header->title_count;
	size_t width = count;

	while (width > titles && is_blank(&fields[width - 1]))
		width--;
	return width == titles && count > titles && may_be_cut(intake, fields, titles) ? count : width;
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
	struct pen_intake_line taken = { .line = line, .byte = byte, .source = fields, .source_count = count };
	const size_t width = width_of(intake, fields, count);
	bool fits = width == intake->header->title_count, aside = false;
	enum pen_status status = PEN_OK;

	if (fits)
		status = pen_judge__row(intake->judge, fields, count, line, &taken.judged, error);
	if (status == PEN_OK && (!fits || taken.judged.findings->count > 0 || pen_sheet__wary(intake->sheet)))
		status = look_aside(intake, fields, count, line, &aside, error);
	if (status != PEN_OK || aside)
		return status;
	if (!fits)
		pen_judge__wrong_width(intake->judge, width, &taken.judged);
	pen_sheet__row(intake->sheet, fits ? taken.judged.cells : NULL);
	return intake->plan.sink(intake->plan.context, &taken, error);
}

/* ------------------------------------------------------------- the intake -- */

enum pen_status pen_intake__open(struct pen_intake **intake, const struct pen_intake_plan *plan,
    struct pen_error *error)
{
	const struct pen_judge_plan *judging = &plan->judging;
	struct pen_intake *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->plan = *plan;
	status = pen_judge__open(&made->judge, judging, error);
	if (status == PEN_OK)
		status = pen_sheet__open(&made->sheet, judging->form, judging->encoding, pen_judge__given(made->judge),
		    judging->today, error);
	if (status != PEN_OK) {
		pen_intake__close(made);
		return status;
	}
	made->header = pen_sheet__header(made->sheet);
	*intake = made;
	return PEN_OK;
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
	return take_row(intake, fields, count, line, byte, error);
}

void pen_intake__expect(const struct pen_intake *intake, const struct pen_csv_field *fields, size_t count, bool near)
{
	pen_judge__expect(intake->judge, fields, count, near);
}

const struct pen_header *pen_intake__settled(const struct pen_intake *intake, size_t *width)
{
	*width = intake->header->title_count;
	return intake->header->found && !intake->keyed && !pen_sheet__wary(intake->sheet) ? &intake->header->columns : NULL;
}

bool pen_intake__plain(const struct pen_csv_field *fields, size_t count, size_t width)
{
	size_t i;

	if (count != width)
		return false;
	for (i = 0; i < count && is_blank(&fields[i]); i++)
		;
	return i < count;
}

void pen_intake__passed(struct pen_intake *intake, int64_t rows, const int64_t fen[PEN_FIELDS_MOST])
{
	intake->read += rows;
	pen_sheet__rows(intake->sheet, rows, fen);
}

enum pen_status pen_intake__finish(struct pen_intake *intake, struct pen_error *error)
{
	if (!intake->header->found)
		return pen_sheet_header__miss(intake->header, error);
	if (intake->read == intake->other)
		return pen_error__set(error, PEN_INPUT, "input.rows",
		    _("there is a header and no row below it: expected the rows of form %s; export the file again"),
		    intake->plan.judging.form->name);
	return intake->keyed ? pen_header__complete(intake->plan.judging.form, intake->header->titles,
	    intake->header->title_count, &intake->header->columns, error) : PEN_OK;
}

void pen_intake__counts(const struct pen_intake *intake, struct pen_intake_counts *counts)
{
	counts->read = intake->read;
	counts->other = intake->other;
	counts->padding = 0;
	pen_judge__counts(intake->judge, &counts->judge);
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
	pen_judge__close(intake->judge);
	pen_sheet__close(intake->sheet);
	pen_memory__free(intake);
}
