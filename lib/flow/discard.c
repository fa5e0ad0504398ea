#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/batch.h"
#include "store/session.h"
#include "store/withdraw.h"

#include <string.h>

#define ACT "import.discard"

/* Only what was never confirmed is taken out again. */
static enum pen_status check(struct pen_session *session, const struct pen_batch *batch, struct pen_error *error)
{
	static const char *const roles[] = { "operator", NULL };
	char subject[40];
	enum pen_status status;

	status = pen_session__require(session, roles, batch->agency, "R4.1.2", ACT, error);
	if (status)
		return status;
	if (strcmp(batch->state, "confirmed") != 0)
		return PEN_OK;
	pen_error__refuse(error, "R7.6", "discard.confirmed",
	    _("batch %lld is confirmed: what entered the database is taken out by pen-purge alone; a wrong row is mended by pen-amend"),
	    (long long)batch->id);
	snprintf(subject, sizeof(subject), "batch %lld", (long long)batch->id);
	return pen_session__refused(session, ACT, subject, error);
}

/* The kind of a batch's rows; one that was interrupted has its form kept too. */
static enum pen_status discard(struct pen_session *session, const struct pen_batch *batch, struct pen_error *error)
{
	struct pen_form *form;
	char subject[40];
	enum pen_status status;
	int64_t at;

	if (strcmp(batch->state, "discarded") == 0)
		return PEN_OK;
	status = pen_settings__kept_form(session->store, batch->form_digest, &form, error);
	if (status)
		return status;
	snprintf(subject, sizeof(subject), "batch %lld", (long long)batch->id);
	status = pen_session__act(session, ACT, subject, NULL, false, &at, error);
	if (!status)
		status = pen_withdraw__batch(session->store, batch->id, form->kind, at, error);
	pen_form__free(form);
	return status;
}

static enum pen_status find_all(struct pen_session *session, const int64_t *ids, size_t count,
    struct pen_batch *batches, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	bool found;
	size_t i;

	for (i = 0; !status && i < count; i++) {
		status = pen_batch__find(session->store, ids[i], &batches[i], &found, error);
		if (!status)
			status = check(session, &batches[i], error);
	}
	return status;
}

/* In one transaction, so that a command is done whole or not at all. The store
 * is held, since an import may be writing to one of them. */
static enum pen_status discard_all(struct pen_session *session, const struct pen_batch *batches, size_t count,
    bool dry_run, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	enum pen_status status = pen_session__hold(session, "pen-import discard", 0, error);
	size_t i;

	if (status)
		return status;
	status = pen_db__begin_write(db, error);
	for (i = 0; !status && i < count; i++)
		status = discard(session, &batches[i], error);
	if (!status && !dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	pen_store__let_go(session->store);
	return status;
}

static void show(const struct pen_batch *batches, size_t count, struct pen_printer *printer)
{
	size_t i;

	pen_printer__open_table(printer, "discarded", _("Discarded"), NULL);
	for (i = 0; i < count; i++) {
		const struct pen_item row[] = {
			PEN_I_INT("batch", _("batch"), batches[i].id),
			PEN_I_TEXT("form", _("form"), batches[i].form),
			PEN_I_TEXT("file", _("file"), batches[i].file_name),
			PEN_I_TEXT("was", _("state before"), batches[i].state),
			PEN_I_INT("rows", _("rows"), batches[i].lines_accepted),
		};

		pen_printer__row(printer, "batch", PEN_ITEMS(row));
	}
	const struct pen_item summary[] = { PEN_I_INT("batches", _("batches"), (int64_t)count) };
	pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
}

enum pen_status pen_discard(struct pen_session *session, const char *batches, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_batch *list = NULL;
	enum pen_status status;
	int64_t *ids = NULL;
	size_t count;

	status = pen_session__writable(session, error);
	if (!status)
		status = pen_batch__select(session->store, "batch", batches, &ids, &count, error);
	if (status)
		return status;
	list = pen_memory__calloc(count, sizeof(*list));
	status = list ? find_all(session, ids, count, list, error) : pen_error__memory(error);
	if (!status)
		status = discard_all(session, list, count, dry_run, error);
	if (!status)
		show(list, count, printer);
	pen_memory__free(list);
	pen_memory__free(ids);
	return status;
}
