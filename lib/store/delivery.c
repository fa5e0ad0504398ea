#include "store/delivery.h"

#include "base/error.h"
#include "store/cover.h"
#include "store/hold.h"
#include "store/journal.h"
#include "store/receipt.h"
#include "store/rejects_enter.h"
#include "store/rejectsfile.h"
#include "store/turned.h"
#include "store/withdraw.h"

#include <assert.h>
#include <string.h>

/* ----------------------------------------------------------------- plan -- */

/* What the file would be read under now. */
static enum pen_status draw_plan(struct pen_delivery *delivery, const char *form_digest, struct pen_error *error)
{
	struct pen_batch *batch = &delivery->batch;
	enum pen_status status;

	*batch = (struct pen_batch){ .parent = delivery->amends, .strict = delivery->strict, .file_bytes = delivery->source->bytes,
		.staged_at = -1, .confirmed_at = -1, .ended_at = -1 };
	snprintf(batch->agency, sizeof(batch->agency), "%s", delivery->session->staff.agency);
	snprintf(batch->form, sizeof(batch->form), "%s", delivery->form->name);
	snprintf(batch->file_name, sizeof(batch->file_name), "%s", delivery->source->name);
	snprintf(batch->file_digest, sizeof(batch->file_digest), "%s", delivery->source->digest);
	snprintf(batch->encoding, sizeof(batch->encoding), "%s", pen_charset__name(delivery->source->encoding));
	snprintf(batch->form_digest, sizeof(batch->form_digest), "%s", form_digest);
	snprintf(batch->planned_by, sizeof(batch->planned_by), "%s", delivery->session->staff.id);
	status = pen_given__text(&delivery->given, batch->given, sizeof(batch->given), error);
	if (!status)
		status = pen_settings__rules(delivery->store, batch->rules_digest, error);
	if (!status)
		status = pen_journal__newest_change(delivery->store, &batch->reference_at, error);
	if (!status)
		status = pen_settings__parameters(delivery->store, batch->reference_at, &delivery->parameters,
		    batch->parameters_digest, error);
	return status;
}

/* What somebody confirmed between the reading of the book and the plan is in the plan
 * and not in the book: then the book is read again. */
static void check_book(struct pen_delivery *delivery)
{
	if (delivery->book_at == delivery->batch.reference_at)
		return;
	pen_reference__close(delivery->book);
	delivery->book = NULL;
}

static bool same_plan(const struct pen_batch *a, const struct pen_batch *b)
{
	return a->parent == b->parent && a->reference_at == b->reference_at &&
	    a->strict == b->strict && strcmp(a->given, b->given) == 0 &&
	    strcmp(a->agency, b->agency) == 0 && strcmp(a->form_digest, b->form_digest) == 0 &&
	    strcmp(a->rules_digest, b->rules_digest) == 0 &&
	    strcmp(a->parameters_digest, b->parameters_digest) == 0;
}

/* The batch whose rejects are mended is one of the same form that came in. */
static enum pen_status check_parent(struct pen_delivery *delivery, struct pen_error *error)
{
	long long id = (long long)delivery->amends;
	struct pen_batch parent;
	enum pen_status status;
	bool found;

	if (!delivery->amends)
		return PEN_OK;
	status = pen_batch__find(delivery->store, delivery->amends, &parent, &found, error);
	if (status)
		return status;
	if (!found)
		return pen_error__set(error, PEN_USAGE, "select.none",
		    _("there is no batch %lld: pen-import list shows what there is"), id);
	if (strcmp(parent.form, delivery->form->name) != 0)
		return pen_error__set(error, PEN_USAGE, "amends.form",
		    _("batch %lld is of form %s, so its rejects go in as that, not as %s"), id, parent.form, delivery->form->name);
	if (parent.staged_at < 0 || parent.ended_at >= 0)
		return pen_error__set(error, PEN_USAGE, "amends.state",
		    _("batch %lld is %s: it has no rejects to mend"), id, parent.state);
	return PEN_OK;
}

/* ------------------------------------------------------ the first entry -- */

static enum pen_status enter_act(struct pen_delivery *delivery, const char *act, struct pen_body *body, int64_t *at,
    struct pen_error *error)
{
	const char *text = pen_entry__body_close(body);
	char subject[40];
	enum pen_status status;

	snprintf(subject, sizeof(subject), "batch %lld", (long long)delivery->batch.id);
	status = text ? pen_session__act(delivery->session, act, subject, text, false, at, error) : pen_error__memory(error);
	pen_entry__body_free(body);
	return status;
}

/* The plan, the settings, new numbers, folios: whatever a run that
 * goes on later must find. */
static enum pen_status enter_plan(struct pen_delivery *delivery, struct pen_error *error)
{
	struct pen_body body;
	enum pen_status status;

	status = pen_batch__plan(delivery->store, &delivery->batch, error);
	if (status)
		return status;
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "digest", delivery->batch.file_digest);
	pen_entry__body_text(&body, "file", delivery->batch.file_name);
	pen_entry__body_text(&body, "form", delivery->batch.form);
	status = enter_act(delivery, "import.stage", &body, NULL, error);
	if (!status)
		status = pen_settings__keep(delivery->store, delivery->form->name, delivery->batch.rules_digest,
		    delivery->batch.reference_at, error);
	if (!status)
		status = pen_reference__enter(delivery->gathering.book, delivery->batch.id, error);
	if (!status)
		status = pen_staging__enter(delivery->staging, delivery->store, delivery->batch.id, error);
	return status;
}

/* ---------------------------------------------------------- interruption -- */

/* Begins a transaction, unless a dry run is in its one already. */
static enum pen_status begin(struct pen_delivery *delivery, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(delivery->store);

	return pen_db__in_transaction(db) ? PEN_OK : pen_db__begin_write(db, error);
}

/* An interrupted batch that cannot go on makes room for a new one. */
static enum pen_status give_up(struct pen_delivery *delivery, const struct pen_batch *old, struct pen_error *error)
{
	struct pen_body body;
	struct pen_batch plan = delivery->batch;
	enum pen_status status = begin(delivery, error);
	int64_t at;

	if (status)
		return status;
	/* What was read of people has the numbers that are taken back now. */
	pen_reference__close(delivery->book);
	delivery->book = NULL;
	delivery->batch.id = old->id;
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "reason", "the plan is another one now");
	status = enter_act(delivery, "import.discard", &body, &at, error);
	delivery->batch = plan;
	if (!status)
		status = pen_withdraw__batch(delivery->store, old->id, delivery->form->kind, at, error);
	if (!status && !delivery->dry_run)
		status = pen_db__commit(pen_store__db(delivery->store), error);
	return status;
}

/* Reads the file and puts its rows in order. */
static enum pen_status gather(struct pen_delivery *delivery, struct pen_error *error)
{
	const char *agency = delivery->batch.agency;
	bool own = strcmp(agency, pen_store__identity(delivery->store)->agency) == 0;
	const struct pen_gathering_plan plan = {
		.form = delivery->form, .parameters = delivery->parameters, .area = agency,
		.county = own ? NULL : agency, .amends = delivery->amends != 0, .strict = delivery->strict,
		.given = delivery->given.at, .given_count = delivery->given.count, .book = delivery->book
	};
	enum pen_status status;

	delivery->book = NULL;
	status = pen_gathering__run(&delivery->gathering, delivery->session, delivery->source, &plan, error);
	if (!status)
		status = pen_staging__open(&delivery->staging, delivery->store, delivery->form,
		    delivery->gathering.pile, delivery->gathering.book, delivery->gathering.rejects, error);
	return status;
}

/* True if the same rows came out again, and no number has to be claimed twice:
 * then the interrupted batch is the batch. */
static enum pen_status can_go_on(struct pen_delivery *delivery, const struct pen_batch *interrupted, bool *same,
    struct pen_error *error)
{
	enum pen_status status = pen_staging__find(delivery->staging, delivery->store, interrupted->id, same, error);

	if (pen_reference__claimed(delivery->gathering.book))
		*same = false;
	if (!status && *same)
		delivery->batch = *interrupted;
	return status;
}

/* Gathers the rows, for the interrupted batch if that can go on (*goes_on), else
 * for a new one. What a given-up batch brought must be out of the store before
 * employers and people are read: their numbers go with it. */
static enum pen_status prepare(struct pen_delivery *delivery, const struct pen_batch *interrupted, bool *goes_on,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	*goes_on = false;
	if (interrupted && same_plan(interrupted, &delivery->batch)) {
		status = gather(delivery, error);
		if (!status)
			status = can_go_on(delivery, interrupted, goes_on, error);
		if (status || *goes_on)
			return status;
		pen_staging__close(delivery->staging);
		delivery->staging = NULL;
		pen_gathering__free(&delivery->gathering);
	}
	if (interrupted)
		status = give_up(delivery, interrupted, error);
	return status ? status : gather(delivery, error);
}

/* ----------------------------------------------------------------- rows -- */

/* Ends a transaction and begins the next; a dry run stays in its first. */
static enum pen_status turn(struct pen_delivery *delivery, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(delivery->store);
	enum pen_status status;

	if (delivery->dry_run)
		return PEN_OK;
	status = pen_db__commit(db, error);
	return status ? status : pen_db__begin_write(db, error);
}

/* What was written so far is there to go on from. */
static enum pen_status keep_rows(struct pen_delivery *delivery, struct pen_error *error)
{
	enum pen_status status = pen_batch__progress(delivery->store, delivery->batch.id, delivery->batch.rows_done, error);

	return status ? status : turn(delivery, error);
}

static enum pen_status stop_here(struct pen_delivery *delivery, int64_t total, struct pen_error *error)
{
	enum pen_status status = keep_rows(delivery, error);

	return status ? status : pen_error__set(error, PEN_INCOMPLETE, "import.stopped",
	    _("stopped after %lld of %lld rows: run the same command again to go on"),
	    (long long)delivery->batch.rows_done, (long long)total);
}

static enum pen_status write_rows(struct pen_delivery *delivery, struct pen_error *error)
{
	int64_t total = (int64_t)pen_staging__rows(delivery->staging), *done = &delivery->batch.rows_done, kept = *done;
	enum pen_status status = PEN_OK;

	while (!status && *done < total) {
		if (pen_session__stopped(delivery->session))
			return stop_here(delivery, total, error);
		status = pen_staging__chunk(delivery->staging, PEN_STAGING_STEP, done, error);
		/* The last ones are kept with the end. */
		if (!status && *done - kept >= PEN_STAGING_CHUNK && *done < total) {
			status = keep_rows(delivery, error);
			kept = *done;
		}
		pen_session__progress(delivery->session, _("staging"), *done, total);
	}
	return status;
}

/* -------------------------------------------------------------- the end -- */

static void assume(struct pen_delivery *delivery, const char *code, int64_t count, const char *text)
{
	if (count)
		pen_receipt__assume(&delivery->assumptions, code, count, text);
}

/* "12: 制表：张三; 13: …", as far as a receipt has room. */
#define LINES_ROOM 480
static void list_lines(const struct pen_sheet_counts *sheet, struct pen_text *text)
{
	const struct pen_sheet_line *line;
	int64_t i;

	for (i = 0; i < sheet->footers && i < PEN_SHEET_LINES; i++) {
		line = &sheet->footer[i];
		if (text->n + strlen(line->text) + 32 > LINES_ROOM)
			break;
		pen_text__printf(text, "%s%ld: %s", i ? "; " : "", line->line, line->text);
	}
	if (i < sheet->footers)
		pen_text__puts(text, "; …");
}

/* Everything that was taken for granted, or not looked at. */
static enum pen_status list_assumptions(struct pen_delivery *delivery, struct pen_error *error)
{
	const struct pen_intake_counts *counts = &delivery->gathering.counts;
	const struct pen_rejects_titles *titles = pen_rejects__titles(delivery->gathering.rejects);
	int64_t rows = (int64_t)pen_staging__rows(delivery->staging);
	struct pen_text extra = { 0 }, lines = { 0 };
	enum pen_status status = PEN_OK;
	const char *title;
	char code[40];
	size_t n;

	list_lines(&counts->sheet, &lines);
	assume(delivery, "assume.months-laid", pen_staging__assumed(delivery->staging),
	    N_("rows that say how many months, not which: laid one after the other, from January or the month of joining on"));
	assume(delivery, "assume.pension", delivery->gathering.insurance_untold ? rows : 0,
	    N_("rows of a file without a column for the insurance: taken as basic pension insurance"));
	assume(delivery, "unchecked.base", counts->judge.base_unchecked,
	    N_("floor or cap of the base is not among the parameters for the area and year: bases were not compared with it"));
	assume(delivery, "unchecked.share", counts->judge.share_unchecked,
	    N_("a rate is not among the parameters for the area and year: contributions were not compared with it"));
	assume(delivery, "private-use", counts->judge.private_use,
	    N_("characters of private use: other programs may show something else for them"));
	assume(delivery, "file.padding", counts->padding,
	    N_("bytes NUL and 0x1A at the end of the file: passed over, they belong to no line"));
	assume(delivery, "amends.unmatched", delivery->amends ? rows - delivery->matched : 0,
	    N_("rows that could not be matched to a reject of the batch that they mend, which stays open: keep the columns of the rejects file, line above all"));
	for (n = 0; n < delivery->given.count; n++) {
		snprintf(code, sizeof(code), "given.%s", delivery->given.at[n].field);
		assume(delivery, code, rows, delivery->given.at[n].value);
	}
	for (n = 0; (title = pen_rejects_titles__extra(titles, n)); n++)
		pen_text__printf(&extra, "%s%s", n ? ", " : "", title);
	assume(delivery, "extra.column", (int64_t)n, extra.s ? extra.s : "");
	assume(delivery, "total.unchecked", counts->sheet.unchecked,
	    N_("total rows with a sum that was not compared, since an amount above them could not be read"));
	assume(delivery, "total.none", counts->sheet.untotalled,
	    N_("the sheet has titles above its columns, and no total row with an amount: its sums were compared with nothing"));
	assume(delivery, "other.lines", counts->sheet.footers, lines.s ? lines.s : "");
	if (delivery->assumptions.n)
		pen_text__puts(&delivery->assumptions, "]");
	if (extra.failed || lines.failed || delivery->assumptions.failed)
		status = pen_error__memory(error);
	pen_text__free(&extra);
	pen_text__free(&lines);
	return status;
}

/* Before anything is staged: a rejects file that is asked for, or will be needed,
 * can be written. The name that it would get by itself lies here. */
static enum pen_status try_rejects(struct pen_delivery *delivery, struct pen_error *error)
{
	const char *path = delivery->rejects;

	if (!path && !delivery->dry_run && pen_rejects__count(delivery->gathering.rejects))
		path = "rejects.csv";
	return path ? pen_rejectsfile__try(path, error) : PEN_OK;
}

/* NAME.batchN.rejects.csv, where NAME is the file's without its ending. A trial writes
 * the file that it is asked for, and no other. */
static enum pen_status write_rejects(struct pen_delivery *delivery, struct pen_error *error)
{
	const char *dot = strrchr(delivery->source->name, '.');
	int n = dot && dot != delivery->source->name ? (int)(dot - delivery->source->name) : (int)strlen(delivery->source->name);
	char *path = delivery->batch.rejects_file;
	const size_t room = sizeof(delivery->batch.rejects_file);
	int length;

	path[0] = '\0';
	if (!pen_rejects__count(delivery->gathering.rejects) || (delivery->dry_run && !delivery->rejects))
		return PEN_OK;
	if (delivery->rejects)
		length = snprintf(path, room, "%s", delivery->rejects);
	else
		length = snprintf(path, room, "%.*s.batch%lld.rejects.csv", n, delivery->source->name, (long long)delivery->batch.id);
	if (length < 0 || (size_t)length >= room)
		return pen_error__set(error, PEN_USAGE, "rejects.path",
		    _("the name of the rejects file is too long: give a shorter one with --rejects"));
	return pen_rejectsfile__write(delivery->gathering.rejects, delivery->source, path, error);
}

static void take_figures(struct pen_delivery *delivery)
{
	const struct pen_gathering *gathering = &delivery->gathering;
	struct pen_batch *batch = &delivery->batch;

	batch->lines_read = gathering->counts.read;
	batch->lines_other = gathering->counts.other;
	batch->totals = gathering->counts.totals;
	batch->lines_accepted = (int64_t)pen_staging__rows(delivery->staging);
	batch->lines_rejected = (int64_t)pen_rejects__count(gathering->rejects);
	batch->rejected_fen = pen_rejects__amount(gathering->rejects);
	batch->read_fen = pen_staging__amount(delivery->staging) + batch->rejected_fen;
	snprintf(batch->state, sizeof(batch->state), "staged");
}

/* All that the receipt and the plan say, so that none of it is changed unseen. */
static void put_figures(struct pen_body *body, const struct pen_batch *batch, const char *assumptions,
    const char *turned, const char *holds)
{
	pen_entry__body_open(body);
	pen_entry__body_int(body, "accepted", batch->lines_accepted);
	pen_entry__body_text(body, "agency", batch->agency);
	pen_entry__body_int(body, "amount_fen", batch->read_fen);
	pen_entry__body_text(body, "assumptions", assumptions);
	pen_entry__body_int(body, "bytes", batch->file_bytes);
	pen_entry__body_text(body, "encoding", batch->encoding);
	pen_entry__body_text(body, "form_digest", batch->form_digest);
	if (strcmp(batch->given, "{}") != 0)
		pen_entry__body_text(body, "given", batch->given);
	pen_entry__body_text(body, "holds", holds[0] ? holds : NULL);
	pen_entry__body_int(body, "other", batch->lines_other);
	pen_entry__body_text(body, "parameters_digest", batch->parameters_digest);
	if (batch->parent)
		pen_entry__body_int(body, "parent", batch->parent);
	pen_entry__body_int(body, "read", batch->lines_read);
	pen_entry__body_int(body, "reference_at", batch->reference_at);
	pen_entry__body_int(body, "rejected", batch->lines_rejected);
	pen_entry__body_int(body, "rejected_fen", batch->rejected_fen);
	pen_entry__body_text(body, "rejects_file", batch->rejects_file[0] ? batch->rejects_file : NULL);
	pen_entry__body_text(body, "rules_digest", batch->rules_digest);
	if (batch->strict)
		pen_entry__body_int(body, "strict", 1);
	if (batch->totals)
		pen_entry__body_int(body, "totals", batch->totals);
	pen_entry__body_text(body, "turned", turned);
}

/* What was set aside for somebody to look at (R8.1). */
static enum pen_status enter_reviews(struct pen_delivery *delivery, int64_t at, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && i < pen_staging__aside(delivery->staging); i++) {
		struct pen_staging_review review = pen_staging__review(delivery->staging, i);

		status = pen_hold__review(delivery->store, review.folio, review.rule, review.found, review.expected, at, error);
	}
	return status;
}

/* What is over its levy is held. */
static enum pen_status look_at_cover(struct pen_delivery *delivery, int64_t at, struct pen_error *error)
{
	struct pen_cover *cover;
	enum pen_status status = pen_cover__open(&cover, delivery->store, error);

	if (status)
		return status;
	status = pen_cover__look(cover, delivery->batch.id, at, error);
	pen_cover__close(cover);
	return status;
}

/* The entry, once all that it names is there. */
static enum pen_status enter_staged(struct pen_delivery *delivery, const char *assumptions, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX], turned[PEN_DIGEST_HEX], holds[PEN_DIGEST_HEX];
	struct pen_batch *batch = &delivery->batch;
	struct pen_body body;
	int64_t at = -1;
	enum pen_status status;

	status = pen_store__digest(delivery->store, assumptions, strlen(assumptions), digest, error);
	if (!status)
		status = pen_turned__digest(delivery->store, batch->id, turned, error);
	if (!status)
		status = pen_turned__holds(delivery->store, batch->staged_at, holds, error);
	if (status)
		return status;
	put_figures(&body, batch, digest, turned, holds);
	status = enter_act(delivery, "import.staged", &body, &at, error);
	assert(status || at == batch->staged_at);
	return status;
}

/* The batch becomes staged. The entry is written last, and its index is known now,
 * since nobody else writes. */
static enum pen_status enter_figures(struct pen_delivery *delivery, struct pen_error *error)
{
	const char *assumptions = delivery->assumptions.n ? delivery->assumptions.s : "[]";
	struct pen_batch *batch = &delivery->batch;
	enum pen_status status = pen_journal__size(delivery->store, &batch->staged_at, error);

	if (!status)
		status = pen_batch__staged(delivery->store, batch, assumptions, error);
	if (!status)
		status = enter_reviews(delivery, batch->staged_at, error);
	if (!status)
		status = look_at_cover(delivery, batch->staged_at, error);
	return status ? status : enter_staged(delivery, assumptions, error);
}

static enum pen_status end(struct pen_delivery *delivery, struct pen_error *error)
{
	enum pen_status status;

	status = pen_source__keep(delivery->source, error);
	if (!status)
		status = write_rejects(delivery, error);
	if (!status)
		status = pen_rejects_enter__batch(delivery->gathering.rejects, delivery->store, delivery->batch.id,
		    delivery->batch.parent, &delivery->matched, error);
	if (!status)
		status = list_assumptions(delivery, error);
	if (!status)
		status = pen_staging__finish(delivery->staging, error);
	take_figures(delivery);
	return status ? status : enter_figures(delivery, error);
}

/* ------------------------------------------------------------- in all -- */

enum pen_status pen_delivery__stage(struct pen_delivery *delivery, const char *form_digest,
    const struct pen_batch *interrupted, struct pen_error *error)
{
	enum pen_status status;
	bool goes_on = false;

	status = check_parent(delivery, error);
	/* A name that was given is tried before the file is read, one that may
	 * be needed when it is known whether it is. */
	if (!status && delivery->rejects)
		status = try_rejects(delivery, error);
	if (!status)
		status = draw_plan(delivery, form_digest, error);
	if (!status)
		check_book(delivery);
	if (!status)
		status = prepare(delivery, interrupted, &goes_on, error);
	if (!status && !delivery->rejects)
		status = try_rejects(delivery, error);
	if (!status)
		status = begin(delivery, error);
	if (!status && !goes_on)
		status = enter_plan(delivery, error);
	if (!status)
		status = turn(delivery, error);
	/* While the rows are written. */
	if (!status)
		status = pen_source__pack(delivery->source, error);
	if (!status)
		status = write_rows(delivery, error);
	return status ? status : end(delivery, error);
}

void pen_delivery__free(struct pen_delivery *delivery)
{
	pen_staging__close(delivery->staging);
	pen_gathering__free(&delivery->gathering);
	pen_reference__close(delivery->book);
	pen_parameter__free(delivery->parameters);
	pen_text__free(&delivery->assumptions);
	pen_given__free(&delivery->given);
}
