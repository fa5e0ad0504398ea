#include "adapter/csv.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <csv.h>

#define STRICT (CSV_STRICT | CSV_STRICT_FINI)
#define LENIENT CSV_STRICT_FINI
#define BUFFER_STEP 4096	/* by which libcsv lets a field's buffer grow */
#define FIRST_FIELDS 64
#define FIRST_BYTES 4096

/* libcsv is fed one physical line at a time, or what has come of it; a line that
 * needs none of it is cut at its delimiters (take_plain).
 *
 * Invariant between two pieces: `line` and `at` stand for the next byte. `begun`
 * is true while a record has begun and not ended, and then `record_line` and
 * `record_byte` are its place; between two lines that means an open quote, and
 * `quote_line` is where it was opened. `bytes` holds the finished fields of the
 * record end to end, fields[0..count) their lengths. */
struct pen_csv {
	struct csv_parser parser;
	pen_csv_record *record;
	void *context;
	size_t (*measure)(const char *s, size_t n);	/* NULL: a byte is a byte */
	char delimiter;

	long line;
	int64_t at;
	bool after_cr;		/* the last byte was CR: an LF belongs to it */
	bool begun;
	long record_line;
	int64_t record_byte;
	long quote_line;

	struct pen_csv_field *fields;
	size_t count, field_room;
	char *bytes;
	size_t n, room;
	bool no_memory;
};

/* To libcsv nothing is white space, so that it trims nothing. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void *resize(void *old, size_t n)
{
	return pen_memory__realloc(old, n, 1);
}

/* ------------------------------------------------ what libcsv calls back -- */

/* For one field more, of n bytes. Both grow by doubling and are kept from record
 * to record: a file costs a handful of allocations. */
static bool make_room(struct pen_csv *csv, size_t n)
{
	if (csv->count == csv->field_room) {
		size_t room = csv->field_room ? csv->field_room * 2 : FIRST_FIELDS;
		struct pen_csv_field *fields = pen_memory__realloc(csv->fields, room, sizeof *fields);

		if (!fields)
			return false;
		csv->fields = fields;
		csv->field_room = room;
	}
	if (n > csv->room - csv->n) {
		size_t room = (csv->n + n) * 2 + FIRST_BYTES;
		char *bytes = pen_memory__realloc(csv->bytes, room, 1);

		if (!bytes)
			return false;
		csv->bytes = bytes;
		csv->room = room;
	}
	return true;
}

/* libcsv's buffer is overwritten by the next field, so the bytes are copied. A
 * failure waits in no_memory until libcsv comes back. */
static void take_field(void *s, size_t n, void *context)
{
	struct pen_csv *csv = context;

	if (csv->no_memory)
		return;
	if (!make_room(csv, n)) {
		csv->no_memory = true;
		return;
	}
	if (n)
		memcpy(csv->bytes + csv->n, s, n);
	csv->n += n;
	csv->fields[csv->count++].n = n;
}

/* The record is handed over once libcsv has come back: it cannot be stopped from
 * in here, and a piece holds one end at most. */
static void take_end(int c, void *context)
{
	struct pen_csv *csv = context;

	(void)c;
	csv->begun = false;
}

/* -------------------------------------------------------------- records -- */

/* The first c in s up to end, or end. */
static const char *find(const char *s, const char *end, char c)
{
	const char *found = s < end ? memchr(s, c, (size_t)(end - s)) : NULL;

	return found ? found : end;
}

/* Only now do the bytes stand still, and the fields can point at them. */
static enum pen_status hand_over(struct pen_csv *csv, struct pen_error *error)
{
	size_t count = csv->count;
	const char *s = csv->bytes ? csv->bytes : "";	/* nothing but empty fields so far */

	for (size_t i = 0; i < count; i++) {
		csv->fields[i].s = s;
		csv->fields[i].token = PEN_TOKEN_TEXT;
		s += csv->fields[i].n;
	}
	csv->count = 0;
	csv->n = 0;
	return csv->record(csv->context, csv->fields, count, csv->record_line, csv->record_byte, error);
}

static enum pen_status refuse_parse(struct pen_csv *csv, struct pen_error *error)
{
	if (csv_error(&csv->parser) != CSV_EPARSE)
		return pen_error__memory(error);
	pen_error__set(error, PEN_INPUT, "csv.quote",
	    _("text goes on after a closing quote, in field %zu of the record that begins on line %ld; expected the delimiter or the end of the line; write a quote inside a field twice"),
	    csv->count + 1, csv->record_line);
	return pen_error__at(error, NULL, csv->line, NULL);
}

/* Strict parsing stops at two things: a quote inside a field that began
 * without one, which is let through as the character that it is, and text
 * after a closing quote, where what was meant cannot be known. The byte at
 * which it stopped tells the two apart. */
static enum pen_status parse(struct pen_csv *csv, const char *s, size_t n, struct pen_error *error)
{
	size_t done = csv_parse(&csv->parser, s, n, take_field, take_end, csv);

	while (done < n) {
		if (csv_error(&csv->parser) != CSV_EPARSE || s[done] != CSV_QUOTE)
			return refuse_parse(csv, error);
		/* One byte, the quote, under the other rule, and back: nothing behind
		 * it is to profit from the leniency. */
		csv_set_opts(&csv->parser, LENIENT);
		done += csv_parse(&csv->parser, s + done, 1, take_field, take_end, csv);
		csv_set_opts(&csv->parser, STRICT);
		if (csv_error(&csv->parser) == CSV_ENOMEM)
			return refuse_parse(csv, error);
		done += csv_parse(&csv->parser, s + done, n - done, take_field, take_end, csv);
	}
	return csv->no_memory ? pen_error__memory(error) : PEN_OK;
}

/* A whole line without a quote, which nearly all are, at a record's beginning: its
 * fields are what stands between the delimiters, and stay where they are. libcsv
 * comes to the same, a byte at a time, and is for the rest. */
static enum pen_status take_plain(struct pen_csv *csv, const char *s, size_t n, struct pen_error *error)
{
	const char *end = s + n, *stop;
	size_t count = 0;

	while (end > s && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	for (; s < end || count; s = stop + 1) {
		csv->count = count;
		if (!make_room(csv, 0))
			return pen_error__memory(error);
		stop = find(s, end, csv->delimiter);
		csv->fields[count++] = (struct pen_csv_field){ s, (size_t)(stop - s), PEN_TOKEN_TEXT };
		if (stop == end)
			break;
	}
	csv->count = 0;
	return csv->record(csv->context, csv->fields, count, csv->line, csv->at, error);
}

/* A piece of one line. The line's own end comes with it, since inside quotes it
 * is data. */
static enum pen_status take_piece(struct pen_csv *csv, const char *s, size_t n, struct pen_error *error)
{
	size_t before = csv->count;
	bool first = !csv->begun;
	enum pen_status status;

	/* A record begins where the one before ended, and that on a line's end. */
	if (first) {
		csv->record_line = csv->line;
		csv->record_byte = csv->at;
		before = 0;
	}
	csv->begun = true;
	status = parse(csv, s, n, error);
	if (status != PEN_OK)
		return status;
	if (csv->begun) {
		/* If it stays open, its quote stands in the last field begun. */
		if (first || csv->count > before)
			csv->quote_line = csv->line;
		return PEN_OK;
	}
	return hand_over(csv, error);
}

/* Past n bytes, and past the line if its end was among them. */
static void step_over(struct pen_csv *csv, const char *s, size_t n, bool whole)
{
	csv->at += (int64_t)(csv->measure ? csv->measure(s, n) : n);
	csv->line += whole;
}

/* The LF of a CRLF that was cut between two feeds: data inside quotes, else
 * nothing. It stands on the line that the CR has already ended. */
static enum pen_status take_late_lf(struct pen_csv *csv, const char *s, struct pen_error *error)
{
	step_over(csv, s, 1, false);
	return csv->begun ? parse(csv, s, 1, error) : PEN_OK;
}

enum pen_status pen_csv__feed(struct pen_csv *csv, const char *bytes, size_t n, struct pen_error *error)
{
	const char *s = bytes, *end = bytes + n;
	const char *lf = find(s, end, '\n'), *cr = find(s, end, '\r'), *quote = find(s, end, CSV_QUOTE);
	enum pen_status status = PEN_OK;

	if (n && csv->after_cr) {
		csv->after_cr = false;
		if (*s == '\n')
			status = take_late_lf(csv, s++, error);
	}
	while (status == PEN_OK && s < end) {
		const char *stop;
		bool whole;

		/* Each is searched for anew only when it was passed. */
		if (lf < s)
			lf = find(s, end, '\n');
		if (cr < s)
			cr = find(s, end, '\r');
		if (quote < s)
			quote = find(s, end, CSV_QUOTE);
		stop = cr < lf ? cr : lf;
		whole = stop < end;
		/* CRLF is one end, as long as both are in sight. */
		if (whole)
			stop += *stop == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1;
		if (whole && !csv->begun && quote >= stop)
			status = take_plain(csv, s, (size_t)(stop - s), error);
		else
			status = take_piece(csv, s, (size_t)(stop - s), error);
		step_over(csv, s, (size_t)(stop - s), whole);
		s = stop;
	}
	/* Its LF may come with the next feed. */
	if (n)
		csv->after_cr = end[-1] == '\r';
	return status;
}

enum pen_status pen_csv__finish(struct pen_csv *csv, struct pen_error *error)
{
	/* A last line without its end is still a record to libcsv, unless a quote
	 * is open. */
	if (csv_fini(&csv->parser, take_field, take_end, csv) != 0) {
		if (csv_error(&csv->parser) != CSV_EPARSE)
			return pen_error__memory(error);
		pen_error__set(error, PEN_INPUT, "csv.open",
		    _("a quote is opened in field %zu of the record that begins on line %ld, and never closed; close it, or write a quote that is part of the text twice"),
		    csv->count + 1, csv->record_line);
		return pen_error__at(error, NULL, csv->quote_line, NULL);
	}
	if (csv->no_memory)
		return pen_error__memory(error);
	return csv->count ? hand_over(csv, error) : PEN_OK;
}

enum pen_status pen_csv__open(struct pen_csv **csv, char delimiter, pen_csv_record *record,
    void *context, struct pen_error *error)
{
	struct pen_csv *made;

	assert(delimiter != CSV_QUOTE && delimiter != CSV_LF && delimiter != CSV_CR);
	made = pen_memory__calloc(1, sizeof *made);
	if (!made)
		return pen_error__memory(error);
	made->record = record;
	made->context = context;
	made->line = 1;
	made->delimiter = delimiter;
	/* In strict mode, at the end too, a quote out of place is told and not
	 * guessed at. */
	if (csv_init(&made->parser, STRICT) != 0) {
		pen_memory__free(made);
		return pen_error__memory(error);
	}
	csv_set_delim(&made->parser, (unsigned char)delimiter);
	csv_set_space_func(&made->parser, no_space);
	csv_set_realloc_func(&made->parser, resize);
	csv_set_free_func(&made->parser, pen_memory__free);
	csv_set_blk_size(&made->parser, BUFFER_STEP);
	*csv = made;
	return PEN_OK;
}

void pen_csv__close(struct pen_csv *csv)
{
	if (!csv)
		return;
	csv_free(&csv->parser);
	pen_memory__free(csv->fields);
	pen_memory__free(csv->bytes);
	pen_memory__free(csv);
}

void pen_csv__measure(struct pen_csv *csv, size_t (*measure)(const char *s, size_t n))
{
	csv->measure = measure;
}
