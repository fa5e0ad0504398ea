#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "model/kind.h"
#include "model/months.h"
#include "model/printer.h"
#include "store/closing.h"
#include "store/people.h"
#include "work/reading.h"
#include "store/settings.h"
#include "store/settling.h"

#include <inttypes.h>

/* An account on its way to the printer. */
struct holdings {
	struct pen_reading reading;
	struct pen_session *session;
	struct pen_store *store;
	struct pen_printer *printer;
	struct pen_someone who;
	int64_t rows, balance;
	struct pen_text basis;		/* of the row being printed */
	struct pen_balance before;	/* at the end of the year before */
	struct pen_parameters *parameters;
	struct pen_drawn drawn;		/* the pension of the year at hand */
	int k, through;			/* months before its first (or all), and all: 12, but of a closing */
};

/* The rate of a year is not published as far as it is shown: interest by another one is
 * worked out again when it is. */
static bool is_provisional(const struct holdings *work, int32_t year)
{
	return !pen_parameter__find(work->parameters, PEN_ACCOUNT_INTEREST, pen_store__identity(work->store)->agency,
	    NULL, year * 100 + 12);
}

/* One movement of an account, with what it was worked out from. */
static void print_row(struct holdings *work, const struct pen_account_place *place, const char *kind,
    struct pen_balance b, int32_t months, const int64_t *rate)
{
	int64_t total = 0;
	char set[32];

	pen_ledger__total(&b, &total);
	const struct pen_item row[] = {
		PEN_I_INT("year", "年度", place->year),
		PEN_I_TEXT("kind", "变动类型", kind),
		PEN_I_FEN("personal_principal_fen", "个人缴费本金", b.personal_principal_fen),
		PEN_I_FEN("personal_interest_fen", "个人缴费利息", b.personal_interest_fen),
		PEN_I_FEN("unit_principal_fen", "单位划转本金", b.unit_principal_fen),
		PEN_I_FEN("unit_interest_fen", "单位划转利息", b.unit_interest_fen),
		PEN_I_FEN("total_fen", "合计", total),
		PEN_I_TEXT("months", "缴费月份", months ? pen_months__format(months, set) : NULL),
		{ .key = "rate", .title = "记账利率", .type = PEN_ITEM_RATE, .i = rate ? *rate : 0, .null = !rate },
		{ .key = "provisional", .title = "暂行利率", .type = PEN_ITEM_FLAG, .i = rate && is_provisional(work, place->year), .null = !rate },
		PEN_I_TEXT("basis", "计算", work->basis.n ? work->basis.s : NULL),
		PEN_I_INT("folio", "表号", place->folio),
		PEN_I_FLAG("sealed", "封存", place->sealed),
	};

	pen_printer__row(work->printer, "movement", PEN_ITEMS(row));
	pen_text__clear(&work->basis);
	work->rows++;
}

static void print_columns(struct holdings *work)
{
	const struct pen_item columns[] = {
		PEN_I_INT("year", "年度", 0), PEN_I_TEXT("kind", "变动类型", NULL),
		PEN_I_FEN("personal_principal_fen", "个人缴费本金", 0), PEN_I_FEN("personal_interest_fen", "个人缴费利息", 0),
		PEN_I_FEN("unit_principal_fen", "单位划转本金", 0), PEN_I_FEN("unit_interest_fen", "单位划转利息", 0),
		PEN_I_FEN("total_fen", "合计", 0), PEN_I_TEXT("months", "缴费月份", NULL),
		PEN_I_RATE("rate", "记账利率", 0), PEN_I_FLAG("provisional", "暂行利率", 0), PEN_I_TEXT("basis", "计算", NULL),
		PEN_I_INT("folio", "表号", 0), PEN_I_FLAG("sealed", "封存", 0),
	};
	const struct pen_item head[] = {
		PEN_I_TEXT("id_number", "公民身份号码", work->who.id_number),
		PEN_I_TEXT("name", "姓名", work->who.name),
		PEN_I_INT("as_of", "截至记录", work->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", work->reading.time),
	};
	const struct pen_items row = PEN_ITEMS(columns);

	pen_printer__form(work->printer);
	pen_printer__open_table(work->printer, "account", "个人账户", &row);
	pen_printer__head(work->printer, PEN_ITEMS(head));
}

/* ------------------------------------------------------- the arithmetic -- */

static void add_rate(struct pen_text *text, int64_t rate)
{
	const struct pen_value value = pen_value__integer(rate);
	char shown[32];

	pen_text__puts(text, pen_kind__show(pen_kind__of(PEN_KIND_MOVEMENT), PEN_MOVEMENT_RATE, &value, shown, sizeof(shown)));
}

/* k months of twelve count, in a year in which a pension begins or the account is closed. */
static void add_part(struct pen_text *text, int k)
{
	if (k < 12)
		pen_text__printf(text, " x %d / 12", k);
}

static void explain(struct holdings *work, const struct pen_balance *balance, int64_t rate, int k)
{
	int64_t total = 0;
	char yuan[24];

	pen_ledger__total(balance, &total);
	pen_text__printf(&work->basis, "%s x ", pen_money__format(total, yuan));
	add_rate(&work->basis, rate);
	add_part(&work->basis, k);
}

/* The terms of the month products: amount x weight / months. They are those of
 * crediting by period if that gives the months that were credited, else those of
 * crediting by arrival. */
static enum pen_status add_terms(struct holdings *work, int64_t folio, int32_t year, bool by_arrival,
    struct pen_text *text, int32_t *months, struct pen_error *error)
{
	int64_t unarrived = 0, outside = 0;
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	struct pen_credit credit;
	enum pen_status status;
	char yuan[24];

	status = pen_ledger__open(&rows, work->store, pen_kind__of(PEN_KIND_CONTRIBUTION), folio, work->who.person,
	    work->reading.as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		credit = pen_settling__credit(row, year, by_arrival, &unarrived, &outside);
		*months |= credit.months;
		pen_text__printf(text, "%s%s x %d/%d", text->n ? " + " : "", pen_money__format(credit.personal_fen, yuan),
		    pen_account__weight(credit.months, work->k), pen_months__count(credit.months));
	}
	pen_ledger__close(rows);
	return status;
}

static enum pen_status explain_year(struct holdings *work, const struct pen_account_stand *stand, struct pen_error *error)
{
	struct pen_text terms = { 0 };
	enum pen_status status;
	int64_t *folios;
	int32_t months;
	size_t count, i;
	int arrival;

	status = pen_ledger__contributed(work->store, work->who.person, stand->place.year, work->reading.as_of,
	    &folios, &count, error);
	for (arrival = 0; status == PEN_OK && arrival < 2; arrival++) {
		pen_text__clear(&terms);
		months = 0;
		for (i = 0; status == PEN_OK && i < count; i++)
			status = add_terms(work, folios[i], stand->place.year, arrival, &terms, &months, error);
		if (months == stand->months)
			break;
	}
	if (status == PEN_OK && terms.n) {
		pen_text__printf(&work->basis, "(%s) x ", terms.s);
		add_rate(&work->basis, stand->year.rate);
		pen_text__puts(&work->basis, " / 12");
	}
	pen_memory__free(folios);
	pen_text__free(&terms);
	return status;
}

/* ---------------------------------------------------------- the pension -- */

/* How many months of the year a closing reaches to, by its plan. */
static enum pen_status read_closing(struct holdings *work, const struct pen_account_place *place, struct pen_error *error)
{
	struct pen_closing closing;
	struct pen_folio folio;
	struct pen_batch batch;
	bool found = false, is = false;
	enum pen_status status = pen_folio__find(work->store, place->folio, &folio, &found, error);

	if (status == PEN_OK && found)
		status = pen_batch__find(work->store, folio.batch, &batch, &found, error);
	if (status != PEN_OK || !found)
		return status;
	pen_closing__start(&closing, work->session);
	status = pen_closing__read_plan(&closing, &batch, &is, error);
	if (status == PEN_OK && is)
		work->through = closing.happened_on / 100 % 100 % 12;
	pen_closing__free(&closing);
	return status;
}

static enum pen_status read_pension(struct holdings *work, const struct pen_account_stand *stand,
    const struct pen_drawn_person **pension, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	*pension = NULL;
	work->through = 12;
	pen_drawn__free(&work->drawn);
	if (stand->place.closed)
		status = read_closing(work, &stand->place, error);
	work->k = work->through;
	if (status != PEN_OK || !stand->pensioner)
		return status;
	status = pen_drawn__read(&work->drawn, work->store, stand->place.year, work->who.person, work->reading.as_of, error);
	if (status == PEN_OK)
		*pension = pen_drawn__find(&work->drawn, work->who.person);
	if (*pension && (*pension)->pension.from < work->k)
		work->k = (*pension)->pension.from;
	return status;
}

/* What of each month's pension the account paid, out of what was in it, and for how many
 * months (weighted) that was not there: months of one amount together. */
static void add_pensions(struct pen_text *text, const int64_t paid[13], int through, bool weighted)
{
	int month, first, weight;
	char yuan[24];

	for (first = 0; first <= through; first = month) {
		for (weight = 0, month = first; month <= through && paid[month] == paid[first]; month++)
			weight += weighted ? through - month : 1;
		if (paid[first] && weighted && weight)
			pen_text__printf(text, " - %s x %d", pen_money__format(paid[first], yuan), weight);
		else if (paid[first] && !weighted)
			pen_text__printf(text, "%s%s x %d", text->n ? " + " : "", pen_money__format(paid[first], yuan), weight);
	}
}

/* What the account paid by month, of what was there, and late. */
static bool find_paid(const struct holdings *work, const struct pen_drawn_person *pension, int64_t there, int64_t taken, int64_t paid[13])
{
	int month;

	if (!pension || !pen_account__pays(&pension->pension, work->through, there, paid))
		return false;
	paid[work->through] = -taken;
	for (month = 0; month < work->through; month++)
		paid[work->through] -= paid[month];
	return true;
}

/* The pension and the interest from its first month on: (B (12 - k) - Mp) r / 12. */
static void print_pension(struct holdings *work, const struct pen_account_stand *stand, const struct pen_drawn_person *pension)
{
	const struct pen_account_year *year = &stand->year;
	int64_t paid[13] = { 0 }, there = 0, before = 0, taken = 0;
	char yuan[24];

	pen_ledger__total(&work->before, &before);
	pen_ledger__total(&year->pension, &taken);
	pen_ledger__total(&year->merged, &there);
	there += before + year->interest_merge_personal_fen + year->interest_merge_unit_fen + year->credit_personal_fen + year->credit_unit_fen + year->interest_opening_personal_fen +
	    year->interest_opening_unit_fen + year->interest_year_personal_fen + year->interest_year_unit_fen;
	if (find_paid(work, pension, there, taken, paid))
		add_pensions(&work->basis, paid, work->through, false);
	if (stand->pension_months || taken)
		print_row(work, &stand->place, "pension", year->pension, stand->pension_months, NULL);
	if (pension) {
		pen_text__printf(&work->basis, "(%s x %d", pen_money__format(there, yuan), work->through - work->k);
		add_pensions(&work->basis, paid, work->through, true);
		pen_text__puts(&work->basis, ") x ");
		add_rate(&work->basis, year->rate);
		pen_text__puts(&work->basis, " / 12");
	}
	print_row(work, &stand->place, "interest-pension", (struct pen_balance){
		.personal_interest_fen = year->interest_pension_personal_fen,
		.unit_interest_fen = year->interest_pension_unit_fen
	}, stand->pension_months, &year->rate);
}

/* ---------------------------------------------------------------- years -- */

static enum pen_status print_settled(struct holdings *work, const struct pen_account_stand *stand, bool goes_on,
    struct pen_error *error)
{
	const struct pen_account_year *year = &stand->year;
	const struct pen_drawn_person *pension;
	bool paid_over = stand->place.closed && stand->merged && !stand->paid_out;	/* into another account */
	enum pen_status status = read_pension(work, stand, &pension, error);

	if (status != PEN_OK)
		return status;
	if (stand->months)
		print_row(work, &stand->place, "credit", (struct pen_balance){
			.personal_principal_fen = year->credit_personal_fen, .unit_principal_fen = year->credit_unit_fen
		}, stand->months, NULL);
	if (stand->merged)
		print_row(work, &stand->place, "merge", year->merged, 0, NULL);
	if (goes_on && work->k && !paid_over) {
		explain(work, &work->before, year->rate, work->k);
		print_row(work, &stand->place, "interest-opening", (struct pen_balance){
			.personal_interest_fen = year->interest_opening_personal_fen,
			.unit_interest_fen = year->interest_opening_unit_fen
		}, 0, &year->rate);
	}
	if (stand->merged && work->k && !paid_over) {
		explain(work, &year->merged, year->rate, work->k);
		print_row(work, &stand->place, "interest-merge", (struct pen_balance){
			.personal_interest_fen = year->interest_merge_personal_fen,
			.unit_interest_fen = year->interest_merge_unit_fen
		}, 0, &year->rate);
	}
	if (stand->months && work->k) {
		status = explain_year(work, stand, error);
		if (status != PEN_OK)
			return status;
		print_row(work, &stand->place, "interest-year", (struct pen_balance){
			.personal_interest_fen = year->interest_year_personal_fen,
			.unit_interest_fen = year->interest_year_unit_fen
		}, stand->months, &year->rate);
	}
	if (stand->pensioner)
		print_pension(work, stand, pension);
	if (stand->place.closed && !paid_over)
		print_row(work, &stand->place, "payout", stand->payout, 0, NULL);
	print_row(work, &stand->place, "balance", year->closing, 0, NULL);
	return PEN_OK;
}

static enum pen_status print_years(struct holdings *work, struct pen_error *error)
{
	struct pen_account_place *places;
	struct pen_account_stand stand;
	enum pen_status status;
	size_t count, i;

	status = pen_places__of_person(work->store, work->who.person, work->reading.as_of, &places, &count, error);
	if (status != PEN_OK)
		return status;
	print_columns(work);
	for (i = 0; status == PEN_OK && i < count; i++) {
		status = pen_ledger__stand(work->store, &places[i], work->reading.as_of, &stand, error);
		if (status == PEN_OK && places[i].opening)
			print_row(work, &places[i], "opening", stand.year.closing, 0, NULL);
		else if (status == PEN_OK)
			status = print_settled(work, &stand, i > 0 && places[i - 1].year == places[i].year - 1, error);
		work->before = stand.year.closing;
	}
	pen_memory__free(places);
	if (status != PEN_OK)
		return status;
	pen_ledger__total(&work->before, &work->balance);
	const struct pen_item summary[] = {
		PEN_I_INT("rows", "行数", work->rows),
		PEN_I_FEN("balance_fen", "储存额", work->balance),
	};
	pen_printer__close_table(work->printer, PEN_ITEMS(summary), PEN_OK);
	return work->basis.failed ? pen_error__memory(error) : PEN_OK;
}

enum pen_status pen_holdings_show(struct pen_session *session, const char *person, const char *as_of,
    struct pen_printer *printer, struct pen_error *error)
{
	struct holdings work = { .session = session, .store = session->store, .printer = printer };
	enum pen_status status;
	char subject[64], digest[PEN_DIGEST_HEX];

	status = pen_reading__open(&work.reading, session, as_of, error);
	if (status == PEN_OK)
		status = pen_people__person(work.store, person, work.reading.as_of, &work.who, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "account person %" PRId64, work.who.person);
	status = pen_reading__begin(&work.reading, subject, error);
	if (status == PEN_OK)
		status = pen_settings__parameters(work.store, work.reading.as_of, &work.parameters, digest, error);
	if (status == PEN_OK)
		status = print_years(&work, error);
	pen_parameter__free(work.parameters);
	pen_text__free(&work.basis);
	pen_drawn__free(&work.drawn);
	return status == PEN_OK ? pen_reading__end(&work.reading, work.rows, error) : status;
}
