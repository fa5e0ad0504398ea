#include "store/periodwalk.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/runs.h"
#include "store/batch.h"
#include "store/foliolist.h"
#include "store/twice.h"

#include <inttypes.h>
#include <string.h>

#define RULE "employment.told"
#define SLICE 2000		/* rows read under one lock */
#define MEMORY ((size_t)64 << 20)

/* until 0: it has no end. A registration of a folio without an employer (0) is told too,
 * and of no period. */
struct period { int64_t person, employer, since, folio, until; bool registration; };

/* told: the periods that forms told of, in the order in which they are kept; `head` is
 * the one at hand, if there is one more. */
struct reading {
	struct pen_walk *walk;
	struct pen_foliolist folios;
	struct pen_runs *told;
	struct pen_runs_walk *heads;
	struct period head;
	bool more;
	struct pen_twice twice;
};

/* What lies behind the key of what was told. */
struct told { int64_t until; bool registration; };

static struct pen_store *store_of(const struct reading *reading)
{
	return reading->walk->session->store;
}

/* -------------------------------------------------------------- findings -- */

/* Whether the folio came in, or was taken back, since the verification began: what is kept
 * and what told of it are read one after the other, and it may have come between. */
static enum pen_status is_since(const struct reading *reading, int64_t id, bool *since, struct pen_error *error)
{
	const int64_t size = reading->walk->size;
	struct pen_folio folio;
	struct pen_batch batch;
	enum pen_status status;
	bool found;

	*since = false;
	status = pen_folio__find(store_of(reading), id, &folio, &found, error);
	if (status || !found)
		return status;
	*since = folio.confirmed_at >= size || folio.ended_at >= size;
	status = pen_batch__find(store_of(reading), folio.batch, &batch, &found, error);
	if (!status && found)
		*since |= batch.staged_at >= size || strcmp(batch.state, "staging") == 0;
	return status;
}

static enum pen_status report(struct reading *reading, const struct period *period, const char *found, const char *expected,
    struct pen_error *error)
{
	bool since;
	enum pen_status status = is_since(reading, period->folio, &since, error);
	const struct pen_walk_key key = { "employment", period->folio, period->person, period->employer };

	if (status || since)
		return status;
	return pen_walk__report_of(reading->walk, &key, &(struct pen_walk_place){ RULE, "since", found, expected, 0, 0 }, error,
	    _("person number %" PRId64 ", employer number %" PRId64 ", folio %" PRId64), period->person, period->employer, period->folio);
}

static enum pen_status not_kept(struct reading *reading, const struct period *period, struct pen_error *error)
{
	char found[64];

	snprintf(found, sizeof(found), _("no period since %" PRId64), period->since);
	return report(reading, period, found, _("the period of the registration or the change"), error);
}

/* What is kept, with the end that it has; `told` is NULL if no form told of it. */
static enum pen_status differs(struct reading *reading, const struct period *kept, const struct period *told, struct pen_error *error)
{
	char found[96], expected[96];

	if (kept->until)
		snprintf(found, sizeof(found), _("a period since %" PRId64 ", with an end on %" PRId64), kept->since, kept->until);
	else
		snprintf(found, sizeof(found), _("a period since %" PRId64), kept->since);
	if (!told)
		snprintf(expected, sizeof(expected), "%s", _("a registration or a change that tells of it"));
	else if (told->until)
		snprintf(expected, sizeof(expected), _("a period with an end on %" PRId64), told->until);
	else
		snprintf(expected, sizeof(expected), "%s", _("a period without an end, as it was registered"));
	return report(reading, kept, found, expected, error);
}

/* ------------------------------------------------------------------ told -- */

static bool fits(int64_t number)
{
	return number >= 0 && number <= UINT32_MAX;
}

static bool can_be_told(const struct period *period)
{
	return fits(period->person) && fits(period->employer) && fits(period->since) && fits(period->folio);
}

static enum pen_status tell(struct reading *reading, const struct period *period, struct pen_error *error)
{
	const struct pen_runs_key key = { (uint64_t)period->person << 32 | (uint64_t)period->employer,
		(uint64_t)period->since << 32 | (uint64_t)period->folio };
	struct told told = { period->until, period->registration };
	unsigned char *out;

	if (!can_be_told(period))
		return period->employer ? not_kept(reading, period, error) : PEN_OK;
	if (pen_runs__room(reading->told, sizeof(told), &out, error) != PEN_OK)
		return error->status;
	memcpy(out, &told, sizeof(told));
	pen_runs__put(reading->told, &key, sizeof(told));
	return PEN_OK;
}

/* Who joins begins a period, who leaves ends one on the last day of the month, who moves
 * ends one on the last day of the month before and begins another. */
static enum pen_status tell_change(struct reading *reading, struct period period, struct pen_statement *s, struct pen_error *error)
{
	const char *kind = pen_db__text(s, 4);
	int64_t month = pen_db__int(s, 5), to = pen_db__int(s, 6), last = month;
	bool move = kind && strcmp(kind, "move") == 0, moved = !pen_db__is_null(s, 6);
	enum pen_status status = PEN_OK;

	if (move)
		last = month % 100 == 1 ? month - 89 : month - 1;
	if (!kind || strcmp(kind, "join") != 0)
		period.until = last >= 190001 && last <= 999912 ? pen_date__month_end((int32_t)last) : last * 100;
	if (period.employer)
		status = tell(reading, &period, error);
	if (status || !moved)
		return status;
	period.employer = to;
	period.since = month * 100 + 1;
	period.until = 0;
	return tell(reading, &period, error);
}

/* A slice behind a place, which moves on. Folios
 * without an employer tell of no period, but for whom somebody moves to. */
static enum pen_status read_slice(struct reading *reading, struct pen_statement *s, int64_t place[3], int *n,
    bool changes, struct pen_error *error)
{
	const struct pen_foliolist_entry *folio;
	enum pen_status status = pen_walk__look(reading->walk, error);
	struct period period;
	bool row;
	int i;

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", place[0]);
	pen_db__bind_int(s, ":person", place[1]);
	pen_db__bind_int(s, ":line", place[2]);
	pen_db__bind_int(s, ":most", SLICE);
	for (*n = 0; !(status = pen_db__step(s, &row, error)) && row; (*n)++) {
		for (i = 0; i < 3; i++)
			place[i] = pen_db__int(s, i);
		folio = pen_foliolist__find(&reading->folios, place[0]);
		period = (struct period){ .person = place[1], .since = pen_db__int(s, 3), .folio = place[0],
			.registration = !changes };
		if (folio)
			period.employer = folio->employer;
		if (changes)
			status = tell_change(reading, period, s, error);
		else if (folio)
			status = tell(reading, &period, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status read_told(struct reading *reading, enum pen_sql which, struct pen_error *error)
{
	int64_t place[3] = { INT64_MIN, INT64_MIN, INT64_MIN };
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), which, &s, error);
	int n;

	for (n = SLICE; !status && n == SLICE; )
		status = read_slice(reading, s, place, &n, which == PEN_SQL_PERIODWALK_CHANGES, error);
	return status;
}

/* ------------------------------------------------------- told, and kept -- */

static enum pen_status read_head(struct reading *reading, struct pen_error *error)
{
	const unsigned char *bytes;
	struct pen_runs_key key;
	struct told told;
	enum pen_status status;
	size_t n;

	status = pen_runs__next(reading->heads, &key, &bytes, &n, error);
	reading->more = !status && bytes;
	if (!reading->more)
		return status;
	memcpy(&told, bytes, sizeof(told));
	reading->head = (struct period){ .person = (int64_t)(key.high >> 32), .employer = (int64_t)(uint32_t)key.high,
		.since = (int64_t)(key.low >> 32), .folio = (int64_t)(uint32_t)key.low, .until = told.until,
		.registration = told.registration };
	return PEN_OK;
}

/* The next that a period was told of; every registration on the way is met. */
static enum pen_status next_told(struct reading *reading, struct pen_error *error)
{
	const struct period *head = &reading->head;
	enum pen_status status;

	do {
		status = read_head(reading, error);
		if (!status && reading->more && head->registration)
			status = pen_twice__meet(&reading->twice, head->person, head->employer, head->since, head->folio, error);
	} while (!status && reading->more && !head->employer);
	return status;
}

static int compare(const struct period *a, const struct period *b)
{
	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->employer != b->employer)
		return a->employer < b->employer ? -1 : 1;
	if (a->since != b->since)
		return a->since < b->since ? -1 : 1;
	return (a->folio > b->folio) - (a->folio < b->folio);
}

/* Over what was told before this period, which is kept nowhere. */
static enum pen_status go_to(struct reading *reading, const struct period *period, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	while (!status && reading->more && (!period || compare(&reading->head, period) < 0)) {
		status = not_kept(reading, &reading->head, error);
		if (!status)
			status = next_told(reading, error);
	}
	return status;
}

static enum pen_status take_kept(struct reading *reading, const struct period *kept, struct pen_error *error)
{
	struct period told;
	enum pen_status status = go_to(reading, kept, error);

	if (status)
		return status;
	if (!reading->more || compare(&reading->head, kept) != 0)
		return differs(reading, kept, NULL, error);
	told = reading->head;
	status = next_told(reading, error);
	if (!status && told.until != kept->until)
		status = differs(reading, kept, &told, error);
	return status;
}

static enum pen_status walk_kept(struct reading *reading, const struct pen_periods *periods, struct pen_error *error)
{
	const struct pen_period_odd *odd;
	const struct pen_period *at;
	enum pen_status status = next_told(reading, error);
	size_t count, i;

	odd = pen_periods__odd(periods, &count);
	for (i = 0; !status && i < count; i++)
		status = differs(reading, &(struct period){ odd[i].person, odd[i].employer, odd[i].since, odd[i].folio, odd[i].until, false },
		    NULL, error);
	at = pen_periods__all(periods, &count);
	for (i = 0; !status && i < count; i++)
		status = take_kept(reading, &(struct period){ at[i].person, at[i].employer, at[i].since, at[i].folio, at[i].until, false },
		    error);
	if (!status)
		status = go_to(reading, NULL, error);
	return status ? status : pen_twice__end(&reading->twice, error);
}

enum pen_status pen_periodwalk__run(struct pen_walk *walk, const struct pen_periods *periods, const int64_t *batches, size_t count,
    struct pen_error *error)
{
	struct reading reading = { .walk = walk, .twice = { .walk = walk, .batches = batches, .count = count } };
	enum pen_status status;

	if (!pen_walk__wants(walk, RULE) && !pen_walk__wants(walk, "registration.repeated"))
		return PEN_OK;
	walk->rules += pen_walk__wants(walk, "registration.repeated");
	status = pen_runs__new(&reading.told, pen_store__dir(store_of(&reading)), MEMORY, error);
	if (!status)
		status = pen_foliolist__read(&reading.folios, walk, error);
	if (!status)
		status = read_told(&reading, PEN_SQL_PERIODWALK_REGISTRATIONS, error);
	if (!status)
		status = read_told(&reading, PEN_SQL_PERIODWALK_CHANGES, error);
	if (!status)
		status = pen_runs__sort(reading.told, error);
	if (!status)
		status = pen_runs__walk(&reading.heads, reading.told, error);
	if (!status)
		status = walk_kept(&reading, periods, error);
	pen_walk__look_away(walk);
	pen_runs__close(reading.heads);
	pen_runs__free(reading.told);
	pen_foliolist__free(&reading.folios);
	pen_twice__free(&reading.twice);
	return status;
}
