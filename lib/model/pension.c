#include "model/pension.h"
#include "base/error.h"
#include "base/money.h"
#include "model/divisor.h"

#include <string.h>

/* Years of so many months, as a fraction. */
struct years { int64_t over, under; };

struct work {
	const struct pen_pension_case *given;
	const struct pen_parameters *parameters;
	const char *area;
	struct pen_trace *trace;
	struct pen_pension *out;
	int exact_years, jiao;
	int64_t index_unit;		/* 10^index_decimals */
	int64_t scale, wage, both;	/* W, and C1 + W, in 1/scale of a fen */
	int wage_decimals;		/* of a yuan, by that scale */
	struct years all, before;	/* before: deemed, and paid for before there were accounts */
	struct pen_error *error;
};

/* ------------------------------------------------------------ parameters -- */

static enum pen_status need(struct work *work, const char *name, const char *category, const struct pen_parameter **found)
{
	enum pen_status status = pen_parameter__need(work->parameters, name, work->area, category, work->given->retired, found, work->error);

	if (status == PEN_OK && work->trace)
		pen_trace__parameter(work->trace, *found, work->given->retired);
	return status;
}

/* Which of a few words a text parameter is. */
static enum pen_status choose(struct work *work, const char *name, const char *const *words, int *which)
{
	const struct pen_parameter *found;
	enum pen_status status = pen_parameter__choose(work->parameters, name, work->area, work->given->retired, words, &found, which, work->error);

	if (status == PEN_OK && work->trace)
		pen_trace__parameter(work->trace, found, work->given->retired);
	return status;
}

/* ---------------------------------------------------------------- figures -- */

static enum pen_status out_of_range(struct work *work)
{
	return pen_error__set(work->error, PEN_INPUT, "benefit.range",
	    _("the pension does not fit the range of amounts: look for a wrong wage, index or balance"));
}

static struct years years_of(const struct work *work, int32_t months)
{
	int64_t hundredths;

	if (work->exact_years || !pen_money__scale(months, 100, 12, &hundredths))
		return (struct years){ months, 12 };
	return (struct years){ hundredths, 100 };
}

static char *show_years(const struct years *years, char out[32])
{
	if (years->under == 100)
		return pen_trace__decimal(years->over, 2, out);
	snprintf(out, 32, "%lld/12", (long long)years->over);
	return out;
}

/* round(amount * years * rate / divide) as the province rounds a part of a pension: half
 * up to the fen, or up to the jiao (分进角). rate is millionths. One rounding: the product
 * stays whole. */
static bool part_of(const struct work *work, int64_t amount, const struct years *years, int64_t rate, int64_t divide, int64_t *fen)
{
	__int128 over = (__int128)amount * years->over, under = (__int128)years->under * divide * PEN_MILLION, unit = work->jiao ? 10 : 1;
	__int128 result;

	/* Twice the product still has to fit. */
	if (__builtin_mul_overflow(over, (__int128)rate, &over) || over < 0 || over >> 125)
		return false;
	under *= unit;
	result = work->jiao ? (over + under - 1) / under : (over * 2 + under) / (under * 2);
	result *= unit;
	if (result > INT64_MAX)
		return false;
	*fen = (int64_t)result;
	return true;
}

static const char *rounding(const struct work *work)
{
	return work->jiao ? "up, jiao" : "half up, fen";
}

static void trace_part(const struct work *work, const char *name, const char *formula, const char *with, int64_t fen)
{
	char value[24];

	if (work->trace)
		pen_trace__formula(work->trace, name, formula, with, rounding(work), pen_money__format(fen, value));
}

static char *show_index(const struct work *work, int64_t index, char out[32])
{
	return pen_trace__decimal(index, work->given->index_decimals, out);
}

/* A wage by an index, to the fen. */
static enum pen_status indexed(struct work *work, const char *name, int64_t wage, int64_t index, int64_t *fen)
{
	char with[96], value[24], base[24], z[32];

	if (!pen_money__scale(wage, index, work->index_unit, fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s * %s", pen_money__format(wage, base), show_index(work, index, z));
	if (work->trace)
		pen_trace__formula(work->trace, name, "wage base * index", with, "half up, fen", pen_money__format(*fen, value));
	return PEN_OK;
}

/* ------------------------------------------------------------- the parts -- */

/* W: told, or by the index; the fen that are shown, and what is reckoned with. */
static enum pen_status indexed_wage(struct work *work)
{
	static const char *const roundings[] = { "fen", "exact", NULL };
	const struct pen_pension_case *given = work->given;
	struct pen_pension *out = work->out;
	int exact = 0;
	enum pen_status status = choose(work, PEN_INDEX_WAGE, roundings, &exact);

	out->indexed_fen = given->told_indexed_fen;
	if (status == PEN_OK && !out->indexed_fen)
		status = indexed(work, "indexed wage", out->wage_base_2_fen, given->index, &out->indexed_fen);
	else if (status == PEN_OK && work->trace)
		pen_trace__input_fen(work->trace, "indexed wage", out->indexed_fen, "told");
	if (status != PEN_OK)
		return status;
	exact = exact && !given->told_indexed_fen;
	work->scale = exact ? work->index_unit : 1;
	work->wage_decimals = exact ? 2 + given->index_decimals : 2;
	work->wage = out->indexed_fen;
	if ((exact && __builtin_mul_overflow(out->wage_base_2_fen, given->index, &work->wage)) ||
	    __builtin_mul_overflow(out->wage_base_1_fen, work->scale, &work->both) || !pen_money__add(work->both, work->wage, &work->both))
		return out_of_range(work);
	return PEN_OK;
}

/* As published, or what stands in until it is. */
static enum pen_status wage_base(struct work *work, const char *category, int64_t *fen)
{
	const struct pen_parameter *found = pen_parameter__find(work->parameters, PEN_WAGE_BASE, work->area, category, work->given->retired);

	if (!found) {
		found = pen_parameter__find(work->parameters, PEN_WAGE_BASE_PROVISIONAL, work->area, category, work->given->retired);
		work->out->provisional |= found != NULL;
	}
	if (!found)
		return need(work, PEN_WAGE_BASE, category, &found);
	*fen = found->value;
	if (work->trace)
		pen_trace__parameter(work->trace, found, work->given->retired);
	return PEN_OK;
}

static enum pen_status wages(struct work *work)
{
	struct pen_pension *out = work->out;
	enum pen_status status = wage_base(work, "1", &out->wage_base_1_fen);

	if (status == PEN_OK)
		status = wage_base(work, "2", &out->wage_base_2_fen);
	if (status != PEN_OK)
		return status;
	if (work->trace && out->provisional)
		pen_trace__note(work->trace, "wage.base", "the wage base of the month is not published yet: another stands in, and the result is provisional");
	return indexed_wage(work);
}

static enum pen_status basic(struct work *work)
{
	struct pen_pension *out = work->out;
	char with[128], first[24], second[32], years[32];

	if (!part_of(work, work->both, &work->all, 10000, 2 * work->scale, &out->basic_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "(%s + %s) / 2 * %s * 1%%", pen_money__format(out->wage_base_1_fen, first),
	    pen_trace__decimal(work->wage, work->wage_decimals, second), show_years(&work->all, years));
	trace_part(work, "basic", "J = (C1 + W) / 2 * N * 1%", with, out->basic_fen);
	return PEN_OK;
}

static enum pen_status account(struct work *work)
{
	const struct years tenths = { 10, 1 };
	struct pen_pension *out = work->out;
	char with[96], balance[24], divisor[32];
	enum pen_status status = pen_divisor__of(work->parameters, work->area, work->given->age_months, work->given->retired,
	    work->trace, &out->divisor, work->error);

	if (status != PEN_OK)
		return status;
	/* The divisor is in tenths: ten times the balance by it. */
	if (!part_of(work, work->given->balance_fen, &tenths, PEN_MILLION, out->divisor, &out->account_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s / %s", pen_money__format(work->given->balance_fen, balance), pen_trace__decimal(out->divisor, 1, divisor));
	trace_part(work, "account", "G = account / divisor", with, out->account_fen);
	return PEN_OK;
}

#define YEARS_MOST 60		/* that a category can be */

/* The transitional rate of a deemed year; of several the one of most years that were paid
 * for, and more. */
static enum pen_status transitional_rate(struct work *work, const struct pen_parameter **rate)
{
	const struct pen_pension_case *given = work->given;
	char category[12];
	int beyond;

	for (beyond = YEARS_MOST; beyond > 0; beyond--) {
		snprintf(category, sizeof(category), "%d", beyond);
		if (given->paid_months <= beyond * 12)
			continue;
		*rate = pen_parameter__find(work->parameters, PEN_TRANSITIONAL_RATE, work->area, category, given->retired);
		if (*rate && strcmp((*rate)->category, category) == 0)
			return need(work, PEN_TRANSITIONAL_RATE, category, rate);
	}
	return need(work, PEN_TRANSITIONAL_RATE, "", rate);
}

static enum pen_status transitional_wage(struct work *work, int64_t *wage)
{
	const struct pen_pension_case *given = work->given;

	if (given->told_wage_fen) {
		*wage = given->told_wage_fen;
		if (work->trace)
			pen_trace__input_fen(work->trace, "transitional wage", *wage, "told");
		return PEN_OK;
	}
	if (!given->told_index && work->trace)
		pen_trace__note(work->trace, "transitional.index",
		    "no index of the transitional pension was told: the average index stands in");
	return indexed(work, "transitional wage", work->out->wage_base_2_fen, given->told_index ? given->told_index : given->index, wage);
}

/* By C2, N, Z and rate: the index joins the product, which is rounded once. */
static enum pen_status transitional_by_base(struct work *work, int64_t rate)
{
	const struct pen_pension_case *given = work->given;
	struct pen_pension *out = work->out;
	struct years years = work->before;
	char with[160], base[24], n[32], z[32], percent[32];
	int64_t index = given->told_index ? given->told_index : given->index;

	show_years(&years, n);
	if (__builtin_mul_overflow(years.over, index, &years.over) || __builtin_mul_overflow(years.under, work->index_unit, &years.under) ||
	    !part_of(work, out->wage_base_2_fen, &years, rate, 1, &out->transitional_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s * %s * %s * %s%%", pen_money__format(out->wage_base_2_fen, base), n,
	    show_index(work, index, z), pen_trace__decimal(rate, 4, percent));
	trace_part(work, "transitional", "T = C2 * N * Z * rate", with, out->transitional_fen);
	return PEN_OK;
}

/* wage: in 1/scale of a fen. */
static enum pen_status transitional_by_wage(struct work *work, int64_t wage, int64_t scale, int64_t halve, const char *formula, int64_t rate)
{
	char with[160], base[32], n[32], percent[32];

	if (!part_of(work, wage, &work->before, rate, halve * scale, &work->out->transitional_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s%s * %s * %s%%", pen_trace__decimal(wage, scale == 1 ? 2 : work->wage_decimals, base),
	    halve == 2 ? " / 2" : "", show_years(&work->before, n), pen_trace__decimal(rate, 4, percent));
	trace_part(work, "transitional", formula, with, work->out->transitional_fen);
	return PEN_OK;
}

static enum pen_status transitional(struct work *work)
{
	enum { MEAN, WAGE, BASE, NONE };
	static const char *const methods[] = { "mean", "wage", "base", "none", NULL };
	const struct pen_parameter *rate;
	enum pen_status status;
	int64_t wage = work->both;
	int method;

	if (!work->before.over)
		return PEN_OK;
	status = choose(work, PEN_TRANSITIONAL, methods, &method);
	if (status != PEN_OK || method == NONE)
		return status;
	status = transitional_rate(work, &rate);
	if (status != PEN_OK)
		return status;
	if (method == BASE)
		return transitional_by_base(work, rate->value);
	if (method == MEAN)
		return transitional_by_wage(work, wage, work->scale, 2, "T = (C1 + W) / 2 * N * rate", rate->value);
	status = transitional_wage(work, &wage);
	return status == PEN_OK ? transitional_by_wage(work, wage, 1, 1, "T = W' * N * rate", rate->value) : status;
}

/* The steps of extra.rate: its categories are the years beyond which each holds. */
#define STEPS_MOST YEARS_MOST

/* A step: so many years (of the same denominator as all) at its rate, rounded by itself. */
static bool add_step(struct work *work, int64_t years, const struct pen_parameter *rate)
{
	const struct years within = { years, work->all.under };
	char name[24], with[160], base[32], n[32], percent[32];
	int64_t fen;

	if (!part_of(work, work->both, &within, rate->value, 2 * work->scale, &fen) || !pen_money__add(work->out->extra_fen, fen, &work->out->extra_fen))
		return false;
	snprintf(name, sizeof(name), "extra beyond %.8s", rate->category);
	snprintf(with, sizeof(with), "%s / 2 * %s * %s%%", pen_trace__decimal(work->both, work->wage_decimals, base), show_years(&within, n),
	    pen_trace__decimal(rate->value, 4, percent));
	trace_part(work, name, "(C1 + W) / 2 * years within the step * its rate", with, fen);
	return true;
}

/* All steps; *steps: how many there are. */
static bool add_steps(struct work *work, int *steps)
{
	const struct pen_parameter *rate, *before = NULL;
	int64_t begun = 0, over;
	char category[12];
	int beyond;

	for (*steps = 0, beyond = 0; beyond <= STEPS_MOST; beyond++) {
		snprintf(category, sizeof(category), "%d", beyond);
		rate = pen_parameter__find(work->parameters, PEN_EXTRA_RATE, work->area, category, work->given->retired);
		if (beyond < STEPS_MOST && (!rate || strcmp(rate->category, category) != 0))
			continue;
		/* What lies between the step before and this one. */
		over = work->all.over < beyond * work->all.under || beyond == STEPS_MOST ? work->all.over : beyond * work->all.under;
		if (before && over > begun && !add_step(work, over - begun, before))
			return false;
		if (beyond == STEPS_MOST)
			break;
		if (work->trace)
			pen_trace__parameter(work->trace, rate, work->given->retired);
		before = rate;
		begun = beyond * work->all.under;
		++*steps;
	}
	return true;
}

/* Whether enough was paid for, where that counts. */
static bool paid_enough(const struct work *work)
{
	const struct pen_parameter *least = pen_parameter__find(work->parameters, PEN_EXTRA_PAID, work->area, NULL, work->given->retired);

	if (least && work->trace)
		pen_trace__parameter(work->trace, least, work->given->retired);
	return !least || work->given->paid_months > least->value;
}

static enum pen_status extra_by_steps(struct work *work)
{
	const struct pen_parameter *none;
	char value[24];
	int steps;

	if (!paid_enough(work))
		return PEN_OK;
	if (!add_steps(work, &steps))
		return out_of_range(work);
	if (!steps)
		return need(work, PEN_EXTRA_RATE, "0", &none);
	if (work->trace)
		pen_trace__formula(work->trace, "extra", "E = sum of the steps", "the steps above", NULL, pen_money__format(work->out->extra_fen, value));
	return PEN_OK;
}

static enum pen_status extra_by_wage(struct work *work)
{
	const struct pen_parameter *rate;
	char with[128], wage[32], years[32], percent[32];
	enum pen_status status = need(work, PEN_EXTRA_RATE, NULL, &rate);

	if (status != PEN_OK)
		return status;
	if (!part_of(work, work->wage, &work->all, rate->value, work->scale, &work->out->extra_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s * %s%% * %s", pen_trace__decimal(work->wage, work->wage_decimals, wage), pen_trace__decimal(rate->value, 4, percent),
	    show_years(&work->all, years));
	trace_part(work, "extra", "E = W * rate * N", with, work->out->extra_fen);
	return PEN_OK;
}

static enum pen_status extra(struct work *work)
{
	enum { WAGE, MEAN };
	static const char *const methods[] = { "wage", "mean", "none", NULL };
	int method;
	enum pen_status status = choose(work, PEN_EXTRA, methods, &method);

	if (status != PEN_OK)
		return status;
	if (method == WAGE)
		status = extra_by_wage(work);
	else if (method == MEAN)
		status = extra_by_steps(work);
	if (status == PEN_OK && work->given->told_extra_fen) {
		if (work->trace)
			pen_trace__input_fen(work->trace, "local extra", work->given->told_extra_fen, "told");
		if (!pen_money__add(work->out->extra_fen, work->given->told_extra_fen, &work->out->extra_fen))
			return out_of_range(work);
	}
	return status;
}

static enum pen_status total(struct work *work)
{
	struct pen_pension *out = work->out;
	const int64_t parts[] = { out->basic_fen, out->account_fen, out->transitional_fen, out->extra_fen };
	char with[128], text[24];
	size_t i, n = 0;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!pen_money__add(out->pension_fen, parts[i], &out->pension_fen))
			return out_of_range(work);
		n += (size_t)snprintf(with + n, sizeof(with) - n, "%s%s", i ? " + " : "", pen_money__format(parts[i], text));
	}
	if (work->trace)
		pen_trace__formula(work->trace, "pension", "J + G + T + E", with, NULL, pen_money__format(out->pension_fen, text));
	return PEN_OK;
}

static enum pen_status ways(struct work *work)
{
	static const char *const years[] = { "hundredths", "exact", NULL }, *const roundings[] = { "fen", "jiao", NULL };
	enum pen_status status = choose(work, PEN_YEARS_ROUNDING, years, &work->exact_years);
	int i;

	if (status == PEN_OK)
		status = choose(work, PEN_BENEFIT_ROUNDING, roundings, &work->jiao);
	work->all = years_of(work, work->given->paid_months + work->given->deemed_months);
	work->before = years_of(work, work->given->deemed_months + work->given->early_months);
	for (work->index_unit = 1, i = 0; i < work->given->index_decimals; i++)
		work->index_unit *= 10;
	return status;
}

enum pen_status pen_pension__of(const struct pen_pension_case *given, const struct pen_parameters *parameters,
    const char *area, struct pen_trace *trace, struct pen_pension *pension, struct pen_error *error)
{
	static enum pen_status (*const parts[])(struct work *) = { ways, wages, basic, account, transitional, extra, total };
	struct work work = { .given = given, .parameters = parameters, .area = area, .trace = trace, .out = pension, .error = error };
	enum pen_status status = PEN_OK;
	size_t i;

	*pension = (struct pen_pension){ .pension_fen = 0 };
	for (i = 0; status == PEN_OK && i < sizeof(parts) / sizeof(parts[0]); i++)
		status = parts[i](&work);
	return status;
}
