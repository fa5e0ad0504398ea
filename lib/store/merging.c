#include "store/merging.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/merged.h"
#include "store/movement.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define FORM "merge"

static struct pen_store *store_of(const struct pen_merging *merging)
{
	return merging->computed.session->store;
}

/* ------------------------------------------------------------ the plan -- */

enum pen_status pen_merging__plan(struct pen_merging *merging, const struct pen_merging_plan *given, struct pen_error *error)
{
	struct pen_merging_plan *plan = &merging->plan;
	char name[48];
	enum pen_status status;

	*plan = *given;
	status = pen_journal__newest_change(store_of(merging), &plan->as_of, error);
	if (status == PEN_OK)
		status = pen_settings__parameters(store_of(merging), plan->as_of, &merging->parameters, plan->parameters, error);
	if (status != PEN_OK)
		return status;
	pen_text__printf(&merging->computed.plan, "pen-merge/v1\nperson: %" PRId64 "\ninto: %" PRId64 "\nnote: %s\nreference: %" PRId64
	    "\nparameters: %s\n", plan->person, plan->into, plan->note, plan->as_of, plan->parameters);
	snprintf(name, sizeof(name), FORM "-%" PRId64 "-%" PRId64, plan->person, plan->into);
	return pen_computed__plan(&merging->computed, name, plan->as_of, plan->parameters, error);
}

/* The value of a line "key: value", which ends it; NULL: it is another line. */
static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);

	return strncmp(line, key, n) == 0 && strncmp(line + n, ": ", 2) == 0 ? line + n + 2 : NULL;
}

static void take_line(struct pen_merging_plan *plan, const char *line)
{
	const char *value;

	if ((value = value_of(line, "person")) != NULL)
		plan->person = strtoll(value, NULL, 10);
	else if ((value = value_of(line, "into")) != NULL)
		plan->into = strtoll(value, NULL, 10);
	else if ((value = value_of(line, "note")) != NULL)
		snprintf(plan->note, sizeof(plan->note), "%s", value);
	else if ((value = value_of(line, "reference")) != NULL)
		plan->as_of = strtoll(value, NULL, 10);
	else if ((value = value_of(line, "parameters")) != NULL)
		snprintf(plan->parameters, sizeof(plan->parameters), "%s", value);
}

enum pen_status pen_merging__read_plan(struct pen_merging *merging, const struct pen_batch *batch, bool *is, struct pen_error *error)
{
	char *text, *line, *end, digest[PEN_DIGEST_HEX];
	size_t n;
	enum pen_status status;

	*is = strcmp(batch->form, FORM) == 0;
	if (!*is)
		return PEN_OK;
	status = pen_blob__load(store_of(merging), batch->file_digest, &text, &n, error);
	if (status != PEN_OK)
		return status;
	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		take_line(&merging->plan, line);
	}
	pen_memory__free(text);
	return pen_settings__parameters(store_of(merging), merging->plan.as_of, &merging->parameters, digest, error);
}

/* -------------------------------------------------------- who they are -- */

struct identity { char name[256]; int sex; int32_t born; };

/* A statement about one of the two; row: it says something. */
static enum pen_status ask(struct pen_merging *merging, enum pen_sql which, int64_t person, struct pen_statement **s, bool *row,
    struct pen_error *error)
{
	enum pen_status status = pen_store__sql(store_of(merging), which, s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(*s, ":person", person);
	pen_db__bind_int(*s, ":as_of", merging->plan.as_of);
	if (which == PEN_SQL_MERGING_SINCE)
		pen_db__bind_int(*s, ":year", merging->from.year);
	return pen_db__step(*s, row, error);
}

/* The folio that a statement names; 0: none. */
static enum pen_status find_folio(struct pen_merging *merging, enum pen_sql which, int64_t person, int64_t *folio, struct pen_error *error)
{
	struct pen_statement *s;
	bool row = false;
	enum pen_status status = ask(merging, which, person, &s, &row, error);

	*folio = row ? pen_db__int(s, 0) : 0;
	if (status == PEN_OK)
		pen_db__reset(s);
	return status;
}

static enum pen_status read_identity(struct pen_merging *merging, int64_t person, struct identity *identity, struct pen_error *error)
{
	struct pen_statement *s;
	bool row = false;
	enum pen_status status = ask(merging, PEN_SQL_MERGING_IDENTITY, person, &s, &row, error);
	const char *name;

	*identity = (struct identity){ .sex = 0 };
	if (status != PEN_OK)
		return status;
	name = row ? pen_db__text(s, 0) : NULL;
	snprintf(identity->name, sizeof(identity->name), "%s", name ? name : "");
	if (row) {
		identity->sex = (int)pen_db__int(s, 1);
		identity->born = (int32_t)pen_db__int(s, 2);
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status check_same(struct pen_merging *merging, struct pen_error *error)
{
	struct identity one, other;
	enum pen_status status = read_identity(merging, merging->plan.person, &one, error);

	if (status == PEN_OK)
		status = read_identity(merging, merging->plan.into, &other, error);
	if (status != PEN_OK)
		return status;
	if (merging->plan.person != merging->plan.into && one.sex && strcmp(one.name, other.name) == 0 && one.sex == other.sex &&
	    one.born == other.born)
		return PEN_OK;
	return pen_error__refuse(error, "R4.2", "account.another",
	    _("person %" PRId64 " (%s, %d) and person %" PRId64 " (%s, %d) are not shown to be one: two registrations of one name, sex and day of birth; what is wrong in one of them goes by pen-amend"),
	    merging->plan.person, one.name, (int)one.born, merging->plan.into, other.name, (int)other.born);
}

/* ----------------------------------------------------- how they stand -- */

/* Nothing is drawn from it, and it is not closed. */
static enum pen_status check_open(struct pen_merging *merging, int64_t person, struct pen_error *error)
{
	int64_t folio;
	enum pen_status status = find_folio(merging, PEN_SQL_MERGING_STANDING, person, &folio, error);

	if (status == PEN_OK && folio)
		return pen_error__refuse(error, "R4.2", "account.closed",
		    _("the account of person %lld is closed by folio %lld already: have that signed and sealed (pen-seal sign, close)"),
		    (long long)person, (long long)folio);
	if (status == PEN_OK)
		status = find_folio(merging, PEN_SQL_MERGING_PENSIONER, person, &folio, error);
	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2", "account.pensioner",
	    _("person %" PRId64 " draws a pension by folio %" PRId64 ", which rests on one account: accounts are merged before that"), person, folio);
}

static enum pen_status refuse_again(int64_t person, int32_t year, struct pen_error *error)
{
	return pen_error__refuse(error, "R4.2", "account.gap",
	    _("the account of person %" PRId64 " is not settled for %d as it will stay: run pen-account settle --year %d, when all of it and its rate are there, and have it signed and sealed, first"),
	    person, year, year);
}

/* The rate that the year went by is that which was published. */
static enum pen_status check_rate(struct pen_merging *merging, const struct pen_account_place *place, struct pen_error *error)
{
	const struct pen_parameter *rate = pen_parameter__find(merging->parameters, PEN_ACCOUNT_INTEREST,
	    pen_store__identity(store_of(merging))->agency, NULL, place->year * 100 + 12);
	struct pen_account_stand stand;
	enum pen_status status = pen_ledger__stand(store_of(merging), place, merging->plan.as_of, &stand, error);

	if (status != PEN_OK || place->opening || !stand.has_rate || (rate && rate->value == stand.year.rate))
		return status;
	return refuse_again(place->person, place->year, error);
}

/* The newest balance of one of the two, sealed and as it will stay. */
static enum pen_status find_place(struct pen_merging *merging, int64_t person, struct pen_account_place *place, struct pen_error *error)
{
	struct pen_account_place *places;
	int64_t *late;
	size_t count, n = 0;
	enum pen_status status = pen_ledger__of_person(store_of(merging), person, merging->plan.as_of, &places, &count, error);

	*place = (struct pen_account_place){ .folio = 0 };
	if (status == PEN_OK && count)
		*place = places[count - 1];
	if (status == PEN_OK)
		pen_memory__free(places);
	if (status == PEN_OK && !place->folio)
		return pen_error__refuse(error, "R4.2", "account.gap",
		    _("person %" PRId64 " has no balance: an opening, or pen-account settle, comes first"), person);
	if (status == PEN_OK && !place->sealed)
		return pen_error__refuse(error, "R4.2.3", "account.unready",
		    _("the balance of person %lld at the end of %d stands in folio %lld, which is not sealed: pen-seal sign, close"),
		    (long long)person, place->year, (long long)place->folio);
	if (status == PEN_OK && !place->opening)
		status = pen_ledger__late(store_of(merging), place, place->year, merging->plan.as_of, &late, &n, error);
	if (n)
		pen_memory__free(late);
	if (status == PEN_OK && n)
		return refuse_again(person, place->year, error);
	return status == PEN_OK ? check_rate(merging, place, error) : status;
}

/* Nothing was paid on the account that ends since, and nothing came into it. */
static enum pen_status check_since(struct pen_merging *merging, struct pen_error *error)
{
	struct pen_merged merged = { .at = NULL };
	int64_t folio;
	enum pen_status status = pen_merged__read(&merged, store_of(merging), merging->from.year + 1, merging->plan.person,
	    merging->plan.as_of, error);
	bool came = merged.count > 0;

	pen_merged__free(&merged);
	if (status == PEN_OK && came)
		return refuse_again(merging->plan.person, merging->from.year + 1, error);
	if (status == PEN_OK)
		status = find_folio(merging, PEN_SQL_MERGING_SINCE, merging->plan.person, &folio, error);
	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2", "account.unready",
	    _("folio %" PRId64 " has contributions of person %" PRId64 " after %d: settle that year first"), folio, merging->plan.person,
	    merging->from.year);
}

static enum pen_status find_places(struct pen_merging *merging, struct pen_error *error)
{
	enum pen_status status = find_place(merging, merging->plan.person, &merging->from, error);

	if (status == PEN_OK)
		status = find_place(merging, merging->plan.into, &merging->to, error);
	if (status != PEN_OK || merging->from.year == merging->to.year)
		return status;
	return pen_error__refuse(error, "R4.2", "account.gap",
	    _("the account of person %" PRId64 " is settled up to %d and that of person %" PRId64 " up to %d: settle the years between first"),
	    merging->plan.person, merging->from.year, merging->plan.into, merging->to.year);
}

static enum pen_status find_employer(struct pen_merging *merging, struct pen_error *error)
{
	return find_folio(merging, PEN_SQL_HISTORY_EMPLOYER, merging->plan.into, &merging->employer, error);
}

enum pen_status pen_merging__collect(struct pen_merging *merging, struct pen_error *error)
{
	enum pen_status status = check_same(merging, error);

	if (status == PEN_OK)
		status = check_open(merging, merging->plan.person, error);
	if (status == PEN_OK)
		status = check_open(merging, merging->plan.into, error);
	if (status == PEN_OK)
		status = find_places(merging, error);
	if (status == PEN_OK)
		status = check_since(merging, error);
	if (status == PEN_OK)
		status = pen_ledger__closing(store_of(merging), &merging->from, merging->plan.as_of, &merging->amounts, error);
	if (status == PEN_OK && !pen_ledger__total(&merging->amounts, &merging->total_fen))
		return pen_error__set(error, PEN_INPUT, "account.range", _("the account does not fit the range of amounts: look for a wrong opening balance, contribution or interest rate"));
	if (status == PEN_OK)
		status = find_employer(merging, error);
	return status == PEN_OK ? pen_computed__folio(&merging->computed, merging->employer, merging->from.year + 1, error) : status;
}

void pen_merging__rows(const struct pen_merging *merging, struct pen_row rows[PEN_MERGING_ROWS])
{
	const struct pen_balance *in = &merging->amounts;
	const struct pen_balance out = { -in->personal_principal_fen, -in->personal_interest_fen, -in->unit_principal_fen, -in->unit_interest_fen };
	int32_t year = merging->from.year + 1;
	int first = merging->plan.person < merging->plan.into ? 0 : 1;

	rows[first] = pen_movement__row(merging->plan.person, year, "merge", out, 0, NULL, merging->from.folio);
	rows[first + 1] = pen_movement__row(merging->plan.person, year, "balance", (struct pen_balance){ 0 }, 0, NULL, merging->from.folio);
	rows[first ? 0 : 2] = pen_movement__row(merging->plan.into, year, "merge", *in, 0, NULL, merging->from.folio);
}

/* ------------------------------------------------------------- writing -- */

/* What goes over is what counts. */
static enum pen_status put_rows(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	const struct pen_merging *merging = context;
	struct pen_row rows[PEN_MERGING_ROWS];
	enum pen_status status = PEN_OK;
	int i;

	(void)folio;
	pen_merging__rows(merging, rows);
	for (i = 0; status == PEN_OK && i < PEN_MERGING_ROWS; i++)
		status = pen_computed__put(computed, &rows[i], i == 0 ? merging->total_fen : 0, error);
	return status;
}

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_merging *merging = context;
	const struct pen_computed_figure all[] = {
		{ "amount_fen", merging->computed.amount }, { "into", merging->plan.into }, { "person", merging->plan.person },
		{ "year", merging->from.year + 1 },
	};

	memcpy(figures, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

static enum pen_status enter_account(void *context, struct pen_computed *computed, int64_t at, struct pen_error *error)
{
	const struct pen_merging *merging = context;

	(void)at;
	return pen_ledger__enter(computed->session->store, merging->plan.person, merging->from.year + 1, computed->folio[0].id, error);
}

static const struct pen_computed_way way = {
	.form = FORM, .act = "account.merge", .kind = PEN_KIND_MOVEMENT, .step = N_("merging"), .rows = put_rows,
	.figures = list_figures, .show = enter_account
};

void pen_merging__start(struct pen_merging *merging, struct pen_session *session)
{
	*merging = (struct pen_merging){ .computed = { .session = session, .way = &way, .context = merging } };
}

enum pen_status pen_merging__write(struct pen_merging *merging, struct pen_error *error)
{
	return pen_computed__write(&merging->computed, error);
}

void pen_merging__free(struct pen_merging *merging)
{
	pen_computed__free(&merging->computed);
	pen_parameter__free(merging->parameters);
}
