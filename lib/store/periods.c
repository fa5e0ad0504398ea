#include "store/periods.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/foliolist.h"

#define SLICE 5000		/* rows read under one lock */
#define LEAST_ROOM INT64_C(1000000)

/* of[] leads from a person's number to the first of their periods, of[people] behind the
 * last of all; retired[] is NULL where nobody did. */
struct pen_periods {
	struct pen_period *at;
	size_t count, room;
	struct pen_period_odd *odd;
	size_t odds, odd_room;
	uint32_t *of;
	int32_t *retired;
	int64_t people;
	struct pen_foliolist folios;	/* while they are read */
};

/* ----------------------------------------------------------------- rows -- */

static bool is_odd(const struct pen_period_odd *row)
{
	return row->person < 0 || row->person > UINT32_MAX || row->folio < 0 || row->folio > UINT32_MAX ||
	    row->employer < 0 || row->employer > INT32_MAX || row->since < 0 || row->since > INT32_MAX ||
	    row->until < 0 || row->until > INT32_MAX;
}

static bool make_room(void **at, size_t *room, size_t count, size_t size)
{
	size_t wider = *room ? *room + *room / 2 : 1024;
	void *grown;

	if (count < *room)
		return true;
	grown = pen_memory__realloc(*at, wider, size);
	if (!grown)
		return false;
	*at = grown;
	*room = wider;
	return true;
}

static enum pen_status add(struct pen_periods *periods, const struct pen_period_odd *row, struct pen_error *error)
{
	const struct pen_foliolist_entry *folio;
	void *at = periods->at, *odd = periods->odd;
	bool is_one = is_odd(row) || periods->count == UINT32_MAX;

	if (is_one ? !make_room(&odd, &periods->odd_room, periods->odds, sizeof(*periods->odd)) :
	    !make_room(&at, &periods->room, periods->count, sizeof(*periods->at)))
		return pen_error__memory(error);
	periods->at = at;
	periods->odd = odd;
	if (is_one) {
		periods->odd[periods->odds++] = *row;
		return PEN_OK;
	}
	folio = pen_foliolist__find(&periods->folios, row->folio);
	periods->at[periods->count++] = (struct pen_period){ .person = (uint32_t)row->person, .folio = (uint32_t)row->folio,
		.employer = (uint32_t)row->employer & INT32_MAX, .counts = folio && folio->counts,
		.since = (int32_t)row->since, .until = (int32_t)row->until };
	return PEN_OK;
}

static enum pen_status read_slice(struct pen_periods *periods, struct pen_walk *walk, struct pen_period_odd *last, int *n,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_walk__look(walk, error);
	bool row;

	if (!status)
		status = pen_store__sql(walk->session->store, PEN_SQL_PERIODS_SLICE, &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":person", last->person);
	pen_db__bind_int(s, ":employer", last->employer);
	pen_db__bind_int(s, ":since", last->since);
	pen_db__bind_int(s, ":folio", last->folio);
	pen_db__bind_int(s, ":most", SLICE);
	for (*n = 0; !(status = pen_db__step(s, &row, error)) && row; (*n)++) {
		*last = (struct pen_period_odd){ pen_db__int(s, 0), pen_db__int(s, 1), pen_db__int(s, 2), pen_db__int(s, 3),
			pen_db__int(s, 4) };
		status = add(periods, last, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status read_rows(struct pen_periods *periods, struct pen_walk *walk, struct pen_error *error)
{
	struct pen_period_odd last = { INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, 0 };
	enum pen_status status = PEN_OK;
	int n;

	for (n = SLICE; !status && n == SLICE; ) {
		status = read_slice(periods, walk, &last, &n, error);
		if (!status)
			status = pen_walk__go_on(walk, _("employment periods"), (int64_t)periods->count, -1, error);
	}
	return status;
}

static enum pen_status lead_to_rows(struct pen_periods *periods, struct pen_error *error)
{
	int64_t most = LEAST_ROOM + 2 * (int64_t)periods->count, person;
	size_t i = 0;

	periods->people = periods->count ? (int64_t)periods->at[periods->count - 1].person + 1 : 1;
	if (periods->people > most)
		periods->people = most;
	periods->of = pen_memory__table((size_t)periods->people + 1, sizeof(*periods->of));
	if (!periods->of)
		return pen_error__memory(error);
	for (person = 0; person <= periods->people; person++) {
		while (i < periods->count && periods->at[i].person < person)
			i++;
		periods->of[person] = (uint32_t)i;
	}
	return PEN_OK;
}

/* ----------------------------------------------------------- retirements -- */

static enum pen_status make_retired(struct pen_periods *periods, struct pen_error *error)
{
	int64_t i;

	periods->retired = pen_memory__table((size_t)periods->people, sizeof(*periods->retired));
	if (!periods->retired)
		return pen_error__memory(error);
	for (i = 0; i < periods->people; i++)
		periods->retired[i] = INT32_MAX;
	return PEN_OK;
}

static enum pen_status retire(struct pen_periods *periods, int64_t person, int64_t day, struct pen_error *error)
{
	int64_t month = day / 100;

	if (person < 0 || person >= periods->people)
		return PEN_OK;
	if (!periods->retired && make_retired(periods, error) != PEN_OK)
		return error->status;
	if (month < periods->retired[person])
		periods->retired[person] = month > INT32_MIN ? (int32_t)month : INT32_MIN;
	return PEN_OK;
}

static enum pen_status read_retirements(struct pen_periods *periods, struct pen_walk *walk, enum pen_sql which, struct pen_error *error)
{
	int64_t place[3] = { INT64_MIN, INT64_MIN, INT64_MIN };
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(walk->session->store, which, &s, error);
	int n = SLICE, i;
	bool row;

	while (!status && n == SLICE) {
		status = pen_walk__look(walk, error);
		if (status)
			break;
		pen_db__bind_int(s, ":folio", place[0]);
		pen_db__bind_int(s, ":person", place[1]);
		pen_db__bind_int(s, ":line", place[2]);
		pen_db__bind_int(s, ":most", SLICE);
		for (n = 0; !(status = pen_db__step(s, &row, error)) && row; n++) {
			for (i = 0; i < 3; i++)
				place[i] = pen_db__int(s, i);
			status = retire(periods, place[1], pen_db__int(s, 3), error);
			if (status)
				break;
		}
		pen_db__reset(s);
	}
	return status;
}

/* --------------------------------------------------------------- opening -- */

enum pen_status pen_periods__open(struct pen_periods **periods, struct pen_walk *walk, struct pen_error *error)
{
	struct pen_periods *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status = made ? PEN_OK : pen_error__memory(error);

	if (!made)
		return status;
	status = pen_foliolist__read(&made->folios, walk, error);
	if (!status)
		status = read_rows(made, walk, error);
	if (!status)
		status = lead_to_rows(made, error);
	if (!status)
		status = read_retirements(made, walk, PEN_SQL_PERIODS_RETIREMENTS, error);
	if (status == PEN_OK)
		status = read_retirements(made, walk, PEN_SQL_PERIODS_ASSESSMENTS, error);
	pen_walk__look_away(walk);
	pen_foliolist__free(&made->folios);
	if (status) {
		pen_periods__close(made);
		return status;
	}
	*periods = made;
	return PEN_OK;
}

void pen_periods__close(struct pen_periods *periods)
{
	if (!periods)
		return;
	pen_memory__free(periods->at);
	pen_memory__free(periods->odd);
	pen_memory__free(periods->of);
	pen_memory__free(periods->retired);
	pen_memory__free(periods);
}

/* ---------------------------------------------------------------- asking -- */

const struct pen_period *pen_periods__all(const struct pen_periods *periods, size_t *count)
{
	*count = periods->count;
	return periods->at;
}

const struct pen_period_odd *pen_periods__odd(const struct pen_periods *periods, size_t *count)
{
	*count = periods->odds;
	return periods->odd;
}

int64_t pen_periods__people(const struct pen_periods *periods)
{
	return periods->people;
}

const struct pen_period *pen_periods__of(const struct pen_periods *periods, int64_t person, size_t *count)
{
	*count = 0;
	if (person < 0 || person >= periods->people)
		return NULL;
	*count = periods->of[person + 1] - periods->of[person];
	return periods->at + periods->of[person];
}

int32_t pen_periods__retired(const struct pen_periods *periods, int64_t person)
{
	return periods->retired && person >= 0 && person < periods->people ? periods->retired[person] : INT32_MAX;
}
