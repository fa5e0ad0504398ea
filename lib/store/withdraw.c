#include "store/withdraw.h"

#include "store/folio.h"
#include "store/hold.h"
#include "store/rows.h"

/* A statement with one parameter, or with none (name NULL). */
static enum pen_status run(struct pen_store *store, enum pen_sql which, const char *name, int64_t id,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, which, &statement, error);

	if (status)
		return status;
	if (name)
		pen_db__bind_int(statement, name, id);
	return pen_db__run(statement, error);
}

struct withdrawal { struct pen_store *store; const struct pen_kind *kind; int64_t at; };

static enum pen_status withdraw_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	const struct withdrawal *withdrawal = context;
	struct pen_store *store = withdrawal->store;
	enum pen_status status = PEN_OK;

	/* What is found by the rows goes before them. */
	if (withdrawal->kind->id == PEN_KIND_REGISTRATION)
		status = run(store, PEN_SQL_WITHDRAW_EMPLOYMENT, ":folio", folio->id, error);
	if (withdrawal->kind->id == PEN_KIND_CHANGE)
		status = run(store, PEN_SQL_WITHDRAW_CHANGES, ":folio", folio->id, error);
	if (withdrawal->kind->id == PEN_KIND_LEVY)
		status = run(store, PEN_SQL_WITHDRAW_LEVY_YEARS, ":folio", folio->id, error);
	if (withdrawal->kind->id == PEN_KIND_OPENING)
		status = run(store, PEN_SQL_WITHDRAW_ACCOUNTS, ":folio", folio->id, error);
	if (withdrawal->kind->id == PEN_KIND_CONTRIBUTION)
		status = run(store, PEN_SQL_WITHDRAW_ASIDE, ":folio", folio->id, error);
	if (!status)
		status = run(store, PEN_SQL_WITHDRAW_NODES, ":folio", folio->id, error);
	if (!status && folio->root[0])
		status = pen_folio__set_root(store, folio->id, NULL, error);
	if (!status)
		status = pen_rows__remove(store, withdrawal->kind, folio->id, error);
	if (!status)
		status = pen_hold__end(store, folio->id, NULL, "discarded", NULL, withdrawal->at, error);
	if (!status && folio->state != PEN_FOLIO_REJECTED)
		status = pen_folio__set_state(store, folio->id, PEN_FOLIO_DISCARDED, withdrawal->at, error);
	return status;
}

enum pen_status pen_withdraw__batch(struct pen_store *store, int64_t batch, const struct pen_kind *kind,
    int64_t at, struct pen_error *error)
{
	static const enum pen_sql of_batch[] = { PEN_SQL_WITHDRAW_REJECTS, PEN_SQL_WITHDRAW_REPAIRS,
		PEN_SQL_WITHDRAW_RETRIES, PEN_SQL_WITHDRAW_MENDED };
	static const enum pen_sql keys[] = { PEN_SQL_WITHDRAW_PERSON_ALIASES, PEN_SQL_WITHDRAW_PEOPLE,
		PEN_SQL_WITHDRAW_EMPLOYER_ALIASES, PEN_SQL_WITHDRAW_EMPLOYERS };
	struct withdrawal withdrawal = { store, kind, at };
	enum pen_status status;
	size_t i;

	status = pen_folio__each_of_batch(store, batch, withdraw_folio, &withdrawal, error);
	for (i = 0; !status && i < sizeof(of_batch) / sizeof(of_batch[0]); i++)
		status = run(store, of_batch[i], ":batch", batch, error);
	if (!status)
		status = pen_batch__set_state(store, batch, "discarded", at, error);
	/* The keys last: they ask which batches are discarded. */
	for (i = 0; !status && i < sizeof(keys) / sizeof(keys[0]); i++)
		status = run(store, keys[i], NULL, 0, error);
	return status;
}
