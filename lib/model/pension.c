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
	bool exact_years, jiao;
	int64_t index_unit;		/* 10^index_decimals */
	struct years all, deemed;
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

static enum pen_status not_a_choice(struct work *work, const struct pen_parameter *parameter, const char *expected)
{
	return pen_error__refuse(work->error, "R4.3.1d", "parameter.value", _("parameter %s is \"%s\", expected %s: load the table corrected with pen-admin param load"),
	    parameter->name, parameter->text, expected);
}

/* A text parameter that is one of two words; *second says which. */
static enum pen_status choose(struct work *work, const char *name, const char *first, const char *other, bool *second)
{
	const struct pen_parameter *found;
	char expected[64];
	enum pen_status status = need(work, name, NULL, &found);

	if (status != PEN_OK)
		return status;
	*second = strcmp(found->text, other) == 0;
	snprintf(expected, sizeof(expected), "%s, %s", first, other);
	return *second || strcmp(found->text, first) == 0 ? PEN_OK : not_a_choice(work, found, expected);
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

	if (__builtin_mul_overflow(over, (__int128)rate, &over) || over < 0)
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

static enum pen_status wages(struct work *work)
{
	const struct pen_parameter *first, *second;
	enum pen_status status = need(work, PEN_WAGE_BASE, "1", &first);

	if (status == PEN_OK)
		status = need(work, PEN_WAGE_BASE, "2", &second);
	if (status != PEN_OK)
		return status;
	work->out->wage_base_1_fen = first->value;
	work->out->wage_base_2_fen = second->value;
	if (!work->given->told_indexed_fen)
		return indexed(work, "indexed wage", second->value, work->given->index, &work->out->indexed_fen);
	work->out->indexed_fen = work->given->told_indexed_fen;
	if (work->trace)
		pen_trace__input_fen(work->trace, "indexed wage", work->out->indexed_fen, "told");
	return PEN_OK;
}

static enum pen_status basic(struct work *work)
{
	struct pen_pension *out = work->out;
	char with[128], first[24], second[24], years[32];

	if (!part_of(work, out->wage_base_1_fen + out->indexed_fen, &work->all, 10000, 2, &out->basic_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "(%s + %s) / 2 * %s * 1%%", pen_money__format(out->wage_base_1_fen, first),
	    pen_money__format(out->indexed_fen, second), show_years(&work->all, years));
	trace_part(work, "basic", "J = (C1 + W) / 2 * N * 1%", with, out->basic_fen);
	return PEN_OK;
}

static enum pen_status account(struct work *work)
{
	const struct years one = { 1, 1 };
	struct pen_pension *out = work->out;
	char with[96], balance[24], divisor[32];
	enum pen_status status = pen_divisor__of(work->parameters, work->area, work->given->age_months, work->given->retired, &out->divisor, work->error);

	if (status != PEN_OK)
		return status;
	/* The divisor is in tenths: ten times the balance by it. */
	if (!part_of(work, work->given->balance_fen * 10, &one, PEN_MILLION, out->divisor, &out->account_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s / %s", pen_money__format(work->given->balance_fen, balance), pen_trace__decimal(out->divisor, 1, divisor));
	trace_part(work, "account", "G = account / divisor", with, out->account_fen);
	return PEN_OK;
}

/* The transitional rate of a deemed year; another one with more than twenty paid. */
static enum pen_status transitional_rate(struct work *work, const struct pen_parameter **rate)
{
	return need(work, PEN_TRANSITIONAL_RATE, work->given->paid_months > 240 ? "20" : "", rate);
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

/* By C1, N, Z and rate: the index joins the product, which is rounded once. */
static enum pen_status transitional_by_base(struct work *work, int64_t rate)
{
	const struct pen_pension_case *given = work->given;
	struct pen_pension *out = work->out;
	struct years years = work->deemed;
	char with[160], base[24], n[32], z[32], percent[32];
	int64_t index = given->told_index ? given->told_index : given->index;

	show_years(&years, n);
	if (__builtin_mul_overflow(years.over, index, &years.over) || __builtin_mul_overflow(years.under, work->index_unit, &years.under) ||
	    !part_of(work, out->wage_base_1_fen, &years, rate, 1, &out->transitional_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s * %s * %s * %s%%", pen_money__format(out->wage_base_1_fen, base), n,
	    show_index(work, index, z), pen_trace__decimal(rate, 4, percent));
	trace_part(work, "transitional", "T = C1 * N * Z * rate", with, out->transitional_fen);
	return PEN_OK;
}

static enum pen_status transitional_by_wage(struct work *work, int64_t wage, int64_t halve, const char *formula, int64_t rate)
{
	char with[160], base[24], n[32], percent[32];

	if (!part_of(work, wage, &work->deemed, rate, halve, &work->out->transitional_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s%s * %s * %s%%", pen_money__format(wage, base), halve == 2 ? " / 2" : "",
	    show_years(&work->deemed, n), pen_trace__decimal(rate, 4, percent));
	trace_part(work, "transitional", formula, with, work->out->transitional_fen);
	return PEN_OK;
}

static enum pen_status transitional(struct work *work)
{
	const struct pen_parameter *method, *rate;
	enum pen_status status;
	int64_t wage;

	if (!work->given->deemed_months)
		return PEN_OK;
	status = need(work, PEN_TRANSITIONAL, NULL, &method);
	if (status != PEN_OK || strcmp(method->text, "none") == 0)
		return status;
	status = transitional_rate(work, &rate);
	if (status != PEN_OK)
		return status;
	if (strcmp(method->text, "mean") == 0)
		return transitional_by_wage(work, work->out->wage_base_1_fen + work->out->indexed_fen, 2, "T = (C1 + W) / 2 * N * rate", rate->value);
	if (strcmp(method->text, "base") == 0)
		return transitional_by_base(work, rate->value);
	if (strcmp(method->text, "wage") != 0)
		return not_a_choice(work, method, "mean, wage, base, none");
	status = transitional_wage(work, &wage);
	return status == PEN_OK ? transitional_by_wage(work, wage, 1, "T = W' * N * rate", rate->value) : status;
}

/* The steps of extra.rate: its categories are the years beyond which each holds. */
#define STEPS_MOST 60

static enum pen_status extra_by_steps(struct work *work)
{
	const struct pen_parameter *rate, *before = NULL;
	struct years unit = { 1, work->all.under };
	int64_t weighted = 0, over, begun = 0;
	char category[8], with[160], base[24];
	int beyond;

	for (beyond = 0; beyond <= STEPS_MOST; beyond++) {
		snprintf(category, sizeof(category), "%d", beyond);
		rate = pen_parameter__find(work->parameters, PEN_EXTRA_RATE, work->area, category, work->given->retired);
		if (beyond < STEPS_MOST && (!rate || strcmp(rate->category, category) != 0))
			continue;
		/* What lies between the step before and this one. */
		over = work->all.over < beyond * work->all.under || beyond == STEPS_MOST ? work->all.over : beyond * work->all.under;
		if (before && over > begun)
			weighted += (over - begun) * before->value;
		if (beyond == STEPS_MOST)
			break;
		if (work->trace)
			pen_trace__parameter(work->trace, rate, work->given->retired);
		before = rate;
		begun = beyond * work->all.under;
	}
	if (!part_of(work, work->out->wage_base_1_fen + work->out->indexed_fen, &unit, weighted, 2, &work->out->extra_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s / 2 * %lld/%lld millionths", pen_money__format(work->out->wage_base_1_fen + work->out->indexed_fen, base),
	    (long long)weighted, (long long)work->all.under);
	trace_part(work, "extra", "E = (C1 + W) / 2 * sum of years beyond each step * its rate", with, work->out->extra_fen);
	return PEN_OK;
}

static enum pen_status extra_by_wage(struct work *work)
{
	const struct pen_parameter *rate;
	char with[128], wage[24], years[32], percent[32];
	enum pen_status status = need(work, PEN_EXTRA_RATE, NULL, &rate);

	if (status != PEN_OK)
		return status;
	if (!part_of(work, work->out->indexed_fen, &work->all, rate->value, 1, &work->out->extra_fen))
		return out_of_range(work);
	snprintf(with, sizeof(with), "%s * %s%% * %s", pen_money__format(work->out->indexed_fen, wage), pen_trace__decimal(rate->value, 4, percent),
	    show_years(&work->all, years));
	trace_part(work, "extra", "E = W * rate * N", with, work->out->extra_fen);
	return PEN_OK;
}

static enum pen_status extra(struct work *work)
{
	const struct pen_parameter *method;
	enum pen_status status = need(work, PEN_EXTRA, NULL, &method);

	if (status != PEN_OK)
		return status;
	if (strcmp(method->text, "wage") == 0)
		status = extra_by_wage(work);
	else if (strcmp(method->text, "mean") == 0)
		status = extra_by_steps(work);
	else if (strcmp(method->text, "none") != 0)
		status = not_a_choice(work, method, "wage, mean, none");
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
	enum pen_status status = choose(work, PEN_YEARS_ROUNDING, "hundredths", "exact", &work->exact_years);
	int i;

	if (status == PEN_OK)
		status = choose(work, PEN_BENEFIT_ROUNDING, "fen", "jiao", &work->jiao);
	work->all = years_of(work, work->given->paid_months + work->given->deemed_months);
	work->deemed = years_of(work, work->given->deemed_months);
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
