#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/admission.h"


/* A batch and what its confirming came to. */
struct confirmed { struct pen_batch batch; struct pen_admission admission; };

static enum pen_status require(struct pen_session *session, const struct confirmed *all, size_t count,
    struct pen_error *error)
{
	static const char *const roles[] = { "operator", NULL };
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && i < count; i++)
		status = pen_session__require(session, roles, all[i].batch.agency, "R4.1.2", "import.confirm", error);
	return status;
}

static enum pen_status find(struct pen_session *session, const char *batches, struct confirmed **all,
    size_t *count, struct pen_error *error)
{
	enum pen_status status;
	bool found;
	int64_t *ids;
	size_t i;

	status = pen_batch__select(session->store, "batch", batches, &ids, count, error);
	if (status)
		return status;
	*all = pen_memory__calloc(*count, sizeof(**all));
	if (!*all)
		status = pen_error__memory(error);
	for (i = 0; !status && i < *count; i++)
		status = pen_batch__find(session->store, ids[i], &(*all)[i].batch, &found, error);
	pen_memory__free(ids);
	if (status)
		pen_memory__free(*all);
	return status;
}

/* All of them in one transaction: what is refused for one is done for none. */
static enum pen_status confirm_all(struct pen_session *session, struct confirmed *all, size_t count,
    const struct pen_expectation *expect, bool dry_run, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	enum pen_status status = pen_db__begin_write(db, error);
	char subject[40] = "";
	size_t i;

	for (i = 0; !status && i < count; i++) {
		snprintf(subject, sizeof(subject), "batch %lld", (long long)all[i].batch.id);
		status = pen_admission__confirm(session, &all[i].batch, expect, &all[i].admission, error);
	}
	if (!status && !dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	if (status == PEN_REFUSED && !dry_run)
		status = pen_session__refused(session, "import.confirm", subject, error);
	return status;
}

static enum pen_status show(const struct confirmed *all, size_t count, struct pen_printer *printer)
{
	int64_t rows = 0, fen = 0, held = 0;
	enum pen_status status;
	size_t i;

	pen_printer__open_table(printer, "confirmation", _("Confirmed"), NULL);
	for (i = 0; i < count; i++) {
		const struct pen_admission *a = &all[i].admission;
		const struct pen_item row[] = {
			PEN_I_INT("batch", _("batch"), all[i].batch.id),
			PEN_I_TEXT("form", _("form"), all[i].batch.form),
			PEN_I_FLAG("already", _("was confirmed before"), a->already),
			PEN_I_INT("folios", _("folios"), a->folios),
			PEN_I_INT("rows", _("rows"), a->rows),
			PEN_I_FEN("amount_fen", _("amount"), a->amount_fen),
			PEN_I_INT("held", _("folios held"), a->held),
			PEN_I_INT("released", _("folios released"), a->released),
		};

		rows += a->rows;
		fen += a->amount_fen;
		held += a->held;
		pen_printer__row(printer, "batch", PEN_ITEMS(row));
	}
	status = held ? PEN_FINDINGS : PEN_OK;
	const struct pen_item summary[] = {
		PEN_I_INT("batches", _("batches"), (int64_t)count),
		PEN_I_INT("rows", _("rows"), rows),
		PEN_I_FEN("amount_fen", _("amount"), fen),
		PEN_I_INT("held", _("folios held"), held),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
	return status;
}

enum pen_status pen_confirm(struct pen_session *session, const char *batches,
    const struct pen_expectation *expect, bool dry_run, struct pen_printer *printer, struct pen_error *error)
{
	struct confirmed *all;
	enum pen_status status;
	size_t count;

	status = pen_session__writable(session, error);
	if (!status)
		status = find(session, batches, &all, &count, error);
	if (status)
		return status;
	if (count > 1 && (expect->rows >= 0 || expect->has_amount)) {
		status = pen_error__set(error, PEN_USAGE, "expect.several",
		    _("totals are declared for one batch: confirm them one by one"));
		goto out;
	}
	status = require(session, all, count, error);
	if (!status)
		status = confirm_all(session, all, count, expect, dry_run, error);
	if (!status)
		status = show(all, count, printer);
out:
	pen_memory__free(all);
	return status;
}
