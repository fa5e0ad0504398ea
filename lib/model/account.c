#include "model/account.h"
#include "base/error.h"
#include "base/money.h"
#include "model/months.h"

/* The least number that 1 to 12 all divide: an amount spread over any count
 * of months is a whole number of these parts of a fen. */
#define PARTS 27720

/* What the credits of one part of the account come to. */
struct credited {
	int64_t sum;			/* A, in fen */
	__int128 product;		/* M, in 1/PARTS fen */
};

/* The sum of products times the rate stays within 128 bits. */
#define PRODUCT_MOST ((__int128)1 << 95)
#define RATE_MOST (100 * PEN_MILLION)

static bool credit(struct credited *part, int64_t fen, int32_t months, int weight)
{
	/* fen / count in each of the months: its share is exact in parts. */
	__int128 share = (__int128)fen * (PARTS / pen_months__count(months));

	part->product += share * weight;
	if (part->product > PRODUCT_MOST || part->product < -PRODUCT_MOST)
		return false;
	return pen_money__add(part->sum, fen, &part->sum);
}

/* round(M r / 12), the one rounding of the year's interest: half away from zero. */
static bool interest_of(__int128 product, int64_t rate, int64_t *fen)
{
	const __int128 divisor = (__int128)PARTS * 12 * PEN_MILLION;
	__int128 numerator = product * rate;
	__int128 size = numerator < 0 ? -numerator : numerator;
	__int128 result = size / divisor;

	if (size % divisor >= divisor / 2)	/* the divisor is even */
		result++;
	if (numerator < 0)
		result = -result;
	if (result > INT64_MAX || result < INT64_MIN)
		return false;
	*fen = (int64_t)result;
	return true;
}

int pen_account__weight(int32_t credited, int months)
{
	int32_t reached = credited & ((1 << months) - 1);

	return pen_months__weight(reached) - (12 - months) * pen_months__count(reached);
}

/* One part of the account: interest on all that was there, principal and
 * interest alike, and on what came in; then both are carried over. */
static bool settle_part(int64_t principal, int64_t interest, const struct credited *in, int64_t rate, int months,
    int64_t *on_opening, int64_t *on_year, int64_t *new_principal, int64_t *new_interest)
{
	int64_t total;

	return pen_money__add(principal, interest, &total) &&
	    pen_money__scale(total, rate * months, 12 * PEN_MILLION, on_opening) &&
	    interest_of(in->product, rate, on_year) &&
	    pen_money__add(principal, in->sum, new_principal) &&
	    pen_money__add(interest, *on_opening, new_interest) &&
	    pen_money__add(*new_interest, *on_year, new_interest);
}

enum pen_status pen_account__until(struct pen_account_year *year, int months, const struct pen_credit *credits,
    size_t count, struct pen_error *error)
{
	struct credited personal = { 0, 0 }, unit = { 0, 0 };
	size_t i;
	int weight;

	if (year->rate < 0 || year->rate > RATE_MOST)
		goto err0;
	for (i = 0; i < count; i++) {
		if (credits[i].months <= 0 || credits[i].months > PEN_MONTHS_ALL)
			goto err1;
		weight = pen_account__weight(credits[i].months, months);
		if (!credit(&personal, credits[i].personal_fen, credits[i].months, weight) ||
		    !credit(&unit, credits[i].unit_fen, credits[i].months, weight))
			goto err0;
	}
	year->credit_personal_fen = personal.sum;
	year->credit_unit_fen = unit.sum;
	if (!settle_part(year->opening.personal_principal_fen, year->opening.personal_interest_fen,
	    &personal, year->rate, months, &year->interest_opening_personal_fen, &year->interest_year_personal_fen,
	    &year->closing.personal_principal_fen, &year->closing.personal_interest_fen))
		goto err0;
	if (!settle_part(year->opening.unit_principal_fen, year->opening.unit_interest_fen,
	    &unit, year->rate, months, &year->interest_opening_unit_fen, &year->interest_year_unit_fen,
	    &year->closing.unit_principal_fen, &year->closing.unit_interest_fen))
		goto err0;
	return PEN_OK;

err1:
	return pen_error__set(error, PEN_INPUT, "account.range",
	    _("credit %zu of the year names no month of it (set %d, expected 1 to 4095): look at the contribution that it comes from"),
	    i + 1, (int)credits[i].months);
err0:
	return pen_error__set(error, PEN_INPUT, "account.range",
	    _("the account does not fit the range of amounts: look for a wrong opening balance, contribution or interest rate"));
}

enum pen_status pen_account__settle(struct pen_account_year *year, const struct pen_credit *credits,
    size_t count, struct pen_error *error)
{
	return pen_account__until(year, 12, credits, count, error);
}
