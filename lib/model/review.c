#include "model/review.h"
#include "base/date.h"
#include "base/error.h"
#include "model/months.h"

/* The months of the year that lie behind a day's own month. */
static int32_t months_after(int32_t date, int32_t year)
{
	if (year != date / 10000)
		return year > date / 10000 ? PEN_MONTHS_ALL : 0;
	return PEN_MONTHS_ALL & ~pen_months__span(1, date / 100 % 100);
}

/* True if the row claims a month after the day. */
static bool claims_after(const struct pen_row *row, int32_t year, int32_t date)
{
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i, after = months_after(date, year);

	if (row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i)
		return pen_months__count(months) > 12 - pen_months__count(after);
	return (months & after) != 0;
}

/* "months 3-8 of 2024", or how many where only that is told. */
static void say_months(const struct pen_row *row, int32_t year, char *out, size_t room)
{
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;
	char set[32];

	if (row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i)
		snprintf(out, room, _("%d months of %d"), pen_months__count(months), (int)year);
	else
		snprintf(out, room, _("months %s of %d"), pen_months__format(months, set), (int)year);
}

static void add(struct pen_findings *findings, const char *rule, const struct pen_row *row, int32_t year,
    const char *expected)
{
	char found[64];

	say_months(row, year, found, sizeof(found));
	pen_rule__add(findings, rule, row->kind->columns[PEN_CONTRIBUTION_MONTHS].name, found, expected);
}

static bool check_ended(const struct pen_row *row, int32_t year, const struct pen_ended *ended,
    struct pen_findings *findings)
{
	char expected[96], date[11];

	if (ended->died_on && claims_after(row, year, ended->died_on)) {
		snprintf(expected, sizeof(expected), _("no month after the death on %s"),
		    pen_date__format(ended->died_on, date));
		add(findings, "person.died", row, year, expected);
		return true;
	}
	if (ended->retired_on && claims_after(row, year, ended->retired_on)) {
		snprintf(expected, sizeof(expected), _("no month after the retirement on %s"),
		    pen_date__format(ended->retired_on, date));
		add(findings, "person.retired", row, year, expected);
		return true;
	}
	return false;
}

static bool collides(const struct pen_row *row, const struct pen_months_elsewhere *elsewhere)
{
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;

	if (!elsewhere->count)
		return false;
	if (!row->v[PEN_CONTRIBUTION_MONTHS_ASSUMED].i && (months & elsewhere->known))
		return true;
	return elsewhere->count + pen_months__count(months) > 12;
}

void pen_review__contribution(const struct pen_row *row, int32_t year, const struct pen_ended *ended,
    const struct pen_months_elsewhere *elsewhere, const char *(*where)(void *context), void *context,
    struct pen_findings *findings)
{
	char expected[160];

	if (row->v[PEN_CONTRIBUTION_KIND].i != PEN_NORMAL || row->v[PEN_CONTRIBUTION_MONTHS].type == PEN_NULL)
		return;
	if (check_ended(row, year, ended, findings) || !collides(row, elsewhere))
		return;
	snprintf(expected, sizeof(expected), _("months that no other employer has: %s"), where(context));
	add(findings, "person.elsewhere", row, year, expected);
}

void pen_review__year(int months, int folios, struct pen_findings *findings)
{
	char found[64];

	if (months <= 12)
		return;
	snprintf(found, sizeof(found), _("%d months in %d forms"), months, folios);
	pen_rule__add(findings, "months.total", "months", found, _("12 at most"));
}
