#include "model/shape_account.h"
#include "base/date.h"
#include "base/error.h"
#include "model/months.h"

/* ------------------------------------------------------------ breakdowns -- */

/* The months that a line gives: a period of one year, a list, or both alike. `year`
 * is that of the period, 0 without one; a set of 0 is not told. */
struct told { int32_t set, year; };

/* The two months of a period, from two cells or from one; false: none is given,
 * or it is wrong by itself. */
static bool read_period(struct work *work, int32_t *from, int32_t *to, int *field)
{
	struct pen_value first = value_of(work, BREAKDOWN_FROM), last = value_of(work, BREAKDOWN_TO);
	struct pen_value both = value_of(work, BREAKDOWN_PERIOD);
	bool two = is_filled(work, BREAKDOWN_FROM) || is_filled(work, BREAKDOWN_TO);
	char found[8], shown[8];

	*field = two ? BREAKDOWN_FROM : BREAKDOWN_PERIOD;
	if (is_filled(work, BREAKDOWN_FROM) != is_filled(work, BREAKDOWN_TO)) {
		add(work, "field.required", is_filled(work, BREAKDOWN_FROM) ? BREAKDOWN_TO : BREAKDOWN_FROM, "",
		    _("a month: a period has a first and a last one"));
		return false;
	}
	*from = (int32_t)(two ? first.i : both.i / 1000000);
	*to = (int32_t)(two ? last.i : both.i % 1000000);
	if (!*from || !*to)
		return false;
	if (two && both.type == PEN_INTEGER && (both.i / 1000000 != *from || both.i % 1000000 != *to)) {
		add(work, "period.differs", BREAKDOWN_PERIOD, pen_date__format_month((int32_t)(both.i / 1000000), found),
		    pen_date__format_month(*from, shown));
		return false;
	}
	return true;
}

/* A period lies within one year and is not ahead: a longer one has a base for each
 * of its months, which nobody can guess. */
static struct told period_of(struct work *work)
{
	int32_t from, to, month = work->around->today / 100;
	char a[8], b[8], found[24], expected[64];
	struct told told = { 0 };
	int field;

	if (!read_period(work, &from, &to, &field))
		return told;
	told.year = from / 100;
	if (from / 100 == to / 100 && from <= to && to <= month) {
		told.set = pen_months__span(from % 100, to - from + 1);
		return told;
	}
	snprintf(found, sizeof(found), "%s – %s", pen_date__format_month(from, a), pen_date__format_month(to, b));
	if (to > month)
		snprintf(expected, sizeof(expected), _("months up to this one, %s"), pen_date__format_month(month, a));
	else
		snprintf(expected, sizeof(expected), "%s", to < from ? _("a last month that is not before the first") :
		    _("months of one year, each year with its own base"));
	add(work, "period.range", field, found, expected);
	return told;
}

/* Set by set: a list beside a period says the same. */
static struct told told_months(struct work *work)
{
	struct told told = period_of(work);
	struct pen_value list = value_of(work, BREAKDOWN_LIST);
	char found[32], expected[32];

	if (list.type != PEN_INTEGER)
		return told;
	if (told.set && told.set != (int32_t)list.i)
		add(work, "period.differs", BREAKDOWN_LIST, pen_months__format((int32_t)list.i, found),
		    pen_months__format(told.set, expected));
	else
		told.set = (int32_t)list.i;
	return told;
}

/* What stands beside a set that is told says the same. */
static void check_told(struct work *work, int32_t set)
{
	struct pen_value count = value_of(work, BREAKDOWN_MONTHS), first = value_of(work, BREAKDOWN_FIRST);
	char found[24], expected[64], months[32];
	int begin = 1;

	while (!(set & 1 << (begin - 1)))
		begin++;
	if (count.type == PEN_INTEGER && count.i != pen_months__count(set)) {
		snprintf(found, sizeof(found), "%lld", (long long)count.i);
		snprintf(expected, sizeof(expected), _("%d, which the months %s are"), pen_months__count(set),
		    pen_months__format(set, months));
		add(work, "period.differs", BREAKDOWN_MONTHS, found, expected);
	}
	if (first.type == PEN_INTEGER && first.i != begin) {
		snprintf(found, sizeof(found), "%lld", (long long)first.i);
		snprintf(expected, sizeof(expected), "%d", begin);
		add(work, "period.differs", BREAKDOWN_FIRST, found, expected);
	}
}

/* A first month makes the set known, and so do twelve months. Without one the
 * months are assumed to begin in January, or in the month in which the person
 * came in that year. */
static void count_months(struct work *work, int64_t year)
{
	struct pen_value count = value_of(work, BREAKDOWN_MONTHS), first = value_of(work, BREAKDOWN_FIRST);
	const struct pen_person_facts *person = work->out->person;
	bool told = first.type == PEN_INTEGER;
	bool known = told || (count.type == PEN_INTEGER && count.i == 12);
	int start = 1, n;
	int32_t months;
	char found[64];

	if (person && person->insured_on / 10000 == year && year)
		start = person->insured_on / 100 % 100;
	work->out->first_month = start;
	set_number(work, PEN_CONTRIBUTION_MONTHS_ASSUMED, !known);
	if (count.type != PEN_INTEGER)
		return;
	/* Whatever the form allows: 0 and 13 stand for all that cannot be. */
	n = count.i < 1 ? 0 : count.i > 12 ? 13 : (int)count.i;
	if (known)
		start = !told ? 1 : first.i < 1 || first.i > 12 ? 13 : (int)first.i;
	months = known ? pen_months__span(start, n) : pen_months__lay(start, n, 0);
	if (months) {
		set_number(work, PEN_CONTRIBUTION_MONTHS, months);
		return;
	}
	if (known)
		snprintf(found, sizeof(found), _("%lld months from month %lld"), (long long)count.i, (long long)first.i);
	else
		snprintf(found, sizeof(found), _("%lld months"), (long long)count.i);
	add(work, "month.range", known ? BREAKDOWN_FIRST : BREAKDOWN_MONTHS, found,
	    _("months that end within the year"));
}

static void shape_months(struct work *work, const struct told *told, int64_t year)
{
	if (!told->set) {
		count_months(work, year);
		return;
	}
	check_told(work, told->set);
	work->out->first_month = 1;
	set_number(work, PEN_CONTRIBUTION_MONTHS_ASSUMED, 0);
	set_number(work, PEN_CONTRIBUTION_MONTHS, told->set);
}

/* A kind that is said, else a refund if what stands there is negative. Refunds are
 * stored negative, whether they come so or flagged. */
static int64_t shape_kind(struct work *work, struct pen_value *unit, struct pen_value *personal)
{
	struct pen_value told = pen_shape_work__number(work, BREAKDOWN_KIND);
	int64_t kind = told.type == PEN_INTEGER ? told.i : PEN_NORMAL;

	if (told.type == PEN_NULL && !is_filled(work, BREAKDOWN_KIND) && unit->i <= 0 && personal->i <= 0 &&
	    (unit->i < 0 || personal->i < 0))
		kind = PEN_REFUND;
	if (kind == PEN_REFUND && unit->i >= 0 && personal->i >= 0) {
		unit->i = -unit->i;
		personal->i = -personal->i;
	}
	set_number(work, PEN_CONTRIBUTION_KIND, kind);
	return kind;
}

/* The year of the folio, and the one that the money is for where that is another:
 * of arrears, adjustments and refunds alone. */
static int64_t shape_year(struct work *work, const struct told *told, bool normal)
{
	struct pen_value given = value_of(work, BREAKDOWN_YEAR), meant = value_of(work, BREAKDOWN_FOR_YEAR);
	int64_t year = given.type == PEN_INTEGER ? given.i : told->year;
	int64_t for_year = meant.type == PEN_INTEGER ? meant.i : told->year ? told->year : year;
	char found[24], expected[24];

	if (told->year && for_year != told->year) {
		snprintf(found, sizeof(found), "%lld", (long long)for_year);
		snprintf(expected, sizeof(expected), "%d", (int)told->year);
		add(work, "period.differs", BREAKDOWN_FOR_YEAR, found, expected);
	} else if (normal && year && for_year != year) {
		snprintf(found, sizeof(found), "%lld", (long long)year);
		snprintf(expected, sizeof(expected), "%lld", (long long)for_year);
		add(work, "period.differs", BREAKDOWN_YEAR, found, expected);
	}
	if (for_year != year)
		set_number(work, PEN_CONTRIBUTION_FOR_YEAR, for_year);
	return year;
}

void pen_shape_account__breakdown(struct work *work)
{
	struct pen_value unit = value_of(work, BREAKDOWN_UNIT);
	struct pen_value personal = value_of(work, BREAKDOWN_PERSONAL);
	int64_t employer = pen_shape_work__employer(work, BREAKDOWN_CODE), kind, year;
	struct told told = told_months(work);

	kind = shape_kind(work, &unit, &personal);
	/* Of a kind that could not be read nobody knows what goes with it. */
	year = shape_year(work, &told, kind == PEN_NORMAL && !cell_of(work, BREAKDOWN_KIND)->rule);
	pen_shape_work__place(work, employer, year);
	pen_shape_work__person(work, BREAKDOWN_ID, BREAKDOWN_NAME);
	set_number(work, PEN_CONTRIBUTION_SEQUENCE, 0);	/* pen_rule__ordered numbers */
	set(work, PEN_CONTRIBUTION_BASE, value_of(work, BREAKDOWN_BASE));
	shape_months(work, &told, year);
	set(work, PEN_CONTRIBUTION_UNIT, unit);
	set(work, PEN_CONTRIBUTION_PERSONAL, personal);
	set(work, PEN_CONTRIBUTION_ARRIVED, value_of(work, BREAKDOWN_ARRIVED));
	set(work, PEN_CONTRIBUTION_VOUCHER, value_of(work, BREAKDOWN_VOUCHER));
	work->out->amount_fen = unit.i + personal.i;
}

/* ---------------------------------------------------------------- levies -- */

/* Remembers a levy row that has no finding. */
void pen_shape_account__claim_levy(struct work *work)
{
	if (!pen_shape_paid__add(work->shape->paid, &work->out->row))
		work->reference->failed = true;
}

/* A refund comes flagged, or negative, or both: it is stored as both. One that
 * is negative and flagged as a payment is neither, and the row rules say so. */
static int64_t shape_refund(struct work *work)
{
	struct pen_value amount = value_of(work, LEVY_AMOUNT), flag = pen_shape_work__number(work, LEVY_REFUND);
	bool refund = flag.type == PEN_INTEGER ? flag.i != 0 : amount.i < 0;

	if (refund && amount.i > 0)
		amount.i = -amount.i;
	set(work, PEN_LEVY_AMOUNT, amount);
	set_number(work, PEN_LEVY_REFUND, refund);
	return amount.i;
}

void pen_shape_account__levy(struct work *work)
{
	struct pen_value voucher = value_of(work, LEVY_VOUCHER), year = value_of(work, LEVY_YEAR);
	struct pen_value insurance = value_of(work, LEVY_INSURANCE);
	int64_t employer = pen_shape_work__employer(work, LEVY_CODE);
	struct pen_row *row = &work->out->row;
	char text[64];

	if (insurance.type == PEN_NULL)	/* no such column: only pension is delivered */
		insurance = pen_value__string(PEN_INSURANCE_PENSION, strlen(PEN_INSURANCE_PENSION));
	pen_shape_work__place(work, employer, year.i);
	set_number(work, PEN_SUBJECT, employer);
	set(work, PEN_LEVY_VOUCHER, voucher);
	set(work, PEN_LEVY_YEAR, year);
	set(work, PEN_LEVY_PAID_ON, value_of(work, LEVY_PAID_ON));
	work->out->amount_fen = shape_refund(work);
	set(work, PEN_LEVY_VOUCHER_KIND, value_of(work, LEVY_KIND));
	set(work, PEN_LEVY_INSURANCE, insurance);
	set_number(work, PEN_LEVY_LATE_FEE, pen_shape_work__number_or_zero(work, LEVY_LATE_FEE));
	if (!employer || voucher.type != PEN_STRING || year.type == PEN_NULL ||
	    row->v[PEN_LEVY_AMOUNT].type == PEN_NULL)
		return;
	if (pen_shape_paid__has(work->shape->paid, row) ||
	    work->reference->levy_known(work->reference->context, employer, row))
		add(work, "levy.repeated", LEVY_VOUCHER, pen_shape_work__text(&voucher, text, sizeof(text)),
		    _("a payment that is not there yet"));
}

/* -------------------------------------------------------------- openings -- */

/* An account is opened once, and not behind what is settled. */
static void check_account(struct work *work)
{
	struct pen_reference *reference = work->reference;
	const struct pen_person_facts *person = work->out->person;
	struct pen_value year = value_of(work, OPENING_YEAR);
	struct pen_account_facts facts = { 0 };
	char found[64], expected[160];

	if (!person || !reference->account)
		return;
	reference->account(reference->context, person->person, &facts);
	if (facts.opening) {
		snprintf(found, sizeof(found), _("an opening balance in folio %lld"), (long long)facts.opening);
		add(work, "opening.repeated", OPENING_ID, found, _("one for each person"));
	}
	if (facts.settlement && year.type == PEN_INTEGER && facts.settled >= year.i) {
		snprintf(found, sizeof(found), "%lld", (long long)year.i);
		snprintf(expected, sizeof(expected), _("an account that is not settled: folio %lld has its balance at the end of %lld"),
		    (long long)facts.settlement, (long long)facts.settled);
		add(work, "opening.settled", OPENING_YEAR, found, expected);
	}
}

void pen_shape_account__opening(struct work *work)
{
	int64_t sum = 0, fen;
	int i;

	pen_shape_work__person(work, OPENING_ID, OPENING_NAME);
	pen_shape_work__place(work, 0, pen_shape_work__number_or_zero(work, OPENING_YEAR));
	set(work, PEN_OPENING_YEAR, value_of(work, OPENING_YEAR));
	check_account(work);
	/* The four parts stand in the same order in the form and in the table. */
	for (i = 0; i < 4; i++) {
		fen = pen_shape_work__number_or_zero(work, OPENING_PARTS + i);
		set_number(work, PEN_OPENING_PERSONAL_PRINCIPAL + i, fen);
		sum += fen;
	}
	work->out->amount_fen = sum;
	set(work, PEN_OPENING_PAID_MONTHS, value_of(work, OPENING_MONTHS));
	set(work, PEN_OPENING_WAGE_INDEX, value_of(work, OPENING_INDEX));
}
