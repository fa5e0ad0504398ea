#include "store/admission.h"

#include "base/error.h"
#include "base/money.h"
#include "store/meanwhile.h"
#include "store/settings.h"
#include "store/turned.h"

#include <assert.h>
#include <string.h>

#define CLAUSE "R4.1.2"

/* -------------------------------------------------- what speaks against it -- */

static enum pen_status check_state(const struct pen_batch *batch, struct pen_error *error)
{
	long long id = (long long)batch->id;

	if (strcmp(batch->state, "staged") == 0)
		return PEN_OK;
	if (strcmp(batch->state, "staging") == 0)
		return pen_error__refuse(error, CLAUSE, "confirm.staging",
		    _("batch %lld was interrupted while it was staged: run pen-import on %s again first"), id, batch->file_name);
	return pen_error__refuse(error, CLAUSE, "confirm.state",
	    _("batch %lld is %s, and only a staged one is confirmed"), id, batch->state);
}

/* The kind of a batch's rows, by the form as it was when they were read, and
 * whether they fill in what is there. What is computed does not come in by this door,
 * whatever somebody made of its batch's state. */
static enum pen_status kind_of(struct pen_store *store, const struct pen_batch *batch,
    enum pen_kind_id *kind, bool *supplement, struct pen_error *error)
{
	struct pen_form *form;
	enum pen_status status = pen_settings__kept_form(store, batch->form_digest, &form, error);

	if (status)
		return status;
	*kind = form->kind->id;
	*supplement = form->supplement;
	if (form->computed)
		status = pen_error__set(error, PEN_USAGE, "form.unfit",
		    _("form %s is not brought in by pen-import: pen-import forms lists those that are"), form->name);
	pen_form__free(form);
	return status;
}

/* What stands of a person's account meanwhile: months that another folio has, or
 * a balance that is settled. */
static enum pen_status check_account(struct pen_store *store, const struct pen_batch *batch, enum pen_sql which,
    struct pen_error *error)
{
	long long id = (long long)batch->id, folio, line;
	struct pen_statement *s;
	const char *person;
	enum pen_status status = pen_store__sql(store, which, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch->id);
	status = pen_db__step(s, &row, error);
	if (!status && row) {
		folio = (long long)pen_db__int(s, 0);
		line = (long long)pen_db__int(s, 1);
		person = pen_db__text(s, 2) ? pen_db__text(s, 2) : _("unknown");
		if (which == PEN_SQL_ADMISSION_TAKEN_MONTHS)
			status = pen_error__refuse(error, "R4.2.1", "confirm.months",
			    _("line %lld of batch %lld gives months of %s that folio %lld has meanwhile, for the same employer and year: discard batch %lld and bring its file in again"),
			    line, id, person, folio, id);
		else
			status = pen_error__refuse(error, "R4.2.3", "confirm.settled",
			    _("line %lld of batch %lld opens the account of %s, which folio %lld has settled meanwhile: discard batch %lld and bring its file in again"),
			    line, id, person, folio, id);
	}
	pen_db__reset(s);
	return status;
}

/* The import looked for what was there when it began; two batches can lie
 * staged at the same time. */
static enum pen_status check_repeated(struct pen_store *store, const struct pen_batch *batch,
    enum pen_kind_id kind, bool supplement, struct pen_error *error)
{
	static const enum pen_sql statements[PEN_KINDS] = {
		[PEN_KIND_EMPLOYER] = PEN_SQL_ADMISSION_REPEATED_EMPLOYER,
		[PEN_KIND_REGISTRATION] = PEN_SQL_ADMISSION_REPEATED_REGISTRATION,
		[PEN_KIND_LEVY] = PEN_SQL_ADMISSION_REPEATED_LEVY,
		[PEN_KIND_OPENING] = PEN_SQL_ADMISSION_REPEATED_OPENING,
		[PEN_KIND_RETIREMENT] = PEN_SQL_ADMISSION_REPEATED_RETIREMENT,
		[PEN_KIND_CHANGE] = PEN_SQL_ADMISSION_REPEATED_CHANGE,
		[PEN_KIND_SUCCESSION] = PEN_SQL_ADMISSION_REPEATED_SUCCESSION
	};
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	if (kind == PEN_KIND_CONTRIBUTION) {
		status = check_account(store, batch, PEN_SQL_ADMISSION_TAKEN_MONTHS, error);
		return status ? status : pen_meanwhile__check(store, batch, error);
	}
	if (kind == PEN_KIND_REGISTRATION || kind == PEN_KIND_RETIREMENT) {
		status = pen_meanwhile__names(store, batch, error);
		if (status)
			return status;
	}
	if (kind == PEN_KIND_OPENING) {
		status = check_account(store, batch, PEN_SQL_ADMISSION_SETTLED_OPENING, error);
		if (status)
			return status;
	}
	status = pen_store__sql(store, supplement ? PEN_SQL_ADMISSION_SUPPLEMENTED : statements[kind], &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch->id);
	status = pen_db__step(s, &row, error);
	if (!status && row && supplement)
		status = pen_error__refuse(error, "R4.3.2", "confirm.supplement",
		    _("batch %lld has meanwhile filled in what line %lld of batch %lld rests on: discard batch %lld and bring its file in again"),
		    (long long)pen_db__int(s, 0), (long long)pen_db__int(s, 1), (long long)batch->id, (long long)batch->id);
	else if (!status && row)
		status = pen_error__refuse(error, CLAUSE, "confirm.repeated",
		    _("line %lld of batch %lld came in meanwhile by batch %lld: discard batch %lld and bring its file in again"),
		    (long long)pen_db__int(s, 1), (long long)batch->id, (long long)pen_db__int(s, 0), (long long)batch->id);
	pen_db__reset(s);
	return status;
}

/* Declared totals against what would be admitted. */
static enum pen_status check_expectation(const struct pen_batch *batch, const struct pen_expectation *expect,
    const struct pen_admission *admission, struct pen_error *error)
{
	char declared[24], found[24];
	long long id = (long long)batch->id;

	if (expect->rows >= 0 && expect->rows != admission->rows)
		return pen_error__refuse(error, CLAUSE, "expect.rows",
		    _("%lld rows were declared and batch %lld has %lld to admit: compare them with pen-import show %lld --rows, then confirm it, or take it out with pen-import discard %lld"),
		    (long long)expect->rows, id, (long long)admission->rows, id, id);
	if (expect->has_amount && expect->amount_fen != admission->amount_fen)
		return pen_error__refuse(error, CLAUSE, "expect.amount",
		    _("%s yuan were declared and batch %lld has %s to admit: compare them with pen-import show %lld --rows, then confirm it, or take it out with pen-import discard %lld"),
		    pen_money__format(expect->amount_fen, declared), id,
		    pen_money__format(admission->amount_fen, found), id, id);
	return PEN_OK;
}

/* ----------------------------------------------------------- confirming -- */

/* What would be admitted, and what would not. */
static enum pen_status count_folios(struct pen_store *store, int64_t batch, struct pen_admission *admission,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_ADMISSION_FIGURES, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	status = pen_db__step(s, &row, error);
	if (!status) {
		admission->folios = pen_db__int(s, 0);
		admission->rows = pen_db__int(s, 1);
		admission->amount_fen = pen_db__int(s, 2);
		admission->held = pen_db__int(s, 3);
	}
	pen_db__reset(s);
	return status;
}

/* All that are staged, or what a supplement filled in: a new version of the row that it
 * rests on. */
static enum pen_status admit(struct pen_store *store, enum pen_sql which, int64_t batch, int64_t at, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	pen_db__bind_int(s, ":at", at);
	return pen_db__run(s, error);
}

/* levy.covers again, since two batches can each pass alone. */
static enum pen_status look_at_cover(struct pen_store *store, int64_t batch, int64_t at, struct pen_error *error)
{
	struct pen_cover *cover;
	enum pen_status status = pen_cover__open(&cover, store, error);

	if (status)
		return status;
	status = pen_cover__look(cover, batch, at, error);
	pen_cover__close(cover);
	return status;
}

static enum pen_status enter_act(struct pen_session *session, const struct pen_batch *batch,
    const struct pen_expectation *expect, const struct pen_admission *admission, int64_t at, struct pen_error *error)
{
	bool declared = expect->rows >= 0 || expect->has_amount;
	char subject[40], holds[PEN_DIGEST_HEX], mended[PEN_DIGEST_HEX];
	struct pen_body body;
	const char *text;
	enum pen_status status = pen_turned__holds(session->store, at, holds, error);
	int64_t acted;

	if (!status)
		status = pen_turned__brought(session->store, batch->id, mended, error);
	if (status)
		return status;
	snprintf(subject, sizeof(subject), "batch %lld", (long long)batch->id);
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "amount_fen", admission->amount_fen);
	pen_entry__body_text(&body, "compared", declared ? "totals" : "person");
	pen_entry__body_int(&body, "folios", admission->folios);
	pen_entry__body_int(&body, "held", admission->held);
	pen_entry__body_text(&body, "holds", holds[0] ? holds : NULL);
	pen_entry__body_text(&body, "mended", mended[0] ? mended : NULL);
	pen_entry__body_int(&body, "rows", admission->rows);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__act(session, "import.confirm", subject, text, true, &acted, error) :
	    pen_error__memory(error);
	pen_entry__body_free(&body);
	assert(status || acted == at);
	return status;
}

/* ------------------------------------------------------------ releasing -- */

/* The entry of a decision on a folio, once what it names is there. */
static enum pen_status enter_decision(struct pen_session *session, const char *act, int64_t folio,
    const char *by, const char *decision, const char *reason, int64_t at, struct pen_error *error)
{
	char subject[40], holds[PEN_DIGEST_HEX];
	struct pen_body body;
	const char *text;
	enum pen_status status = pen_turned__holds(session->store, at, holds, error);
	int64_t acted;

	if (status)
		return status;
	snprintf(subject, sizeof(subject), "folio %lld", (long long)folio);
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "by", by);
	pen_entry__body_text(&body, "decision", decision);
	pen_entry__body_text(&body, "holds", holds[0] ? holds : NULL);
	pen_entry__body_text(&body, "reason", reason);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__act(session, act, subject, text, true, &acted, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	assert(status || acted == at);
	return status;
}

/* Which holds of a folio end, and whether the levy comes to hold it. */
struct ending { bool review, levy, enters; };

static struct ending what_ends(const struct pen_holds *holds, const struct pen_decision *decision, bool covered)
{
	struct ending ending = { .review = holds->review && decision->reviewed, .levy = holds->levy && covered };

	ending.enters = ending.review && !holds->levy && !covered;
	return ending;
}

/* Each review's hold by itself: the levy's has an end of its own. */
static enum pen_status end_holds(struct pen_store *store, int64_t folio, const struct pen_holds *holds,
    const struct ending *ending, const struct pen_decision *decision, int64_t at, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < holds->count && ending->review && !status; i++)
		if (strcmp(holds->at[i].rule, PEN_HOLD_LEVY) != 0)
			status = pen_hold__end(store, folio, holds->at[i].rule, "released", decision->reason, at, error);
	if (status || !ending->levy)
		return status;
	return pen_hold__end(store, folio, PEN_HOLD_LEVY, decision->by || ending->review ? "covered" : "released",
	    decision->by || ending->review ? NULL : decision->reason, at, error);
}

/* One whose batch nobody has compared yet waits for that. */
static enum pen_status let_it_in(struct pen_store *store, const struct pen_folio *folio, int64_t at, struct pen_error *error)
{
	struct pen_batch batch;
	bool found, confirmed;
	enum pen_status status = pen_batch__find(store, folio->batch, &batch, &found, error);

	if (status)
		return status;
	confirmed = found && strcmp(batch.state, "confirmed") == 0;
	return pen_folio__set_state(store, folio->id, confirmed ? PEN_FOLIO_CONFIRMED : PEN_FOLIO_STAGED, at, error);
}

enum pen_status pen_admission__release(struct pen_session *session, struct pen_cover *cover,
    const struct pen_folio *folio, const struct pen_decision *decision,
    struct pen_shortfall *shortfall, bool *let_in, struct pen_error *error)
{
	struct pen_store *store = session->store;
	struct pen_holds holds;
	struct ending ending;
	enum pen_status status;
	int64_t at;

	*let_in = false;
	*shortfall = (struct pen_shortfall){ .covered = true };
	status = pen_hold__open(store, folio->id, &holds, error);
	/* A levy that came in is no word on what waits for a review alone. */
	if (!status && (decision->reviewed || holds.levy))
		status = pen_cover__folio(cover, folio->id, shortfall, error);
	if (status)
		return status;
	ending = what_ends(&holds, decision, shortfall->covered);
	if (!ending.review && !ending.levy)
		return PEN_OK;
	status = pen_journal__size(store, &at, error);
	if (!status)
		status = end_holds(store, folio->id, &holds, &ending, decision, at, error);
	if (!status && ending.enters)
		status = pen_cover__hold(cover, folio->id, shortfall, at, error);
	if (!status)
		status = enter_decision(session, "import.release", folio->id, decision->by,
		    decision->by ? "covered" : "released", decision->reason, at, error);
	*let_in = ending.review == holds.review && ending.levy == holds.levy && !ending.enters;
	return status || !*let_in ? status : let_it_in(store, folio, at, error);
}

enum pen_status pen_admission__reject(struct pen_session *session, const struct pen_folio *folio,
    const char *reason, struct pen_error *error)
{
	enum pen_status status;
	int64_t at;

	status = pen_journal__size(session->store, &at, error);
	if (!status)
		status = enter_decision(session, "import.reject", folio->id, NULL, "rejected", reason, at, error);
	if (!status)
		status = pen_hold__end(session->store, folio->id, NULL, "rejected", reason, at, error);
	if (!status)
		status = pen_folio__set_state(session->store, folio->id, PEN_FOLIO_REJECTED, at, error);
	return status;
}

struct releasing { struct pen_session *session; struct pen_cover *cover; struct pen_decision decision; int64_t released; };

static enum pen_status release_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct releasing *releasing = context;
	struct pen_shortfall shortfall;
	enum pen_status status;
	bool let_in;

	status = pen_admission__release(releasing->session, releasing->cover, folio, &releasing->decision,
	    &shortfall, &let_in, error);
	releasing->released += !status && let_in;
	return status;
}

/* A levy came in: what waited for it. */
static enum pen_status release_covered(struct pen_session *session, int64_t batch, int64_t *released,
    struct pen_error *error)
{
	char by[40];
	struct releasing releasing = { .session = session, .decision = { .by = by } };
	enum pen_status status;

	snprintf(by, sizeof(by), "batch %lld", (long long)batch);
	status = pen_cover__open(&releasing.cover, session->store, error);
	if (status)
		return status;
	status = pen_hold__each(session->store, release_folio, &releasing, error);
	pen_cover__close(releasing.cover);
	*released = releasing.released;
	return status;
}

enum pen_status pen_admission__confirm(struct pen_session *session, const struct pen_batch *batch,
    const struct pen_expectation *expect, struct pen_admission *admission, struct pen_error *error)
{
	struct pen_store *store = session->store;
	enum pen_kind_id kind = PEN_KIND_EMPLOYER;
	bool supplement = false;
	enum pen_status status;
	int64_t at = 0;

	*admission = (struct pen_admission){ .already = strcmp(batch->state, "confirmed") == 0 };
	if (admission->already)
		return PEN_OK;
	status = check_state(batch, error);
	if (!status)
		status = kind_of(store, batch, &kind, &supplement, error);
	if (!status)
		status = check_repeated(store, batch, kind, supplement, error);
	/* The entry is written last, when its figures are known; its index is
	 * known now, since nobody else writes. */
	if (!status)
		status = pen_journal__size(store, &at, error);
	if (!status)
		status = look_at_cover(store, batch->id, at, error);
	if (!status)
		status = count_folios(store, batch->id, admission, error);
	if (!status)
		status = check_expectation(batch, expect, admission, error);
	if (!status)
		status = admit(store, PEN_SQL_ADMISSION_CONFIRM, batch->id, at, error);
	if (!status && supplement)
		status = admit(store, PEN_SQL_ADMISSION_SUPPLEMENT, batch->id, at, error);
	if (!status)
		status = pen_batch__set_state(store, batch->id, "confirmed", at, error);
	if (!status)
		status = enter_act(session, batch, expect, admission, at, error);
	if (!status && kind == PEN_KIND_LEVY)
		status = release_covered(session, batch->id, &admission->released, error);
	return status;
}
