#include "store/sourcewalk.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/given.h"
#include "model/months.h"
#include "model/reader.h"
#include "store/blob.h"
#include "store/bygone.h"
#include "store/rows.h"
#include "store/setaside.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define ROWS_MOST 200000	/* rows held at a time; about 80 MB */
#define FINDINGS_MOST 100	/* of one folio; the rest is counted */

/* A row as the source has it, its values in the arena; of those that were set
 * aside, the chain. */
struct expected { int64_t folio; size_t chain; int first_month; struct pen_value *v; };

/* One reading of the source for some of a batch's folios. `rejects` are the
 * lines that were not let in when the file was staged, in order; `main` are those of
 * the folios that were not set aside, by employer and period. */
struct reading {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	const struct pen_form *form;
	const struct pen_folio *folios;		/* of this reading */
	size_t folio_count;
	struct pen_setaside *set_aside;		/* NULL: kinds that nothing is set aside of */
	const struct pen_folio **main;
	size_t main_count, newest;		/* newest: the last that was found */
	struct pen_arena *arena;
	struct pen_reader *reader;
	struct pen_intake *intake;
	struct expected *rows;
	size_t count, room;
	int64_t *rejects;
	size_t reject_count;
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

static enum pen_status read_source(struct reading *reading, const struct pen_parameters *parameters,
    struct pen_reference *reference, const struct pen_given_set *given, struct pen_error *error)
{
	/* One that was tampered with is no reason to stop: rows will differ. */
	enum pen_encoding named = pen_charset__named(reading->batch->encoding), encoding = named ? named : PEN_UTF8;
	const struct pen_intake_plan plan = { .judging = {
		.form = reading->form, .parameters = parameters, .reference = reference,
		.encoding = pen_reader__fields(encoding), .area = reading->batch->agency,
		.today = pen_date__today(), .strict = reading->batch->strict,
		.given = given->at, .given_count = given->count },
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
	pen_reader__close(reading->reader);
out:
	pen_intake__close(reading->intake);
	return status;
}

/* The source under the settings of the batch; rows go to reading->rows. */
static enum pen_status read_as_then(struct reading *reading, struct pen_error *error)
{
	struct pen_store *store = store_of(reading->walk);
	struct pen_parameters *parameters;
	struct pen_bygone bygone;
	char digest[PEN_DIGEST_HEX];
	struct pen_given_set given = { .count = 0 };
	enum pen_status status = pen_settings__parameters(store, reading->batch->reference_at, &parameters, digest, error);

	if (status != PEN_OK)
		return status;
	status = pen_given__parse(&given, reading->batch->given, error);
	if (status != PEN_OK)
		goto out;
	status = pen_bygone__open(&bygone, store, reading->form, reading->batch, error);
	if (status == PEN_OK) {
		status = read_source(reading, parameters, &bygone.reference, &given, error);
		if (status == PEN_OK)
			status = pen_bygone__failure(&bygone, error);
		pen_bygone__close(&bygone);
	}
out:
	pen_given__free(&given);
	pen_parameter__free(parameters);
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

/* ------------------------------------------------------------- comparing -- */

/* A row that only one side has, kept until the folio is through: the same line
 * on both sides is one record whose person or employer was changed. */
struct lone { struct pen_value *v; bool stored, paired; };

/* A folio under comparison: rows of the source from `next` up to `end`. */
struct matching {
	struct reading *reading;
	const struct pen_folio *folio;
	size_t next, end;
	struct lone *lone;
	size_t lone_count, lone_room;
	int64_t said;
};

static enum pen_status say(struct matching *m, const struct pen_value *about, const char *field,
    const char *found, const char *expected, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_row(m->reading->form->kind, about, m->folio);
	char who[PEN_WHO];
	enum pen_status status;

	if (m->said++ >= FINDINGS_MOST)
		return PEN_OK;
	status = pen_walk__who(store_of(m->reading->walk), m->reading->form->kind, about, who, error);
	if (status != PEN_OK)
		return status;
	return pen_walk__report_of(m->reading->walk, &key, &(struct pen_walk_place){ "source.rows", field, found, expected,
	    m->folio->batch, about[PEN_LINE].i }, error, _("%s of %s, folio %" PRId64 "%s%s"),
	    m->reading->form->kind->name, who, m->folio->id,
	    m->folio->credit_code[0] ? _(" of employer ") : "", m->folio->credit_code);
}

/* Laying assumed months rests on what was registered at the time; as long as
 * nothing was signed, another laying of as many months is no change. */
static bool laid_otherwise(const struct matching *m, int column, const struct pen_value *stored,
    const struct pen_value *source)
{
	return m->reading->form->kind->id == PEN_KIND_CONTRIBUTION && column == PEN_CONTRIBUTION_MONTHS &&
	    !m->folio->root[0] && source[PEN_CONTRIBUTION_MONTHS_ASSUMED].i != 0 &&
	    pen_months__count((int32_t)stored[column].i) == pen_months__count((int32_t)source[column].i);
}

static enum pen_status compare_values(struct matching *m, const struct pen_value *stored,
    const struct pen_value *source, struct pen_error *error)
{
	const struct pen_kind *kind = m->reading->form->kind;
	struct pen_store *store = store_of(m->reading->walk);
	char found[PEN_WHO], expected[PEN_WHO];
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < kind->count && status == PEN_OK; i++) {
		if (pen_value__equal(&stored[i], &source[i]) || laid_otherwise(m, i, stored, source))
			continue;
		if (i == PEN_SUBJECT) {
			status = pen_walk__who(store, kind, stored, found, error);
			if (status == PEN_OK)
				status = pen_walk__who(store, kind, source, expected, error);
		} else {
			pen_kind__show(kind, i, &stored[i], found, sizeof(found));
			pen_kind__show(kind, i, &source[i], expected, sizeof(expected));
		}
		if (status == PEN_OK)
			status = say(m, source, kind->columns[i].name, found, expected, error);
	}
	return status;
}

static enum pen_status keep_lone(struct matching *m, const struct pen_value *v, bool stored, struct pen_error *error)
{
	size_t columns = (size_t)m->reading->form->kind->count, i;
	struct lone *more;
	struct pen_value *copy;

	if (m->lone_count == m->lone_room) {
		m->lone_room = m->lone_room ? 2 * m->lone_room : 16;
		more = pen_memory__realloc(m->lone, m->lone_room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		m->lone = more;
	}
	copy = pen_memory__take(m->reading->arena, columns * sizeof(*copy));
	if (copy == NULL)
		return pen_error__memory(error);
	for (i = 0; i < columns; i++) {
		copy[i] = v[i];
		if (stored && v[i].type == PEN_STRING &&
		    (copy[i].s = pen_memory__copy(m->reading->arena, v[i].s, v[i].n)) == NULL)
			return pen_error__memory(error);
	}
	m->lone[m->lone_count++] = (struct lone){ .v = copy, .stored = stored };
	return PEN_OK;
}

/* The row of the other side that is the same record: by line, else by subject. */
static struct lone *partner(struct matching *m, const struct lone *of)
{
	int column;
	size_t i;

	for (column = PEN_LINE; column >= PEN_SUBJECT; column--) {
		for (i = 0; i < m->lone_count; i++) {
			if (m->lone[i].stored && !m->lone[i].paired && m->lone[i].v[column].i == of->v[column].i)
				return &m->lone[i];
		}
	}
	return NULL;
}

static enum pen_status report_lone(struct matching *m, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct lone *other;
	size_t i;

	for (i = 0; i < m->lone_count && status == PEN_OK && m->said < FINDINGS_MOST; i++) {
		if (m->lone[i].stored)
			continue;
		other = partner(m, &m->lone[i]);
		if (other != NULL) {
			other->paired = true;
			status = compare_values(m, other->v, m->lone[i].v, error);
		} else {
			status = say(m, m->lone[i].v, "line", _("no such row in the store"), _("the row of the source file"), error);
		}
	}
	for (i = 0; i < m->lone_count && status == PEN_OK && m->said < FINDINGS_MOST; i++) {
		if (m->lone[i].stored && !m->lone[i].paired)
			status = say(m, m->lone[i].v, "line", _("a row in the store"), _("no such row: the source file does not have it"), error);
	}
	return status;
}

static int compare_keys(const struct pen_value *a, const struct pen_value *b)
{
	int order = pen_value__compare(&a[PEN_SUBJECT], &b[PEN_SUBJECT]);

	return order ? order : pen_value__compare(&a[PEN_LINE], &b[PEN_LINE]);
}

/* Moves on in the source up to a row of the store (NULL: to the folio's end). */
static enum pen_status catch_up(struct matching *m, const struct pen_value *stored, bool *met, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	const struct pen_value *v;
	int order;

	*met = false;
	while (m->next < m->end && status == PEN_OK && !*met) {
		v = m->reading->rows[m->next].v;
		order = stored == NULL ? -1 : compare_keys(v, stored);
		if (order > 0)
			break;
		*met = stored != NULL && order == 0;
		status = *met ? compare_values(m, stored, v, error) : keep_lone(m, v, false, error);
		m->next++;
	}
	return status;
}

static enum pen_status match_folio(struct matching *m, struct pen_error *error)
{
	struct pen_rows *rows;
	const struct pen_row *row;
	bool met;
	enum pen_status status = pen_rows__open(&rows, store_of(m->reading->walk), m->reading->form->kind,
	    m->folio->id, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row != NULL) {
		status = catch_up(m, row->v, &met, error);
		if (status == PEN_OK && !met)
			status = keep_lone(m, row->v, true, error);
		if (status != PEN_OK)
			break;
	}
	pen_rows__close(rows);
	if (status == PEN_OK)
		status = catch_up(m, NULL, &met, error);
	if (status == PEN_OK)
		status = report_lone(m, error);
	if (status == PEN_OK && m->said >= FINDINGS_MOST)
		status = pen_walk__report(m->reading->walk, &(struct pen_walk_place){ "source.rows", "rows",
		    _("more rows that differ"), _("the rows of the source file"), m->folio->batch, 0 }, error,
		    _("folio %" PRId64 ", beyond the first %d findings"), m->folio->id, FINDINGS_MOST);
	pen_memory__free(m->lone);
	return status;
}

static int compare_expected(const void *a, const void *b)
{
	const struct expected *x = a, *y = b;

	if (x->folio != y->folio)
		return x->folio < y->folio ? -1 : 1;
	return compare_keys(x->v, y->v);
}

/* ------------------------------------------------------------- in groups -- */

/* Takes the rows of the source as staging did: in order, months laid, sequence
 * numbered, by folio; what was set aside by chain, as if the others were not there. */
static void lay_rows(struct reading *reading)
{
	const struct pen_kind *kind = reading->form->kind;
	struct pen_findings ignored = { .count = 0 };
	const struct expected *last = NULL;
	struct pen_row_run run = { 0 };
	struct pen_row row = { .kind = kind };
	struct expected *at;
	size_t i;

	for (i = 0; i < reading->count; i++, last = at) {
		at = &reading->rows[i];
		if (!last || (at->chain ? at->chain != last->chain : last->chain || at->folio != last->folio))
			run = (struct pen_row_run){ 0 };
		memcpy(row.v, at->v, (size_t)kind->count * sizeof(row.v[0]));
		ignored.count = 0;
		pen_rule__ordered(&run, &row, at->first_month, &ignored);
		memcpy(at->v, row.v, (size_t)kind->count * sizeof(row.v[0]));
	}
}

static enum pen_status compare_group(struct reading *reading, struct pen_error *error)
{
	struct matching m;
	enum pen_status status;
	size_t i, from = 0;

	reading->count = 0;
	pen_memory__reset(reading->arena);
	status = look_at_folios(reading, error);
	if (status == PEN_OK)
		status = read_as_then(reading, error);
	if (status != PEN_OK)
		return status;
	if (reading->count > 0)
		qsort(reading->rows, reading->count, sizeof(*reading->rows), compare_expected);
	lay_rows(reading);
	for (i = 0; i < reading->folio_count && status == PEN_OK; i++) {
		/* Folios come in the order of their numbers, and so do the rows; those of
		 * others were laid, and are not compared. */
		while (from < reading->count && reading->rows[from].folio < reading->folios[i].id)
			from++;
		m = (struct matching){ .reading = reading, .folio = &reading->folios[i], .next = from };
		while (from < reading->count && reading->rows[from].folio == m.folio->id)
			from++;
		m.end = from;
		status = match_folio(&m, error);
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

enum pen_status pen_sourcewalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, struct pen_error *error)
{
	struct reading reading = { .walk = walk, .batch = batch, .arena = pen_memory__arena() };
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
	status = read_rejects(&reading, error);
	if (status == PEN_OK && form->kind->id == PEN_KIND_CONTRIBUTION)
		status = pen_setaside__read(&reading.set_aside, store_of(walk), batch->id, error);
	if (status == PEN_OK)
		status = compare_groups(&reading, folios, count, error);
	/* What could be read once can be read again, unless the program has changed. */
	if (status == PEN_INPUT)
		status = pen_walk__not_made(walk, "source.rows", record, error->text, error);
out:
	status = pen_walk__damage(walk, status, "source.rows", batch->id, record, error);
	pen_form__free(form);
	pen_memory__free(reading.rows);
	pen_memory__free(reading.rejects);
	pen_memory__free(reading.main);
	pen_setaside__free(reading.set_aside);
	pen_memory__drop(reading.arena);
	return status;
}
