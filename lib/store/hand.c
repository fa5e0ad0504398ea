#include "store/hand.h"

#include "store/sealing.h"

#include <string.h>

/* Was a folio let in by a review? */
static enum pen_status was_reviewed(struct pen_store *store, const struct pen_folio *folio, bool *reviewed, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_HAND_REVIEWED, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio->id);
	pen_db__bind_int(statement, ":at", folio->confirmed_at);
	status = pen_db__step(statement, reviewed, error);
	pen_db__reset(statement);
	return status;
}

/* Is it by this person's hand that a folio came in? */
static enum pen_status let_in(struct pen_store *store, const char *staff, const struct pen_folio *folio, bool *had,
    struct pen_error *error)
{
	struct pen_sealing_entry entry = { .staff = "" };
	bool reviewed = false;
	enum pen_status status = pen_sealing__entry(store, folio->confirmed_at, &entry, error);

	if (status == PEN_OK && strcmp(entry.act, "import.release") == 0)
		status = was_reviewed(store, folio, &reviewed, error);
	*had = status == PEN_OK && !reviewed && strcmp(entry.staff, staff) == 0;
	return status;
}

enum pen_status pen_hand__had(struct pen_store *store, const char *staff, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool *had, struct pen_error *error)
{
	const struct pen_folio whole = { .confirmed_at = batch->confirmed_at };
	int64_t asked = -1;
	enum pen_status status = PEN_OK;
	size_t i;

	*had = strcmp(batch->planned_by, staff) == 0;
	/* A folio that was let in later was compared with its batch all the same. */
	if (!*had && batch->confirmed_at >= 0)
		status = let_in(store, staff, &whole, had, error);
	/* Most folios of a batch were confirmed by one entry. */
	for (i = 0; i < count && !*had && status == PEN_OK; i++) {
		if (folios[i].confirmed_at < 0 || folios[i].confirmed_at == asked)
			continue;
		asked = folios[i].confirmed_at;
		status = let_in(store, staff, &folios[i], had, error);
	}
	return status;
}
