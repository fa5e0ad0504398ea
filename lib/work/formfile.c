#include "work/formfile.h"
#include "adapter/charset.h"
#include "adapter/csv.h"
#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/field.h"
#include "model/header.h"
#include "store/settings.h"

#include <assert.h>
#include <string.h>

#define LARGEST ((size_t)256 << 20)
#define COLUMNS_MOST ((size_t)256)
#define BOM "\xef\xbb\xbf"

/* A file being read; `titled` once its header was. The strings of a row are in the
 * arena. */
struct reader {
	const char *path;
	struct pen_form *form;
	struct pen_decoder *decoder;
	struct pen_header header;
	struct pen_arena *arena;
	pen_formfile_visit *visit;
	void *context;
	bool titled;
};

const struct pen_value *pen_formfile__value(const struct pen_formfile_row *row, const char *field)
{
	int i = pen_form__field(row->form, field);

	assert(i >= 0);
	return &row->values[i];
}

/* One cell of the row; what the decoder gives out is gone with the next one. */
static enum pen_status take_cell(struct reader *reader, const struct pen_field *field,
    const struct pen_csv_field *source, struct pen_value *value, struct pen_error *error)
{
	struct pen_cell cell;
	const char *s;
	size_t n;

	if (pen_charset__decode(reader->decoder, source->s, source->n, &s, &n, error) != PEN_OK)
		return error->status;
	pen_field__read(field, s, n, pen_date__today(), &cell);
	if (cell.rule != NULL)
		return pen_error__set(error, PEN_INPUT, cell.rule, _("found '%s', expected %s; nothing was entered"),
		    cell.found, cell.expected);
	*value = cell.value;
	if (value->type == PEN_STRING && (value->s = pen_memory__copy(reader->arena, value->s, value->n)) == NULL)
		return pen_error__memory(error);
	return PEN_OK;
}

static enum pen_status take_row(struct reader *reader, const struct pen_csv_field *fields, size_t count, long line,
    struct pen_error *error)
{
	struct pen_value values[PEN_FIELDS_MOST];
	const struct pen_formfile_row row = { .form = reader->form, .values = values, .line = line };
	int i, column;
	enum pen_status status;

	pen_memory__reset(reader->arena);
	for (i = 0; i < reader->form->count; i++) {
		values[i] = pen_value__null();
		column = reader->header.column_of[i];
		if (column < 0)
			continue;
		status = (size_t)column >= count ? pen_error__set(error, PEN_INPUT, "row.columns",
		    _("the line has %zu columns, the header %d: look for a comma too few"), count, reader->header.source_count) :
		    take_cell(reader, &reader->form->fields[i], &fields[column], &values[i], error);
		if (status != PEN_OK)
			return pen_error__at(error, reader->path, line, reader->form->fields[i].title);
	}
	status = reader->visit(reader->context, &row, error);
	return status == PEN_OK ? PEN_OK : pen_error__at(error, reader->path, line, NULL);
}

/* The titles, in UTF-8, against the form; what the decoder gives out is gone
 * with the next field, so the texts are copied. */
static enum pen_status take_header(struct reader *reader, const struct pen_csv_field *fields, size_t count,
    struct pen_error *error)
{
	struct pen_csv_field titles[COLUMNS_MOST];
	enum pen_status status = PEN_OK;
	size_t i;

	if (count > COLUMNS_MOST)
		count = COLUMNS_MOST;
	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_charset__decode(reader->decoder, fields[i].s, fields[i].n, &titles[i].s, &titles[i].n, error);
		if (status == PEN_OK && (titles[i].s = pen_memory__copy(reader->arena, titles[i].s, titles[i].n)) == NULL)
			status = pen_error__memory(error);
	}
	if (status == PEN_OK)
		status = pen_header__match(reader->form, titles, count, 0, &reader->header, error);
	if (status != PEN_OK)
		pen_error__at(error, reader->path, 1, NULL);
	reader->titled = true;
	return status;
}

static bool is_blank(const struct pen_csv_field *fields, size_t count)
{
	const char *s;
	size_t i, n;

	for (i = 0; i < count; i++) {
		s = fields[i].s;
		n = fields[i].n;
		pen_text__trim(&s, &n);
		if (n > 0)
			return false;
	}
	return true;
}

static enum pen_status take_record(void *context, const struct pen_csv_field *fields, size_t count, long line,
    int64_t byte, struct pen_error *error)
{
	struct reader *reader = context;

	(void)byte;
	if (is_blank(fields, count))
		return PEN_OK;
	return reader->titled ? take_row(reader, fields, count, line, error) : take_header(reader, fields, count, error);
}

static enum pen_status parse(struct reader *reader, const char *bytes, size_t n, struct pen_error *error)
{
	struct pen_csv *csv;
	enum pen_status status = pen_csv__open(&csv, ',', take_record, reader, error);

	if (status != PEN_OK)
		return status;
	if (n >= 3 && memcmp(bytes, BOM, 3) == 0) {
		bytes += 3;
		n -= 3;
	}
	status = pen_csv__feed(csv, bytes, n, error);
	if (status == PEN_OK)
		status = pen_csv__finish(csv, error);
	if (status != PEN_OK)
		pen_error__at(error, reader->path, 0, NULL);
	pen_csv__close(csv);
	return status;
}

static enum pen_status detect(const char *bytes, size_t n, enum pen_encoding *encoding, struct pen_error *error)
{
	struct pen_detector *detector;
	enum pen_status status = pen_charset__detector(&detector, error);

	if (status != PEN_OK)
		return status;
	pen_charset__look(detector, bytes, n);
	status = pen_charset__decide(detector, encoding, error);
	pen_charset__forget(detector);
	return status;
}

static enum pen_status read_file(struct reader *reader, struct pen_error *error)
{
	enum pen_encoding encoding;
	char *bytes;
	size_t n;
	enum pen_status status = pen_file__load(reader->path, LARGEST, &bytes, &n, error);

	if (status != PEN_OK)
		return status;
	status = detect(bytes, n, &encoding, error);
	if (status == PEN_OK)
		status = pen_charset__decoder(&reader->decoder, encoding, error);
	if (status != PEN_OK)
		pen_error__at(error, reader->path, 0, NULL);
	else
		status = parse(reader, bytes, n, error);
	pen_memory__free(bytes);
	return status;
}

enum pen_status pen_formfile__read(const char *path, const char *form, pen_formfile_visit *visit, void *context,
    struct pen_error *error)
{
	struct reader reader = { .path = path, .visit = visit, .context = context, .arena = pen_memory__arena() };
	enum pen_status status;

	if (reader.arena == NULL)
		return pen_error__memory(error);
	status = pen_settings__form(NULL, form, &reader.form, NULL, error);
	if (status == PEN_OK)
		status = read_file(&reader, error);
	if (reader.decoder != NULL)
		pen_charset__close(reader.decoder);
	pen_form__free(reader.form);
	pen_memory__drop(reader.arena);
	return status;
}
