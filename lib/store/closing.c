#include "store/closing.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/months.h"
#include "store/beneficiary.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define FORM "close-out"

static struct pen_store *store_of(const struct pen_closing *closing)
{
	return closing->computed.session->store;
}

/* ------------------------------------------------------------ the plan -- */

static void plan_text(struct pen_closing *closing)
{
	const struct pen_closing_plan *plan = &closing->plan;

	pen_text__printf(&closing->computed.plan, "pen-close-out/v1\nperson: %" PRId64 "\nreason: %s\non: %d\nnote: %s\nreference: %" PRId64
	    "\nparameters: %s\n", plan->person, plan->reason, (int)plan->happened_on, plan->note, plan->as_of, plan->parameters);
}

/* The folio that a statement names, of the person; 0: none. */
static enum pen_status find_folio(const struct pen_closing *closing, enum pen_sql which, int64_t *folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(closing), which, &s, error);
	bool row;

	*folio = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", closing->plan.person);
	pen_db__bind_int(s, ":as_of", closing->plan.as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*folio = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

static enum pen_status check_person(const struct pen_closing *closing, struct pen_error *error)
{
	long long person = (long long)closing->plan.person;
	int64_t folio;
	enum pen_status status = find_folio(closing, PEN_SQL_CLOSING_STANDING, &folio, error);

	if (status == PEN_OK && folio)
		return pen_error__refuse(error, "R4.2", "account.closed",
		    _("the account of person %lld is closed by folio %lld already: have that signed and sealed (pen-seal sign, close)"), person, (long long)folio);
	if (status == PEN_OK)
		status = find_folio(closing, PEN_SQL_CLOSING_PENSIONER, &folio, error);
	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2", "account.pensioner",
	    _("person %lld is to draw a pension by folio %lld, which is not sealed: have it sealed, or taken out, first"),
	    person, (long long)folio);
}

enum pen_status pen_closing__plan(struct pen_closing *closing, const struct pen_closing_plan *plan, struct pen_error *error)
{
	char name[48];
	enum pen_status status;

	closing->plan = *plan;
	status = pen_journal__newest_change(store_of(closing), &closing->plan.as_of, error);
	if (status == PEN_OK)
		status = check_person(closing, error);
	if (status == PEN_OK)
		status = pen_settings__parameters(store_of(closing), closing->plan.as_of, &closing->parameters, closing->plan.parameters, error);
	if (status != PEN_OK)
		return status;
	plan_text(closing);
	snprintf(name, sizeof(name), FORM "-%" PRId64, plan->person);
	return pen_computed__plan(&closing->computed, name, closing->plan.as_of, closing->plan.parameters, error);
}

/* The value of a line "key: value", which ends it; NULL: it is another line. */
static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);

	return strncmp(line, key, n) == 0 && strncmp(line + n, ": ", 2) == 0 ? line + n + 2 : NULL;
}

static void take_line(struct pen_closing_plan *plan, const char *line)
{
	const char *value;

	if ((value = value_of(line, "person")) != NULL)
		plan->person = strtoll(value, NULL, 10);
	else if ((value = value_of(line, "reason")) != NULL)
		snprintf(plan->reason, sizeof(plan->reason), "%s", value);
	else if ((value = value_of(line, "on")) != NULL)
		plan->happened_on = (int32_t)strtol(value, NULL, 10);
	else if ((value = value_of(line, "note")) != NULL)
		snprintf(plan->note, sizeof(plan->note), "%s", value);
	else if ((value = value_of(line, "reference")) != NULL)
		plan->as_of = strtoll(value, NULL, 10);
	else if ((value = value_of(line, "parameters")) != NULL)
		snprintf(plan->parameters, sizeof(plan->parameters), "%s", value);
}

enum pen_status pen_closing__read_plan(struct pen_closing *closing, const struct pen_batch *batch, bool *is, struct pen_error *error)
{
	char *text, *line, *end, digest[PEN_DIGEST_HEX];
	size_t n;
	enum pen_status status = PEN_OK;

	*is = strcmp(batch->form, FORM) == 0;
	if (!*is)
		return PEN_OK;
	status = pen_blob__load(store_of(closing), batch->file_digest, &text, &n, error);
	if (status != PEN_OK)
		return status;
	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		take_line(&closing->plan, line);
	}
	pen_memory__free(text);
	if (!pen_date__valid(closing->plan.happened_on))
		return pen_error__set(error, PEN_INPUT, "account.plan", _("the plan of batch %lld names no day"), (long long)batch->id);
	return pen_settings__parameters(store_of(closing), closing->plan.as_of, &closing->parameters, digest, error);
}

/* --------------------------------------------------------- worked out -- */

/* The month after the one in which it happened: that one earns still. */
static int32_t first_without(int32_t day)
{
	int32_t month = day / 100;

	return month % 100 == 12 ? month + 89 : month + 1;
}

static enum pen_status find_employer(struct pen_closing *closing, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(closing), PEN_SQL_HISTORY_EMPLOYER, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", closing->plan.person);
	pen_db__bind_int(s, ":as_of", closing->plan.as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		closing->employer = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

/* The pension, if one was paid by then: of the year that the account is worked out in. */
static enum pen_status find_pension(struct pen_closing *closing, struct pen_drawn_person **pension, struct pen_error *error)
{
	int32_t first = first_without(closing->plan.happened_on);
	enum pen_status status = pen_drawn__read(&closing->drawn, store_of(closing), first / 100, closing->plan.person,
	    closing->plan.as_of, error);

	*pension = status == PEN_OK ? pen_drawn__find(&closing->drawn, closing->plan.person) : NULL;
	if (*pension && (*pension)->since >= first)
		*pension = NULL;
	return status;
}

static enum pen_status check_rolls(const struct pen_closing *closing, const struct pen_drawn_person *pension, struct pen_error *error)
{
	int32_t first = first_without(closing->plan.happened_on), last = closing->plan.happened_on / 100, missing;
	bool untold;

	missing = pen_drawn__missing(&closing->drawn, pension, first % 100 - 1, &untold);
	if (untold)
		return pen_error__refuse(error, "R4.2", "account.unready",
		    _("others paid the pension of person %lld in %d-%02d, before the first roll, and nobody has told what they took out of the account: bring in the opening balance at the end of %d"),
		    (long long)closing->plan.person, missing / 100, missing % 100, missing / 100);
	if (!missing && closing->drawn.newest < last)
		missing = last;
	if (!missing)
		return PEN_OK;
	return pen_error__refuse(error, "R4.3.1d", "account.unready",
	    _("the roll of %d-%02d is not sealed, and the account of person %lld pays its part of it: pen-benefit run --month, approve"),
	    missing / 100, missing % 100, (long long)closing->plan.person);
}

/* The account's part of what is due up to that month, as it is known now, and what rolls
 * took of it by then: the difference came to light, or was paid, later. */
static enum pen_status compare_due(struct pen_closing *closing, struct pen_beneficiaries *all, struct pen_drawn_person *pension,
    struct pen_error *error)
{
	const struct pen_beneficiary *one = pen_beneficiary__find(all, closing->plan.person);
	int32_t last = closing->plan.happened_on / 100;
	struct pen_entitlement entitlement = { .since = 0 };
	int64_t total, account = 0;
	enum pen_status status = PEN_OK;

	if (one)
		status = pen_beneficiary__entitlement(all, one, &entitlement, error);
	if (status == PEN_OK && (!one || pen_entitlement__state(&entitlement, all->plan.month) != PEN_ENTITLEMENT_ENDED))
		return pen_error__refuse(error, "R4.3.1d", "account.pensioner",
		    _("the pension of person %lld goes on after %d-%02d: end it first (pen-benefit end --reason death or emigration, approve)"),
		    (long long)closing->plan.person, last / 100, last % 100);
	if (status == PEN_OK)
		status = pen_entitlement__total(&entitlement, last, &total, &account, error);
	if (status == PEN_OK && one->before.drawn_total_fen >= 0)
		pension->pension.late_fen = account - one->before.drawn_total_fen;
	return status;
}

static enum pen_status read_pension(struct pen_closing *closing, struct pen_drawn_person *pension, struct pen_error *error)
{
	struct pen_beneficiary_plan plan = { .month = first_without(closing->plan.happened_on), .as_of = closing->plan.as_of };
	struct pen_beneficiaries all = { .count = 0 };
	struct pen_beneficiary_roll roll;
	enum pen_status status;

	status = pen_beneficiary__roll(store_of(closing), closing->plan.happened_on / 100, plan.as_of, &roll, error);
	if (status == PEN_OK)
		status = pen_beneficiary__first(store_of(closing), plan.as_of, &plan.first, error);
	if (status != PEN_OK)
		return status;
	plan.previous = roll.batch;
	plan.previous_as_of = roll.reference;
	plan.previous_month = roll.month;
	status = pen_beneficiary__read(&all, closing->computed.session, &plan, closing->plan.person, error);
	if (status == PEN_OK)
		status = compare_due(closing, &all, pension, error);
	pen_beneficiary__free(&all);
	return status == PEN_OK ? check_rolls(closing, pension, error) : status;
}

enum pen_status pen_closing__collect(struct pen_closing *closing, struct pen_error *error)
{
	struct pen_drawn_person *pension;
	enum pen_status status = find_pension(closing, &pension, error);

	if (status == PEN_OK && pension)
		status = read_pension(closing, pension, error);
	if (status == PEN_OK)
		status = pen_balance__after(store_of(closing), closing->parameters, closing->plan.person,
		    first_without(closing->plan.happened_on), closing->plan.as_of, pension, &closing->balance, error);
	if (status == PEN_OK)
		status = find_employer(closing, error);
	return status == PEN_OK ? pen_computed__folio(&closing->computed, closing->employer, closing->balance.year, error) : status;
}

int pen_closing__rows(const struct pen_closing *closing, struct pen_row rows[PEN_CLOSING_ROWS])
{
	const struct pen_balance_before *before = &closing->balance;
	const struct pen_balance *left = &before->figures.closing;
	struct pen_movement_year of = { .person = closing->plan.person, .year = before->year, .figures = &before->figures,
		.months = before->months, .prior = before->prior.folio, .merged = before->merged, .paid = before->credits > 0, .pension = before->pension };
	size_t i;
	int n;

	for (i = 0; i < before->credits; i++) {
		of.credited |= before->credit[i].credit.months;
		of.source = before->credit[i].folio;
	}
	n = pen_movement__year(&of, rows);
	rows[n++] = pen_movement__row(of.person, of.year, "payout", (struct pen_balance){ -left->personal_principal_fen,
		-left->personal_interest_fen, -left->unit_principal_fen, -left->unit_interest_fen }, 0, NULL, 0);
	rows[n++] = pen_movement__row(of.person, of.year, "balance", (struct pen_balance){ 0 }, 0, NULL, of.prior);
	return n;
}

/* ------------------------------------------------------------- writing -- */

/* What is paid out is what counts. */
static enum pen_status put_rows(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	struct pen_closing *closing = context;
	struct pen_row rows[PEN_CLOSING_ROWS];
	enum pen_status status = PEN_OK;
	int i, count = pen_closing__rows(closing, rows);

	(void)folio;
	for (i = 0; status == PEN_OK && i < count; i++)
		status = pen_computed__put(computed, &rows[i], i == count - 1 ? closing->balance.total_fen : 0, error);
	return status;
}

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_closing *closing = context;
	const struct pen_computed_figure all[] = {
		{ "amount_fen", closing->computed.amount }, { "happened_on", closing->plan.happened_on },
		{ "person", closing->plan.person }, { "provisional", closing->balance.provisional },
	};

	memcpy(figures, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

static enum pen_status enter_account(void *context, struct pen_computed *computed, int64_t at, struct pen_error *error)
{
	const struct pen_closing *closing = context;

	(void)at;
	return pen_ledger__enter(computed->session->store, closing->plan.person, closing->balance.year, computed->folio[0].id, error);
}

static const struct pen_computed_way way = {
	.form = FORM, .act = "account.close", .kind = PEN_KIND_MOVEMENT, .step = N_("closing"), .rows = put_rows,
	.figures = list_figures, .show = enter_account
};

void pen_closing__start(struct pen_closing *closing, struct pen_session *session)
{
	*closing = (struct pen_closing){ .computed = { .session = session, .way = &way, .context = closing } };
}

enum pen_status pen_closing__write(struct pen_closing *closing, struct pen_error *error)
{
	return pen_computed__write(&closing->computed, error);
}

void pen_closing__free(struct pen_closing *closing)
{
	pen_computed__free(&closing->computed);
	pen_balance__free(&closing->balance);
	pen_drawn__free(&closing->drawn);
	pen_parameter__free(closing->parameters);
}
