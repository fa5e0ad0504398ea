#include "base/error.h"
#include "base/memory.h"
#include "model/months.h"
#include "model/printer.h"
#include "store/batch.h"
#include "store/issues.h"
#include "store/people.h"
#include "work/reading.h"
#include "work/standing.h"

#include <inttypes.h>
#include <string.h>

/* One row of what was paid, with the items that show it. */
struct paid {
	char credit_code[32], months[32];
	struct pen_item item[7];
};

/* An employer of the year, and the folio that it paid in. */
struct payer { struct pen_business business; struct pen_folio folio; struct pen_item item[3]; };

/* A statement on its way. */
struct statement {
	struct pen_reading reading;
	struct pen_store *store;
	int32_t year;
	struct pen_someone who;
	struct payer *payer;
	size_t payers;
	struct paid *paid;
	size_t rows;
	int64_t personal;		/* the sum of what was paid by the person */
	struct pen_standing standing;
};

/* ------------------------------------------------- what has to be sealed -- */

/* The case whose new versions a folio holds; 0: none. They are sealed with it. */
static enum pen_status find_case(struct statement *work, const struct pen_folio *folio, int64_t *amendment, struct pen_error *error)
{
	struct pen_batch batch = { .amendment = 0 };
	bool found;
	enum pen_status status = pen_batch__find(work->store, folio->batch, &batch, &found, error);

	*amendment = status == PEN_OK && found ? batch.amendment : 0;
	return status;
}

static enum pen_status not_closed(struct statement *work, const struct pen_folio *folio, int64_t amendment, struct pen_error *error)
{
	struct pen_signer lead;

	if (pen_people__signer(work->store, folio->id, "lead", work->reading.as_of, &lead, error) != PEN_OK)
		return error->status;
	if (lead.staff[0])
		return pen_error__refuse(error, "R5.3.2", "statement.case",
		    _("case %" PRId64 " has changed what counts for %s (folio %" PRId64 "), and is checked but not closed: run pen-amend close %" PRId64 " as a lead"),
		    amendment, work->who.name, folio->id, amendment);
	return pen_error__refuse(error, "R5.3.2", "statement.case",
	    _("case %" PRId64 " has changed what counts for %s (folio %" PRId64 "), and is applied but not checked: run pen-amend check %" PRId64 " as a lead, then pen-amend close %" PRId64),
	    amendment, work->who.name, folio->id, amendment, amendment);
}

/* A folio that is not sealed: what is missing, and how to get it. */
static enum pen_status not_sealed(struct statement *work, const struct payer *payer, struct pen_error *error)
{
	const struct pen_folio *folio = &payer->folio;
	struct pen_signer operator, lead;
	int64_t amendment;

	if (find_case(work, folio, &amendment, error) != PEN_OK)
		return error->status;
	if (amendment)
		return not_closed(work, folio, amendment, error);
	if (pen_people__signer(work->store, folio->id, "operator", work->reading.as_of, &operator, error) != PEN_OK)
		return error->status;
	if (pen_people__signer(work->store, folio->id, "lead", work->reading.as_of, &lead, error) != PEN_OK)
		return error->status;
	if (lead.staff[0])
		return pen_error__refuse(error, "R4.2.3", "statement.sealed",
		    _("the %d breakdown of %s (folio %" PRId64 ") is signed but not sealed: run pen-seal close %" PRId64),
		    work->year, payer->business.name, folio->id, folio->batch);
	if (operator.staff[0])
		return pen_error__refuse(error, "R4.2.3", "statement.signed",
		    _("the lead has not signed the %d breakdown of %s (folio %" PRId64 "): run pen-seal sign %" PRId64 " as the lead, then pen-seal close"),
		    work->year, payer->business.name, folio->id, folio->batch);
	return pen_error__refuse(error, "R4.2.3", "statement.signed",
	    _("neither operator nor lead has signed the %d breakdown of %s (folio %" PRId64 "): when the employer has agreed (pen-seal acknowledge), run pen-seal sign %" PRId64 " as each of them, then pen-seal close"),
	    work->year, payer->business.name, folio->id, folio->batch);
}

/* ---------------------------------------------------------- what was paid -- */

static void take_row(struct statement *work, const struct payer *payer, const struct pen_row *row, struct paid *paid)
{
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;

	memcpy(paid->credit_code, payer->business.credit_code, sizeof(paid->credit_code));
	pen_months__format(months, paid->months);
	work->personal += row->v[PEN_CONTRIBUTION_PERSONAL].i;
	const struct pen_item items[] = {
		PEN_I_INT("folio", "表号", payer->folio.id),
		PEN_I_TEXT("credit_code", "统一社会信用代码", NULL),	/* set when the list is whole */
		PEN_I_FEN("base_fen", "缴费基数", row->v[PEN_CONTRIBUTION_BASE].i),
		PEN_I_INT("months", "缴费月数", pen_months__count(months)),
		PEN_I_TEXT("month_set", "缴费月份", NULL),
		PEN_I_FEN("unit_fen", "单位缴费", row->v[PEN_CONTRIBUTION_UNIT].i),
		PEN_I_FEN("personal_fen", "个人缴费", row->v[PEN_CONTRIBUTION_PERSONAL].i),
	};
	memcpy(paid->item, items, sizeof(items));
}

static enum pen_status read_rows(struct statement *work, const struct payer *payer, struct pen_error *error)
{
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	enum pen_status status;
	struct paid *list;

	status = pen_ledger__open(&rows, work->store, pen_kind__of(PEN_KIND_CONTRIBUTION), payer->folio.id,
	    work->who.person, work->reading.as_of, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		list = pen_memory__realloc(work->paid, work->rows + 1, sizeof(*list));
		if (!list) {
			status = pen_error__memory(error);
			break;
		}
		work->paid = list;
		take_row(work, payer, row, &list[work->rows++]);
	}
	pen_ledger__close(rows);
	return status;
}

static enum pen_status read_payer(struct statement *work, int64_t id, struct payer *payer, struct pen_error *error)
{
	enum pen_status status;
	bool found;

	status = pen_folio__find(work->store, id, &payer->folio, &found, error);
	if (status == PEN_OK)
		status = pen_people__business(work->store, payer->folio.employer, work->reading.as_of, &payer->business, error);
	if (status != PEN_OK)
		return status;
	if (payer->folio.sealed_at < 0 || payer->folio.sealed_at > work->reading.as_of)
		return not_sealed(work, payer, error);
	return read_rows(work, payer, error);
}

static enum pen_status read_paid(struct statement *work, struct pen_error *error)
{
	enum pen_status status;
	int64_t *folios;
	size_t i;

	status = pen_ledger__contributed(work->store, work->who.person, work->year, work->reading.as_of,
	    &folios, &work->payers, error);
	if (status != PEN_OK)
		return status;
	work->payer = pen_memory__calloc(work->payers + 1, sizeof(*work->payer));
	if (!work->payer)
		status = pen_error__memory(error);
	for (i = 0; status == PEN_OK && i < work->payers; i++)
		status = read_payer(work, folios[i], &work->payer[i], error);
	pen_memory__free(folios);
	return status;
}

/* ------------------------------------------------------------ the account -- */

/* Settled before something that counts came in: this year, or one that it rests
 * on; then all from that one on are to be settled again. */
static enum pen_status refuse_stale(struct statement *work, struct pen_error *error)
{
	int32_t year = work->standing.stale;
	char years[128] = "";
	size_t n = 0;

	if (year == work->year)
		return pen_error__refuse(error, "R4.2.3", "statement.stale",
		    _("%d was settled for %s before something that counts for it came in: run pen-account settle --year %d again (the years before it first)"),
		    work->year, work->who.name, work->year);
	for (; year <= work->year && n + 16 < sizeof(years); year++)
		n += (size_t)snprintf(years + n, sizeof(years) - n, "%s--year %d", n ? ", " : "", year);
	return pen_error__refuse(error, "R4.2.3", "statement.stale",
	    _("%d was settled for %s before something that counts for %d came in: run pen-account settle %s, in this order"),
	    work->year, work->who.name, work->standing.stale, years);
}

/* All of the account rests on an opening that nobody has sealed. */
static enum pen_status refuse_opening(struct statement *work, struct pen_error *error)
{
	struct pen_folio folio;
	int64_t amendment;
	bool found;

	if (pen_folio__find(work->store, work->standing.unsealed, &folio, &found, error) != PEN_OK ||
	    find_case(work, &folio, &amendment, error) != PEN_OK)
		return error->status;
	if (amendment)
		return not_closed(work, &folio, amendment, error);
	return pen_error__refuse(error, "R4.2.3", "statement.unsealed",
	    _("the opening balance of %s (folio %" PRId64 ") is not sealed: run pen-seal sign %" PRId64 " as operator and lead, then pen-seal close"),
	    work->who.name, folio.id, folio.batch);
}

static enum pen_status read_account(struct statement *work, struct pen_error *error)
{
	struct pen_standing *standing = &work->standing;
	enum pen_status status;

	status = pen_standing__read(work->store, work->who.person, work->year, work->reading.as_of, standing, error);
	if (status != PEN_OK)
		return status;
	if (standing->settled.place.opening)
		return pen_error__refuse(error, "R4.2.3", "statement.opening",
		    _("the balance of %s at the end of %d was brought in, not settled here: there is a statement from %d on"),
		    work->who.name, work->year, work->year + 1);
	if (standing->unsealed)
		return refuse_opening(work, error);
	if (!standing->settled.place.folio)
		return pen_error__refuse(error, "R4.2.3", "statement.settled",
		    _("%d is not settled for %s: run pen-account settle --year %d"), work->year, work->who.name, work->year);
	if (standing->settled.year.credit_personal_fen != work->personal && !standing->stale)
		standing->stale = work->year;
	return standing->stale ? refuse_stale(work, error) : PEN_OK;
}

/* ------------------------------------------------------------ printing -- */

/* The lists: employers, and what they paid. */
static enum pen_status make_lists(struct statement *work, struct pen_items **employers, struct pen_items **paid,
    struct pen_error *error)
{
	size_t i;

	*employers = pen_memory__calloc(work->payers + 1, sizeof(**employers));
	*paid = pen_memory__calloc(work->rows + 1, sizeof(**paid));
	if (!*employers || !*paid)
		return pen_error__memory(error);
	for (i = 0; i < work->payers; i++) {
		struct payer *payer = &work->payer[i];
		const struct pen_item items[] = {
			PEN_I_TEXT("credit_code", "统一社会信用代码", payer->business.credit_code),
			PEN_I_TEXT("employer", "单位名称", payer->business.name),
			PEN_I_INT("folio", "表号", payer->folio.id),
		};

		memcpy(payer->item, items, sizeof(items));
		(*employers)[i] = PEN_ITEMS(payer->item);
	}
	for (i = 0; i < work->rows; i++) {
		work->paid[i].item[1].s = work->paid[i].credit_code;
		work->paid[i].item[4].s = work->paid[i].months;
		(*paid)[i] = PEN_ITEMS(work->paid[i].item);
	}
	return PEN_OK;
}

static void print_record(const struct statement *work, const struct pen_items *employers,
    const struct pen_items *paid, struct pen_printer *printer)
{
	const struct pen_identity *identity = pen_store__identity(work->store);
	const struct pen_account_year *year = &work->standing.settled.year;
	const struct pen_balance *before = &work->standing.before.year.closing, *after = &year->closing;
	int64_t total_before = 0, total_after = 0, pension = 0, merged = 0;

	pen_ledger__total(&year->pension, &pension);
	pen_ledger__total(&year->merged, &merged);
	pen_ledger__total(before, &total_before);
	pen_ledger__total(after, &total_after);
	const struct pen_item items[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_INT("year", "年度", work->year),
		PEN_I_TEXT("id_number", "公民身份号码", work->who.id_number),
		PEN_I_TEXT("name", "姓名", work->who.name),
		PEN_I_LIST("employers", "参保单位", employers, work->payers),
		PEN_I_FEN("opening.personal_principal_fen", "上年末个人缴费本金", before->personal_principal_fen),
		PEN_I_FEN("opening.personal_interest_fen", "上年末个人缴费利息", before->personal_interest_fen),
		PEN_I_FEN("opening.unit_principal_fen", "上年末单位划转本金", before->unit_principal_fen),
		PEN_I_FEN("opening.unit_interest_fen", "上年末单位划转利息", before->unit_interest_fen),
		PEN_I_FEN("opening.total_fen", "上年末储存额", total_before),
		PEN_I_LIST("contributions", "当年缴费", paid, work->rows),
		PEN_I_INT("months", "缴费月数", pen_months__count(work->standing.settled.months)),
		PEN_I_FEN("credited_fen", "当年记入本金", year->credit_personal_fen + year->credit_unit_fen),
		{ .key = "rate", .title = "记账利率", .type = PEN_ITEM_RATE, .i = year->rate, .null = !work->standing.settled.has_rate },
		PEN_I_FEN("interest_opening_fen", "上年末储存额利息",
		    year->interest_opening_personal_fen + year->interest_opening_unit_fen),
		PEN_I_FEN("interest_year_fen", "当年记账利息",
		    year->interest_year_personal_fen + year->interest_year_unit_fen),
		PEN_I_FEN("merged_fen", "并入账户储存额", merged),
		PEN_I_FEN("interest_merge_fen", "并入储存额利息", year->interest_merge_personal_fen + year->interest_merge_unit_fen),
		PEN_I_FEN("pension_fen", "当年支付养老金", pension),
		PEN_I_FEN("interest_pension_fen", "领取养老金后利息", year->interest_pension_personal_fen + year->interest_pension_unit_fen),
		PEN_I_FEN("closing.personal_principal_fen", "年末个人缴费本金", after->personal_principal_fen),
		PEN_I_FEN("closing.personal_interest_fen", "年末个人缴费利息", after->personal_interest_fen),
		PEN_I_FEN("closing.unit_principal_fen", "年末单位划转本金", after->unit_principal_fen),
		PEN_I_FEN("closing.unit_interest_fen", "年末单位划转利息", after->unit_interest_fen),
		PEN_I_FEN("closing.total_fen", "年末储存额", total_after),
		PEN_I_INT("settlement.folio", "结算表号", work->standing.settled.place.folio),
		PEN_I_FLAG("settlement.sealed", "结算封存", work->standing.settled.place.sealed),
		PEN_I_TEXT("note", "备注", work->standing.settled.place.sealed ? NULL : "结算未封存"),
		PEN_I_INT("as_of", "截至记录", work->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", work->reading.time),
	};

	pen_printer__form(printer);
	pen_printer__one(printer, "statement", "个人账户对账单", PEN_ITEMS(items), PEN_OK);
}

static enum pen_status print(struct statement *work, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_items *employers, *paid;
	enum pen_status status = make_lists(work, &employers, &paid, error);

	if (status == PEN_OK)
		print_record(work, employers, paid, printer);
	pen_memory__free(employers);
	pen_memory__free(paid);
	return status;
}

/* ------------------------------------------------------- what was handed out -- */

static void put_balance(struct pen_text *text, const char *when, const struct pen_balance *balance)
{
	pen_text__printf(text, "%s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", when, balance->personal_principal_fen,
	    balance->personal_interest_fen, balance->unit_principal_fen, balance->unit_interest_fen);
}

/* What the statement says, without the moment at which it was printed and what of it
 * is sealed: by the digest of this a reprint is told from a new statement. */
static void put_said(const struct statement *work, struct pen_text *text)
{
	const struct pen_account_year *year = &work->standing.settled.year;
	const struct pen_item *item;
	size_t i;

	pen_text__printf(text, "statement %d\n%s %s\n", work->year, work->who.id_number, work->who.name);
	for (i = 0; i < work->payers; i++)
		pen_text__printf(text, "employer %s %s\n", work->payer[i].business.credit_code, work->payer[i].business.name);
	for (i = 0; i < work->rows; i++) {
		item = work->paid[i].item;
		pen_text__printf(text, "paid %s %" PRId64 " %s %" PRId64 " %" PRId64 "\n", work->paid[i].credit_code, item[2].i,
		    work->paid[i].months, item[5].i, item[6].i);
	}
	put_balance(text, "opening", &work->standing.before.year.closing);
	pen_text__printf(text, "year %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n",
	    year->credit_personal_fen, year->credit_unit_fen, work->standing.settled.has_rate ? year->rate : -1,
	    year->interest_opening_personal_fen, year->interest_opening_unit_fen,
	    year->interest_year_personal_fen, year->interest_year_unit_fen);
	if (work->standing.settled.merged) {
		put_balance(text, "merged", &year->merged);
		pen_text__printf(text, "interest %" PRId64 " %" PRId64 "\n", year->interest_merge_personal_fen, year->interest_merge_unit_fen);
	}
	if (work->standing.settled.pensioner) {
		put_balance(text, "pension", &year->pension);
		pen_text__printf(text, "interest %" PRId64 " %" PRId64 "\n", year->interest_pension_personal_fen, year->interest_pension_unit_fen);
	}
	put_balance(text, "closing", &year->closing);
}

static enum pen_status hand_out(struct statement *work, struct pen_error *error)
{
	struct pen_issue issue = { .form = "statement", .person = work->who.person, .year = work->year, .as_of = work->reading.as_of };
	struct pen_text text = { NULL, 0, 0, false };
	enum pen_status status;
	bool reprint;

	put_said(work, &text);
	status = text.failed ? pen_error__memory(error)
	    : pen_store__digest(work->store, text.s, text.n, issue.digest, error);
	pen_text__free(&text);
	return status == PEN_OK ? pen_issues__hand_out(work->reading.session, &issue, &reprint, error) : status;
}

/* ------------------------------------------------------------ the verb -- */

enum pen_status pen_statement(struct pen_session *session, int32_t year, const char *person,
    const char *as_of, struct pen_printer *printer, struct pen_error *error)
{
	struct statement work = { .store = session->store, .year = year };
	enum pen_status status;
	char subject[96];

	status = pen_reading__open(&work.reading, session, as_of, error);
	if (status == PEN_OK)
		status = pen_people__person(work.store, person, work.reading.as_of, &work.who, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "statement %d person %" PRId64, year, work.who.person);
	status = pen_reading__begin(&work.reading, subject, error);
	if (status == PEN_OK)
		status = read_paid(&work, error);
	if (status == PEN_OK)
		status = read_account(&work, error);
	if (status == PEN_OK && !as_of)
		status = hand_out(&work, error);
	if (status == PEN_OK)
		status = print(&work, printer, error);
	if (status == PEN_OK)
		status = pen_reading__end(&work.reading, 1, error);
	else if (status == PEN_REFUSED)
		pen_session__refused(session, "report.read", subject, error);
	pen_memory__free(work.payer);
	pen_memory__free(work.paid);
	return status;
}
