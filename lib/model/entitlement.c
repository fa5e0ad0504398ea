#include "model/entitlement.h"
#include "base/date.h"
#include "base/error.h"
#include "base/money.h"

/* Months counted from year 0, so that they can be reckoned with. */
static int32_t count_of(int32_t month)
{
	return month / 100 * 12 + month % 100 - 1;
}

int32_t pen_entitlement__later(int32_t month, int32_t months)
{
	int32_t count = count_of(month) + months;
	int32_t later = count / 12 * 100 + count % 12 + 1;

	return pen_date__valid_month(month) && pen_date__valid_month(later) ? later : 0;
}

/* The last that was decided goes before what was decided earlier. */
enum pen_entitlement_state pen_entitlement__state(const struct pen_entitlement *entitlement, int32_t month)
{
	size_t i;

	for (i = entitlement->changes; i > 0; i--)
		if (entitlement->change[i - 1].month <= month)
			return entitlement->change[i - 1].state;
	return PEN_ENTITLEMENT_PAID;
}

static enum pen_status out_of_range(struct pen_error *error)
{
	return pen_error__set(error, PEN_INPUT, "benefit.range",
	    _("the pension does not fit the range of amounts: look for a wrong part of it, or a wrong adjustment"));
}

/* As if nothing were stopped. */
static enum pen_status full_month(const struct pen_entitlement *e, int32_t month, struct pen_entitlement_month *due,
    struct pen_error *error)
{
	bool fits;
	size_t i;

	*due = (struct pen_entitlement_month){ .parts = e->parts };
	fits = pen_money__add(e->parts.basic_fen, e->parts.account_fen, &due->total_fen) &&
	    pen_money__add(due->total_fen, e->parts.transitional_fen, &due->total_fen) &&
	    pen_money__add(due->total_fen, e->parts.extra_fen, &due->total_fen);
	for (i = 0; fits && i < e->increases; i++)
		if (e->increase[i].month <= month)
			fits = pen_money__add(due->adjustment_fen, e->increase[i].fen, &due->adjustment_fen);
	fits = fits && pen_money__add(due->total_fen, due->adjustment_fen, &due->total_fen);
	return fits ? PEN_OK : out_of_range(error);
}

enum pen_status pen_entitlement__month(const struct pen_entitlement *entitlement, int32_t month,
    struct pen_entitlement_month *due, struct pen_error *error)
{
	*due = (struct pen_entitlement_month){ .total_fen = 0 };
	if (month < entitlement->since || pen_entitlement__state(entitlement, month) != PEN_ENTITLEMENT_PAID)
		return PEN_OK;
	return full_month(entitlement, month, due, error);
}

/* The first month after `month` in which something is another than in it; the one after
 * `through` if nothing is. */
static int32_t next_turn(const struct pen_entitlement *e, int32_t month, int32_t through)
{
	int32_t next = pen_entitlement__later(through, 1);
	size_t i;

	for (i = 0; i < e->increases; i++)
		if (e->increase[i].month > month && e->increase[i].month < next)
			next = e->increase[i].month;
	for (i = 0; i < e->changes; i++)
		if (e->change[i].month > month && e->change[i].month < next)
			next = e->change[i].month;
	return next;
}

static bool add_months(int64_t *sum, int64_t fen, int32_t months)
{
	int64_t all;

	return pen_money__scale(fen, months, 1, &all) && pen_money__add(*sum, all, sum);
}

/* From turn to turn, between which one month is as the other. */
enum pen_status pen_entitlement__total(const struct pen_entitlement *entitlement, int32_t through, int64_t *total_fen,
    int64_t *account_fen, struct pen_error *error)
{
	struct pen_entitlement_month due;
	int32_t month = entitlement->since, next, months;
	enum pen_status status = PEN_OK;

	*total_fen = *account_fen = 0;
	while (status == PEN_OK && month && month <= through) {
		next = next_turn(entitlement, month, through);
		if (!next)
			return out_of_range(error);
		status = pen_entitlement__month(entitlement, month, &due, error);
		months = count_of(next) - count_of(month);
		if (status == PEN_OK && (!add_months(total_fen, due.total_fen, months) ||
		    !add_months(account_fen, due.parts.account_fen, months)))
			return out_of_range(error);
		month = next;
	}
	return status;
}

int64_t pen_entitlement__once(const struct pen_entitlement *entitlement)
{
	const struct pen_entitlement_change *last;

	if (!entitlement->changes)
		return 0;
	last = &entitlement->change[entitlement->changes - 1];
	return last->state == PEN_ENTITLEMENT_ENDED ? last->once_fen : 0;
}
