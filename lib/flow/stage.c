#include "base/date.h"
#include "base/error.h"
#include "store/admission.h"
#include "store/delivery.h"
#include "store/receipt.h"
#include "store/session.h"
#include "store/source.h"

#include <assert.h>
#include <string.h>

/* One file on its way in, and what was asked for it. */
struct run {
	const struct pen_stage_options *options;
	struct pen_source source;
	struct pen_delivery delivery;
};

/* ------------------------------------------------------------- one file -- */

/* Confirms a staged batch by the totals that were declared. */
static enum pen_status confirm(struct run *run, struct pen_error *error)
{
	struct pen_admission admission;
	struct pen_batch batch;
	enum pen_status status;
	bool found;

	status = pen_batch__find(run->delivery.store, run->delivery.batch.id, &batch, &found, error);
	assert(status || found);
	return status ? status : pen_admission__confirm(run->delivery.session, &batch, &run->options->expect, &admission, error);
}

/* Staged in a transaction that is open still: the receipt is made (and so the
 * balance checked) before it is committed. */
static enum pen_status close_stage(struct run *run, struct pen_receipt **receipt, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(run->delivery.store);
	enum pen_status status;

	status = pen_receipt__load(run->delivery.store, run->delivery.batch.id, receipt, error);
	if (status || run->options->dry_run)
		return status;
	return pen_db__commit(db, error);
}

/* Confirms after staging. If the totals are not met the batch stays staged, and
 * its receipt stays the one that was made. */
static enum pen_status close_confirm(struct run *run, struct pen_receipt **receipt, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(run->delivery.store);
	struct pen_receipt *confirmed = NULL;
	enum pen_status status = PEN_OK;
	char subject[40];

	if (!pen_db__in_transaction(db))
		status = pen_db__begin_write(db, error);
	if (!status)
		status = confirm(run, error);
	if (!status)
		status = pen_receipt__load(run->delivery.store, run->delivery.batch.id, &confirmed, error);
	if (!status && !run->options->dry_run)
		status = pen_db__commit(db, error);
	if (!status) {
		pen_receipt__free(*receipt);
		*receipt = confirmed;
		return PEN_OK;
	}
	pen_receipt__free(confirmed);
	pen_db__rollback(db);
	snprintf(subject, sizeof(subject), "batch %lld", (long long)run->delivery.batch.id);
	if (status == PEN_REFUSED && !run->options->dry_run)
		status = pen_session__refused(run->delivery.session, "import.confirm", subject, error);
	return status;
}

static void free_run(struct run *run)
{
	pen_db__rollback(pen_store__db(run->delivery.store));
	pen_delivery__free(&run->delivery);
	pen_source__close(&run->source);
}

/* What it came in to mend is part of what was signed. */
static enum pen_status refuse_amends(const struct run *run, const struct pen_batch *known, struct pen_error *error)
{
	char found[40] = "", expected[40] = "";

	snprintf(found, sizeof(found), known->parent ? "--amends %lld" : _("no --amends"), (long long)known->parent);
	snprintf(expected, sizeof(expected), run->options->amends ? "--amends %lld" : _("no --amends"),
	    (long long)run->options->amends);
	return pen_error__set(error, PEN_USAGE, "stage.amends",
	    _("%s is in already as batch %lld, with %s, and now comes with %s: nothing was changed; bring it in as it was, or take that batch out first (pen-import discard %lld), if it is not confirmed yet"),
	    run->source.name, (long long)known->id, found, expected, (long long)known->id);
}

/* A file that is in already was read as it is asked for now. */
static enum pen_status check_known(struct run *run, const struct pen_batch *known, struct pen_error *error)
{
	char given[sizeof(known->given)];
	enum pen_status status = pen_given__text(&run->delivery.given, given, sizeof(given), error);

	if (status)
		return status;
	if (known->parent != run->options->amends)
		return refuse_amends(run, known, error);
	if (known->strict == run->options->strict && strcmp(known->given, given) == 0)
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "stage.otherwise",
	    _("%s is in already as batch %lld, which was read under another --strict or --set (%s): to read it otherwise take that batch out first (pen-import discard %lld), if it is not confirmed yet"),
	    run->source.name, (long long)known->id, known->given, (long long)known->id);
}

/* *receipt is set whenever there is a staged batch to show, also where its
 * confirming was refused. */
static enum pen_status one_file(struct run *run, const char *path, const char *form_digest,
    struct pen_receipt **receipt, struct pen_error *error)
{
	struct pen_error scan_error = { 0 };
	enum pen_status status, scanned;
	struct pen_batch known;
	bool found, interrupted;

	status = pen_given__read(&run->delivery.given, run->delivery.form, run->options->given,
	    run->options->given_count, pen_date__today(), error);
	if (!status)
		status = pen_source__open(&run->source, run->delivery.store, path, error);
	if (status)
		return status;
	/* Side by side: the file is scanned, employers and people are read. */
	status = pen_journal__newest_change(run->delivery.store, &run->delivery.book_at, error);
	if (!status)
		status = pen_reference__open(&run->delivery.book, run->delivery.store, run->delivery.form, INT64_MAX, error);
	scanned = pen_source__scanned(&run->source, &scan_error);
	if (scanned) {
		*error = scan_error;
		status = scanned;
	}
	if (status)
		return status;
	run->delivery.source = &run->source;
	status = pen_batch__of_file(run->delivery.store, run->source.digest, run->delivery.form->name, &known, &found, error);
	interrupted = !status && found && strcmp(known.state, "staging") == 0;
	if (!status && found && !interrupted) {
		/* It is in already: nothing changes. */
		run->delivery.batch = known;
		status = check_known(run, &known, error);
		if (!status)
			status = pen_receipt__load(run->delivery.store, known.id, receipt, error);
	} else if (!status) {
		status = pen_delivery__stage(&run->delivery, form_digest, interrupted ? &known : NULL, error);
		if (!status)
			status = close_stage(run, receipt, error);
	}
	if (!status && run->options->confirm && strcmp((*receipt)->batch.state, "staged") == 0)
		status = close_confirm(run, receipt, error);
	return status;
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status check_options(struct pen_session *session, const struct pen_stage_options *options,
    struct pen_error *error)
{
	static const char *const roles[] = { "operator", NULL };
	bool declared = options->expect.rows >= 0 || options->expect.has_amount;
	enum pen_status status = pen_session__writable(session, error);

	if (status)
		return status;
	if (options->more_count && (options->confirm || declared || options->rejects))
		return pen_error__set(error, PEN_USAGE, "stage.several",
		    _("--confirm, --expect-rows, --expect-amount and --rejects are about one file: bring the files in one by one"));
	if (declared && !options->confirm)
		return pen_error__set(error, PEN_USAGE, "stage.expect",
		    _("totals are declared for --confirm, or for pen-import confirm BATCH after the file is staged"));
	status = pen_session__require(session, roles, session->staff.agency, "R4.1.1", "import.stage", error);
	if (!status && options->confirm && !declared) {
		pen_error__refuse(error, "R4.1.2", "confirm.compare",
		    _("--confirm needs totals to compare with: give --expect-rows or --expect-amount, or stage the file, look at it, and run pen-import confirm BATCH"));
		status = pen_session__refused(session, "import.confirm", "import", error);
	}
	return status;
}

/* One receipt is a document, several are the rows of one. */
static void show(struct pen_store *store, const struct pen_receipt *receipt, bool row, struct pen_printer *printer)
{
	struct pen_receipt_view view;

	if (row)
		pen_printer__row(printer, "receipt", pen_receipt__items(store, receipt, &view));
	else
		pen_receipt__print(store, receipt, printer);
}

static enum pen_status all_files(struct pen_session *session, const struct pen_stage_options *options,
    const struct pen_form *form, const char *form_digest, struct pen_printer *printer, struct pen_error *error)
{
	bool several = options->more_count > 0, findings = false;
	enum pen_status status = PEN_OK;
	int64_t files = 0;
	size_t i;

	if (several)
		pen_printer__open_table(printer, "receipts", _("Receipts"), NULL);
	for (i = 0; !status && i <= options->more_count; i++) {
		struct run run = { .options = options, .delivery = {
			.session = session, .store = session->store, .form = form, .amends = options->amends,
			.rejects = options->rejects, .strict = options->strict, .dry_run = options->dry_run } };
		struct pen_receipt *receipt = NULL;

		status = one_file(&run, i ? options->more[i - 1] : options->path, form_digest, &receipt, error);
		free_run(&run);
		if (receipt && (!status || status == PEN_REFUSED)) {
			receipt->dry_run = options->dry_run;
			findings |= pen_receipt__status(receipt) != PEN_OK;
			files++;
			show(session->store, receipt, several, printer);
		}
		pen_receipt__free(receipt);
	}
	if (!status && findings)
		status = PEN_FINDINGS;
	if (several) {
		const struct pen_item summary[] = { PEN_I_INT("files", _("files"), files) };

		pen_printer__close_table(printer, PEN_ITEMS(summary), status);
	}
	return status;
}

enum pen_status pen_stage(struct pen_session *session, const struct pen_stage_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX];
	struct pen_form *form;
	enum pen_status status;

	status = check_options(session, options, error);
	if (!status)
		status = pen_settings__form(session->store, options->form, &form, digest, error);
	if (status)
		return status;
	if (!form->kind || form->computed)
		status = pen_error__set(error, PEN_USAGE, "form.unfit",
		    _("form %s is not brought in by pen-import: pen-import forms lists those that are"), form->name);
	else
		status = pen_session__hold(session, "pen-import", options->wait, error);
	if (!status) {
		status = all_files(session, options, form, digest, printer, error);
		pen_store__let_go(session->store);
	}
	pen_form__free(form);
	return status;
}
