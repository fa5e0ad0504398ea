#include "model/career.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/date.h"
#include "base/money.h"
#include "model/months.h"
#include "model/retiring.h"

#include <string.h>

/* ------------------------------------------------------------- fractions -- */

/* What a term of a sum has beyond its whole part: rest / of, below 1. */
struct rest { int64_t rest, of; };

#define LIMB INT64_C(1000000000000000000)

/* The whole part of what the rests come to, exactly. Eighteen digits are taken of each,
 * so that their sum lies less than `count` of the last digit behind; only where a carry
 * hangs on that are the next eighteen looked at, which uses the rests up. Where it still
 * does beyond as many digits as all denominators together have, it is a whole number. */
static int64_t whole_of(struct rest *rests, size_t count, size_t left)
{
	__int128 sum = 0, scaled, lacking;
	size_t i;

	for (i = 0; i < count; i++) {
		scaled = (__int128)rests[i].rest * LIMB;
		sum += scaled / rests[i].of;
		rests[i].rest = (int64_t)(scaled % rests[i].of);
	}
	lacking = LIMB - sum % LIMB;
	if (lacking >= (__int128)count)
		return (int64_t)(sum / LIMB);
	if (!left)
		return (int64_t)(sum / LIMB) + 1;
	return (int64_t)(sum / LIMB) + (whole_of(rests, count, left - 1) >= lacking);
}

/* ---------------------------------------------------------------- months -- */

static enum pen_status count_months(const struct pen_career *career, struct pen_career_sum *sum, struct pen_error *error)
{
	const struct pen_career_span *span;
	int32_t seen = 0, year = 0;
	size_t i;

	for (i = 0; i < career->spans; i++) {
		span = &career->span[i];
		if (span->year != year)
			seen = 0;
		if (!span->months || span->months & seen || span->year < year)
			return pen_error__set(error, PEN_INPUT, "career.months",
			    _("%d: a month is there twice, or none is: each month of a career counts once"), span->year);
		seen |= span->months;
		year = span->year;
		sum->paid_months += pen_months__count(span->months);
	}
	sum->paid_months += career->opened_months;
	if (!sum->paid_months)
		return pen_error__refuse(error, "R4.3.1b", "career.empty",
		    _("there is no month that was paid for: bring the breakdowns of the years in, and have them sealed"));
	if (career->since && career->until >= career->since)
		sum->gap_months = pen_retiring__months(career->since, career->until) + 1 - sum->paid_months;
	if (sum->gap_months < 0)
		sum->gap_months = 0;
	return PEN_OK;
}

/* ----------------------------------------------------------------- index -- */

struct indexing {
	const struct pen_career *career;
	const struct pen_parameters *parameters;
	const char *area;
	struct pen_trace *trace;
	struct rest *rests;
	size_t count;			/* of them */
	int64_t units;			/* 2 * 10^decimals, so that half of one is whole */
	__int128 whole;
};

/* The base of a span's months by the average wage of the year before. */
static enum pen_status add_span(struct indexing *work, size_t i, struct pen_error *error)
{
	const struct pen_career_span *span = &work->career->span[i];
	const struct pen_parameter *wage;
	int32_t before = (span->year - 1) * 100 + 12;
	char name[48], with[96], base[24];
	__int128 term;
	enum pen_status status = pen_parameter__need(work->parameters, PEN_WAGE_AVERAGE, work->area, NULL, before, &wage, error);

	if (status != PEN_OK)
		return status;
	if (wage->value <= 0 || wage->value > LIMB || span->base_fen < 0)
		return pen_error__set(error, PEN_INPUT, "career.base", _("%d: a base of %s and an average wage of %s give no index"),
		    span->year, pen_money__format(span->base_fen, base), wage->text);
	term = (__int128)work->units * pen_months__count(span->months) * span->base_fen;
	work->whole += term / wage->value;
	work->rests[i] = (struct rest){ (int64_t)(term % wage->value), wage->value };
	if (!work->trace)
		return PEN_OK;
	if (i == 0 || span[-1].year != span->year)
		pen_trace__parameter(work->trace, wage, before);
	snprintf(name, sizeof(name), "index %d", span->year);
	snprintf(with, sizeof(with), "%d * %s / %s", pen_months__count(span->months), pen_money__format(span->base_fen, base), wage->text);
	pen_trace__formula(work->trace, name, "months * base / average wage of the year before", with, NULL, NULL);
	return PEN_OK;
}

/* The months of an opening, by their average. */
static void add_opened(struct indexing *work)
{
	const struct pen_career *career = work->career;
	__int128 term = (__int128)work->units * career->opened_months * career->opened_index;
	char name[48], with[96], index[32];

	if (!career->opened_months)
		return;
	work->whole += term / PEN_MILLION;
	work->rests[career->spans] = (struct rest){ (int64_t)(term % PEN_MILLION), PEN_MILLION };
	work->count++;
	if (!work->trace)
		return;
	snprintf(name, sizeof(name), "index until %d", career->opened_until / 100);
	snprintf(with, sizeof(with), "%d * %s", career->opened_months, pen_trace__decimal(career->opened_index, 6, index));
	pen_trace__formula(work->trace, name, "months * their average index", with, NULL, NULL);
}

static void trace_index(struct pen_trace *trace, const struct pen_career_sum *sum, int32_t periods)
{
	char with[96], value[32], rounding[64];

	if (!trace)
		return;
	snprintf(with, sizeof(with), "the sum of the years / %d", periods);
	snprintf(rounding, sizeof(rounding), "half up, %d decimals", sum->decimals);
	pen_trace__formula(trace, "index", "Z = sum of (months * base / average wage of the year before) / months",
	    with, rounding, pen_trace__decimal(sum->index, sum->decimals, value));
}

/* floor((S + p) / 2p) of S in half units: half up, once. */
static enum pen_status index_of(struct indexing *work, int32_t periods, struct pen_career_sum *sum, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < work->career->spans; i++)
		status = add_span(work, i, error);
	work->count = work->career->spans;
	if (status == PEN_OK)
		add_opened(work);
	if (status != PEN_OK)
		return status;
	work->whole += whole_of(work->rests, work->count, work->count + 2);
	sum->index = (int64_t)((work->whole + periods) / (2 * (__int128)periods));
	trace_index(work->trace, sum, periods);
	return PEN_OK;
}

#define DECIMALS_MOST 8

/* How gaps count, and to how many decimals: by the province. */
static enum pen_status terms(struct indexing *work, int32_t retired, bool *gaps, struct pen_career_sum *sum, struct pen_error *error)
{
	const struct pen_parameter *how, *decimals;
	enum pen_status status = pen_parameter__need(work->parameters, PEN_INDEX_GAPS, work->area, NULL, retired, &how, error);
	int i;

	if (status == PEN_OK)
		status = pen_parameter__need(work->parameters, PEN_INDEX_DECIMALS, work->area, NULL, retired, &decimals, error);
	if (status != PEN_OK)
		return status;
	*gaps = strcmp(how->text, "zero") == 0;
	if ((!*gaps && strcmp(how->text, "paid") != 0) || decimals->value < 0 || decimals->value > DECIMALS_MOST)
		return pen_error__refuse(error, "R4.3.1d", "parameter.value",
		    _("parameter %s is \"%s\" and %s \"%s\"; expected paid or zero, and a number up to %d"),
		    PEN_INDEX_GAPS, how->text, PEN_INDEX_DECIMALS, decimals->text, DECIMALS_MOST);
	sum->decimals = (int)decimals->value;
	for (work->units = 2, i = 0; i < sum->decimals; i++)
		work->units *= 10;
	if (work->trace) {
		pen_trace__parameter(work->trace, how, retired);
		pen_trace__parameter(work->trace, decimals, retired);
	}
	return PEN_OK;
}

/* Months paid for before there were accounts: as long as the parameter says. */
static enum pen_status count_early(const struct indexing *work, int32_t retired, struct pen_career_sum *sum, struct pen_error *error)
{
	const struct pen_parameter *until = pen_parameter__find(work->parameters, PEN_TRANSITIONAL_UNTIL, work->area, NULL, retired);
	const struct pen_career_span *span = work->career->span;
	int32_t last;
	size_t i;

	if (!until)
		return PEN_OK;
	last = pen_date__parse_month(until->text, strlen(until->text));
	if (!last)
		return pen_error__refuse(error, "R4.3.1d", "parameter.value",
		    _("parameter %s is \"%s\", expected %s: load the table corrected with pen-admin param load"), until->name, until->text, "YYYY-MM");
	if (work->career->opened_months && work->career->since <= last)
		return pen_error__refuse(error, "R4.3.1b", "career.early",
		    _("the opening does not say how many of its months lie before %s (parameter %s): bring the breakdowns of these years in, and take its months out with pen-amend"),
		    until->text, until->name);
	for (i = 0; i < work->career->spans; i++) {
		if (span[i].year < last / 100)
			sum->early_months += pen_months__count(span[i].months);
		else if (span[i].year == last / 100)
			sum->early_months += pen_months__count(span[i].months & pen_months__span(1, last % 100));
	}
	if (work->trace && sum->early_months)
		pen_trace__parameter(work->trace, until, retired);
	return PEN_OK;
}

enum pen_status pen_career__sum(const struct pen_career *career, const struct pen_parameters *parameters, const char *area,
    int32_t retired, struct pen_trace *trace, struct pen_career_sum *sum, struct pen_error *error)
{
	struct indexing work = { .career = career, .parameters = parameters, .area = area, .trace = trace };
	enum pen_status status;
	bool gaps = false;

	*sum = (struct pen_career_sum){ .index = 0 };
	status = count_months(career, sum, error);
	if (status == PEN_OK)
		status = terms(&work, retired, &gaps, sum, error);
	if (status == PEN_OK)
		status = count_early(&work, retired, sum, error);
	if (status != PEN_OK)
		return status;
	work.rests = pen_memory__calloc(career->spans + 1, sizeof(*work.rests));
	if (!work.rests)
		return pen_error__memory(error);
	status = index_of(&work, sum->paid_months + (gaps ? sum->gap_months : 0), sum, error);
	pen_memory__free(work.rests);
	return status;
}
