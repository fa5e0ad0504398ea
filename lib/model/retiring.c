#include "model/retiring.h"
#include "base/date.h"
#include "base/error.h"

#include <string.h>

/* ---------------------------------------------------------------- names -- */

static const char *const categories[] = { "male60", "female55", "female50" };
static const char *const routes[] = { "statutory", "early", "late", "special-trade", "exception" };

static bool find_name(const char *const *names, size_t count, const char *name, int *found)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0) {
			*found = (int)i;
			return true;
		}
	}
	return false;
}

const char *pen_retiring__category_name(enum pen_retiring_category category)
{
	return categories[category];
}

bool pen_retiring__category_named(const char *name, enum pen_retiring_category *category)
{
	int found;
	bool is = find_name(categories, sizeof(categories) / sizeof(categories[0]), name, &found);

	if (is)
		*category = (enum pen_retiring_category)found;
	return is;
}

const char *pen_retiring__route_name(enum pen_retiring_route route)
{
	return routes[route];
}

bool pen_retiring__route_named(const char *name, enum pen_retiring_route *route)
{
	int found;
	bool is = find_name(routes, sizeof(routes) / sizeof(routes[0]), name, &found);

	if (is)
		*route = (enum pen_retiring_route)found;
	return is;
}

bool pen_retiring__category_of(int sex, const char *status, const char *payer, enum pen_retiring_category *category)
{
	if (sex == 1)
		*category = PEN_RETIRING_MALE60;
	else if (payer && strcmp(payer, "flexible") == 0)
		*category = PEN_RETIRING_FEMALE55;
	else if (!status)
		return false;
	else
		*category = strcmp(status, "cadre") == 0 ? PEN_RETIRING_FEMALE55 : PEN_RETIRING_FEMALE50;
	return true;
}

/* --------------------------------------------------------------- months -- */

static int count_of(int32_t month)
{
	return month / 100 * 12 + month % 100 - 1;
}

int pen_retiring__months(int32_t from, int32_t to)
{
	return count_of(to) - count_of(from);
}

int32_t pen_retiring__after(int32_t month, int months)
{
	int count = count_of(month) + months;

	return count / 12 * 100 + count % 12 + 1;
}

static int32_t later_of(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* ----------------------------------------------------------------- ages -- */

static enum pen_status need(const struct pen_parameters *parameters, const char *name, const char *area,
    const char *category, int32_t month, int64_t *value, struct pen_error *error)
{
	const struct pen_parameter *found;
	enum pen_status status = pen_parameter__need(parameters, name, area, category, month, &found, error);

	if (status == PEN_OK)
		*value = found->value;
	return status;
}

/* What a birth later than the first of the group adds. The first adds a month already. */
static int delay_of(int late, int step, int most)
{
	int months;

	if (late < 0)
		return 0;
	months = late / step + 1;
	return months < most ? months : most;
}

/* Between the month of before 2025 and so many months behind the statutory one; for those
 * only whose statutory month has come under that law. */
static void open_bounds(const struct pen_parameters *parameters, const char *area, struct pen_retiring_ages *ages)
{
	const struct pen_parameter *flexible = pen_parameter__find(parameters, PEN_RETIRE_FLEXIBLE, area, NULL, ages->statutory);

	ages->earliest = ages->latest = ages->statutory;
	if (!flexible)
		return;
	ages->latest = pen_retiring__after(ages->statutory, (int)flexible->value);
	ages->earliest = later_of(pen_retiring__after(ages->statutory, -(int)flexible->value), ages->original);
	ages->earliest = later_of(ages->earliest, flexible->from);
}

enum pen_status pen_retiring__ages(const struct pen_parameters *parameters, const char *area,
    enum pen_retiring_category category, int32_t born, struct pen_retiring_ages *ages, struct pen_error *error)
{
	const char *name = categories[category];
	const struct pen_parameter *special;
	int64_t age = 0, from = 0, step = 1, most = 0;
	int32_t month = born > 999999 ? born / 100 : born;
	enum pen_status status = need(parameters, PEN_RETIRE_AGE, area, name, month, &age, error);

	if (status == PEN_OK)
		status = need(parameters, PEN_RETIRE_DELAY_FROM, area, name, month, &from, error);
	if (status == PEN_OK)
		status = need(parameters, PEN_RETIRE_DELAY_STEP, area, name, month, &step, error);
	if (status == PEN_OK)
		status = need(parameters, PEN_RETIRE_DELAY_MOST, area, name, month, &most, error);
	if (status != PEN_OK)
		return status;
	*ages = (struct pen_retiring_ages){ .born = month };
	ages->original = pen_retiring__after(month, (int)age);
	ages->delay = delay_of(pen_retiring__months((int32_t)from, month), step > 0 ? (int)step : 1, (int)most);
	ages->statutory = pen_retiring__after(ages->original, ages->delay);
	open_bounds(parameters, area, ages);
	special = pen_parameter__find(parameters, PEN_RETIRE_SPECIAL, area, name, month);
	ages->special = special ? pen_retiring__after(month, (int)special->value) : 0;
	return PEN_OK;
}

/* A later birth has a later month, and a delay is never negative: the last who had it
 * under the age of old are the first that can be meant. */
enum pen_status pen_retiring__born_for(const struct pen_parameters *parameters, const char *area,
    enum pen_retiring_category category, int32_t month, int32_t *born, struct pen_error *error)
{
	struct pen_retiring_ages ages = { .statutory = 0 };
	int64_t age = 0;
	int32_t at;
	enum pen_status status = need(parameters, PEN_RETIRE_AGE, area, categories[category], month, &age, error);

	*born = 0;
	for (at = pen_retiring__after(month, -(int)age); status == PEN_OK; at = pen_retiring__after(at, -1)) {
		status = pen_retiring__ages(parameters, area, category, at, &ages, error);
		if (status == PEN_OK && ages.statutory <= month) {
			*born = ages.statutory == month ? at : 0;
			break;
		}
	}
	return status;
}

enum pen_status pen_retiring__minimum(const struct pen_parameters *parameters, const char *area,
    const struct pen_retiring_ages *ages, int32_t retired, int64_t *months, struct pen_error *error)
{
	static const char *const years[] = { "chosen", "statutory", NULL };
	const struct pen_parameter *found;
	int statutory;

	if (pen_parameter__choose(parameters, PEN_RETIRE_MINIMUM_YEAR, area, retired, years, &found, &statutory, error) != PEN_OK)
		return error->status;
	return need(parameters, PEN_RETIRE_MINIMUM, area, NULL, statutory ? ages->statutory : retired, months, error);
}

/* ---------------------------------------------------------------- check -- */

static enum pen_status too_early(int32_t retired, int32_t first, const char *why, struct pen_error *error)
{
	char is[8], from[8];

	return pen_error__refuse(error, "R4.3.1b", "retire.age", _("%s is too early: %s, which is from %s on"),
	    pen_date__format_month(retired, is), why, pen_date__format_month(first, from));
}

static enum pen_status check_late(const struct pen_retiring_ages *ages, int32_t retired, struct pen_error *error)
{
	char is[8], last[8];

	if (retired <= ages->statutory)
		return too_early(retired, pen_retiring__after(ages->statutory, 1),
		    _("late is behind the statutory month"), error);
	if (retired <= ages->latest)
		return PEN_OK;
	return pen_error__refuse(error, "R4.3.1b", "retire.age", _("%s is too late: retirement is put off to %s at most"),
	    pen_date__format_month(retired, is), pen_date__format_month(ages->latest, last));
}

static enum pen_status not_early(int32_t retired, struct pen_error *error)
{
	char is[8];

	return pen_error__refuse(error, "R4.3.1b", "retire.route", _("%s is the statutory month or behind it: that is no early retirement"),
	    pen_date__format_month(retired, is));
}

static enum pen_status check_early(const struct pen_retiring_ages *ages, int32_t retired, struct pen_error *error)
{
	if (retired < ages->earliest)
		return too_early(retired, ages->earliest, _("flexible early retirement goes no further"), error);
	return retired < ages->statutory ? PEN_OK : not_early(retired, error);
}

static enum pen_status check_special(const struct pen_retiring_ages *ages, int32_t retired, struct pen_error *error)
{
	if (!ages->special)
		return pen_error__refuse(error, "R4.3.1b", "parameter.missing",
		    _("there is no age for special trades (parameter %s): load it with pen-admin param load"), PEN_RETIRE_SPECIAL);
	if (retired < ages->special)
		return too_early(retired, ages->special, _("a special trade lets nobody go before its age"), error);
	return retired < ages->statutory ? PEN_OK : not_early(retired, error);
}

enum pen_status pen_retiring__check(const struct pen_retiring_ages *ages, enum pen_retiring_route route, int32_t retired,
    struct pen_error *error)
{
	switch (route) {
	case PEN_RETIRING_EARLY:
		return check_early(ages, retired, error);
	case PEN_RETIRING_LATE:
		return check_late(ages, retired, error);
	case PEN_RETIRING_SPECIAL:
		return check_special(ages, retired, error);
	case PEN_RETIRING_EXCEPTION:
		return PEN_OK;
	case PEN_RETIRING_STATUTORY:
		break;
	}
	return retired >= ages->statutory ? PEN_OK :
	    too_early(retired, ages->statutory, _("the statutory age is not reached"), error);
}
