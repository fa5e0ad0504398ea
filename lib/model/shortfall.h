/* What the law leaves open to whoever reaches the age with too few months (社会保险法 art.
 * 16, 人社部令第13号 art. 2 and 3, 国务院办法 of 2024 art. 2): to pay on until they are
 * enough; for whoever was insured before 2011-07-01 and is short still five years behind
 * the age, to pay the rest at once; to move to the residents' scheme; or to end the
 * relation and be paid the account. Months are yyyymm, money is fen. */
#ifndef PEN_MODEL_SHORTFALL_H
#define PEN_MODEL_SHORTFALL_H

#include "model/retiring.h"

enum pen_shortfall_option { PEN_SHORTFALL_PAY_ON, PEN_SHORTFALL_PAY_AT_ONCE, PEN_SHORTFALL_TRANSFER, PEN_SHORTFALL_END };
#define PEN_SHORTFALL_WAYS 4

/* from: the first month in which it is open. Of the ways that lead to a pension: so many
 * months are paid for, the last is `until`, the minimum is then `least`, and the pension is
 * from benefit_from; 0 for the others. fen: what is paid, or paid out; -1: not known. */
struct pen_shortfall_way {
	enum pen_shortfall_option option;
	int32_t from, until, benefit_from;
	int months;
	int64_t least, fen;
};

struct pen_shortfall {
	int64_t least, missing;		/* in the month that was asked for */
	struct pen_shortfall_way way[PEN_SHORTFALL_WAYS];
	size_t ways;			/* 0: nothing is missing */
};

/* `have` are months paid and deemed up to the month `retired`, that one included. */
struct pen_shortfall_case {
	struct pen_retiring_ages ages;
	int32_t retired, insured;	/* insured 0: since when is not told */
	int64_t have;
	int64_t base_fen;		/* a base that is supposed, for all the months to come; 0: none */
	int64_t balance_fen;		/* of the account; -1: not known */
};

/* Who pays on pays both parts, at the rates of flexible payers, each rounded half up to the
 * fen every month. PEN_REFUSED, parameter.missing: a minimum, or a rate where a base is
 * supposed. PEN_INPUT, benefit.range. */
enum pen_status pen_shortfall__of(const struct pen_shortfall_case *given, const struct pen_parameters *parameters,
    const char *area, struct pen_shortfall *shortfall, struct pen_error *error);

const char *pen_shortfall__name(enum pen_shortfall_option option);	/* pay-on, pay-at-once, transfer, end */
const char *pen_shortfall__law(enum pen_shortfall_option option);
#define PEN_SHORTFALL_ROOM 256
/* For people, as part of a sentence: "to pay on until 2027-03 (26 months)". Returns out. */
char *pen_shortfall__say(const struct pen_shortfall_way *way, char out[PEN_SHORTFALL_ROOM]);
/* All of them, one behind the other; cut to `room`. Returns out. */
char *pen_shortfall__say_all(const struct pen_shortfall *shortfall, char *out, size_t room);

#endif
