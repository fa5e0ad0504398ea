/* The pension of somebody who retires (国发〔2005〕38号 six, and what the provinces fill in):
 *   J = (C1 + W) / 2 * N * 1 %        basic, W = C2 * Z: to the fen, or exact (index.wage)
 *   G = account / divisor             account
 *   T                                 transitional, by transitional.method
 *   E                                 extra, by extra.method
 * Each part is rounded by itself, and the pension is the sum of the rounded parts (as all
 * official forms have it). N is years, by years.rounding: hundredths (43.08 for 517
 * months) or exact. Money is fen.
 *
 * transitional.method, per deemed year, and per year paid for before there were accounts
 * where transitional.until is in force:
 *   mean    (C1 + W) / 2 * N * rate   Sichuan, 川劳社发〔2006〕17号
 *   wage    W' * N * rate             Henan: W' = C2 * the index of its own, told or else Z
 *   base    C2 * N * Z * rate         Jilin
 *   none
 * extra.method:
 *   wage    W * rate * N              Sichuan
 *   mean    sum over the steps of (C1 + W) / 2 * years within it * its rate, each
 *           rounded by itself    Jilin; nothing for who paid for no more months than
 *           extra.paid-months
 *   none
 * A province without a method is refused for people with deemed years: parameter.missing.
 * While wage.base of a month is not published, wage.base-provisional stands in: the result
 * is provisional, and made again later. */
#ifndef PEN_MODEL_PENSION_H
#define PEN_MODEL_PENSION_H

#include "model/career.h"

/* What is reckoned here, in model/career and model/retiring, and the words of its trace. A
 * plan names it, so that whoever works it out again by others knows: one more for each
 * change that gives anybody another figure or another trace. */
#define PEN_PENSION_FORMULAS 1

/* What goes in. Told figures stand in for what would be looked up or worked out: those of
 * a form, or of a hypothetical case; 0 where none is. */
struct pen_pension_case {
	int32_t retired;		/* month */
	int age_months;
	int32_t paid_months, deemed_months;
	int32_t early_months;		/* of those paid: see model/career */
	int64_t index;			/* in 10^-index_decimals */
	int index_decimals;
	int64_t balance_fen;		/* of the account */
	int64_t told_index;		/* of the transitional pension, in 10^-index_decimals */
	int64_t told_wage_fen;		/* W' itself, as a form has it */
	int64_t told_indexed_fen;	/* W itself */
	int64_t told_extra_fen;		/* a local addition that a paper grants */
};

struct pen_pension {
	int64_t wage_base_1_fen, wage_base_2_fen, indexed_fen, divisor;	/* divisor: tenths of a month */
	int64_t basic_fen, account_fen, transitional_fen, extra_fen, pension_fen;
	bool provisional;		/* a wage base is not published yet */
};

/* PEN_REFUSED: a parameter is missing, or an age is beyond the table. trace may be NULL. */
enum pen_status pen_pension__of(const struct pen_pension_case *given, const struct pen_parameters *parameters,
    const char *area, struct pen_trace *trace, struct pen_pension *pension, struct pen_error *error);

#endif
