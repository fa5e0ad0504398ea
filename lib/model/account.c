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

/* What was merged: carried over with its interest, as the opening is. */
static bool merge_part(int64_t principal, int64_t interest, int64_t rate, int months, int64_t *earned,
    int64_t *new_principal, int64_t *new_interest)
{
	int64_t total;

	return pen_money__add(principal, interest, &total) && pen_money__scale(total, rate * months, 12 * PEN_MILLION, earned) &&
	    pen_money__add(*new_principal, principal, new_principal) && pen_money__add(*new_interest, interest, new_interest) &&
	    pen_money__add(*new_interest, *earned, new_interest);
}

static bool merge(struct pen_account_year *year, int months)
{
	const struct pen_balance *m = &year->merged;

	return merge_part(m->personal_principal_fen, m->personal_interest_fen, year->rate, months, &year->interest_merge_personal_fen,
	    &year->closing.personal_principal_fen, &year->closing.personal_interest_fen) &&
	    merge_part(m->unit_principal_fen, m->unit_interest_fen, year->rate, months, &year->interest_merge_unit_fen,
	    &year->closing.unit_principal_fen, &year->closing.unit_interest_fen);
}

static enum pen_status out_of_range(struct pen_error *error)
{
	return pen_error__set(error, PEN_INPUT, "account.range",
	    _("the account does not fit the range of amounts: look for a wrong opening balance, contribution or interest rate"));
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
	    &year->closing.unit_principal_fen, &year->closing.unit_interest_fen) || !merge(year, months))
		goto err0;
	return PEN_OK;

err1:
	return pen_error__set(error, PEN_INPUT, "account.range",
	    _("credit %zu of the year names no month of it (set %d, expected 1 to 4095): look at the contribution that it comes from"),
	    i + 1, (int)credits[i].months);
err0:
	return out_of_range(error);
}

/* --------------------------------------------------------- a pension -- */

static int lesser(int a, int b)
{
	return a < b ? a : b;
}

/* What the months after k of a credit, which stood there from k on, have not earned. */
static bool take_later(struct credited *part, int64_t fen, int32_t credited, int k, int months)
{
	__int128 share = (__int128)fen * (PARTS / pen_months__count(credited));
	int before, weight = 0;

	/* Of each month, so many before it in the year. */
	for (before = k; before < 12; before++)
		if (credited >> before & 1)
			weight += lesser(before, months) - k;
	part->product -= share * weight;
	return part->product <= PRODUCT_MOST && part->product >= -PRODUCT_MOST;
}

bool pen_account__pays(const struct pen_account_pension *pension, int months, int64_t left, int64_t paid[13])
{
	int64_t beyond = 0, fen;
	int month;

	for (month = 0; month <= months; month++) {
		if (!pen_money__add(beyond, month < months ? pension->fen[month] : pension->late_fen, &fen))
			return false;
		beyond = fen > left && fen > 0 ? fen - (left > 0 ? left : 0) : 0;
		paid[month] = fen - beyond;
		if (!pen_money__add(left, -paid[month], &left))
			return false;
	}
	return true;
}

/* What the account pays, and the sum of its products: for how many months it was not there. */
static bool draw(const struct pen_account_pension *pension, int months, int64_t left, int64_t *paid, __int128 *product)
{
	int64_t fen[13];
	int month;

	if (!pen_account__pays(pension, months, left, fen))
		return false;
	for (month = 0; month <= months; month++) {
		*product += (__int128)fen[month] * (months - month);
		if (!pen_money__add(*paid, fen[month], paid))
			return false;
	}
	return *product <= INT64_MAX && *product >= INT64_MIN;
}

/* Takes fen out of the four parts, as they make up the whole; to the fen. */
static bool share_out(const struct pen_balance *b, int64_t total, int64_t fen, struct pen_balance *taken)
{
	const int64_t parts[] = { b->personal_principal_fen, b->personal_interest_fen, b->unit_principal_fen };
	int64_t out[3] = { 0 }, sum = 0, given = 0, next;
	int i;

	if (total <= 0) {
		*taken = (struct pen_balance){ .personal_principal_fen = -fen };
		return true;
	}
	for (i = 0; i < 3; i++) {
		sum += parts[i];
		if (!pen_money__scale(fen, sum, total, &next))
			return false;
		out[i] = next - given;
		given = next;
	}
	*taken = (struct pen_balance){ -out[0], -out[1], -out[2], -(fen - given) };
	return true;
}

static bool earn(struct credited *part, int64_t fen, int months, int64_t drawn, int64_t rate, int64_t *interest)
{
	part->product += ((__int128)fen * months - drawn) * PARTS;
	return part->product <= PRODUCT_MOST && part->product >= -PRODUCT_MOST && interest_of(part->product, rate, interest);
}

/* The personal part's share of the products, as it is of the whole. */
static bool share_product(__int128 product, int64_t own, int64_t total, int64_t *of_own)
{
	*of_own = (int64_t)product;
	return total <= 0 || pen_money__scale((int64_t)product, own, total, of_own);
}

/* From the month of the pension on: what stood at the end of the month before it is in
 * year->closing; personal and unit have what credits have not earned. */
static bool go_on(struct pen_account_year *year, const struct pen_account_pension *pension, int months,
    struct credited *personal, struct credited *unit)
{
	struct pen_balance *b = &year->closing;
	int64_t own, other, total, of_own, paid = 0;
	int left = months - lesser(pension->from, months);
	__int128 product = 0;

	if (!pen_money__add(b->personal_principal_fen, b->personal_interest_fen, &own) ||
	    !pen_money__add(b->unit_principal_fen, b->unit_interest_fen, &other) || !pen_money__add(own, other, &total) ||
	    !draw(pension, months, total, &paid, &product) || !share_out(b, total, paid, &year->pension) ||
	    !share_product(product, own, total, &of_own))
		return false;
	return earn(personal, own, left, of_own, year->rate, &year->interest_pension_personal_fen) &&
	    earn(unit, other, left, (int64_t)product - of_own, year->rate, &year->interest_pension_unit_fen) &&
	    pen_money__add(b->personal_principal_fen, year->pension.personal_principal_fen, &b->personal_principal_fen) &&
	    pen_money__add(b->unit_principal_fen, year->pension.unit_principal_fen, &b->unit_principal_fen) &&
	    pen_money__add(b->personal_interest_fen, year->pension.personal_interest_fen, &b->personal_interest_fen) &&
	    pen_money__add(b->unit_interest_fen, year->pension.unit_interest_fen, &b->unit_interest_fen) &&
	    pen_money__add(b->personal_interest_fen, year->interest_pension_personal_fen, &b->personal_interest_fen) &&
	    pen_money__add(b->unit_interest_fen, year->interest_pension_unit_fen, &b->unit_interest_fen);
}

enum pen_status pen_account__paid(struct pen_account_year *year, const struct pen_account_pension *pension, int months,
    const struct pen_credit *credits, size_t count, struct pen_error *error)
{
	int k = lesser(pension->from, months);
	struct credited personal = { 0, 0 }, unit = { 0, 0 };
	enum pen_status status = pen_account__until(year, k, credits, count, error);
	bool fits = true;
	size_t i;

	if (status != PEN_OK)
		return status;
	for (i = 0; fits && i < count; i++)
		fits = take_later(&personal, credits[i].personal_fen, credits[i].months, k, months) &&
		    take_later(&unit, credits[i].unit_fen, credits[i].months, k, months);
	return fits && go_on(year, pension, months, &personal, &unit) ? PEN_OK : out_of_range(error);
}

enum pen_status pen_account__settle(struct pen_account_year *year, const struct pen_credit *credits,
    size_t count, struct pen_error *error)
{
	return pen_account__until(year, 12, credits, count, error);
}
