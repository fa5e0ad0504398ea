#include "store/merging.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/merged.h"
#include "store/people.h"

#include <inttypes.h>
#include <string.h>

static struct pen_store *store_of(const struct pen_merging *merging)
{
	return merging->end.computed.session->store;
}

/* ------------------------------------------------------------ the plan -- */

enum pen_status pen_merging__plan(struct pen_merging *merging, int64_t person, int64_t into, const char *note, struct pen_error *error)
{
	char own[32], about[48];
	enum pen_status status = pen_ending__begin(&merging->end, person, note, error);

	merging->into = into;
	if (status != PEN_OK)
		return status;
	snprintf(own, sizeof(own), "into: %" PRId64 "\n", into);
	snprintf(about, sizeof(about), "%" PRId64 "-%" PRId64, person, into);
	return pen_ending__plan(&merging->end, own, about, error);
}

static void take_line(struct pen_ending *ending, const char *key, const char *value)
{
	if (strcmp(key, "into") == 0)
		((struct pen_merging *)ending)->into = strtoll(value, NULL, 10);
}

enum pen_status pen_merging__read_plan(struct pen_merging *merging, const struct pen_batch *batch, bool *is, struct pen_error *error)
{
	return pen_ending__read(&merging->end, batch, take_line, is, error);
}

/* -------------------------------------------------------- who they are -- */

struct identity { char name[256]; int sex; int32_t born; };

static enum pen_status read_identity(struct pen_merging *merging, int64_t person, struct identity *identity, struct pen_error *error)
{
	struct pen_statement *s;
	bool row = false;
	enum pen_status status = pen_store__sql(store_of(merging), PEN_SQL_MERGING_IDENTITY, &s, error);
	const char *name;

	*identity = (struct identity){ .sex = 0 };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", merging->end.plan.as_of);
	status = pen_db__step(s, &row, error);
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
	char who[PEN_PEOPLE_CALLED], by[PEN_PEOPLE_CALLED];
	struct identity one, other;
	enum pen_status status = read_identity(merging, merging->end.plan.person, &one, error);

	if (status == PEN_OK)
		status = read_identity(merging, merging->into, &other, error);
	if (status != PEN_OK)
		return status;
	if (merging->end.plan.person != merging->into && one.sex && strcmp(one.name, other.name) == 0 && one.sex == other.sex &&
	    one.born == other.born)
		return PEN_OK;
	return pen_error__refuse(error, "R4.2", "account.another",
	    _("%s, born %d, and %s, born %d, are not shown to be one: two registrations of one name, sex and day of birth; what is wrong in one of them goes by pen-amend"),
	    pen_people__called(store_of(merging), merging->end.plan.person, who), (int)one.born,
	    pen_people__called(store_of(merging), merging->into, by), (int)other.born);
}

/* ----------------------------------------------------- how they stand -- */

/* Nothing is drawn from it, and it is not closed. */
static enum pen_status check_open(struct pen_merging *merging, int64_t person, struct pen_error *error)
{
	char who[PEN_PEOPLE_CALLED];
	int64_t folio = 0;
	enum pen_status status = pen_ending__check_open(&merging->end, person, error);

	if (status == PEN_OK)
		status = pen_ending__find(&merging->end, PEN_SQL_MERGING_PENSIONER, person, 0, &folio, error);
	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2", "account.pensioner",
	    _("%s draws a pension by folio %" PRId64 ", which rests on one account: accounts are merged before that"),
	    pen_people__called(store_of(merging), person, who), folio);
}

static enum pen_status refuse_again(const struct pen_merging *merging, int64_t person, int32_t year, struct pen_error *error)
{
	char who[PEN_PEOPLE_CALLED];

	return pen_error__refuse(error, "R4.2", "account.gap",
	    _("the account of %s is not settled for %d as it will stay: run pen-account settle --year %d, when all of it and its rate are there, and have it signed and sealed, first"),
	    pen_people__called(store_of(merging), person, who), year, year);
}

/* The rate that the year went by is that which was published. */
static enum pen_status check_rate(struct pen_merging *merging, const struct pen_account_place *place, struct pen_error *error)
{
	const struct pen_parameter *rate = pen_parameter__find(merging->end.parameters, PEN_ACCOUNT_INTEREST,
	    pen_store__identity(store_of(merging))->agency, NULL, place->year * 100 + 12);
	struct pen_account_stand stand;
	enum pen_status status = pen_ledger__stand(store_of(merging), place, merging->end.plan.as_of, &stand, error);

	if (status != PEN_OK || place->opening || !stand.has_rate || (rate && rate->value == stand.year.rate))
		return status;
	return refuse_again(merging, place->person, place->year, error);
}

/* The newest balance of one of the two, sealed and as it will stay. */
static enum pen_status find_place(struct pen_merging *merging, int64_t person, struct pen_account_place *place, struct pen_error *error)
{
	struct pen_account_place *places;
	char who[PEN_PEOPLE_CALLED];
	int64_t *late;
	size_t count, n = 0;
	enum pen_status status = pen_places__of_person(store_of(merging), person, merging->end.plan.as_of, &places, &count, error);

	*place = (struct pen_account_place){ .folio = 0 };
	if (status == PEN_OK && count)
		*place = places[count - 1];
	if (status == PEN_OK)
		pen_memory__free(places);
	if (status == PEN_OK && !place->folio)
		return pen_error__refuse(error, "R4.2", "account.gap",
		    _("%s has no balance: an opening, or pen-account settle, comes first"), pen_people__called(store_of(merging), person, who));
	if (status == PEN_OK && !place->sealed)
		return pen_error__refuse(error, "R4.2.3", "account.unready",
		    _("the balance of %s at the end of %d stands in folio %lld, which is not sealed: pen-seal sign, close"),
		    pen_people__called(store_of(merging), person, who), place->year, (long long)place->folio);
	if (status == PEN_OK && !place->opening)
		status = pen_ledger__late(store_of(merging), place, place->year, merging->end.plan.as_of, &late, &n, error);
	if (n)
		pen_memory__free(late);
	if (status == PEN_OK && n)
		return refuse_again(merging, person, place->year, error);
	return status == PEN_OK ? check_rate(merging, place, error) : status;
}

/* Nothing was paid on the account that ends since, and nothing came into it. */
static enum pen_status check_since(struct pen_merging *merging, struct pen_error *error)
{
	struct pen_merged merged = { .at = NULL };
	char who[PEN_PEOPLE_CALLED];
	int64_t folio = 0;
	enum pen_status status = pen_merged__read(&merged, store_of(merging), merging->from.year + 1, merging->end.plan.person,
	    merging->end.plan.as_of, error);
	bool came = merged.count > 0;

	pen_merged__free(&merged);
	if (status == PEN_OK && came)
		return refuse_again(merging, merging->end.plan.person, merging->from.year + 1, error);
	if (status == PEN_OK)
		status = pen_ending__find(&merging->end, PEN_SQL_MERGING_SINCE, merging->end.plan.person, merging->from.year, &folio, error);
	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2", "account.unready",
	    _("folio %" PRId64 " has contributions of %s after %d: settle that year first"), folio,
	    pen_people__called(store_of(merging), merging->end.plan.person, who), merging->from.year);
}

static enum pen_status find_places(struct pen_merging *merging, struct pen_error *error)
{
	char who[PEN_PEOPLE_CALLED], by[PEN_PEOPLE_CALLED];
	enum pen_status status = find_place(merging, merging->end.plan.person, &merging->from, error);

	if (status == PEN_OK)
		status = find_place(merging, merging->into, &merging->to, error);
	if (status != PEN_OK || merging->from.year == merging->to.year)
		return status;
	return pen_error__refuse(error, "R4.2", "account.gap",
	    _("the account of %s is settled up to %d and that of %s up to %d: settle the years between first"),
	    pen_people__called(store_of(merging), merging->end.plan.person, who), merging->from.year,
	    pen_people__called(store_of(merging), merging->into, by), merging->to.year);
}

static void make_rows(struct pen_merging *merging)
{
	const struct pen_balance *in = &merging->amounts;
	const struct pen_balance out = { -in->personal_principal_fen, -in->personal_interest_fen, -in->unit_principal_fen, -in->unit_interest_fen };
	struct pen_ending *end = &merging->end;
	int64_t person = merging->end.plan.person, source = merging->from.folio;
	int32_t year = merging->from.year + 1;
	int first = person < merging->into ? 0 : 1;

	end->row[first] = pen_movement__row(person, year, "merge", out, 0, NULL, source);
	end->row[first + 1] = pen_movement__row(person, year, "balance", (struct pen_balance){ 0 }, 0, NULL, source);
	end->row[first ? 0 : 2] = pen_movement__row(merging->into, year, "merge", *in, 0, NULL, source);
	end->rows = 3;
}

enum pen_status pen_merging__collect(struct pen_merging *merging, struct pen_error *error)
{
	enum pen_status status = check_same(merging, error);

	if (status == PEN_OK)
		status = check_open(merging, merging->end.plan.person, error);
	if (status == PEN_OK)
		status = check_open(merging, merging->into, error);
	if (status == PEN_OK)
		status = find_places(merging, error);
	if (status == PEN_OK)
		status = check_since(merging, error);
	if (status == PEN_OK)
		status = pen_ledger__closing(store_of(merging), &merging->from, merging->end.plan.as_of, &merging->amounts, error);
	if (status == PEN_OK && !pen_ledger__total(&merging->amounts, &merging->end.total_fen))
		return pen_error__set(error, PEN_INPUT, "account.range", _("the account does not fit the range of amounts: look for a wrong opening balance, contribution or interest rate"));
	if (status != PEN_OK)
		return status;
	make_rows(merging);
	return pen_ending__folio(&merging->end, merging->into, merging->from.year + 1, error);
}

/* ------------------------------------------------------------- writing -- */

static size_t list_figures(void *context, struct pen_computed_figure figures[PEN_COMPUTED_FIGURES])
{
	const struct pen_merging *merging = context;
	const struct pen_computed_figure all[] = {
		{ "amount_fen", merging->end.computed.amount }, { "into", merging->into }, { "person", merging->end.plan.person },
		{ "year", merging->from.year + 1 },
	};

	memcpy(figures, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

static const struct pen_computed_way way = {
	.form = "merge", .act = "account.merge", .kind = PEN_KIND_MOVEMENT, .step = N_("merging"), .rows = pen_ending__rows,
	.figures = list_figures, .show = pen_ending__show
};

void pen_merging__start(struct pen_merging *merging, struct pen_session *session)
{
	*merging = (struct pen_merging){ .end = { .computed = { .session = session, .way = &way, .context = merging } } };
}

void pen_merging__free(struct pen_merging *merging)
{
	pen_ending__free(&merging->end);
}
