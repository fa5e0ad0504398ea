#include "store/computed.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/maker.h"
#include "store/receipt.h"
#include "store/withdraw.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define CHUNK 50000	/* rows written in one transaction, or one folio if it has more: each ends with some five syncs */

static struct pen_store *store_of(const struct pen_computed *computed)
{
	return computed->session->store;
}

/* ------------------------------------------------------------ the plan -- */

enum pen_status pen_computed__plan(struct pen_computed *computed, const char *name, int64_t reference,
    const char *parameters_digest, struct pen_error *error)
{
	struct pen_batch *batch = &computed->batch;
	struct pen_form *form;
	enum pen_status status = computed->plan.failed ? pen_error__memory(error) : PEN_OK;

	assert(pen_maker__of(computed->way->act));
	*batch = (struct pen_batch){ .staged_at = -1, .confirmed_at = -1, .ended_at = -1 };
	if (status == PEN_OK)
		status = pen_store__digest(store_of(computed), computed->plan.s, computed->plan.n, batch->file_digest, error);
	if (status == PEN_OK)
		status = pen_settings__rules(store_of(computed), batch->rules_digest, error);
	if (status == PEN_OK)
		status = pen_settings__form(store_of(computed), computed->way->form, &form, batch->form_digest, error);
	if (status != PEN_OK)
		return status;
	pen_form__free(form);
	snprintf(batch->agency, sizeof(batch->agency), "%s", pen_store__identity(store_of(computed))->agency);
	snprintf(batch->form, sizeof(batch->form), "%s", computed->way->form);
	snprintf(batch->file_name, sizeof(batch->file_name), "%s", name);
	snprintf(batch->encoding, sizeof(batch->encoding), "computed");
	snprintf(batch->planned_by, sizeof(batch->planned_by), "%s", computed->session->staff.id);
	snprintf(batch->parameters_digest, sizeof(batch->parameters_digest), "%s", parameters_digest);
	batch->file_bytes = (int64_t)computed->plan.n;
	batch->reference_at = reference;
	return PEN_OK;
}

enum pen_status pen_computed__folio(struct pen_computed *computed, int64_t employer, int32_t period, struct pen_error *error)
{
	struct pen_computed_folio *grown;

	if ((computed->folios & (computed->folios - 1)) == 0) {	/* room is the next power of two */
		grown = pen_memory__realloc(computed->folio, computed->folios ? 2 * computed->folios : 1, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		computed->folio = grown;
	}
	computed->folio[computed->folios++] = (struct pen_computed_folio){ .employer = employer, .period = period };
	return PEN_OK;
}

/* ---------------------------------------------------------------- rows -- */

enum pen_status pen_computed__put(struct pen_computed *computed, struct pen_row *row, int64_t amount, struct pen_error *error)
{
	if (!pen_money__add(computed->amount, amount, &computed->amount) ||
	    !pen_money__add(computed->at.amount_fen, amount, &computed->at.amount_fen))
		return pen_error__set(error, PEN_INPUT, "account.range",
		    _("the balances do not fit the range of amounts: look for a wrong opening balance or contribution"));
	computed->rows++;
	computed->at.rows++;
	row->v[PEN_LINE] = pen_value__integer(computed->rows);
	if (computed->take)
		return computed->take(computed->taking, row, error);
	return computed->writer ? pen_rows__write(computed->writer, computed->at.id, row, error) : PEN_OK;
}

/* Where the rows that are read back are not those that were written there is no root:
 * who signs makes it again, and says what is wrong. */
static enum pen_status take_root(void *context, const struct pen_rootwalk_result *result, struct pen_error *error)
{
	struct pen_computed *computed = context;
	const struct pen_roots_sum *sum = &result->sum;
	const struct pen_folio *folio = result->folio;

	if (result->status != PEN_OK)
		return result->status;
	if (sum->rows != folio->rows || sum->unit_fen != folio->unit_fen || sum->personal_fen != folio->personal_fen)
		return PEN_OK;
	computed->rooted++;
	return pen_folio__set_root(store_of(computed), folio->id, sum->root, error);
}

static enum pen_status read_back(struct pen_computed *computed, struct pen_error *error)
{
	enum pen_status status = pen_rows__flush(computed->writer, error);

	return status == PEN_OK ? pen_rootwalk__add(computed->roots, &computed->at, error) : status;
}

/* One folio's rows; with a writer, into it. */
static enum pen_status make_folio(struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	struct pen_computed_folio *made = &computed->folio[folio];
	enum pen_status status = PEN_OK;

	computed->at = (struct pen_folio){ .batch = computed->batch.id, .employer = made->employer, .period = made->period,
		.state = PEN_FOLIO_STAGING };
	snprintf(computed->at.form, sizeof(computed->at.form), "%s", computed->way->form);
	if (computed->writer)
		status = pen_folio__enter(store_of(computed), &computed->at, error);
	if (status == PEN_OK)
		status = computed->way->rows(computed->context, computed, folio, error);
	if (status != PEN_OK || !computed->writer)
		return status;
	made->id = computed->at.id;
	status = pen_folio__sums(store_of(computed), &computed->at, error);
	return status == PEN_OK && computed->roots ? read_back(computed, error) : status;
}

/* ------------------------------------------------- what was interrupted -- */

/* The batches of the form that were begun and not ended: since one runs at a time, dead. */
struct dead { const char *form; int64_t id[16]; size_t count; };

static enum pen_status find_dead(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct dead *dead = context;

	(void)error;
	if (strcmp(batch->form, dead->form) == 0 && strcmp(batch->state, "staging") == 0 &&
	    dead->count < sizeof(dead->id) / sizeof(dead->id[0]))
		dead->id[dead->count++] = batch->id;
	return PEN_OK;
}

static enum pen_status discard(struct pen_computed *computed, int64_t id, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store_of(computed));
	enum pen_status status;
	char subject[40];
	int64_t at;

	status = pen_db__begin_write(db, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "batch %" PRId64, id);
	status = pen_session__act(computed->session, "import.discard", subject, NULL, false, &at, error);
	if (status == PEN_OK)
		status = pen_withdraw__batch(store_of(computed), id, pen_kind__of(computed->way->kind), at, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_computed *computed = context;

	(void)error;
	if (computed->batch.rows_done < (int64_t)computed->folios)
		computed->folio[computed->batch.rows_done++].id = folio->id;
	return PEN_OK;
}

/* Finds the batch of this very plan, to go on with it; what was begun under
 * another is taken out. In rows_done, meanwhile: how many folios it has. */
static enum pen_status look_for_dead(struct pen_computed *computed, struct pen_error *error)
{
	struct dead dead = { .form = computed->way->form };
	struct pen_batch before;
	enum pen_status status;
	bool found;
	size_t i;

	status = pen_batch__of_file(store_of(computed), computed->batch.file_digest, computed->way->form, &before, &found, error);
	if (status == PEN_OK && found && strcmp(before.state, "staging") != 0)
		status = pen_error__set(error, PEN_INTEGRITY, "account.plan",
		    _("batch %" PRId64 " has this very plan and is %s: run pen-verify"), before.id, before.state);
	if (status == PEN_OK && found) {
		computed->batch = before;
		computed->batch.rows_done = 0;
	}
	if (status == PEN_OK)
		status = pen_batch__each(store_of(computed), find_dead, &dead, error);
	for (i = 0; status == PEN_OK && i < dead.count; i++)
		if (dead.id[i] != computed->batch.id)
			status = discard(computed, dead.id[i], error);
	if (status == PEN_OK && found)
		status = pen_folio__each_of_batch(store_of(computed), computed->batch.id, take_folio, computed, error);
	return status;
}

/* ------------------------------------------------------------- writing -- */

static enum pen_status enter_plan(struct pen_computed *computed, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	status = pen_settings__keep(store_of(computed), computed->way->form, computed->batch.rules_digest, computed->batch.reference_at, error);
	if (status == PEN_OK)
		status = pen_blob__keep(store_of(computed), "source", computed->batch.file_name, computed->plan.s, computed->plan.n, digest, error);
	return status == PEN_OK ? pen_batch__plan(store_of(computed), &computed->batch, error) : status;
}

static enum pen_status open_writer(struct pen_computed *computed, struct pen_error *error)
{
	return pen_rows__writer(&computed->writer, store_of(computed), pen_kind__of(computed->way->kind), error);
}

static enum pen_status end_writer(struct pen_computed *computed, enum pen_status status, struct pen_error *error)
{
	if (status == PEN_OK)
		status = pen_rows__end_writer(computed->writer, error);
	else
		pen_rows__drop_writer(computed->writer);
	computed->writer = NULL;
	return status;
}

/* Writes folios until the chunk is full; *next is the one after them. */
static enum pen_status write_chunk(struct pen_computed *computed, size_t *next, struct pen_error *error)
{
	int64_t before = computed->rows;
	enum pen_status status;

	pen_session__progress(computed->session, _(computed->way->step), (int64_t)*next, (int64_t)computed->folios);
	if (pen_session__stopped(computed->session))
		return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped; nothing of it shows yet: run the command again to go on"));
	status = open_writer(computed, error);
	while (status == PEN_OK && *next < computed->folios && computed->rows - before < CHUNK)
		status = make_folio(computed, (*next)++, error);
	status = end_writer(computed, status, error);
	return status == PEN_OK ? pen_batch__progress(store_of(computed), computed->batch.id, computed->rows, error) : status;
}

/* In the caller's transaction, which is ended and begun anew behind each chunk but the
 * last. */
static enum pen_status write_folios(struct pen_computed *computed, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store_of(computed));
	size_t done = (size_t)computed->batch.rows_done, next;
	enum pen_status status = PEN_OK;

	/* Those that an interrupted run has written are only counted. */
	for (next = 0; status == PEN_OK && next < done; next++)
		status = make_folio(computed, next, error);
	if (status == PEN_OK && computed->signs && !done)
		status = pen_rootwalk__open(&computed->roots, store_of(computed), &computed->batch, true, take_root, computed, error);
	while (status == PEN_OK && next < computed->folios) {
		status = write_chunk(computed, &next, error);
		if (status == PEN_OK && next < computed->folios)
			status = pen_db__commit(db, error);
		if (status == PEN_OK && next < computed->folios)
			status = pen_db__begin_write(db, error);
	}
	return status;
}

/* ---------------------------------------------------------- confirming -- */

/* What every computed batch says of itself, by the key behind which it stands; of a look
 * that makes no batch there is less. NULL: a number. */
struct member { const char *key, *text; int64_t number; bool left_out; };

static size_t list_members(const struct pen_computed *computed, const char *assumptions, struct member members[16])
{
	const struct pen_batch *batch = &computed->batch;
	bool look = assumptions == NULL;
	const struct member all[] = {
		{ "agency", batch->agency, 0, look }, { "assumptions", assumptions, 0, look },
		{ "bytes", NULL, batch->file_bytes, look }, { "encoding", batch->encoding, 0, look },
		{ "file", batch->file_name, 0, look }, { "folios", NULL, (int64_t)computed->folios, false },
		{ "form_digest", batch->form_digest, 0, look }, { "parameters_digest", batch->parameters_digest, 0, look },
		{ "plan", batch->file_digest, 0, false }, { "planned_by", batch->planned_by, 0, look },
		{ "reference_at", NULL, batch->reference_at, look }, { "rows", NULL, computed->rows, false },
		{ "rules_digest", batch->rules_digest, 0, look },
	};

	memcpy(members, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

/* The plan and all its figures, so that none of them is changed unseen: both lists are in
 * the order of their keys. A look that writes nothing makes no batch, and says nothing of
 * one. */
static const char *body_of(struct pen_computed *computed, const char *assumptions, struct pen_body *body)
{
	struct pen_computed_figure figures[PEN_COMPUTED_FIGURES];
	struct member members[16];
	size_t count = list_members(computed, assumptions, members), more = computed->way->figures(computed->context, figures);
	size_t i = 0, k = 0;

	pen_entry__body_open(body);
	while (i < count || k < more) {
		if (k < more && (i == count || strcmp(figures[k].key, members[i].key) < 0)) {
			pen_entry__body_int(body, figures[k].key, figures[k].value);
			k++;
			continue;
		}
		if (members[i].text && !members[i].left_out)
			pen_entry__body_text(body, members[i].key, members[i].text);
		else if (!members[i].left_out)
			pen_entry__body_int(body, members[i].key, members[i].number);
		i++;
	}
	return pen_entry__body_close(body);
}

static enum pen_status confirm_folios(struct pen_computed *computed, int64_t at, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < computed->folios; i++)
		status = pen_folio__set_state(store_of(computed), computed->folio[i].id, PEN_FOLIO_CONFIRMED, at, error);
	if (status == PEN_OK && computed->way->show)
		status = computed->way->show(computed->context, computed, at, error);
	return status;
}

static enum pen_status confirm_batch(struct pen_computed *computed, const char *assumptions, int64_t at, struct pen_error *error)
{
	struct pen_batch *batch = &computed->batch;
	enum pen_status status;

	batch->rows_done = batch->lines_read = batch->lines_accepted = computed->rows;
	batch->read_fen = computed->amount;
	batch->staged_at = at;
	snprintf(batch->state, sizeof(batch->state), "staged");
	status = pen_batch__staged(store_of(computed), batch, assumptions, error);
	return status == PEN_OK ? pen_batch__set_state(store_of(computed), batch->id, "confirmed", at, error) : status;
}

static enum pen_status enter_act(struct pen_computed *computed, const char *assumptions, int64_t *at, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX], subject[40];
	struct pen_body body;
	const char *text;
	enum pen_status status = pen_store__digest(store_of(computed), assumptions, strlen(assumptions), digest, error);

	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "batch %" PRId64, computed->batch.id);
	text = body_of(computed, digest, &body);
	status = text ? pen_session__act(computed->session, computed->way->act, subject, text, true, at, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

/* All of it shows at once, with the entry of the act. */
static enum pen_status confirm(struct pen_computed *computed, struct pen_error *error)
{
	struct pen_text assumptions = { 0 };
	enum pen_status status;
	int64_t at;

	if (computed->way->assume)
		computed->way->assume(computed->context, &assumptions);
	pen_text__puts(&assumptions, assumptions.n ? "]" : "[]");
	status = assumptions.failed ? pen_error__memory(error) : PEN_OK;
	if (status == PEN_OK && computed->roots)
		status = pen_rootwalk__end(computed->roots, error);
	if (status == PEN_OK)
		status = enter_act(computed, assumptions.s, &at, error);
	if (status == PEN_OK)
		status = confirm_folios(computed, at, error);
	if (status == PEN_OK)
		status = confirm_batch(computed, assumptions.s, at, error);
	pen_text__free(&assumptions);
	return status;
}

/* A batch of one chunk is one transaction: it is there whole, or not at all. */
enum pen_status pen_computed__write(struct pen_computed *computed, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store_of(computed));
	enum pen_status status = look_for_dead(computed, error);

	if (status == PEN_OK)
		status = pen_db__begin_write(db, error);
	if (status == PEN_OK && !computed->batch.id)
		status = enter_plan(computed, error);
	if (status == PEN_OK)
		status = write_folios(computed, error);
	if (status == PEN_OK)
		status = confirm(computed, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	pen_rootwalk__close(computed->roots);
	computed->roots = NULL;
	return status;
}

enum pen_status pen_computed__enter(struct pen_computed *computed, int64_t at, struct pen_error *error)
{
	enum pen_status status = open_writer(computed, error);
	size_t i;

	for (i = 0; status == PEN_OK && i < computed->folios; i++)
		status = make_folio(computed, i, error);
	status = end_writer(computed, status, error);
	return status == PEN_OK ? confirm_folios(computed, at, error) : status;
}

enum pen_status pen_computed__count(struct pen_computed *computed, const char *noted, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct pen_body body;
	const char *text;
	size_t i;

	for (i = 0; status == PEN_OK && i < computed->folios; i++)
		status = make_folio(computed, i, error);
	if (status != PEN_OK || !noted)
		return status;
	text = body_of(computed, NULL, &body);
	status = text ? pen_session__note(computed->session, computed->way->act, noted, text, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

void pen_computed__free(struct pen_computed *computed)
{
	pen_text__free(&computed->plan);
	pen_memory__free(computed->folio);
	computed->folio = NULL;
	computed->folios = 0;
}
