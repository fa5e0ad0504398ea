#include "model/shortfall.h"

#include "base/date.h"
#include "base/error.h"
#include "base/money.h"

#define LAW_SINCE 201107	/* 社会保险法 */
#define YEARS_ON 60		/* months of paying on before the rest is paid at once */
#define MONTHS_MOST 1200

struct work {
	const struct pen_shortfall_case *given;
	const struct pen_parameters *parameters;
	const char *area;
	struct pen_shortfall *out;
	struct pen_error *error;
};

/* -------------------------------------------------------------- amounts -- */

static enum pen_status out_of_range(struct work *work)
{
	return pen_error__set(work->error, PEN_INPUT, "benefit.range",
	    _("the contributions to come do not fit the range of amounts: look for a wrong base"));
}

/* Adds what a month costs: both parts, of a flexible payer. */
static enum pen_status add_month(struct work *work, int32_t month, int64_t *fen)
{
	static const char *const parts[] = { PEN_RATE_UNIT, PEN_RATE_PERSONAL };
	const struct pen_parameter *rate;
	enum pen_status status = PEN_OK;
	int64_t part;
	size_t i;

	for (i = 0; status == PEN_OK && i < sizeof(parts) / sizeof(parts[0]); i++) {
		status = pen_parameter__need(work->parameters, parts[i], work->area, "flexible", month, &rate, work->error);
		if (status == PEN_OK && (!pen_money__scale(work->given->base_fen, rate->value, PEN_MILLION, &part) || !pen_money__add(*fen, part, fen)))
			status = out_of_range(work);
	}
	return status;
}

/* ----------------------------------------------------------------- ways -- */

static int32_t later_of(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static struct pen_shortfall_way *add_way(struct work *work, enum pen_shortfall_option option, int32_t from)
{
	struct pen_shortfall_way *way = &work->out->way[work->out->ways++];

	*way = (struct pen_shortfall_way){ .option = option, .from = from, .fen = -1 };
	return way;
}

/* A month each month; the minimum of the law rises meanwhile. */
static enum pen_status pay_on(struct work *work)
{
	const struct pen_shortfall_case *given = work->given;
	struct pen_shortfall_way *way = add_way(work, PEN_SHORTFALL_PAY_ON, pen_retiring__after(given->retired, 1));
	enum pen_status status = PEN_OK;
	int64_t fen = 0;

	for (way->until = given->retired, way->least = work->out->least;
	    status == PEN_OK && given->have + way->months < way->least && way->months < MONTHS_MOST; way->months++) {
		way->until = pen_retiring__after(way->until, 1);
		status = pen_retiring__minimum(work->parameters, work->area, &given->ages, way->until, &way->least, work->error);
		if (status == PEN_OK && given->base_fen)
			status = add_month(work, way->until, &fen);
	}
	way->benefit_from = pen_retiring__after(way->until, 1);
	way->fen = given->base_fen ? fen : -1;
	return status;
}

/* The rest at once, for whoever was insured before the law and is short still when five
 * years were paid on. */
static enum pen_status pay_at_once(struct work *work)
{
	const struct pen_shortfall_case *given = work->given;
	int32_t from = later_of(pen_retiring__after(given->ages.statutory, YEARS_ON), given->retired);
	int64_t least, missing, fen = 0, i;
	struct pen_shortfall_way *way;
	enum pen_status status;

	if (!given->insured || given->insured >= LAW_SINCE)
		return PEN_OK;
	status = pen_retiring__minimum(work->parameters, work->area, &given->ages, from, &least, work->error);
	missing = status == PEN_OK ? least - given->have - pen_retiring__months(given->retired, from) : 0;
	if (missing <= 0)
		return status;
	for (i = 0; status == PEN_OK && given->base_fen && i < missing; i++)
		status = add_month(work, from, &fen);
	way = add_way(work, PEN_SHORTFALL_PAY_AT_ONCE, from);
	way->until = from;
	way->benefit_from = pen_retiring__after(from, 1);
	way->months = (int)missing;
	way->least = least;
	way->fen = given->base_fen ? fen : -1;
	return status;
}

enum pen_status pen_shortfall__of(const struct pen_shortfall_case *given, const struct pen_parameters *parameters,
    const char *area, struct pen_shortfall *shortfall, struct pen_error *error)
{
	struct work work = { .given = given, .parameters = parameters, .area = area, .out = shortfall, .error = error };
	int32_t reached = later_of(given->ages.statutory, given->retired);
	enum pen_status status;

	*shortfall = (struct pen_shortfall){ .ways = 0 };
	status = pen_retiring__minimum(parameters, area, &given->ages, given->retired, &shortfall->least, error);
	if (status != PEN_OK || given->have >= shortfall->least)
		return status;
	shortfall->missing = shortfall->least - given->have;
	status = pay_on(&work);
	if (status == PEN_OK)
		status = pay_at_once(&work);
	if (status != PEN_OK)
		return status;
	add_way(&work, PEN_SHORTFALL_TRANSFER, reached);
	add_way(&work, PEN_SHORTFALL_END, reached)->fen = given->balance_fen;
	return PEN_OK;
}

/* ---------------------------------------------------------------- words -- */

static const char *const names[] = { "pay-on", "pay-at-once", "transfer", "end" };
static const char *const laws[] = { "人社部令第13号 art. 2", "人社部令第13号 art. 2", "人社部令第13号 art. 3", "人社部令第13号 art. 3" };

const char *pen_shortfall__name(enum pen_shortfall_option option)
{
	return names[option];
}

const char *pen_shortfall__law(enum pen_shortfall_option option)
{
	return laws[option];
}

char *pen_shortfall__say(const struct pen_shortfall_way *way, char out[PEN_SHORTFALL_ROOM])
{
	char from[8], until[8], pension[8], yuan[24], amount[64] = "";

	pen_date__format_month(way->from, from);
	if (way->until) {
		pen_date__format_month(way->until, until);
		pen_date__format_month(way->benefit_from, pension);
	}
	if (way->fen >= 0)
		snprintf(amount, sizeof(amount), _(", %s yuan"), pen_money__format(way->fen, yuan));
	switch (way->option) {
	case PEN_SHORTFALL_PAY_ON:
		snprintf(out, PEN_SHORTFALL_ROOM, _("to pay on until %s (%d months%s), with a pension from %s on"), until, way->months, amount, pension);
		break;
	case PEN_SHORTFALL_PAY_AT_ONCE:
		snprintf(out, PEN_SHORTFALL_ROOM, _("to pay the last %d months at once in %s%s"), way->months, from, amount);
		break;
	case PEN_SHORTFALL_TRANSFER:
		snprintf(out, PEN_SHORTFALL_ROOM, _("to move to the residents' scheme from %s on"), from);
		break;
	case PEN_SHORTFALL_END:
		snprintf(out, PEN_SHORTFALL_ROOM, _("on written request to end the relation from %s on and be paid the account%s"), from, amount);
		break;
	}
	return out;
}

char *pen_shortfall__say_all(const struct pen_shortfall *shortfall, char *out, size_t room)
{
	char one[PEN_SHORTFALL_ROOM];
	size_t i, n = 0;

	for (out[0] = '\0', i = 0; i < shortfall->ways && n < room; i++)
		n += (size_t)snprintf(out + n, room - n, "%s%s", i ? "; " : "", pen_shortfall__say(&shortfall->way[i], one));
	return out;
}
