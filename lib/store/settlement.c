#include "store/settlement.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/earlier.h"
#include "store/receipt.h"
#include "store/withdraw.h"

#include <inttypes.h>
#include <string.h>

#define FORM "settlement"
#define CHUNK 20000	/* rows written in one transaction, or one folio if it has more */

/* ------------------------------------------------------------ the plan -- */

/* What the settlement is made from, so that it can be made again: an equal
 * text, and only that, gives the same rows. */
static enum pen_status plan_text(struct pen_settlement *work, struct pen_settling_plan *plan, struct pen_error *error)
{
	struct pen_text *text = &work->plan;
	enum pen_status status;
	size_t i;

	pen_text__printf(text, "pen-settlement/v1\nyear: %d\nreference: %" PRId64 "\nparameters: %s\n",
	    plan->year, plan->as_of, work->batch.parameters_digest);
	status = pen_ledger__held(work->session->store, plan->year, &work->held, &plan->held_count, error);
	plan->held = work->held;
	for (i = 0; status == PEN_OK && i < plan->held_count; i++)
		pen_text__printf(text, "held: %" PRId64 "\n", plan->held[i]);
	if (status == PEN_OK && text->failed)
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = pen_store__digest(work->session->store, text->s, text->n, work->batch.file_digest, error);
	return status;
}

enum pen_status pen_settlement__plan(struct pen_settlement *work, struct pen_session *session,
    int32_t year, struct pen_settling_plan *plan, struct pen_error *error)
{
	struct pen_batch *batch = &work->batch;
	struct pen_form *form;
	enum pen_status status;

	*work = (struct pen_settlement){ .session = session };
	batch->staged_at = batch->confirmed_at = batch->ended_at = -1;
	*plan = (struct pen_settling_plan){ .year = year };
	if (plan->year < PEN_SETTLEMENT_FIRST || plan->year > pen_date__today() / 10000)
		return pen_error__set(error, PEN_USAGE, "account.year",
		    _("%d cannot be settled: expected %d to this year; balances from before come in by the opening form"),
		    plan->year, PEN_SETTLEMENT_FIRST);
	status = pen_journal__newest_change(work->session->store, &plan->as_of, error);
	if (status == PEN_OK)
		status = pen_settling__terms(work->session->store, plan, batch->parameters_digest, error);
	work->credit_month = plan->by_arrival ? "arrival" : "period";
	if (status == PEN_OK)
		status = plan_text(work, plan, error);
	if (status == PEN_OK)
		status = pen_settings__rules(work->session->store, batch->rules_digest, error);
	if (status == PEN_OK)
		status = pen_settings__form(work->session->store, FORM, &form, batch->form_digest, error);
	if (status != PEN_OK)
		return status;
	pen_form__free(form);
	snprintf(batch->agency, sizeof(batch->agency), "%s", pen_store__identity(work->session->store)->agency);
	snprintf(batch->form, sizeof(batch->form), "%s", FORM);
	snprintf(batch->file_name, sizeof(batch->file_name), FORM "-%d", plan->year);
	snprintf(batch->encoding, sizeof(batch->encoding), "computed");
	snprintf(batch->planned_by, sizeof(batch->planned_by), "%s", work->session->staff.id);
	batch->file_bytes = (int64_t)work->plan.n;
	batch->reference_at = plan->as_of;
	return PEN_OK;
}

/* ------------------------------------------------------------ the folios -- */

static int compare_order(const void *a, const void *b)
{
	const struct pen_settling_person *x = *(struct pen_settling_person *const *)a;
	const struct pen_settling_person *y = *(struct pen_settling_person *const *)b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	return (x->person > y->person) - (x->person < y->person);
}

enum pen_status pen_settlement__arrange(struct pen_settlement *work, struct pen_error *error)
{
	struct pen_settling *s = &work->s;
	size_t i, most = s->fates[PEN_SETTLING_NEW] + s->fates[PEN_SETTLING_AGAIN];

	if (!most)
		return PEN_OK;
	work->order = pen_memory__calloc(most, sizeof(struct pen_settling_person *));
	work->group = pen_memory__calloc(most, sizeof(*work->group));
	if (!work->order || !work->group)
		return pen_error__memory(error);
	for (i = 0; i < s->persons; i++)
		if (s->person[i].fate == PEN_SETTLING_NEW || s->person[i].fate == PEN_SETTLING_AGAIN)
			work->order[work->orders++] = &s->person[i];
	qsort(work->order, work->orders, sizeof(struct pen_settling_person *), compare_order);
	for (i = 0; i < work->orders; i++) {
		if (i == 0 || work->order[i]->employer != work->order[i - 1]->employer)
			work->group[work->groups++] = (struct pen_settlement_group){ .first = i, .employer = work->order[i]->employer };
		work->group[work->groups - 1].count++;
	}
	return PEN_OK;
}

enum pen_status pen_settlement__collect(struct pen_settlement *work, const struct pen_settling_plan *plan,
    struct pen_error *error)
{
	enum pen_status status = pen_earlier__collect(&work->s, work->session, plan, error);

	return status == PEN_OK ? pen_settlement__arrange(work, error) : status;
}

/* One person: their rows, unless they are there already, and the sums. Lines
 * are counted through the whole batch, so that no two rows have the same salt. */
static enum pen_status settle_person(struct pen_settlement *work, const struct pen_settling_person *person,
    struct pen_folio *folio, struct pen_error *error)
{
	struct pen_row rows[PEN_SETTLING_ROWS];
	struct pen_account_year year;
	enum pen_status status;
	int64_t total;
	int count, i;

	status = pen_settling__rows(&work->s, person, work->rows + 1, &year, rows, &count, error);
	for (i = 0; status == PEN_OK && work->writer && i < count; i++)
		status = pen_rows__write(work->writer, folio->id, &rows[i], error);
	if (status != PEN_OK)
		return status;
	if (!pen_ledger__total(&year.closing, &total) || !pen_money__add(work->balance, total, &work->balance))
		return pen_error__set(error, PEN_INPUT, "account.range", _("the balances do not fit the range of amounts: look for a wrong opening balance or contribution"));
	work->rows += count;
	work->credited += year.credit_personal_fen + year.credit_unit_fen;
	work->interest_opening += year.interest_opening_personal_fen + year.interest_opening_unit_fen;
	work->interest_year += year.interest_year_personal_fen + year.interest_year_unit_fen;
	folio->rows += count;
	folio->amount_fen += total;
	return PEN_OK;
}

/* A group's people; with a writer, into a folio of its own. */
static enum pen_status settle_group(struct pen_settlement *work, struct pen_settlement_group *group, struct pen_error *error)
{
	struct pen_folio folio = {
		.batch = work->batch.id, .employer = group->employer, .form = FORM,
		.period = work->s.plan.year, .state = PEN_FOLIO_STAGING
	};
	enum pen_status status = PEN_OK;
	size_t i;

	if (work->writer)
		status = pen_folio__enter(work->session->store, &folio, error);
	for (i = 0; status == PEN_OK && i < group->count; i++)
		status = settle_person(work, work->order[group->first + i], &folio, error);
	if (status == PEN_OK && work->writer) {
		group->folio = folio.id;
		status = pen_folio__sums(work->session->store, &folio, error);
	}
	return status;
}

/* ------------------------------------------------- what was interrupted -- */

/* The settlements that were begun and not ended: since one runs at a time, dead. */
struct dead { int64_t id[16]; size_t count; };

static enum pen_status find_dead(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct dead *dead = context;

	(void)error;
	if (strcmp(batch->form, FORM) == 0 && strcmp(batch->state, "staging") == 0 &&
	    dead->count < sizeof(dead->id) / sizeof(dead->id[0]))
		dead->id[dead->count++] = batch->id;
	return PEN_OK;
}

static enum pen_status discard(struct pen_settlement *work, int64_t id, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	enum pen_status status;
	char subject[40];
	int64_t at;

	status = pen_db__begin_write(db, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "batch %" PRId64, id);
	status = pen_session__act(work->session, "import.discard", subject, NULL, false, &at, error);
	if (status == PEN_OK)
		status = pen_withdraw__batch(work->session->store, id, pen_kind__of(PEN_KIND_MOVEMENT), at, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_settlement *work = context;

	(void)error;
	if (work->batch.rows_done < (int64_t)work->groups)
		work->group[work->batch.rows_done++].folio = folio->id;
	return PEN_OK;
}

/* Finds the batch of this very plan, to go on with it; what was begun under
 * another is taken out. In rows_done, meanwhile: how many groups it has. */
static enum pen_status look_for_dead(struct pen_settlement *work, struct pen_error *error)
{
	struct dead dead = { .count = 0 };
	struct pen_batch before;
	enum pen_status status;
	bool found;
	size_t i;

	status = pen_batch__of_file(work->session->store, work->batch.file_digest, FORM, &before, &found, error);
	if (status == PEN_OK && found && strcmp(before.state, "staging") != 0)
		status = pen_error__set(error, PEN_INTEGRITY, "account.plan",
		    _("batch %" PRId64 " has this very plan and is %s: run pen-verify"), before.id, before.state);
	if (status == PEN_OK && found) {
		work->batch = before;
		work->batch.rows_done = 0;
	}
	if (status == PEN_OK)
		status = pen_batch__each(work->session->store, find_dead, &dead, error);
	for (i = 0; status == PEN_OK && i < dead.count; i++)
		if (dead.id[i] != work->batch.id)
			status = discard(work, dead.id[i], error);
	if (status == PEN_OK && found)
		status = pen_folio__each_of_batch(work->session->store, work->batch.id, take_folio, work, error);
	return status;
}

/* ------------------------------------------------------------- writing -- */

static enum pen_status enter_plan(struct pen_settlement *work, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	status = pen_db__begin_write(db, error);
	if (status == PEN_OK)
		status = pen_settings__keep(work->session->store, FORM, work->s.plan.as_of, error);
	if (status == PEN_OK)
		status = pen_blob__keep(work->session->store, "source", work->batch.file_name, work->plan.s, work->plan.n, digest, error);
	if (status == PEN_OK)
		status = pen_batch__plan(work->session->store, &work->batch, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

/* Writes groups until the chunk is full; *next is the one after them. */
static enum pen_status write_chunk(struct pen_settlement *work, size_t *next, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	int64_t before = work->rows;
	enum pen_status status;

	status = pen_db__begin_write(db, error);
	if (status == PEN_OK)
		status = pen_rows__writer(&work->writer, work->session->store, pen_kind__of(PEN_KIND_MOVEMENT), error);
	while (status == PEN_OK && *next < work->groups && work->rows - before < CHUNK)
		status = settle_group(work, &work->group[(*next)++], error);
	if (status == PEN_OK)
		status = pen_rows__end_writer(work->writer, error);
	else
		pen_rows__drop_writer(work->writer);
	work->writer = NULL;
	if (status == PEN_OK)
		status = pen_batch__progress(work->session->store, work->batch.id, work->rows, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status write_groups(struct pen_settlement *work, struct pen_error *error)
{
	size_t done = (size_t)work->batch.rows_done, next;
	enum pen_status status = PEN_OK;

	/* Those that an interrupted run has written are only counted. */
	for (next = 0; status == PEN_OK && next < done; next++)
		status = settle_group(work, &work->group[next], error);
	while (status == PEN_OK && next < work->groups) {
		pen_session__progress(work->session, _("settling"), (int64_t)work->group[next].first, (int64_t)work->orders);
		if (pen_session__stopped(work->session))
			status = pen_error__set(error, PEN_INCOMPLETE, "stopped",
			    _("stopped; nothing of the settlement shows yet: run the command again to go on"));
		else
			status = write_chunk(work, &next, error);
	}
	return status;
}

/* ---------------------------------------------------------- confirming -- */

/* What was taken for granted, as JSON. */
static void list_assumptions(const struct pen_settlement *work, struct pen_text *json)
{
	if (work->s.unarrived)
		pen_receipt__assume(json, "credit.period", work->s.unarrived, PEN_SETTLEMENT_UNARRIVED);
	if (work->s.outside)
		pen_receipt__assume(json, "credit.outside", work->s.outside, PEN_SETTLEMENT_OUTSIDE);
	pen_text__puts(json, json->n ? "]" : "[]");
}

/* The plan and all its figures, so that none of them is changed unseen. A look that
 * settles nobody makes no batch, and says nothing of one. */
static const char *body_of(struct pen_settlement *work, const char *assumptions, struct pen_body *body)
{
	const struct pen_batch *batch = assumptions ? &work->batch : NULL;
	const size_t *fates = work->s.fates;

	pen_entry__body_open(body);
	pen_entry__body_int(body, "again", (int64_t)fates[PEN_SETTLING_AGAIN]);
	pen_entry__body_text(body, "agency", batch ? batch->agency : NULL);
	pen_entry__body_text(body, "assumptions", assumptions);
	pen_entry__body_int(body, "balance_fen", work->balance);
	if (batch)
		pen_entry__body_int(body, "bytes", batch->file_bytes);
	pen_entry__body_int(body, "credited_fen", work->credited);
	pen_entry__body_text(body, "encoding", batch ? batch->encoding : NULL);
	pen_entry__body_text(body, "file", batch ? batch->file_name : NULL);
	pen_entry__body_int(body, "folios", (int64_t)work->groups);
	pen_entry__body_text(body, "form_digest", batch ? batch->form_digest : NULL);
	pen_entry__body_int(body, "left", (int64_t)(fates[PEN_SETTLING_UNREADY] + fates[PEN_SETTLING_GAP]));
	pen_entry__body_text(body, "parameters_digest", batch ? batch->parameters_digest : NULL);
	pen_entry__body_int(body, "people", (int64_t)work->orders);
	pen_entry__body_text(body, "plan", work->batch.file_digest);
	pen_entry__body_text(body, "planned_by", batch ? batch->planned_by : NULL);
	pen_entry__body_int(body, "rate", work->s.plan.rate);
	if (batch)
		pen_entry__body_int(body, "reference_at", batch->reference_at);
	pen_entry__body_int(body, "rows", work->rows);
	pen_entry__body_text(body, "rules_digest", batch ? batch->rules_digest : NULL);
	pen_entry__body_int(body, "unchanged", (int64_t)fates[PEN_SETTLING_SAME]);
	pen_entry__body_int(body, "year", work->s.plan.year);
	return pen_entry__body_close(body);
}

static enum pen_status confirm_groups(struct pen_settlement *work, int64_t at, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t g, i;

	for (g = 0; status == PEN_OK && g < work->groups; g++) {
		status = pen_folio__set_state(work->session->store, work->group[g].folio, PEN_FOLIO_CONFIRMED, at, error);
		for (i = 0; i < work->group[g].count; i++)
			work->order[work->group[g].first + i]->folio = work->group[g].folio;
	}
	return status;
}

/* Where the balances stand, in the order of people; what was settled before is
 * replaced, and stays. */
static enum pen_status enter_accounts(struct pen_settlement *work, int64_t at, struct pen_error *error)
{
	struct pen_store *store = work->session->store;
	const struct pen_settling_person *person;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < work->s.persons; i++) {
		person = &work->s.person[i];
		if (!person->folio)
			continue;
		status = pen_ledger__enter(store, person->person, work->s.plan.year, person->folio, error);
		if (status == PEN_OK && person->settled)
			status = pen_ledger__replace(store, person->settled, person->person, person->folio, at, error);
	}
	return status;
}

static enum pen_status confirm_batch(struct pen_settlement *work, const char *assumptions, int64_t at, struct pen_error *error)
{
	struct pen_batch *batch = &work->batch;
	enum pen_status status;

	batch->rows_done = batch->lines_read = batch->lines_accepted = work->rows;
	batch->read_fen = work->balance;
	batch->staged_at = at;
	snprintf(batch->state, sizeof(batch->state), "staged");
	status = pen_batch__staged(work->session->store, batch, assumptions, error);
	return status == PEN_OK ? pen_batch__set_state(work->session->store, batch->id, "confirmed", at, error) : status;
}

static enum pen_status enter_act(struct pen_settlement *work, const char *assumptions, int64_t *at, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX], subject[40];
	struct pen_body body;
	const char *text;
	enum pen_status status = pen_store__digest(work->session->store, assumptions, strlen(assumptions), digest, error);

	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "batch %" PRId64, work->batch.id);
	text = body_of(work, digest, &body);
	status = text ? pen_session__act(work->session, "account.settle", subject, text, true, at, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

/* All of it shows at once, with the entry of the act. */
static enum pen_status confirm(struct pen_settlement *work, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	struct pen_text assumptions = { 0 };
	enum pen_status status;
	int64_t at;

	list_assumptions(work, &assumptions);
	status = assumptions.failed ? pen_error__memory(error) : pen_db__begin_write(db, error);
	if (status == PEN_OK)
		status = enter_act(work, assumptions.s, &at, error);
	if (status == PEN_OK)
		status = confirm_groups(work, at, error);
	if (status == PEN_OK)
		status = enter_accounts(work, at, error);
	if (status == PEN_OK)
		status = confirm_batch(work, assumptions.s, at, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	pen_text__free(&assumptions);
	return status;
}

enum pen_status pen_settlement__write(struct pen_settlement *work, struct pen_error *error)
{
	enum pen_status status = look_for_dead(work, error);

	if (status == PEN_OK && !work->batch.id)
		status = enter_plan(work, error);
	if (status == PEN_OK)
		status = write_groups(work, error);
	return status == PEN_OK ? confirm(work, error) : status;
}

enum pen_status pen_settlement__enter(struct pen_settlement *work, int64_t at, struct pen_error *error)
{
	enum pen_status status = pen_rows__writer(&work->writer, work->session->store, pen_kind__of(PEN_KIND_MOVEMENT), error);
	size_t g;

	for (g = 0; status == PEN_OK && g < work->groups; g++)
		status = settle_group(work, &work->group[g], error);
	if (status == PEN_OK)
		status = pen_rows__end_writer(work->writer, error);
	else
		pen_rows__drop_writer(work->writer);
	work->writer = NULL;
	if (status == PEN_OK)
		status = confirm_groups(work, at, error);
	return status == PEN_OK ? enter_accounts(work, at, error) : status;
}

/* Nothing is to be written: the sums alone; and that it was looked at (R7.5). */
enum pen_status pen_settlement__count(struct pen_settlement *work, bool note, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct pen_body body;
	const char *text;
	char subject[40];
	size_t g;

	for (g = 0; status == PEN_OK && g < work->groups; g++)
		status = settle_group(work, &work->group[g], error);
	if (status != PEN_OK || !note)
		return status;
	snprintf(subject, sizeof(subject), "year %d", work->s.plan.year);
	text = body_of(work, NULL, &body);
	status = text ? pen_session__note(work->session, "account.settle", subject, text, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

void pen_settlement__free(struct pen_settlement *work)
{
	pen_settling__free(&work->s);
	pen_text__free(&work->plan);
	pen_memory__free(work->held);
	pen_memory__free(work->order);
	pen_memory__free(work->group);
}
