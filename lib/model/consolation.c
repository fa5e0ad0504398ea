#include "model/consolation.h"
#include "base/date.h"
#include "base/error.h"
#include "base/money.h"

#define SINCE 202109
#define LEAST (9 * 12)		/* of those who drew a pension */
#define MOST (24 * 12)

/* In twelfths of a month: whole months below fifteen years, beyond them one more for each
 * year, counted to the month. */
static int32_t of_service(int32_t paid)
{
	if (paid < 5 * 12)
		return 3 * 12;
	if (paid < 10 * 12)
		return 6 * 12;
	if (paid <= 15 * 12)
		return 9 * 12;
	return 9 * 12 + (paid - 15 * 12) > MOST ? MOST : 9 * 12 + (paid - 15 * 12);
}

/* One month less for each year drawn, to the month, and nine at least. */
static int32_t twelfths_of(const struct pen_consolation_case *given)
{
	int32_t twelfths = of_service(given->paid_months);

	if (given->drawn_months < 0)
		return twelfths;
	twelfths -= given->drawn_months;
	return twelfths > LEAST ? twelfths : LEAST;
}

/* The income: fen of a month times `times`. */
static enum pen_status income(const struct pen_consolation_case *given, const struct pen_parameters *parameters, const char *area,
    const struct pen_parameter **found, int64_t *times, struct pen_error *error)
{
	int32_t before = (given->died / 100 - 1) * 100 + 12;

	*times = 12;
	*found = pen_parameter__find(parameters, PEN_CONSOLATION_YEAR, area, NULL, before);
	if (*found)
		return PEN_OK;
	*times = 1;
	return pen_parameter__need(parameters, PEN_CONSOLATION_MONTH, area, NULL, before, found, error);
}

static void trace_it(struct pen_trace *trace, const struct pen_consolation *out, const char *base)
{
	char with[128], months[32], value[24];

	snprintf(with, sizeof(with), "%s * 2", base);
	pen_trace__formula(trace, "funeral", "monthly income * 2", with, "half up, fen", pen_money__format(out->funeral_fen, value));
	snprintf(months, sizeof(months), "%d/12", out->twelfths);
	snprintf(with, sizeof(with), "%s * %s", base, months);
	pen_trace__formula(trace, "consolation", "monthly income * months", with, "half up, fen", pen_money__format(out->consolation_fen, value));
}

enum pen_status pen_consolation__of(const struct pen_consolation_case *given, const struct pen_parameters *parameters,
    const char *area, struct pen_trace *trace, struct pen_consolation *out, struct pen_error *error)
{
	const struct pen_parameter *base;
	int64_t times;
	char text[64], month[8];
	enum pen_status status;

	*out = (struct pen_consolation){ .twelfths = twelfths_of(given) };
	if (given->died < SINCE)
		return pen_error__refuse(error, "R4.3.1d", "consolation.before",
		    _("a death in %s is before 2021-09, when 人社部发〔2021〕18号 came into force: what was paid then is not worked out here"),
		    pen_date__format_month(given->died, month));
	status = income(given, parameters, area, &base, &times, error);
	if (status != PEN_OK)
		return status;
	if (!pen_money__scale(base->value, 2, times, &out->funeral_fen) ||
	    !pen_money__scale(base->value, out->twelfths, 12 * times, &out->consolation_fen))
		return pen_error__set(error, PEN_INPUT, "benefit.range", _("parameter %s is beyond the range of amounts"), base->name);
	if (!trace)
		return PEN_OK;
	pen_trace__parameter(trace, base, (given->died / 100 - 1) * 100 + 12);
	snprintf(text, sizeof(text), times == 12 ? "%s / 12" : "%s", base->text);
	trace_it(trace, out, text);
	return PEN_OK;
}
