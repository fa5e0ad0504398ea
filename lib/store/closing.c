#include "store/closing.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/months.h"
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
	    _("person %lld draws a pension (folio %lld), and what was paid of it from the account is not worked out: nothing is closed"),
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

enum pen_status pen_closing__collect(struct pen_closing *closing, struct pen_error *error)
{
	enum pen_status status = pen_balance__before(store_of(closing), closing->parameters, closing->plan.person,
	    first_without(closing->plan.happened_on), closing->plan.as_of, &closing->balance, error);

	if (status == PEN_OK)
		status = find_employer(closing, error);
	return status == PEN_OK ? pen_computed__folio(&closing->computed, closing->employer, closing->balance.year, error) : status;
}

/* A movement with its four amounts; months, rate (-1) and source (0: none). */
static struct pen_row movement(const struct pen_closing *closing, const char *kind, struct pen_balance amounts, int32_t months,
    bool rate, int64_t source)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_MOVEMENT) };

	row.v[PEN_SUBJECT] = pen_value__integer(closing->plan.person);
	row.v[PEN_MOVEMENT_YEAR] = pen_value__integer(closing->balance.year);
	row.v[PEN_MOVEMENT_KIND] = pen_value__string(kind, strlen(kind));
	row.v[PEN_MOVEMENT_PERSONAL_PRINCIPAL] = pen_value__integer(amounts.personal_principal_fen);
	row.v[PEN_MOVEMENT_PERSONAL_INTEREST] = pen_value__integer(amounts.personal_interest_fen);
	row.v[PEN_MOVEMENT_UNIT_PRINCIPAL] = pen_value__integer(amounts.unit_principal_fen);
	row.v[PEN_MOVEMENT_UNIT_INTEREST] = pen_value__integer(amounts.unit_interest_fen);
	row.v[PEN_MOVEMENT_MONTHS] = pen_value__integer(months);
	row.v[PEN_MOVEMENT_RATE] = rate ? pen_value__integer(closing->balance.figures.rate) : pen_value__null();
	row.v[PEN_MOVEMENT_SOURCE] = source ? pen_value__integer(source) : pen_value__null();
	return row;
}

int pen_closing__rows(const struct pen_closing *closing, struct pen_row rows[PEN_CLOSING_ROWS])
{
	const struct pen_balance_before *before = &closing->balance;
	const struct pen_account_year *year = &before->figures;
	int64_t prior = before->prior.folio, source = before->credits ? before->credit[before->credits - 1].folio : 0;
	int32_t months = 0;
	size_t i;
	int n = 0;

	for (i = 0; i < before->credits; i++)
		months |= before->credit[i].credit.months;
	if (before->credits)
		rows[n++] = movement(closing, "credit", (struct pen_balance){ .personal_principal_fen = year->credit_personal_fen,
			.unit_principal_fen = year->credit_unit_fen }, months, false, source);
	if (prior && before->months)
		rows[n++] = movement(closing, "interest-opening", (struct pen_balance){ .personal_interest_fen = year->interest_opening_personal_fen,
			.unit_interest_fen = year->interest_opening_unit_fen }, 0, true, prior);
	if (before->credits)
		rows[n++] = movement(closing, "interest-year", (struct pen_balance){ .personal_interest_fen = year->interest_year_personal_fen,
			.unit_interest_fen = year->interest_year_unit_fen }, months, true, source);
	rows[n++] = movement(closing, "payout", (struct pen_balance){ -year->closing.personal_principal_fen, -year->closing.personal_interest_fen,
		-year->closing.unit_principal_fen, -year->closing.unit_interest_fen }, 0, false, 0);
	rows[n++] = movement(closing, "balance", (struct pen_balance){ 0 }, 0, false, prior);
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
	pen_parameter__free(closing->parameters);
}
