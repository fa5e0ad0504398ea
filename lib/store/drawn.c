#include "store/drawn.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>

/* The columns that all the statements begin with, and the two of their own. */
enum { PERSON, LINE, FOLIO, MONTH, LAST };

#define SLICE 5000	/* rows read at a time: a few milliseconds */

struct work {
	struct pen_drawn *drawn;
	struct pen_store *store;
	int32_t year;
	int64_t person, as_of;		/* person 0: everybody */
	enum pen_sql bulk;		/* of the folios that are being read */
	bool assessed;
	enum pen_status (*take)(struct work *work, struct pen_statement *s, struct pen_error *error);
};

/* -------------------------------------------------------------- lists -- */

static int compare(const void *a, const void *b)
{
	const struct pen_drawn_person *x = a, *y = b;

	if (x->person != y->person)
		return x->person > y->person ? 1 : -1;
	if (x->assessed != y->assessed)
		return x->assessed ? 1 : -1;
	return (x->basis > y->basis) - (x->basis < y->basis);
}

/* Of several records of a person that of the system goes before a form, the newest before
 * older ones. */
static void arrange(struct pen_drawn *drawn)
{
	size_t i, kept = 0;

	if (drawn->count)
		qsort(drawn->at, drawn->count, sizeof(*drawn->at), compare);
	for (i = 0; i < drawn->count; i++) {
		if (kept && drawn->at[kept - 1].person == drawn->at[i].person)
			kept--;
		drawn->at[kept++] = drawn->at[i];
	}
	drawn->count = kept;
}

struct pen_drawn_person *pen_drawn__find(const struct pen_drawn *drawn, int64_t person)
{
	size_t low = 0, high = drawn->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (drawn->at[middle].person < person)
			low = middle + 1;
		else
			high = middle;
	}
	return low < drawn->count && drawn->at[low].person == person ? &drawn->at[low] : NULL;
}

void pen_drawn__free(struct pen_drawn *drawn)
{
	pen_memory__free(drawn->at);
	*drawn = (struct pen_drawn){ .at = NULL };
}

/* --------------------------------------------------------------- rows -- */

/* Months of the year before one: none of a year that begins later than it, all of one that
 * ends before. */
static int months_before(int32_t year, int32_t month)
{
	if (month / 100 != year)
		return month / 100 < year ? 0 : 12;
	return month % 100 - 1;
}

static int32_t month_after(int32_t day)
{
	int32_t month = day / 100;

	return month % 100 == 12 ? month + 89 : month + 1;
}

static enum pen_status take_record(struct work *work, struct pen_statement *s, struct pen_error *error)
{
	struct pen_drawn *drawn = work->drawn;
	struct pen_drawn_person *list;
	size_t room = drawn->room ? drawn->room * 2 : 16;
	int32_t since = (int32_t)pen_db__int(s, MONTH);

	if (drawn->count == drawn->room) {
		list = pen_memory__realloc(drawn->at, room, sizeof(*list));
		if (list == NULL)
			return pen_error__memory(error);
		drawn->at = list;
		drawn->room = room;
	}
	if (!since)
		since = month_after((int32_t)pen_db__int(s, LAST));
	drawn->at[drawn->count++] = (struct pen_drawn_person){ .person = pen_db__int(s, PERSON), .basis = pen_db__int(s, FOLIO),
		.since = since, .assessed = work->assessed, .pension = { .from = months_before(work->year, since) } };
	return PEN_OK;
}

static enum pen_status take_payment(struct work *work, struct pen_statement *s, struct pen_error *error)
{
	struct pen_drawn_person *one = pen_drawn__find(work->drawn, pen_db__int(s, PERSON));
	int32_t month = (int32_t)pen_db__int(s, MONTH) % 100;

	(void)error;
	if (one == NULL || month < 1 || month > 12)
		return PEN_OK;
	one->pension.fen[month - 1] = pen_db__int(s, LAST);
	one->months |= 1 << (month - 1);
	one->source = pen_db__int(s, FOLIO);
	return PEN_OK;
}

/* Steps through what is bound; *count rows came, the last of them at *person, *line. */
static enum pen_status read_rows(struct work *work, struct pen_statement *s, int *count, int64_t *person, int64_t *line,
    struct pen_error *error)
{
	enum pen_status status;
	bool row;

	for (*count = 0; (status = pen_db__step(s, &row, error)) == PEN_OK && row; ++*count) {
		*person = pen_db__int(s, PERSON);
		*line = pen_db__int(s, LINE);
		status = work->take(work, s, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status read_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	struct pen_statement *s;
	enum pen_status status = PEN_OK;
	int64_t person = INT64_MIN, line = INT64_MIN;
	int count = SLICE;

	if (folio->state != PEN_FOLIO_SEALED)
		return PEN_OK;
	while (status == PEN_OK && count == SLICE) {
		status = pen_store__sql(work->store, work->bulk, &s, error);
		if (status != PEN_OK)
			break;
		pen_db__bind_int(s, ":folio", folio->id);
		pen_db__bind_int(s, ":person", person);
		pen_db__bind_int(s, ":line", line);
		pen_db__bind_int(s, ":as_of", work->as_of);
		pen_db__bind_int(s, ":most", SLICE);
		status = read_rows(work, s, &count, &person, &line, error);
	}
	return status;
}

/* A person's row of one folio. */
static enum pen_status read_row(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	struct pen_statement *s;
	enum pen_status status = PEN_OK;
	int64_t person, line;
	int count;

	if (folio->state == PEN_FOLIO_SEALED)
		status = pen_store__sql(work->store, PEN_SQL_DRAWN_PAYMENT_OF, &s, error);
	if (folio->state != PEN_FOLIO_SEALED || status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", folio->id);
	pen_db__bind_int(s, ":person", work->person);
	return read_rows(work, s, &count, &person, &line, error);
}

/* ------------------------------------------------------------ records -- */

static enum pen_status read_records(struct work *work, const char *form, bool assessed, struct pen_error *error)
{
	work->take = take_record;
	work->assessed = assessed;
	work->bulk = assessed ? PEN_SQL_DRAWN_ASSESSMENTS : PEN_SQL_DRAWN_RETIREMENTS;
	return pen_folio__each_visible(work->store, form, 0, 0, work->as_of, read_folio, work, error);
}

static enum pen_status read_records_of(struct work *work, bool assessed, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(work->store,
	    assessed ? PEN_SQL_DRAWN_ASSESSMENTS_OF : PEN_SQL_DRAWN_RETIREMENTS_OF, &s, error);
	int64_t person, line;
	int count;

	if (status != PEN_OK)
		return status;
	work->take = take_record;
	work->assessed = assessed;
	pen_db__bind_int(s, ":person", work->person);
	pen_db__bind_int(s, ":as_of", work->as_of);
	return read_rows(work, s, &count, &person, &line, error);
}

static enum pen_status read_people(struct work *work, struct pen_error *error)
{
	static const struct { const char *form; bool assessed; } forms[] = { { "retirement", false }, { "benefit-supplement", false },
		{ "assessment", true }, { "assessment-exception", true } };
	enum pen_status status;
	size_t i;

	if (work->person) {
		status = read_records_of(work, false, error);
		return status == PEN_OK ? read_records_of(work, true, error) : status;
	}
	for (status = PEN_OK, i = 0; status == PEN_OK && i < sizeof(forms) / sizeof(forms[0]); i++)
		status = read_records(work, forms[i].form, forms[i].assessed, error);
	return status;
}

/* -------------------------------------------------------------- rolls -- */

static enum pen_status find_month(struct work *work, enum pen_sql which, int32_t *month, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(work->store, which, &s, error);
	bool row;

	*month = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":as_of", work->as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*month = (int32_t)pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

static enum pen_status read_rolls(struct work *work, struct pen_error *error)
{
	enum pen_status status = find_month(work, PEN_SQL_DRAWN_FIRST, &work->drawn->first, error);
	int32_t month;

	if (status == PEN_OK)
		status = find_month(work, PEN_SQL_DRAWN_NEWEST, &work->drawn->newest, error);
	work->take = take_payment;
	work->bulk = PEN_SQL_DRAWN_PAYMENTS;
	for (month = work->year * 100 + 1; status == PEN_OK && month <= work->year * 100 + 12 && month <= work->drawn->newest; month++)
		status = pen_folio__each_visible(work->store, "roll", month, 0, work->as_of, work->person ? read_row : read_folio, work, error);
	return status;
}

enum pen_status pen_drawn__read(struct pen_drawn *drawn, struct pen_store *store, int32_t year, int64_t person,
    int64_t as_of, struct pen_error *error)
{
	struct work work = { .drawn = drawn, .store = store, .year = year, .person = person, .as_of = as_of };
	size_t before = drawn->count;
	enum pen_status status;

	drawn->year = year;
	status = read_people(&work, error);
	if (status != PEN_OK || drawn->count == before)
		return status;
	arrange(drawn);
	return read_rolls(&work, error);
}

int32_t pen_drawn__missing(const struct pen_drawn *drawn, const struct pen_drawn_person *one, int through, bool *untold)
{
	int32_t start = drawn->year * 100 + 1, end = drawn->year * 100 + through;

	*untold = false;
	if (one->since > start)
		start = one->since;
	if (start > end)
		return 0;
	/* What others paid of the account nobody has told. */
	if (!one->assessed && (!drawn->first || drawn->first > start)) {
		*untold = true;
		return start;
	}
	if (drawn->newest >= end)
		return 0;
	return drawn->newest < start ? start : drawn->newest + 1;
}
