#include "work/accountwalk.h"

#include "base/error.h"
#include "base/money.h"
#include "store/gather.h"
#include "store/history.h"

#include <inttypes.h>
#include <string.h>

#define FORM "settlement"
#define KINDS PEN_SETTLING_ROWS

/* By the kinds of movements of a settled year: the rule that looks at them. The
 * balance is looked at by itself. */
static const struct { const char *kind, *rule; } movements[KINDS] = {
	{ "credit", "account.credited" }, { "interest-opening", "account.interest" },
	{ "interest-year", "account.interest" }, { "merge", "account.credited" },
	{ "interest-merge", "account.interest" }, { "pension", "account.credited" },
	{ "interest-pension", "account.interest" }, { "balance", "account.carried" },
};
#define BALANCE 7

/* The four parts of an amount, as columns of a movement. */
static const int parts[] = { PEN_MOVEMENT_PERSONAL_PRINCIPAL, PEN_MOVEMENT_PERSONAL_INTEREST,
	PEN_MOVEMENT_UNIT_PRINCIPAL, PEN_MOVEMENT_UNIT_INTEREST };
#define PARTS 4

/* One person's rows of a settlement, by kind. `there`: the row is. */
struct settled {
	int64_t person, line;
	bool there[KINDS];
	int64_t fen[KINDS][PARTS];
	int32_t months[KINDS];
	int64_t rate[KINDS];
};

/* The walk; s is what the batch under way comes to. */
struct reading {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	const struct pen_batch *batch;
	struct pen_settling s;
	bool made;			/* s is of this batch */
	struct settled stored;
};

static struct pen_store *store_of(const struct reading *reading)
{
	return reading->walk->session->store;
}

/* -------------------------------------------------------------- findings -- */

static enum pen_status report(struct reading *reading, const struct pen_folio *folio, const char *rule,
    const char *field, const char *found, const char *expected, struct pen_error *error)
{
	const struct pen_kind *kind = pen_kind__of(PEN_KIND_MOVEMENT);
	const struct pen_value about[2] = { pen_value__integer(reading->stored.person), pen_value__integer(reading->stored.line) };
	const struct pen_walk_key key = pen_walk__key_of_row(kind, about, folio);
	char who[PEN_WHO];
	enum pen_status status;

	if (!pen_walk__wants(reading->walk, rule))
		return PEN_OK;
	status = pen_walk__who(store_of(reading), kind, about, who, error);
	if (status != PEN_OK)
		return status;
	return pen_walk__report_of(reading->walk, &key,
	    &(struct pen_walk_place){ rule, field, found, expected, folio->batch, reading->stored.line }, error,
	    _("account of %s, year %d, folio %" PRId64), who, (int)folio->period, folio->id);
}

/* A part that is not what it should be; `kind` is what movement it is of. */
static enum pen_status compare_part(struct reading *reading, const struct pen_folio *folio, int kind, int part,
    int64_t expected, struct pen_error *error)
{
	char found_yuan[24], expected_yuan[24], found[64];

	if (reading->stored.fen[kind][part] == expected)
		return PEN_OK;
	pen_money__format(reading->stored.fen[kind][part], found_yuan);
	snprintf(found, sizeof(found), "%s (%s)", found_yuan, movements[kind].kind);
	return report(reading, folio, movements[kind].rule, pen_kind__of(PEN_KIND_MOVEMENT)->columns[parts[part]].name,
	    found, pen_money__format(expected, expected_yuan), error);
}

/* ------------------------------------------------------------ comparisons -- */

static void take(struct settled *settled, const struct pen_row *row)
{
	const struct pen_value *kind = &row->v[PEN_MOVEMENT_KIND];
	int i, part;

	for (i = 0; i < KINDS; i++) {
		if (kind->n != strlen(movements[i].kind) || memcmp(kind->s, movements[i].kind, kind->n) != 0)
			continue;
		settled->there[i] = true;
		settled->months[i] = (int32_t)row->v[PEN_MOVEMENT_MONTHS].i;
		settled->rate[i] = row->v[PEN_MOVEMENT_RATE].type == PEN_INTEGER ? row->v[PEN_MOVEMENT_RATE].i : -1;
		for (part = 0; part < PARTS; part++)
			settled->fen[i][part] = row->v[parts[part]].i;
	}
}

/* A movement that was worked out again; one that is not there counts as nothing. */
static enum pen_status compare_movement(struct reading *reading, const struct pen_folio *folio, int kind,
    const struct settled *made, struct pen_error *error)
{
	const struct settled *stored = &reading->stored;
	char found[32], expected[32];
	enum pen_status status = PEN_OK;
	int part;

	for (part = 0; status == PEN_OK && part < PARTS; part++)
		status = compare_part(reading, folio, kind, part, made->fen[kind][part], error);
	if (status == PEN_OK && made->there[kind] != stored->there[kind])
		status = report(reading, folio, movements[kind].rule, "kind", stored->there[kind] ? movements[kind].kind : _("none"),
		    made->there[kind] ? movements[kind].kind : _("none"), error);
	if (status == PEN_OK && kind != BALANCE && made->rate[kind] != stored->rate[kind]) {
		snprintf(found, sizeof(found), _("%" PRId64 " millionths"), stored->rate[kind]);
		snprintf(expected, sizeof(expected), _("%" PRId64 " millionths"), made->rate[kind]);
		status = report(reading, folio, movements[kind].rule, "rate", found, expected, error);
	}
	if (status == PEN_OK && made->months[kind] != stored->months[kind]) {
		snprintf(found, sizeof(found), "%" PRId32, stored->months[kind]);
		snprintf(expected, sizeof(expected), "%" PRId32, made->months[kind]);
		status = report(reading, folio, movements[kind].rule, "months", found, expected, error);
	}
	return status;
}

/* The balance: what stood before, and all that the year brought as it is stored. */
static enum pen_status compare_balance(struct reading *reading, const struct pen_folio *folio,
    const struct pen_balance *before, struct pen_error *error)
{
	const struct settled *stored = &reading->stored;
	int64_t sum[PARTS] = { before->personal_principal_fen, before->personal_interest_fen,
		before->unit_principal_fen, before->unit_interest_fen };
	enum pen_status status = PEN_OK;
	int kind, part;

	for (part = 0; status == PEN_OK && part < PARTS; part++) {
		for (kind = 0; kind < BALANCE; kind++)
			if (!pen_money__add(sum[part], stored->fen[kind][part], &sum[part]))
				sum[part] = INT64_MAX;
		status = compare_part(reading, folio, BALANCE, part, sum[part], error);
	}
	return status;
}

/* A person's rows are all there. */
static enum pen_status end_person(struct reading *reading, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_settling_person *person;
	struct pen_row rows[PEN_SETTLING_ROWS];
	struct pen_account_year year;
	struct settled made = { .person = reading->stored.person };
	char why[sizeof(error->text)];
	enum pen_status status;
	int i, count;

	if (!reading->stored.person)
		return PEN_OK;
	person = pen_settling__find(&reading->s, reading->stored.person);
	if (person == NULL || person->fate == PEN_SETTLING_UNREADY || person->fate == PEN_SETTLING_CLOSED)
		return report(reading, folio, "account.credited", "person", _("settled"),
		    person && person->fate == PEN_SETTLING_UNREADY ? _("not before all of the year, and the opening, is sealed") : _("nobody who was to be settled"), error);
	status = pen_settling__rows(&reading->s, person, 1, &year, rows, &count, error);
	if (status == PEN_INPUT) {
		snprintf(why, sizeof(why), "%s", error->text);
		*error = (struct pen_error){ .status = PEN_OK };
		return report(reading, folio, "account.interest", "", why, _("a year that can be worked out"), error);
	}
	for (i = 0; status == PEN_OK && i < count; i++)
		take(&made, &rows[i]);
	for (i = 0; status == PEN_OK && i < BALANCE; i++)
		status = compare_movement(reading, folio, i, &made, error);
	return status == PEN_OK ? compare_balance(reading, folio, &person->opening, error) : status;
}

static enum pen_status read_folio(struct reading *reading, const struct pen_folio *folio, struct pen_error *error)
{
	const struct pen_scope *scope = reading->walk->scope;
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status;

	reading->stored = (struct settled){ .person = 0 };
	status = scope != NULL && scope->person ?
	    pen_rows__open_subject(&rows, store_of(reading), pen_kind__of(PEN_KIND_MOVEMENT), folio->id, scope->person, error) :
	    pen_rows__open(&rows, store_of(reading), pen_kind__of(PEN_KIND_MOVEMENT), folio->id, error);
	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row != NULL) {
		if (row->v[PEN_SUBJECT].i != reading->stored.person) {
			status = end_person(reading, folio, error);
			reading->stored = (struct settled){ .person = row->v[PEN_SUBJECT].i, .line = row->v[PEN_LINE].i };
		}
		if (status != PEN_OK)
			break;
		take(&reading->stored, row);
	}
	pen_rows__close(rows);
	return status == PEN_OK ? end_person(reading, folio, error) : status;
}

/* ------------------------------------------------------------- settlements -- */

/* The year as the settlement saw it. What is held now, or was, does not matter: who
 * was left out is not looked at. */
static enum pen_status work_out(struct reading *reading, int32_t year, struct pen_error *error)
{
	struct pen_settling_plan plan = { .year = year, .as_of = reading->batch->reference_at };
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = pen_settling__terms(store_of(reading), &plan, digest, error);

	if (status == PEN_OK)
		status = pen_gather__people(&reading->s, reading->walk->session, &plan, error);
	if (status == PEN_OK)
		status = pen_history__read(&reading->s, store_of(reading), error);
	reading->made = status == PEN_OK;
	return status;
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	enum pen_status status = PEN_OK;

	if (folio->confirmed_at < 0 || folio->confirmed_at >= reading->walk->size ||
	    (reading->walk->scope != NULL && !pen_scope__has_folio(reading->walk->scope, folio->id)))
		return PEN_OK;
	if (!reading->made)
		status = work_out(reading, folio->period, error);
	if (status == PEN_OK)
		status = pen_walk__go_on(reading->walk, _("settled accounts"), folio->id, -1, error);
	return status == PEN_OK ? read_folio(reading, folio, error) : status;
}

static enum pen_status visit_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct reading *reading = context;
	char record[64], why[sizeof(error->text)];
	enum pen_status status;

	if (strcmp(batch->form, FORM) != 0 || batch->confirmed_at < 0 || !pen_walk__among(reading->batches, reading->count, batch->id))
		return PEN_OK;
	snprintf(record, sizeof(record), _("batch %" PRId64), batch->id);
	reading->batch = batch;
	reading->made = false;
	status = pen_folio__each_of_batch(store_of(reading), batch->id, visit_folio, reading, error);
	pen_settling__free(&reading->s);
	/* The terms that it was settled by are not there, or a row that it goes by cannot be. */
	if (status == PEN_REFUSED || status == PEN_INPUT) {
		snprintf(why, sizeof(why), "%s", error->text);
		*error = (struct pen_error){ .status = PEN_OK };
		return pen_walk__not_made(reading->walk, "account.interest", record, why, error);
	}
	return pen_walk__damage(reading->walk, status, "seal.state", batch->id, record, error);
}

enum pen_status pen_accountwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error)
{
	struct reading reading = { .walk = walk, .batches = batches, .count = count };

	if (!pen_walk__wants(walk, "account.carried") && !pen_walk__wants(walk, "account.credited") &&
	    !pen_walk__wants(walk, "account.interest"))
		return PEN_OK;
	return pen_batch__each(store_of(&reading), visit_batch, &reading, error);
}
