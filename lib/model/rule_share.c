#include "model/rule_share.h"
#include "base/money.h"
#include "model/months.h"

#include <string.h>

#define PAYERS 2
static const char *const payers[PAYERS] = { "employee", "flexible" };

int pen_rule_share__payer(const char *payer)
{
	int i;

	for (i = 0; payer && i < PAYERS; i++) {
		if (strcmp(payer, payers[i]) == 0)
			return i;
	}
	return -1;
}

/* ----------------------------------------------------------- parameters -- */

int64_t pen_rule_share__value(const struct pen_parameters *parameters, const char *area,
    const char *name, const char *category, int32_t month)
{
	const struct pen_parameter *found = pen_parameter__find(parameters, name, area, category, month);

	return found ? found->value : -1;
}

static void fill(struct pen_rule_year *year, const struct pen_surroundings *around, int32_t number)
{
	const struct pen_parameters *all = around->parameters;
	const char *area = around->area;
	int i, payer;

	year->year = number;
	for (i = 0; i < 12; i++) {
		int32_t month = number * 100 + i + 1;

		for (payer = 0; payer < PAYERS; payer++) {
			year->unit[payer][i] = pen_rule_share__value(all, area, PEN_RATE_UNIT, payers[payer], month);
			year->personal[payer][i] = pen_rule_share__value(all, area, PEN_RATE_PERSONAL,
			    payers[payer], month);
		}
		year->floor[i] = pen_rule_share__value(all, area, PEN_BASE_FLOOR, NULL, month);
		year->cap[i] = pen_rule_share__value(all, area, PEN_BASE_CAP, NULL, month);
		year->tolerance[i] = pen_rule_share__value(all, area, PEN_SHARE_TOLERANCE, NULL, month);
	}
}

const struct pen_rule_year *pen_rule_share__year(const struct pen_surroundings *around, int32_t number,
    struct pen_rule_year *room)
{
	struct pen_rule_year *year = room;

	/* A year has one place in the cache; another of the same place goes. */
	if (around->cache)
		year = &around->cache->year[(uint32_t)number % PEN_RULE_YEARS];
	if (!around->cache || year->year != number)
		fill(year, around, number);
	return year;
}

void pen_rule_share__bounds(const struct pen_rule_year *year, int32_t months, int64_t *floor, int64_t *cap)
{
	int i;

	*floor = -1;
	*cap = -1;
	for (i = 0; i < 12; i++) {
		if (!(months & 1 << i))
			continue;
		if (year->floor[i] >= 0 && (*floor < 0 || year->floor[i] < *floor))
			*floor = year->floor[i];
		if (year->cap[i] > *cap)
			*cap = year->cap[i];
	}
}

/* --------------------------------------------------------------- shares -- */

static int64_t clamp(__int128 a)
{
	return a > INT64_MAX ? INT64_MAX : a < INT64_MIN ? INT64_MIN : (int64_t)a;
}

/* Rounded down, also below zero. Money nearly always fits into 64 bits, which are
 * divided in a quarter of the time. */
static __int128 divide(__int128 a, int64_t b)
{
	if (a >= INT64_MIN && a <= INT64_MAX)
		return (int64_t)a / b - ((int64_t)a % b < 0);
	return a / b - (a % b < 0);
}

bool pen_rule_share__band(const int64_t rate[12], const int64_t tolerance[12], int64_t base,
    int32_t months, struct pen_share_band *band)
{
	__int128 rates = 0, slacks = 0, sum = 0, exact, slack;	/* the last two in millionths of a fen */
	int64_t rounded;
	int i, next, n;

	/* A rate rarely changes within a year: months of one rate and tolerance together. */
	for (i = 0; i < 12; i = next) {
		for (next = i + 1; next < 12 && rate[next] == rate[i] && tolerance[next] == tolerance[i]; next++)
			;
		n = pen_months__count(months & pen_months__span(i + 1, next - i));
		if (!n)
			continue;
		if (rate[i] < 0 || tolerance[i] < 0)
			return false;
		if (!pen_money__scale(base, rate[i], PEN_MILLION, &rounded))
			rounded = INT64_MAX;
		rates += (__int128)rate[i] * n;
		slacks += (__int128)tolerance[i] * n;
		sum += (__int128)rounded * n;
	}
	exact = base * rates;
	slack = slacks * 1000;
	band->sum = clamp(sum);
	/* The whole fen within the slack: rounded inward at both ends. */
	band->low = clamp(-divide(slack - exact, PEN_MILLION));
	band->high = clamp(divide(exact + slack, PEN_MILLION));
	if (band->low > band->sum)
		band->low = band->sum;
	if (band->high < band->sum)
		band->high = band->sum;
	return true;
}

bool pen_rule_share__within(const struct pen_share_band *band, int64_t fen)
{
	return band->low <= fen && fen <= band->high;
}

bool pen_rule_share__any_run(const int64_t rate[12], const int64_t tolerance[12], int64_t base,
    int count, int64_t fen)
{
	struct pen_share_band band;
	int first;

	for (first = 1; first + count <= 13; first++) {
		if (pen_rule_share__band(rate, tolerance, base, pen_months__span(first, count), &band) &&
		    pen_rule_share__within(&band, fen))
			return true;
	}
	return false;
}
