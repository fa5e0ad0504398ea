#include "model/printer.h"
#include "adapter/digest.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/printer_csv.h"
#include "model/printer_json.h"
#include "model/printer_text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define REPORT_VERSION 1	/* of the frame around rows, as JSON and NDJSON show it */

/* What of a table has been begun. */
enum stage { CLOSED, OPENED, HEADED, ROWS };

/* `line` is what is being made, empty between calls. After the first failure,
 * kept as its errno in `failure`, nothing more is written. */
struct pen_printer {
	FILE *out;
	enum pen_format format;
	struct pen_text line;
	int failure;
	bool any;			/* a document has gone out before this one */
	enum stage stage;
	bool columns;			/* they were given when the table was opened */
	bool form;			/* the document is one of the regulation's */
	int64_t rows;
	char name[64];			/* of the table */
	struct pen_text header;		/* CSV: the last one printed */
	struct pen_printer_table *table;	/* text: its rows */
	struct pen_digest *digest;	/* NDJSON: over the document's lines */
};

static const struct pen_items no_items;

enum pen_status pen_printer_open(struct pen_printer **printer, FILE *out,
    enum pen_format format, struct pen_error *error)
{
	struct pen_printer *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		goto err0;
	made->out = out;
	made->format = format;
	if (format == PEN_NDJSON) {
		/* SHA-256 whatever the suite: sha256sum checks a stream. */
		made->digest = pen_digest__new(PEN_ED25519_SHA256);
		if (!made->digest)
			goto err1;
		pen_digest__start(made->digest);
	}
	*printer = made;
	return PEN_OK;

err1:
	pen_memory__free(made);
err0:
	return pen_error__memory(error);
}

/* Writes the line that was made, or remembers why it could not be. */
static void emit(struct pen_printer *printer)
{
	struct pen_text *line = &printer->line;

	if (line->failed && !printer->failure)
		printer->failure = ENOMEM;
	if (!printer->failure && line->n) {
		errno = 0;
		if (fwrite(line->s, 1, line->n, printer->out) != line->n)
			printer->failure = errno ? errno : EIO;
	}
	pen_text__clear(line);
}

/* ---- NDJSON ---- */

static void ndjson_line(struct pen_printer *printer, const char *type,
    struct pen_items items, struct pen_items more)
{
	pen_printer_json__record(&printer->line, type, items, more);
	pen_text__puts(&printer->line, "\n");
	if (!printer->line.failed)
		pen_digest__add(printer->digest, printer->line.s, printer->line.n);
	emit(printer);
}

static void ndjson_head(struct pen_printer *printer, struct pen_items head)
{
	const struct pen_item report[] = {
		PEN_I_TEXT("report", NULL, printer->name),
		PEN_I_INT("version", NULL, REPORT_VERSION),
	};

	ndjson_line(printer, "head", PEN_ITEMS(report), head);
}

static bool has(struct pen_items items, const char *key)
{
	size_t i;

	for (i = 0; i < items.count; i++) {
		if (strcmp(items.item[i].key, key) == 0)
			return true;
	}
	return false;
}

/* The last line: the caller's counts, ours, and the digest of the lines before
 * it. Rows that the caller counted stand as the caller counted them. */
static void ndjson_summary(struct pen_printer *printer, struct pen_items summary, enum pen_status status)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];
	const struct pen_item own[] = {
		PEN_I_INT("rows", NULL, printer->rows),
		PEN_I_INT("status", NULL, status),
		PEN_I_TEXT("digest", NULL, hex),
	};
	struct pen_items more = PEN_ITEMS(own);

	pen_digest__end(printer->digest, hash);
	pen_encode__hex(hash, sizeof(hash), hex);
	if (has(summary, "rows")) {
		more.item++;
		more.count--;
	}
	pen_printer_json__record(&printer->line, "summary", summary, more);
	pen_text__puts(&printer->line, "\n");
	emit(printer);
	pen_digest__start(printer->digest);	/* for the next document */
}

/* ---- CSV ---- */

/* One header for documents of the same columns. */
static void csv_header(struct pen_printer *printer, struct pen_items columns)
{
	struct pen_text *line = &printer->line, *header = &printer->header;

	pen_printer_csv__header(line, columns, printer->form);
	if (!line->failed && header->s && strcmp(header->s, line->s) == 0) {
		pen_text__clear(line);
		return;
	}
	if (!line->failed) {
		pen_text__clear(header);
		pen_text__add(header, line->s, line->n);
	}
	emit(printer);
}

/* ---- documents of one record ---- */

/* Text: an empty line after the document before, and the title. */
static void text_title(struct pen_printer *printer, const char *title)
{
	if (printer->any)
		pen_text__puts(&printer->line, "\n");
	if (title) {
		pen_printer_text__line(&printer->line, title);
		pen_text__puts(&printer->line, "\n");
	}
}

void pen_printer__form(struct pen_printer *printer)
{
	assert(printer->stage == CLOSED);
	printer->form = true;
}

void pen_printer__one(struct pen_printer *printer, const char *name, const char *title,
    struct pen_items record, enum pen_status status)
{
	assert(printer->stage == CLOSED);
	switch (printer->format) {
	case PEN_TEXT:
		text_title(printer, title);
		pen_printer_text__record(&printer->line, record, 0);
		break;
	case PEN_CSV:
		csv_header(printer, record);
		pen_printer_csv__row(&printer->line, record);
		break;
	case PEN_JSON:
		pen_printer_json__record(&printer->line, NULL, record, no_items);
		pen_text__puts(&printer->line, "\n");
		break;
	case PEN_NDJSON:
		ndjson_line(printer, name, record, no_items);
		printer->rows = 1;
		ndjson_summary(printer, no_items, status);
		break;
	}
	emit(printer);
	printer->any = true;
	printer->form = false;
}

/* ---- tables ---- */

static void json_open(struct pen_printer *printer, const char *title)
{
	const struct pen_item frame[] = {
		PEN_I_TEXT("report", NULL, printer->name),
		PEN_I_INT("version", NULL, REPORT_VERSION),
		PEN_I_TEXT("title", NULL, title),
	};
	struct pen_items shown = PEN_ITEMS(frame);

	shown.count -= !printer->form;
	pen_printer_json__record(&printer->line, NULL, shown, no_items);
	/* The object stays open: its brace comes back when the table is closed. */
	if (!printer->line.failed)
		printer->line.s[--printer->line.n] = '\0';
}

/* What of a row's items people are shown. */
static struct pen_items for_people(struct pen_items items)
{
	while (items.count && items.item[items.count - 1].machine)
		items.count--;
	return items;
}

static void start_rows(struct pen_printer *printer, struct pen_items columns)
{
	if (printer->format == PEN_CSV)
		csv_header(printer, columns);
	if (printer->format != PEN_TEXT)
		return;
	printer->table = pen_printer_text__table(for_people(columns), 0);
	if (!printer->table)
		printer->line.failed = true;
}

void pen_printer__open_table(struct pen_printer *printer, const char *name, const char *title,
    const struct pen_items *columns)
{
	assert(printer->stage == CLOSED && strlen(name) < sizeof(printer->name));
	printer->stage = OPENED;
	printer->rows = 0;
	printer->columns = columns != NULL;
	snprintf(printer->name, sizeof(printer->name), "%s", name);
	if (printer->format == PEN_TEXT)
		text_title(printer, title);
	if (printer->format == PEN_JSON)
		json_open(printer, title);
	emit(printer);
	if (columns)
		start_rows(printer, *columns);
}

void pen_printer__head(struct pen_printer *printer, struct pen_items head)
{
	assert(printer->stage == OPENED);
	printer->stage = HEADED;
	if (printer->format == PEN_TEXT) {
		pen_printer_text__record(&printer->line, head, 0);
		pen_text__puts(&printer->line, "\n");
	} else if (printer->format == PEN_JSON) {
		pen_text__puts(&printer->line, ",\"head\":");
		pen_printer_json__record(&printer->line, NULL, head, no_items);
	} else if (printer->format == PEN_NDJSON) {
		ndjson_head(printer, head);
	}
	emit(printer);
}

/* Before the first row, and before the end of a table without one. */
static void finish_head(struct pen_printer *printer)
{
	if (printer->stage == OPENED && printer->format == PEN_NDJSON)
		ndjson_head(printer, no_items);
	if (printer->stage != ROWS && printer->format == PEN_JSON)
		pen_text__puts(&printer->line, ",\"rows\":[");
	printer->stage = ROWS;
}

void pen_printer__row(struct pen_printer *printer, const char *type, struct pen_items row)
{
	assert(printer->stage != CLOSED);
	if (printer->stage != ROWS && !printer->columns)
		start_rows(printer, row);
	finish_head(printer);
	switch (printer->format) {
	case PEN_TEXT:
		if (printer->table)
			pen_printer_text__row(printer->table, for_people(row), &printer->line);
		break;
	case PEN_CSV:
		pen_printer_csv__row(&printer->line, row);
		break;
	case PEN_JSON:
		pen_text__puts(&printer->line, printer->rows ? ",\n" : "\n");
		pen_printer_json__record(&printer->line, NULL, row, no_items);
		break;
	case PEN_NDJSON:
		ndjson_line(printer, type, row, no_items);
		break;
	}
	printer->rows++;
	emit(printer);
}

static void text_close(struct pen_printer *printer, struct pen_items summary)
{
	bool table = printer->table != NULL;

	pen_printer_text__end(printer->table, &printer->line);
	printer->table = NULL;
	if (table && printer->rows == 0)
		pen_printer_text__line(&printer->line, _("(none)"));
	if (table && summary.count)
		pen_text__puts(&printer->line, "\n");
	pen_printer_text__record(&printer->line, summary, 0);
}

void pen_printer__close_table(struct pen_printer *printer, struct pen_items summary, enum pen_status status)
{
	const struct pen_item own[] = { PEN_I_INT("status", NULL, status) };

	assert(printer->stage != CLOSED);
	assert(!has(summary, "status") && !has(summary, "digest"));
	finish_head(printer);
	if (printer->format == PEN_TEXT) {
		text_close(printer, summary);
	} else if (printer->format == PEN_JSON) {
		pen_text__puts(&printer->line, printer->rows ? "\n],\"summary\":" : "],\"summary\":");
		pen_printer_json__record(&printer->line, NULL, summary, PEN_ITEMS(own));
		pen_text__puts(&printer->line, "}\n");
	} else if (printer->format == PEN_NDJSON) {
		ndjson_summary(printer, summary, status);
	}
	emit(printer);
	printer->stage = CLOSED;
	printer->any = true;
	printer->form = false;
}

void pen_printer__raw(struct pen_printer *printer, const char *bytes, size_t n)
{
	assert(printer->stage == CLOSED);
	pen_text__add(&printer->line, bytes, n);
	emit(printer);
	printer->any = true;
}

/* ---- the end ---- */

enum pen_status pen_printer_finish(struct pen_printer *printer, struct pen_error *error)
{
	/* Whoever opened a table gave up: what came so far is ended in order,
	 * and says that it is not all. */
	if (printer->stage != CLOSED)
		pen_printer__close_table(printer, no_items, PEN_INCOMPLETE);
	errno = 0;
	if (!printer->failure && (fflush(printer->out) != 0 || ferror(printer->out)))
		printer->failure = errno ? errno : EIO;
	/* A reader who has seen enough and goes is no failure of ours. */
	if (printer->failure == EPIPE)
		return PEN_OK;
	if (printer->failure == ENOMEM)
		return pen_error__memory(error);
	if (printer->failure) {
		errno = printer->failure;
		return pen_error__errno(error,
		    _("the result could not be written, what is there of it is not all: free some space or name another place, and run the command again"));
	}
	return PEN_OK;
}

void pen_printer_free(struct pen_printer *printer)
{
	if (!printer)
		return;
	pen_printer_text__end(printer->table, &printer->line);
	pen_text__free(&printer->line);
	pen_text__free(&printer->header);
	pen_digest__free(printer->digest);
	pen_memory__free(printer);
}
