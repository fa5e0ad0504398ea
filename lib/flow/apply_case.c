/* Entering what a case asks for (R5.3.1): new versions of its records and all that
 * follows from them, and the amender's signature under them, in one transaction. */
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/printer.h"
#include "store/applications.h"
#include "store/casework.h"
#include "store/payee.h"
#include "work/undersign.h"
#include "store/versions.h"

#include <inttypes.h>
#include <string.h>

/* A case being applied. */
struct work {
	struct pen_session *session;
	struct pen_store *store;
	struct pen_case of;
	struct pen_amendeds list;
	struct pen_trial trial;
	struct pen_batch batch;
	struct pen_folio *folios;
	size_t count, room;
	int64_t seal;
	bool dry_run;
};

/* -------------------------------------------------------------- the entry -- */

/* All of the batch is bound by the entry that made it, as account.settle binds its. */
static enum pen_status enter(struct work *work, int64_t at, struct pen_error *error)
{
	const struct pen_batch *batch = &work->batch;
	char assumptions[PEN_DIGEST_HEX];
	const struct pen_casework_detail details[] = {
		{ "agency", batch->agency, 0 }, { "amount_fen", NULL, batch->read_fen }, { "assumptions", assumptions, 0 },
		{ "bytes", NULL, batch->file_bytes }, { "encoding", batch->encoding, 0 }, { "file", batch->file_name, 0 },
		{ "folios", NULL, (int64_t)work->count }, { "batch_form", batch->form, 0 }, { "form_digest", batch->form_digest, 0 },
		{ "parameters_digest", batch->parameters_digest, 0 }, { "plan", batch->file_digest, 0 },
		{ "planned_by", batch->planned_by, 0 }, { "reference_at", NULL, batch->reference_at },
		{ "rows", NULL, batch->lines_read }, { "rules_digest", batch->rules_digest, 0 },
		{ "settled", NULL, work->trial.settled }, { "versions", NULL, work->trial.versions },
	};
	const struct pen_casework made = { .move = PEN_AMENDMENT_APPLY, .batch = batch->id, .changes = true,
		.detail = details, .details = sizeof(details) / sizeof(details[0]) };
	int64_t entered;
	enum pen_status status = pen_store__digest(work->store, "[]", 2, assumptions, error);

	if (status == PEN_OK)
		status = pen_casework__make(work->session, &work->of, &made, &entered, error);
	if (status == PEN_OK && entered != at)
		status = pen_error__set(error, PEN_SYSTEM, "amend.entry",
		    _("the case was to be entered as %" PRId64 " and is %" PRId64 ": nothing was changed; run the command again"), at, entered);
	return status;
}

/* ------------------------------------------------------------ the signature -- */

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	struct pen_folio *more;

	if (work->count == work->room) {
		work->room = work->room ? 2 * work->room : 16;
		more = pen_memory__realloc(work->folios, work->room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		work->folios = more;
	}
	work->folios[work->count++] = *folio;
	return PEN_OK;
}

/* The first role of the form is that of whoever enters the change. */
static enum pen_status sign(struct work *work, struct pen_error *error)
{
	struct pen_form *form = NULL;
	enum pen_status status = pen_settings__kept_form(work->store, work->batch.form_digest, &form, error);

	if (status == PEN_OK)
		status = pen_undersign__draw_up(work->session, &work->batch, form->role[0], work->folios, work->count, &work->seal, error);
	pen_form__free(form);
	return status;
}

static enum pen_status apply(struct work *work, struct pen_error *error)
{
	const struct pen_versions_case made = { .amendment = work->of.id, .objection = work->of.form == PEN_AMENDMENT_OBJECTION,
		.amended = &work->list };
	int64_t at;
	enum pen_status status = pen_applications__load(work->store, work->of.id, work->of.revision, &work->list, error);

	if (status == PEN_OK)
		status = pen_journal__size(work->store, &at, error);
	if (status == PEN_OK)
		status = pen_versions__write(work->session, &made, at, &work->trial, &work->batch, error);
	if (status == PEN_OK)
		status = pen_folio__each_of_batch(work->store, work->batch.id, take_folio, work, error);
	if (status == PEN_OK)
		status = enter(work, at, error);
	return status == PEN_OK ? sign(work, error) : status;
}

static enum pen_status apply_in_transaction(struct work *work, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->store);
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = apply(work, error);
	if (status == PEN_OK && !work->dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);	/* harmless after the commit */
	return status;
}

/* ------------------------------------------------------------------ printing -- */

static int64_t total(const struct pen_balance *balance)
{
	int64_t fen;

	return pen_ledger__total(balance, &fen) ? fen : INT64_MAX;
}

static enum pen_status print_person(struct work *work, const struct pen_effect *effect, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_someone someone;
	enum pen_status status = pen_payee__name(work->store, effect->person, INT64_MAX, &someone, error);
	const struct pen_item row[] = {
		PEN_I_TEXT("id_number", _("citizen id"), someone.id_number),
		PEN_I_TEXT("name", _("name"), someone.name),
		{ .key = "year", .title = _("year"), .type = PEN_ITEM_INT, .i = effect->year, .null = !effect->year },
		PEN_I_FEN("before_fen", _("account before"), total(&effect->before)),
		PEN_I_FEN("after_fen", _("account after"), total(&effect->after)),
		PEN_I_FEN("difference_fen", _("difference"), total(&effect->after) - total(&effect->before)),
		{ .key = "pension_before_fen", .title = _("pension before"), .type = PEN_ITEM_FEN, .i = effect->pension_before_fen, .null = !effect->has_pension },
		{ .key = "pension_after_fen", .title = _("pension after"), .type = PEN_ITEM_FEN, .i = effect->pension_after_fen, .null = !effect->has_pension },
	};

	if (status == PEN_OK)
		pen_printer__row(printer, "effect", PEN_ITEMS(row));
	return status;
}

static enum pen_status print(struct work *work, struct pen_printer *printer, struct pen_error *error)
{
	const struct pen_item columns[] = {
		PEN_I_TEXT("id_number", _("citizen id"), NULL), PEN_I_TEXT("name", _("name"), NULL), PEN_I_INT("year", _("year"), 0),
		PEN_I_FEN("before_fen", _("account before"), 0), PEN_I_FEN("after_fen", _("account after"), 0),
		PEN_I_FEN("difference_fen", _("difference"), 0), PEN_I_FEN("pension_before_fen", _("pension before"), 0),
		PEN_I_FEN("pension_after_fen", _("pension after"), 0),
	};
	const struct pen_item summary[] = {
		PEN_I_INT("case", _("case"), work->of.id),
		PEN_I_TEXT("state", _("state"), pen_amendment__state_name(work->of.state)),
		PEN_I_INT("batch", _("batch"), work->batch.id), PEN_I_INT("seal", _("seal"), work->seal),
		PEN_I_INT("folios", _("folios"), (int64_t)work->count), PEN_I_INT("versions", _("new versions"), work->trial.versions),
		PEN_I_INT("settled", _("account years settled again"), work->trial.settled),
		PEN_I_TEXT("next", _("next"), pen_amendment__next(work->of.form, work->of.state)),
		PEN_I_FLAG("dry_run", _("dry run"), work->dry_run),
	};
	const struct pen_items head = PEN_ITEMS(columns);
	enum pen_status status = PEN_OK;
	size_t i;

	pen_printer__open_table(printer, "apply", _("What the case came to, person by person"), &head);
	for (i = 0; status == PEN_OK && i < work->trial.effects; i++)
		status = print_person(work, &work->trial.effect[i], printer, error);
	if (status == PEN_OK)
		pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
	return status;
}

/* ------------------------------------------------------------------ the verb -- */

/* A settlement under way would go on from what is changed here. */
static enum pen_status apply_held(struct work *work, struct pen_error *error)
{
	char subject[40];
	enum pen_status status = pen_session__hold(work->session, "pen-amend apply", 0, error);

	if (status != PEN_OK)
		return status;
	status = apply_in_transaction(work, error);
	pen_store__let_go(work->store);
	snprintf(subject, sizeof(subject), "case %" PRId64, work->of.id);
	if (work->dry_run)
		return status;
	if (status == PEN_REFUSED)
		return pen_session__refused(work->session, "amend.apply", subject, error);
	return status == PEN_INTEGRITY ? pen_session__stopped_short(work->session, "amend.apply", subject, "R5.3.1", error) : status;
}

enum pen_status pen_apply_case(struct pen_session *session, int64_t id, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store, .dry_run = dry_run };
	enum pen_status status = pen_casework__begin(session, id, PEN_AMENDMENT_APPLY, dry_run, &work.of, error);

	if (status == PEN_OK)
		status = apply_held(&work, error);
	if (status == PEN_OK)
		status = print(&work, printer, error);
	pen_memory__free(work.folios);
	pen_effect__free(&work.trial);
	pen_amended__free(&work.list);
	pen_cases__free(&work.of);
	return status;
}
