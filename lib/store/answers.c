#include "store/answers.h"
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

#include <string.h>

#define LARGEST ((size_t)16 << 20)
#define COLUMNS_MOST ((size_t)256)
#define BOM "\xef\xbb\xbf"

/* A file being read; `titled` once its header was. */
struct reader {
	const char *path;
	struct pen_form *form;
	struct pen_decoder *decoder;
	struct pen_header header;
	bool titled;
	struct pen_answer *answers;
	size_t count, room;
};

static enum pen_status add_answer(struct reader *reader, const struct pen_answer *answer, struct pen_error *error)
{
	size_t room = reader->room ? 2 * reader->room : 64;
	struct pen_answer *more;

	if (reader->count == reader->room) {
		more = pen_memory__realloc(reader->answers, room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		reader->answers = more;
		reader->room = room;
	}
	reader->answers[reader->count++] = *answer;
	return PEN_OK;
}

static void copy_value(char *out, size_t room, const struct pen_value *value)
{
	size_t n = value->type == PEN_STRING ? value->n : 0;

	if (n >= room)
		n = room - 1;
	if (n > 0)
		memcpy(out, value->s, n);
	out[n] = '\0';
}

static void take_value(const struct pen_field *field, const struct pen_value *value, struct pen_answer *answer)
{
	if (strcmp(field->name, "credit_code") == 0)
		copy_value(answer->code, sizeof(answer->code), value);
	else if (strcmp(field->name, "answer") == 0)
		copy_value(answer->answer, sizeof(answer->answer), value);
	else if (strcmp(field->name, "note") == 0)
		copy_value(answer->note, sizeof(answer->note), value);
	else if (strcmp(field->name, "answered_on") == 0 && value->type == PEN_INTEGER)
		answer->on = (int32_t)value->i;
	else if (strcmp(field->name, "year") == 0 && value->type == PEN_INTEGER)
		answer->year = (int32_t)value->i;
}

static enum pen_status take_row(struct reader *reader, const struct pen_csv_field *fields, size_t count, long line,
    struct pen_error *error)
{
	const int32_t today = pen_date__today();
	struct pen_answer answer = { .on = today, .line = line };
	struct pen_cell cell;
	const char *s;
	size_t n;
	int i, column;
	enum pen_status status;

	for (i = 0; i < reader->form->count; i++) {
		column = reader->header.column_of[i];
		if (column < 0)
			continue;
		status = (size_t)column >= count ? pen_error__set(error, PEN_INPUT, "row.columns",
		    _("the line has %zu columns, the header %d: look for a comma too few"), count, reader->header.source_count) :
		    pen_charset__decode(reader->decoder, fields[column].s, fields[column].n, &s, &n, error);
		if (status != PEN_OK)
			return pen_error__at(error, reader->path, line, reader->form->fields[i].title);
		pen_field__read(&reader->form->fields[i], s, n, today, &cell);
		if (cell.rule != NULL) {
			pen_error__set(error, PEN_INPUT, cell.rule, _("found '%s', expected %s; nothing was entered"),
			    cell.found, cell.expected);
			return pen_error__at(error, reader->path, line, reader->form->fields[i].title);
		}
		take_value(&reader->form->fields[i], &cell.value, &answer);
	}
	return add_answer(reader, &answer, error);
}

/* The titles, in UTF-8, against the form; what the decoder gives out is gone
 * with the next field, so the texts are copied. */
static enum pen_status take_header(struct reader *reader, const struct pen_csv_field *fields, size_t count,
    struct pen_error *error)
{
	struct pen_csv_field titles[COLUMNS_MOST];
	struct pen_arena *arena = pen_memory__arena();
	enum pen_status status = PEN_OK;
	size_t i;

	if (arena == NULL)
		return pen_error__memory(error);
	if (count > COLUMNS_MOST)
		count = COLUMNS_MOST;
	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_charset__decode(reader->decoder, fields[i].s, fields[i].n, &titles[i].s, &titles[i].n, error);
		if (status == PEN_OK && (titles[i].s = pen_memory__copy(arena, titles[i].s, titles[i].n)) == NULL)
			status = pen_error__memory(error);
	}
	if (status == PEN_OK)
		status = pen_header__match(reader->form, titles, count, 0, &reader->header, error);
	if (status != PEN_OK)
		pen_error__at(error, reader->path, 1, NULL);
	reader->titled = true;
	pen_memory__drop(arena);
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
	if (status == PEN_OK && reader->count == 0)
		status = pen_error__set(error, PEN_INPUT, "answers.none", _("there is no answer in it: a header, and a line for each employer"));
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

enum pen_status pen_answers__read(const char *path, struct pen_answer **answers, size_t *count, struct pen_error *error)
{
	struct reader reader = { .path = path };
	enum pen_status status = pen_settings__form(NULL, "answers", &reader.form, NULL, error);

	if (status != PEN_OK)
		return status;
	status = read_file(&reader, error);
	if (reader.decoder != NULL)
		pen_charset__close(reader.decoder);
	pen_form__free(reader.form);
	if (status != PEN_OK) {
		pen_memory__free(reader.answers);
		return status;
	}
	*answers = reader.answers;
	*count = reader.count;
	return PEN_OK;
}
