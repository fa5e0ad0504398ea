/* Account arithmetic: one person, one year, by the month-product method of
 * 劳办发〔1997〕116号 (rules.md section 4):
 *   S1 = S0(1 + r) + A + M r / 12,  M = sum over the months n credited of a_n (13 - n)
 * Interest on the opening balance and on the year's credits is rounded half up
 * to fen once a year, for the personal and the unit part apart. */
#ifndef PEN_MODEL_ACCOUNT_H
#define PEN_MODEL_ACCOUNT_H

#include "pen.h"

struct pen_balance {
	int64_t personal_principal_fen, personal_interest_fen;
	int64_t unit_principal_fen, unit_interest_fen;
};

/* One credit: an amount spread evenly over its months (not rounded: the weights
 * are exact), or the whole of it in the month of arrival. */
struct pen_credit { int64_t personal_fen, unit_fen; int32_t months; };

struct pen_account_year {
	struct pen_balance opening;
	int64_t rate;				/* millionths */
	int64_t credit_personal_fen, credit_unit_fen;	/* A */
	int64_t interest_opening_personal_fen, interest_opening_unit_fen;
	int64_t interest_year_personal_fen, interest_year_unit_fen;
	/* Of another account of the same person, merged into this one at the turn of the year:
	 * it earns as the opening does, rounded by itself. */
	struct pen_balance merged;
	int64_t interest_merge_personal_fen, interest_merge_unit_fen;
	/* Of a year in which a pension is paid from it: what that took (below 0), and the
	 * interest from the first month of the pension on, less the months' products of it. */
	struct pen_balance pension;
	int64_t interest_pension_personal_fen, interest_pension_unit_fen;
	struct pen_balance closing;
};

/* What a pension takes out of the account in a year. */
struct pen_account_pension {
	int from;			/* months of the year before its first, 0 to 12 */
	int64_t fen[12];		/* by the month in which it is paid; below 0: taken back */
	int64_t late_fen;		/* paid after the end, of months up to it: earns and costs nothing */
};

/* Fills all of *year from opening, merged, rate and the credits. Fails only on
 * overflow: PEN_INPUT, "account.range". */
enum pen_status pen_account__settle(struct pen_account_year *year, const struct pen_credit *credits,
    size_t count, struct pen_error *error);

/* The same up to the end of a month (0 to 12), for a year that somebody retires in or
 * an account is closed in: what stood before earns r k/12 for the k months, a credit of
 * month n earns k - n + 1 months, one of a later month none: it counts as it is. */
enum pen_status pen_account__until(struct pen_account_year *year, int months, const struct pen_credit *credits,
    size_t count, struct pen_error *error);
/* The same of a year in which a pension is paid: up to its first month as above, for
 * k = pension->from; from then on what there is earns
 *   I = (B (months - k) - Mp) r / 12,  Mp = sum over the months n of p_n (months + 1 - n)
 * rounded once for each part, and B - P + I is left. Mp and P are shared by the parts as B
 * is made up: Mp by personal and unit, P by all four. The account pays as long as there
 * is something in it, interest of the year apart; the pooled fund pays the rest. What was
 * credited for a month after k earns from that month on. */
enum pen_status pen_account__paid(struct pen_account_year *year, const struct pen_account_pension *pension, int months,
    const struct pen_credit *credits, size_t count, struct pen_error *error);

/* What of a pension the account pays, `left` being in it at the beginning: month by month,
 * and (paid[months]) late. What is taken back is first what it could not pay. False: beyond
 * the range of amounts. */
bool pen_account__pays(const struct pen_account_pension *pension, int months, int64_t left, int64_t paid[13]);

/* How many months a credit's months have earned by then, all together: its weight. */
int pen_account__weight(int32_t months_credited, int months);

#endif
