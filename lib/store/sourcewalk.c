#include "store/sourcewalk.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/given.h"
#include "model/reader.h"
#include "store/blob.h"
#include "store/bygone.h"
#include "store/journal.h"
#include "store/rowmatch.h"
#include "store/setaside.h"
#include "store/settings.h"
#include "store/taken.h"

#include <inttypes.h>
#include <string.h>

#define ROWS_MOST 200000	/* rows held at a time; about 80 MB */

/* A row as the source has it, its values in the arena; of those that were set
 * aside, the chain. */
struct expected { int64_t folio, employer; int32_t period; size_t chain; int first_month; struct pen_value *v; };

/* One reading of the source for some of a batch's folios. `rejects` are the
 * lines that were not let in when the file was staged, in order; `main` are those of
 * the folios that were not set aside, by employer and period. */
struct reading {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	const struct pen_form *form;
	const struct pen_folio *folios;		/* of this reading */
	size_t folio_count;
	bool roots;				/* those of the source's rows are compared too */
	struct pen_bygone bygone;		/* the store, parameters and declared fields as then */
	struct pen_parameters *parameters;
	struct pen_given_set given;
	struct pen_setaside *set_aside;		/* NULL: kinds that nothing is set aside of */
	struct pen_taken *taken;		/* likewise: kinds without months */
	const struct pen_folio **main;
	size_t main_count, newest;		/* newest: the last that was found */
	struct pen_arena *arena;
	struct pen_reader *reader;
	struct pen_intake *intake;
	struct expected *rows;
	size_t count, room;
	int64_t *rejects;
	size_t reject_count;
	int32_t day;				/* what lies after it has not come yet */
};

static struct pen_store *store_of(const struct pen_walk *walk)
{
	return walk->session->store;
}

/* ------------------------------------------------------------- the source -- */

static int compare_lines(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int compare_places(int64_t employer, int32_t period, const struct pen_folio *folio)
{
	if (employer != folio->employer)
		return employer < folio->employer ? -1 : 1;
	return (period > folio->period) - (period < folio->period);
}

static int compare_main(const void *a, const void *b)
{
	const struct pen_folio *x = *(const struct pen_folio *const *)a, *y = *(const struct pen_folio *const *)b;
	int order = compare_places(x->employer, x->period, y);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

static int find_main(const void *key, const void *at)
{
	const struct pen_shaped *shaped = key;

	return compare_places(shaped->employer, shaped->period, *(const struct pen_folio *const *)at);
}

/* The folio that a row belongs to that was not set aside, or NULL. Most lines
 * belong where the line before them did. */
static const struct pen_folio *main_for(struct reading *reading, const struct pen_shaped *shaped)
{
	const struct pen_folio *const *found;

	if (!reading->main_count)
		return NULL;
	if (find_main(shaped, &reading->main[reading->newest]) != 0) {
		found = bsearch(shaped, reading->main, reading->main_count, sizeof(*reading->main), find_main);
		if (!found)
			return NULL;
		reading->newest = (size_t)(found - (const struct pen_folio *const *)reading->main);
	}
	return reading->main[reading->newest];
}

/* The folio of a line, and its chain; 0: none of those looked at, nor of their
 * chains. What was set aside lies by its line; the others by employer and period. */
static int64_t folio_for(struct reading *reading, int64_t line, const struct pen_shaped *shaped, size_t *chain)
{
	const struct pen_setaside_row *aside = reading->set_aside ? pen_setaside__of(reading->set_aside, line) : NULL;
	const struct pen_folio *folio;

	*chain = 0;
	if (aside && aside->employer == shaped->employer && aside->period == shaped->period) {
		*chain = aside->chain;
		return pen_setaside__wanted(reading->set_aside, aside) ? aside->folio : 0;
	}
	folio = main_for(reading, shaped);
	return folio ? folio->id : 0;
}

/* Which folios of the reading rows are looked for, and where. */
static enum pen_status look_at_folios(struct reading *reading, struct pen_error *error)
{
	size_t i;

	pen_memory__free(reading->main);
	reading->main_count = reading->newest = 0;
	reading->main = pen_memory__calloc(reading->folio_count ? reading->folio_count : 1, sizeof(*reading->main));
	if (reading->main == NULL)
		return pen_error__memory(error);
	for (i = 0; i < reading->folio_count; i++)
		if (!reading->set_aside || !pen_setaside__has(reading->set_aside, reading->folios[i].id))
			reading->main[reading->main_count++] = &reading->folios[i];
	if (reading->main_count)
		qsort(reading->main, reading->main_count, sizeof(*reading->main), compare_main);
	if (reading->set_aside)
		pen_setaside__look_at(reading->set_aside, reading->folios, reading->folio_count);
	return PEN_OK;
}

/* A row and its strings to the arena. */
static enum pen_status keep_row(struct reading *reading, int64_t folio, size_t chain, const struct pen_shaped *shaped,
    struct pen_error *error)
{
	size_t columns = (size_t)shaped->row.kind->count, i;
	struct expected *row, *more;

	if (reading->count == reading->room) {
		reading->room = reading->room ? 2 * reading->room : 1024;
		more = pen_memory__realloc(reading->rows, reading->room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		reading->rows = more;
	}
	row = &reading->rows[reading->count++];
	row->folio = folio;
	row->employer = shaped->employer;
	row->period = shaped->period;
	row->chain = chain;
	row->first_month = shaped->first_month;
	row->v = pen_memory__take(reading->arena, columns * sizeof(*row->v));
	for (i = 0; row->v != NULL && i < columns; i++) {
		row->v[i] = shaped->row.v[i];
		if (row->v[i].type != PEN_STRING)
			continue;
		row->v[i].s = pen_memory__copy(reading->arena, row->v[i].s, row->v[i].n);
		if (row->v[i].s == NULL)
			return pen_error__memory(error);
	}
	return row->v == NULL ? pen_error__memory(error) : PEN_OK;
}

/* A line of the source. One with findings that was let in then is kept too:
 * what is known of people and employers has changed since, the row has not. */
static enum pen_status take_line(void *context, const struct pen_intake_line *line, struct pen_error *error)
{
	struct reading *reading = context;
	int64_t number = line->line, folio;
	size_t chain;

	if (reading->reject_count > 0 && bsearch(&number, reading->rejects, reading->reject_count,
	    sizeof(number), compare_lines) != NULL)
		return PEN_OK;
	folio = folio_for(reading, number, &line->judged.shaped, &chain);
	if (!folio || line->judged.shaped.row.v[PEN_SUBJECT].type != PEN_INTEGER)
		return PEN_OK;
	return keep_row(reading, folio, chain, &line->judged.shaped, error);
}

static enum pen_status feed(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	struct reading *reading = context;

	return pen_reader__feed(reading->reader, bytes, n, error);
}

/* The source under the settings of the batch; rows go to reading->rows. */
static enum pen_status read_source(struct reading *reading, struct pen_error *error)
{
	/* One that was tampered with is no reason to stop: rows will differ. */
	enum pen_encoding named = pen_charset__named(reading->batch->encoding), encoding = named ? named : PEN_UTF8;
	const struct pen_intake_plan plan = { .judging = {
		.form = reading->form, .parameters = reading->parameters, .reference = &reading->bygone.reference,
		.encoding = pen_reader__fields(encoding), .area = reading->batch->agency,
		.today = reading->day, .strict = reading->batch->strict,
		.given = reading->given.at, .given_count = reading->given.count },
		.sink = take_line, .context = reading,
	};
	struct pen_reader_plan reader_plan = { .encoding = encoding, .form = reading->form,
		.record = pen_intake__record, .columns = pen_intake__columns };
	enum pen_status status = pen_intake__open(&reading->intake, &plan, error);

	if (status != PEN_OK)
		return status;
	reader_plan.context = reading->intake;
	status = pen_reader__open(&reading->reader, &reader_plan, error);
	if (status != PEN_OK)
		goto out;
	status = pen_blob__read(store_of(reading->walk), reading->batch->file_digest, feed, reading, error);
	if (status == PEN_OK)
		status = pen_reader__finish(reading->reader, error);
	if (status == PEN_OK)
		status = pen_intake__finish(reading->intake, error);
	if (status == PEN_OK)
		status = pen_bygone__failure(&reading->bygone, error);
	pen_reader__close(reading->reader);
out:
	pen_intake__close(reading->intake);
	return status;
}

static enum pen_status read_rejects(struct reading *reading, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store_of(reading->walk), PEN_SQL_SOURCEWALK_REJECTS, &statement, error);
	size_t room = 0;
	int64_t *more;
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":batch", reading->batch->id);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		if (reading->reject_count == room) {
			room = room ? 2 * room : 256;
			more = pen_memory__realloc(reading->rejects, room, sizeof(*more));
			if (more == NULL) {
				status = pen_error__memory(error);
				break;
			}
			reading->rejects = more;
		}
		reading->rejects[reading->reject_count++] = pen_db__int(statement, 0);
	}
	pen_db__reset(statement);
	return status;
}

/* ------------------------------------------------------------ in groups -- */

static int compare_expected(const void *a, const void *b)
{
	const struct expected *x = a, *y = b;
	int order;

	if (x->folio != y->folio)
		return x->folio < y->folio ? -1 : 1;
	order = pen_value__compare(&x->v[PEN_SUBJECT], &y->v[PEN_SUBJECT]);
	return order ? order : pen_value__compare(&x->v[PEN_LINE], &y->v[PEN_LINE]);
}

/* Months that other folios of the employer's year had then are not given again. */
static enum pen_status seed(struct reading *reading, const struct expected *at, const struct expected *last,
    struct pen_row_run *run, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (reading->taken == NULL)
		return PEN_OK;
	if (last == NULL || at->folio != last->folio)
		status = pen_taken__read(reading->taken, at->employer, at->period, error);
	else if (at->v[PEN_SUBJECT].i == last->v[PEN_SUBJECT].i)
		return PEN_OK;
	if (status == PEN_OK)
		pen_taken__seed(reading->taken, at->v[PEN_SUBJECT].i, run);
	return status;
}

/* Takes the rows of the source as staging did: in order, months laid, sequence
 * numbered, by folio; what was set aside by chain, as if the others were not there. */
static enum pen_status lay_rows(struct reading *reading, struct pen_error *error)
{
	const struct pen_kind *kind = reading->form->kind;
	struct pen_findings ignored = { .count = 0 };
	const struct expected *last = NULL;
	struct pen_row_run run = { 0 };
	struct pen_row row = { .kind = kind };
	struct expected *at;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < reading->count && status == PEN_OK; i++, last = at) {
		at = &reading->rows[i];
		if (!last || (at->chain ? at->chain != last->chain : last->chain || at->folio != last->folio))
			run = (struct pen_row_run){ 0 };
		status = seed(reading, at, last, &run, error);
		if (status != PEN_OK)
			break;
		memcpy(row.v, at->v, (size_t)kind->count * sizeof(row.v[0]));
		ignored.count = 0;
		pen_rule__ordered(&run, &row, at->first_month, &ignored);
		memcpy(at->v, row.v, (size_t)kind->count * sizeof(row.v[0]));
	}
	return status;
}

/* The rows of one folio, given out one by one. */
struct supply { struct reading *reading; size_t next, end; struct pen_row row; };

static enum pen_status next_row(void *context, const struct pen_row **row, struct pen_error *error)
{
	struct supply *supply = context;

	(void)error;
	*row = NULL;
	if (supply->next == supply->end)
		return PEN_OK;
	memcpy(supply->row.v, supply->reading->rows[supply->next++].v,
	    (size_t)supply->row.kind->count * sizeof(supply->row.v[0]));
	*row = &supply->row;
	return PEN_OK;
}

/* One folio, whose rows begin at *from; moves that behind them. */
static enum pen_status compare_folio(struct reading *reading, const struct pen_folio *folio, size_t *from,
    struct pen_error *error)
{
	struct supply supply = { .reading = reading, .row = { .kind = reading->form->kind } };
	const struct pen_rowmatch match = { .walk = reading->walk, .batch = reading->batch, .folio = folio,
		.kind = reading->form->kind, .rule = "source.rows", .row = _("the row of the source file"),
		.rows = _("the rows of the source file"), .none = _("no such row: the source file does not have it"),
		.supply = next_row, .context = &supply };
	size_t first;
	enum pen_status status;

	/* Folios come in the order of their numbers, and so do the rows; those of
	 * others were laid, and are not compared. */
	while (*from < reading->count && reading->rows[*from].folio < folio->id)
		(*from)++;
	first = *from;
	while (*from < reading->count && reading->rows[*from].folio == folio->id)
		(*from)++;
	supply.next = first;
	supply.end = *from;
	status = pen_rowmatch__rows(&match, error);
	supply.next = first;
	if (status == PEN_OK && reading->roots)
		status = pen_rowmatch__root(&match, error);
	return status;
}

static enum pen_status compare_group(struct reading *reading, struct pen_error *error)
{
	enum pen_status status;
	size_t i, from = 0;

	reading->count = 0;
	pen_memory__reset(reading->arena);
	status = look_at_folios(reading, error);
	if (status == PEN_OK)
		status = read_source(reading, error);
	if (status != PEN_OK)
		return status;
	if (reading->count > 0)
		qsort(reading->rows, reading->count, sizeof(*reading->rows), compare_expected);
	status = lay_rows(reading, error);
	for (i = 0; i < reading->folio_count && status == PEN_OK; i++) {
		status = compare_folio(reading, &reading->folios[i], &from, error);
		if (status == PEN_OK)
			status = pen_walk__go_on(reading->walk, _("the source files"), reading->walk->sources, -1, error);
	}
	return status;
}

/* As many folios at a time as fit into memory, at least one. */
static enum pen_status compare_groups(struct reading *reading, const struct pen_folio *folios, size_t count,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t from = 0, to;
	int64_t rows;

	while (from < count && status == PEN_OK) {
		for (to = from, rows = 0; to < count && (to == from || rows + folios[to].rows <= ROWS_MOST); to++)
			rows += folios[to].rows;
		reading->folios = folios + from;
		reading->folio_count = to - from;
		status = compare_group(reading, error);
		from = to;
	}
	return status;
}

/* ------------------------------------------------------------- one batch -- */

/* The present day; where a clock was set back, that on which the batch came in: a date
 * that had come then is no other now. */
static enum pen_status find_day(struct reading *reading, struct pen_error *error)
{
	char time[21];
	int32_t then;

	if (pen_journal__time(store_of(reading->walk), reading->batch->staged_at, time, error) != PEN_OK)
		return error->status;
	then = pen_date__local(time);
	reading->day = pen_date__today();
	if (reading->day < then)
		reading->day = then;
	return PEN_OK;
}

/* All that the reading goes by, as it was when the batch was planned. */
static enum pen_status go_back(struct reading *reading, struct pen_error *error)
{
	struct pen_store *store = store_of(reading->walk);
	const struct pen_batch *batch = reading->batch;
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = read_rejects(reading, error);

	if (status == PEN_OK)
		status = find_day(reading, error);
	if (status == PEN_OK && reading->form->kind->id == PEN_KIND_CONTRIBUTION)
		status = pen_setaside__read(&reading->set_aside, store, batch->id, error);
	if (status == PEN_OK && reading->form->kind->id == PEN_KIND_CONTRIBUTION)
		status = pen_taken__new(&reading->taken, store, reading->form->name, batch->reference_at, error);
	if (status == PEN_OK)
		status = pen_settings__parameters(store, batch->reference_at, &reading->parameters, digest, error);
	if (status == PEN_OK)
		status = pen_given__parse(&reading->given, batch->given, error);
	if (status == PEN_OK)
		status = pen_bygone__open(&reading->bygone, store, reading->form, batch, error);
	return status;
}

static void let_go(struct reading *reading)
{
	pen_bygone__close(&reading->bygone);
	pen_given__free(&reading->given);
	pen_parameter__free(reading->parameters);
	pen_taken__free(reading->taken);
	pen_setaside__free(reading->set_aside);
	pen_memory__free(reading->rows);
	pen_memory__free(reading->rejects);
	pen_memory__free(reading->main);
	pen_memory__drop(reading->arena);
}

enum pen_status pen_sourcewalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error)
{
	struct reading reading = { .walk = walk, .batch = batch, .roots = roots, .arena = pen_memory__arena() };
	struct pen_form *form = NULL;
	char record[300];
	enum pen_status status = PEN_OK;

	snprintf(record, sizeof(record), _("batch %" PRId64 " (%s)"), batch->id, batch->file_name);
	if (reading.arena == NULL)
		return pen_error__memory(error);
	status = pen_settings__kept_form(store_of(walk), batch->form_digest, &form, error);
	if (status != PEN_OK || form->computed || form->kind == NULL)
		goto out;
	walk->sources++;
	reading.form = form;
	status = go_back(&reading, error);
	if (status == PEN_OK)
		status = compare_groups(&reading, folios, count, error);
	/* What could be read once can be read again, unless the program has changed. */
	if (status == PEN_INPUT)
		status = pen_walk__not_made(walk, "source.rows", record, error->text, error);
out:
	status = pen_walk__damage(walk, status, "source.rows", batch->id, record, error);
	let_go(&reading);
	pen_form__free(form);
	return status;
}
