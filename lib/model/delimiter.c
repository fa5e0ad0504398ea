#include "model/delimiter.h"
#include "base/error.h"
#include "model/header.h"

#include <string.h>

#define RECORDS 30

static const char delimiters[] = { ',', '\t', ';' };

/* One delimiter being tried: the most titles in one record so far. */
struct trial { const struct pen_form *form; struct pen_decoder *decoder; int records, best; };

/* Stops by an error when it has seen enough. */
static enum pen_status take_record(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct trial *trial = context;
	struct pen_csv_field text = { 0 };
	struct pen_error ignored;
	int known = 0;

	(void)line;
	(void)byte;
	for (size_t i = 0; i < count; i++) {
		if (pen_charset__decode(trial->decoder, fields[i].s, fields[i].n, &text.s, &text.n, &ignored) == PEN_OK)
			known += pen_header__known(trial->form, &text, 1);
	}
	if (known > trial->best)
		trial->best = known;
	if (++trial->records == RECORDS)
		return pen_error__set(error, PEN_INPUT, "csv.enough", "%s", "");
	return PEN_OK;
}

/* How many titles the delimiter brings to light. What cannot be parsed with it
 * counts up to there. */
static enum pen_status try(const char *bytes, size_t n, char delimiter, struct trial *trial, struct pen_error *error)
{
	struct pen_csv *csv;
	enum pen_status status = pen_csv__open(&csv, delimiter, take_record, trial, error);

	if (status != PEN_OK)
		return status;
	trial->records = trial->best = 0;
	status = pen_csv__feed(csv, bytes, n, error);
	if (status == PEN_OK)
		status = pen_csv__finish(csv, error);
	pen_csv__close(csv);
	return status == PEN_INPUT ? PEN_OK : status;
}

/* "sep=;" and the line's end; 0 if that is not how it begins. */
static char named(const char *bytes, size_t n)
{
	if (n < 5 || memcmp(bytes, "sep=", 4) != 0 || !memchr(delimiters, bytes[4], sizeof(delimiters)))
		return 0;
	return n == 5 || bytes[5] == '\r' || bytes[5] == '\n' ? bytes[4] : 0;
}

enum pen_status pen_delimiter__find(const char *bytes, size_t n, enum pen_encoding encoding,
    const struct pen_form *form, char *delimiter, struct pen_error *error)
{
	struct trial trial = { .form = form };
	enum pen_status status;
	int most = 0;

	*delimiter = named(bytes, n);
	if (*delimiter)
		return PEN_OK;
	*delimiter = delimiters[0];
	status = pen_charset__decoder(&trial.decoder, encoding, error);
	if (status != PEN_OK)
		return status;
	for (size_t i = 0; i < sizeof(delimiters) && status == PEN_OK; i++) {
		status = try(bytes, n, delimiters[i], &trial, error);
		if (status == PEN_OK && trial.best > most) {
			most = trial.best;
			*delimiter = delimiters[i];
		}
	}
	pen_charset__close(trial.decoder);
	return status;
}
