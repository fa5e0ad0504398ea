#include "store/sumwalk.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RULE "folio.sums"
#define SLICE 5000		/* rows read under one lock */

/* What the rows of a folio come to, less what it was staged with; `given`: its
 * contributions are in a list. Sums go round at 2^64, so that none is too large to be
 * told from another. */
struct sum { int64_t id, rows, unit, personal, amount; bool given; };

/* By id; `at` is the folio whose rows are under way. */
struct reading {
	struct pen_walk *walk;
	const struct pen_sumwalk *of;
	struct sum *sum;
	size_t count, room, at;
	int64_t read;
};

static struct pen_store *store_of(const struct reading *reading)
{
	return reading->walk->session->store;
}

/* ---------------------------------------------------------- sums, given -- */

enum pen_status pen_sumwalk__add(struct pen_sumwalk_sums *sums, const struct pen_sumwalk_sum *sum, struct pen_error *error)
{
	size_t room = sums->room ? sums->room * 2 : 1024;
	struct pen_sumwalk_sum *grown;

	if (sums->count == sums->room) {
		grown = pen_memory__realloc(sums->at, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		sums->at = grown;
		sums->room = room;
	}
	sums->at[sums->count++] = *sum;
	return PEN_OK;
}

void pen_sumwalk__drop(struct pen_sumwalk_sums *sums)
{
	pen_memory__free(sums->at);
	*sums = (struct pen_sumwalk_sums){ .count = 0 };
}

static void add(int64_t *sum, int64_t more)
{
	*sum = (int64_t)((uint64_t)*sum + (uint64_t)more);
}

static void subtract(int64_t *sum, int64_t less)
{
	*sum = (int64_t)((uint64_t)*sum - (uint64_t)less);
}

static int by_id(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void take_given(struct reading *reading)
{
	const struct pen_sumwalk_sum *given;
	struct sum *sum;
	size_t i, k;

	for (i = 0; i < reading->of->lists; i++)
		for (k = 0; k < reading->of->sums[i].count; k++) {
			given = &reading->of->sums[i].at[k];
			sum = reading->count ? bsearch(&(struct sum){ .id = given->folio }, reading->sum, reading->count,
			    sizeof(*sum), by_id) : NULL;
			if (!sum || sum->given)
				continue;
			sum->given = true;
			add(&sum->rows, given->rows);
			add(&sum->unit, given->unit_fen);
			add(&sum->personal, given->personal_fen);
			add(&sum->amount, given->unit_fen);
			add(&sum->amount, given->personal_fen);
		}
}

/* --------------------------------------------------------------- folios -- */

static enum pen_status add_folio(struct reading *reading, struct pen_statement *s, struct pen_error *error)
{
	size_t room = reading->room ? reading->room * 2 : 1024;
	struct sum *sum;

	if (reading->count == reading->room) {
		sum = pen_memory__realloc(reading->sum, room, sizeof(*sum));
		if (!sum)
			return pen_error__memory(error);
		reading->sum = sum;
		reading->room = room;
	}
	sum = &reading->sum[reading->count++];
	*sum = (struct sum){ .id = pen_db__int(s, 0) };
	subtract(&sum->rows, pen_db__int(s, 1));
	subtract(&sum->unit, pen_db__int(s, 2));
	subtract(&sum->personal, pen_db__int(s, 3));
	subtract(&sum->amount, pen_db__int(s, 4));
	return PEN_OK;
}

static enum pen_status read_folios(struct reading *reading, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_SUMWALK_FOLIOS, &s, error);
	int n = SLICE;
	bool row;

	while (!status && n == SLICE) {
		status = pen_walk__look(reading->walk, error);
		if (status)
			break;
		pen_db__bind_int(s, ":after", reading->count ? reading->sum[reading->count - 1].id : INT64_MIN);
		pen_db__bind_int(s, ":most", SLICE);
		for (n = 0; !(status = pen_db__step(s, &row, error)) && row; n++) {
			status = add_folio(reading, s, error);
			if (status)
				break;
		}
		pen_db__reset(s);
	}
	return status;
}

/* ----------------------------------------------------------------- rows -- */

/* The folio of a row, since both come in order; NULL: none that was staged. */
static struct sum *find(struct reading *reading, int64_t folio)
{
	while (reading->at < reading->count && reading->sum[reading->at].id < folio)
		reading->at++;
	return reading->at < reading->count && reading->sum[reading->at].id == folio ? &reading->sum[reading->at] : NULL;
}

/* The slice behind a place, which moves on. It ends before a folio whose contributions are
 * given: the place moves behind that. */
static enum pen_status read_slice(struct reading *reading, struct pen_statement *s, int64_t place[3], bool *more,
    bool contributions, struct pen_error *error)
{
	bool amounts = pen_db__columns(s) > 3, row;
	enum pen_status status = pen_walk__look(reading->walk, error);
	struct sum *sum;
	int n, i;

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", place[0]);
	pen_db__bind_int(s, ":subject", place[1]);
	pen_db__bind_int(s, ":line", place[2]);
	pen_db__bind_int(s, ":most", SLICE);
	for (n = 0; !(status = pen_db__step(s, &row, error)) && row; n++) {
		for (i = 0; i < 3; i++)
			place[i] = pen_db__int(s, i);
		sum = find(reading, place[0]);
		if (sum && contributions && sum->given) {
			place[1] = place[2] = INT64_MAX;
			n = SLICE;
			break;
		}
		if (!sum)
			continue;
		add(&sum->rows, 1);
		if (amounts) {
			add(&sum->unit, pen_db__int(s, 3));
			add(&sum->personal, pen_db__int(s, 4));
			add(&sum->amount, pen_db__int(s, 5));
		}
	}
	pen_db__reset(s);
	reading->read += n < SLICE ? n : SLICE;
	*more = n == SLICE;
	return status;
}

static enum pen_status read_rows(struct reading *reading, enum pen_sql which, struct pen_error *error)
{
	int64_t place[3] = { INT64_MIN, INT64_MIN, INT64_MIN };
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), which, &s, error);
	bool more = true;

	reading->at = 0;
	while (!status && more) {
		status = read_slice(reading, s, place, &more, which == PEN_SQL_SUMWALK_CONTRIBUTIONS, error);
		if (!status && pen_session__stopped(reading->walk->session))
			status = pen_walk__go_on(reading->walk, _("the sums of folios"), reading->read, -1, error);
	}
	return status;
}

/* -------------------------------------------------------------- findings -- */

static enum pen_status report(struct reading *reading, const struct pen_folio *folio, const char *field, int64_t kept,
    int64_t difference, struct pen_error *error)
{
	const struct pen_walk_key key = { "folio", folio->id, 0, 0 };
	char found[24], expected[24];
	int64_t made = kept;

	if (!difference)
		return PEN_OK;
	add(&made, difference);
	if (strcmp(field, "rows") == 0) {
		snprintf(found, sizeof(found), "%" PRId64, made);
		snprintf(expected, sizeof(expected), "%" PRId64, kept);
	} else {
		pen_money__format(made, found);
		pen_money__format(kept, expected);
	}
	return pen_walk__report_of(reading->walk, &key, &(struct pen_walk_place){ RULE, field, found, expected, folio->batch, 0 },
	    error, _("folio %" PRId64 " (%s) of batch %" PRId64), folio->id, folio->form, folio->batch);
}

/* What a settlement, a close-out or a merge amounts to is worked out again elsewhere (settlement.rows). */
static enum pen_status tell(struct reading *reading, const struct sum *sum, struct pen_error *error)
{
	struct pen_folio folio;
	enum pen_status status;
	bool found;

	if (!sum->rows && !sum->unit && !sum->personal && !sum->amount)
		return PEN_OK;
	status = pen_folio__find(store_of(reading), sum->id, &folio, &found, error);
	if (status || !found || !pen_walk__among(reading->of->batches, reading->of->count, folio.batch))
		return status;
	if (strcmp(folio.form, "settlement") != 0 && strcmp(folio.form, "close-out") != 0 && strcmp(folio.form, "merge") != 0)
		status = report(reading, &folio, "amount_fen", folio.amount_fen, sum->amount, error);
	if (!status)
		status = report(reading, &folio, "personal_fen", folio.personal_fen, sum->personal, error);
	if (!status)
		status = report(reading, &folio, "rows", folio.rows, sum->rows, error);
	return status ? status : report(reading, &folio, "unit_fen", folio.unit_fen, sum->unit, error);
}

enum pen_status pen_sumwalk__run(struct pen_walk *walk, const struct pen_sumwalk *of, struct pen_error *error)
{
	static const enum pen_sql tables[] = { PEN_SQL_SUMWALK_EMPLOYERS, PEN_SQL_SUMWALK_REGISTRATIONS,
		PEN_SQL_SUMWALK_CONTRIBUTIONS, PEN_SQL_SUMWALK_LEVIES, PEN_SQL_SUMWALK_OPENINGS, PEN_SQL_SUMWALK_MOVEMENTS,
		PEN_SQL_SUMWALK_RETIREMENTS, PEN_SQL_SUMWALK_CHANGES, PEN_SQL_SUMWALK_SUCCESSIONS,
		PEN_SQL_SUMWALK_ADJUSTMENTS, PEN_SQL_SUMWALK_BENEFIT_CHANGES, PEN_SQL_SUMWALK_PAYMENTS, PEN_SQL_SUMWALK_PAYMENT_RETURNS,
		PEN_SQL_SUMWALK_ASSESSMENTS };
	struct reading reading = { .walk = walk, .of = of };
	enum pen_status status;
	size_t i;

	if (!pen_walk__wants(walk, RULE))
		return PEN_OK;
	walk->rules++;
	status = pen_walk__go_on(walk, _("the sums of folios"), 0, -1, error);
	if (!status)
		status = read_folios(&reading, error);
	if (!status)
		take_given(&reading);
	for (i = 0; !status && i < sizeof(tables) / sizeof(tables[0]); i++)
		status = read_rows(&reading, tables[i], error);
	for (i = 0; !status && i < reading.count; i++)
		status = tell(&reading, &reading.sum[i], error);
	pen_walk__look_away(walk);
	pen_memory__free(reading.sum);
	return status;
}
