#include "store/gapwalk.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/runs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RULE "contribution.gaps"
#define MEMORY ((size_t)16 << 20)	/* of what is set aside */

/* Of one person and year, or of several lines of it added up. */
struct sum { int32_t paid, employed; };

/* paid[] is by person; employer[] holds those with a form of the year, in order once
 * `end` begins. aside are sums by person and year. */
struct pen_gapwalk {
	const struct pen_periods *periods;
	int32_t year;
	uint8_t *paid;
	int64_t *employer;
	size_t employers, room;
	struct pen_runs *aside;
};

enum pen_status pen_gapwalk__open(struct pen_gapwalk **gaps, const struct pen_periods *periods, const char *dir, int32_t year,
    struct pen_error *error)
{
	struct pen_gapwalk *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->periods = periods;
	made->year = year;
	made->paid = pen_memory__table((size_t)pen_periods__people(periods), sizeof(*made->paid));
	status = made->paid ? pen_runs__new(&made->aside, dir, MEMORY, error) : pen_error__memory(error);
	if (status) {
		pen_gapwalk__close(made);
		return status;
	}
	*gaps = made;
	return PEN_OK;
}

void pen_gapwalk__close(struct pen_gapwalk *gaps)
{
	if (!gaps)
		return;
	pen_memory__free(gaps->paid);
	pen_memory__free(gaps->employer);
	pen_runs__free(gaps->aside);
	pen_memory__free(gaps);
}

enum pen_status pen_gapwalk__employer(struct pen_gapwalk *gaps, int64_t employer, struct pen_error *error)
{
	size_t room = gaps->room ? gaps->room * 2 : 1024;
	int64_t *grown;

	if (gaps->employers == gaps->room) {
		grown = pen_memory__realloc(gaps->employer, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		gaps->employer = grown;
		gaps->room = room;
	}
	gaps->employer[gaps->employers++] = employer;
	return PEN_OK;
}

static enum pen_status set_aside(struct pen_gapwalk *gaps, int64_t person, int64_t year, struct sum sum, struct pen_error *error)
{
	const struct pen_runs_key key = { (uint64_t)person, (uint64_t)year };
	unsigned char *out;

	if (pen_runs__room(gaps->aside, sizeof(sum), &out, error) != PEN_OK)
		return error->status;
	memcpy(out, &sum, sizeof(sum));
	pen_runs__put(gaps->aside, &key, sizeof(sum));
	return PEN_OK;
}

enum pen_status pen_gapwalk__paid(struct pen_gapwalk *gaps, int64_t person, int64_t year, int months, struct pen_error *error)
{
	int sum;

	/* Nobody else has a period that something could be missing of. */
	if (person < 0 || person >= pen_periods__people(gaps->periods))
		return PEN_OK;
	if (year != gaps->year)
		return set_aside(gaps, person, year, (struct sum){ months, 0 }, error);
	sum = gaps->paid[person] + months;
	gaps->paid[person] = (uint8_t)(sum < UINT8_MAX ? sum : UINT8_MAX);
	return PEN_OK;
}

/* -------------------------------------------------------------- employed -- */

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool has_form(const struct pen_gapwalk *gaps, uint32_t employer)
{
	const int64_t wanted = employer;

	return gaps->employers && bsearch(&wanted, gaps->employer, gaps->employers, sizeof(wanted), by_number) != NULL;
}

/* The months of the year from one to another (yyyymm), where they are. */
static int months_within(int32_t year, int32_t first, int32_t last)
{
	int32_t from = year * 100 + 1, to = year * 100 + 12;

	if (first > to || last < from)
		return 0;
	return (last > to ? 12 : last % 100) - (first < from ? 1 : first % 100) + 1;
}

/* The months of the year that the person was employed, added up over employers and
 * periods. Who joins has a period without an end, and another with one of the same
 * beginning when they leave: the end counts. `with` is an employer with a form, that of
 * whom was asked before as a rule. */
static int employed(const struct pen_gapwalk *gaps, int64_t person, uint32_t *with)
{
	int32_t retired = pen_periods__retired(gaps->periods, person), last;
	const struct pen_period *at;
	size_t count, i, n;
	int months = 0;
	bool counts;

	at = pen_periods__of(gaps->periods, person, &count);
	for (i = 0; i < count; i += n) {
		last = 0;
		counts = false;
		for (n = 0; i + n < count && at[i + n].employer == at[i].employer && at[i + n].since == at[i].since; n++) {
			counts |= at[i + n].counts;
			if (at[i + n].counts && at[i + n].until > last)
				last = at[i + n].until;
		}
		if (!counts || (at[i].employer != *with && !has_form(gaps, at[i].employer)))
			continue;
		*with = at[i].employer;
		last = last ? last / 100 : 999912;
		months += months_within(gaps->year, at[i].since / 100, last < retired ? last : retired);
	}
	return months;
}

static int year_at_most(int months)
{
	return months > 12 ? 12 : months;
}

enum pen_status pen_gapwalk__end(struct pen_gapwalk *gaps, struct pen_error *error)
{
	int64_t person, people = pen_periods__people(gaps->periods);
	enum pen_status status = PEN_OK;
	uint32_t with = UINT32_MAX;
	int months;

	if (gaps->employers)
		qsort(gaps->employer, gaps->employers, sizeof(*gaps->employer), by_number);
	for (person = 0; !status && person < people; person++) {
		if (gaps->paid[person] >= 12)
			continue;
		months = employed(gaps, person, &with);
		if (gaps->paid[person] < year_at_most(months))
			status = set_aside(gaps, person, gaps->year, (struct sum){ gaps->paid[person], months }, error);
	}
	pen_memory__free(gaps->paid);
	gaps->paid = NULL;
	return status;
}

/* -------------------------------------------------------------- findings -- */

static enum pen_status report(struct pen_walk *walk, int64_t person, int64_t year, struct sum sum, struct pen_error *error)
{
	char id[PEN_WHO], found[32], expected[32];
	enum pen_status status;

	if (sum.paid >= year_at_most(sum.employed))
		return PEN_OK;
	status = pen_walk__id(walk->session->store, person, id, error);
	if (status)
		return status;
	snprintf(found, sizeof(found), _("%d months paid"), (int)sum.paid);
	snprintf(expected, sizeof(expected), _("%d months employed"), year_at_most(sum.employed));
	return pen_walk__report_of(walk, &(struct pen_walk_key){ "person", 0, person, 0 },
	    &(struct pen_walk_place){ RULE, "months", found, expected, 0, 0 }, error, _("person %s year %" PRId64), id, year);
}

/* All that was set aside of the years, to be put in order together. */
static enum pen_status gather(struct pen_runs *all, struct pen_runs *aside, struct pen_error *error)
{
	struct pen_runs_walk *walk = NULL;
	struct pen_runs_key key;
	const unsigned char *bytes;
	unsigned char *out;
	enum pen_status status = pen_runs__sort(aside, error);
	size_t n;

	if (!status)
		status = pen_runs__walk(&walk, aside, error);
	while (!status && !(status = pen_runs__next(walk, &key, &bytes, &n, error)) && bytes) {
		status = pen_runs__room(all, n, &out, error);
		if (status)
			break;
		memcpy(out, bytes, n);
		pen_runs__put(all, &key, n);
	}
	pen_runs__close(walk);
	return status;
}

static enum pen_status tell(struct pen_walk *walk, struct pen_runs *all, struct pen_error *error)
{
	struct pen_runs_key key, last = { 0, 0 };
	struct pen_runs_walk *heads = NULL;
	struct sum sum = { 0, 0 }, more;
	const unsigned char *bytes;
	enum pen_status status = pen_runs__sort(all, error);
	size_t n;

	if (!status)
		status = pen_runs__walk(&heads, all, error);
	while (!status && !(status = pen_runs__next(heads, &key, &bytes, &n, error)) && bytes) {
		memcpy(&more, bytes, sizeof(more));
		if (key.high != last.high || key.low != last.low) {
			status = report(walk, (int64_t)last.high, (int64_t)last.low, sum, error);
			sum = (struct sum){ 0, 0 };
			last = key;
		}
		sum.paid += more.paid;
		sum.employed += more.employed;
	}
	if (!status)
		status = report(walk, (int64_t)last.high, (int64_t)last.low, sum, error);
	pen_runs__close(heads);
	return status;
}

enum pen_status pen_gapwalk__run(struct pen_walk *walk, struct pen_gapwalk *const *gaps, size_t count, struct pen_error *error)
{
	struct pen_runs *all = NULL;
	enum pen_status status = pen_walk__go_on(walk, _("months without contributions"), 0, -1, error);
	size_t i;

	for (i = 0; !status && i < count; i++)
		if (!gaps[i])
			return pen_walk__not_made(walk, RULE, _("contributions"), _("rows of a year cannot be read"), error);
	if (!status)
		status = pen_runs__new(&all, pen_store__dir(walk->session->store), MEMORY, error);
	for (i = 0; !status && i < count; i++)
		status = gather(all, gaps[i]->aside, error);
	if (!status)
		status = tell(walk, all, error);
	pen_runs__free(all);
	return status;
}
