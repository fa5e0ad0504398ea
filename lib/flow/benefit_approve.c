#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/batch.h"
#include "work/approving.h"

#include <inttypes.h>

static void print_one(struct pen_printer *printer, const struct pen_approving *done, bool dry_run)
{
	const struct pen_item row[] = {
		PEN_I_INT("batch", _("batch"), done->batch),
		PEN_I_TEXT("form", _("form"), done->form),
		PEN_I_INT("seal", _("seal"), done->seal),
		PEN_I_INT("folios", _("folios"), done->folios),
		PEN_I_TEXT("role", _("signed as"), done->role),
		PEN_I_TEXT("next_role", _("next to sign"), done->next[0] ? done->next : NULL),
		PEN_I_FLAG("sealed", _("sealed"), !done->next[0] && !dry_run),
	};

	pen_printer__row(printer, "approval", PEN_ITEMS(row));
}

/* Batch after batch, each whole or not at all; what came before a failure stands. */
enum pen_status pen_benefit_approve(struct pen_session *session, const char *batches, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	static const char *const forms[] = { "assessment", "assessment-exception", "roll", "adjustment", "benefit-change",
		"payment-return", NULL };
	const struct pen_item columns[] = {
		PEN_I_INT("batch", _("batch"), 0), PEN_I_TEXT("form", _("form"), NULL), PEN_I_INT("seal", _("seal"), 0),
		PEN_I_INT("folios", _("folios"), 0), PEN_I_TEXT("role", _("signed as"), NULL),
		PEN_I_TEXT("next_role", _("next to sign"), NULL), PEN_I_FLAG("sealed", _("sealed"), false),
	};
	const struct pen_items shape = PEN_ITEMS(columns);
	struct pen_approving done;
	int64_t *ids = NULL, waiting = 0;
	size_t count = 0, i;
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = pen_batch__select(session->store, "batch", batches, &ids, &count, error);
	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_approving__approve(session, ids[i], forms, dry_run, &done, error);
		if (status == PEN_OK && i == 0)
			pen_printer__open_table(printer, "approval", _("Approval of benefits"), &shape);
		if (status == PEN_OK)
			print_one(printer, &done, dry_run);
		waiting += status == PEN_OK && done.next[0];
	}
	pen_memory__free(ids);
	if (status != PEN_OK)
		return status;
	const struct pen_item summary[] = {
		PEN_I_INT("batches", _("batches"), (int64_t)count), PEN_I_INT("waiting", _("waiting for a further signature"), waiting),
		PEN_I_FLAG("dry_run", _("dry run"), dry_run),
	};
	status = waiting ? PEN_FINDINGS : PEN_OK;
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
	return status;
}
