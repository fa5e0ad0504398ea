/* Seals as they are: a list of all, and those of batches with their folios. */
#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/sealing.h"
#include "store/session.h"


#define SIGNATURES 8

struct listing { struct pen_session *session; struct pen_printer *printer; int64_t seals, folios; };

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

/* "operator op1, lead lead1" */
static void name_signers(const struct pen_seal_signature *signatures, size_t count, char *out, size_t room)
{
	size_t i, n = 0;

	out[0] = '\0';
	for (i = 0; i < count && n < room; i++)
		n += (size_t)snprintf(out + n, room - n, "%s%s %s", i ? ", " : "", signatures[i].role, signatures[i].staff);
}

static struct pen_item index_of(const char *key, const char *title, int64_t at)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_INT, .i = at, .null = at < 0 };
}

/* ----------------------------------------------------------------- list -- */

static enum pen_status list_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct listing *listing = context;
	struct pen_store *store = listing->session->store;
	struct pen_seal_signature signatures[SIGNATURES];
	struct pen_folio *folios = NULL;
	size_t count = 0, signed_by = 0;
	char signers[512];
	enum pen_status status = pen_sealing__folios(store, seal->id, &folios, &count, error);

	if (status == PEN_OK)
		status = pen_sealing__signatures(store, seal->id, signatures, SIGNATURES, &signed_by, error);
	pen_memory__free(folios);
	if (status != PEN_OK)
		return status;
	name_signers(signatures, signed_by, signers, sizeof(signers));
	const struct pen_item row[] = {
		PEN_I_INT("seal", _("seal"), seal->id),
		PEN_I_INT("batch", _("batch"), seal->batch),
		PEN_I_TEXT("state", _("state"), seal->state),
		PEN_I_INT("folios", _("folios"), (int64_t)count),
		PEN_I_TEXT("signatures", _("signatures"), or_null(signers)),
		index_of("at", _("entry"), seal->at),
		index_of("ended_at", _("ended"), seal->ended_at),
		PEN_I_TEXT("digest", _("digest"), seal->digest),
	};
	pen_printer__row(listing->printer, "seal", PEN_ITEMS(row));
	listing->seals++;
	listing->folios += (int64_t)count;
	return PEN_OK;
}

/* Begins and ends a read that leaves its mark (R7.5). */
static enum pen_status mark(struct listing *listing, const char *act, const char *subject, struct pen_error *error)
{
	struct pen_body body;
	const char *text;
	enum pen_status status;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "folios", listing->folios);
	pen_entry__body_int(&body, "seals", listing->seals);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__note(listing->session, act, subject, text, error);
	pen_entry__body_free(&body);
	return status;
}

static enum pen_status finish(struct listing *listing, const char *subject, enum pen_status status, struct pen_error *error)
{
	const struct pen_item summary[] = {
		PEN_I_INT("seals", _("seals"), listing->seals),
		PEN_I_INT("folios", _("folios"), listing->folios),
	};

	if (status == PEN_OK)
		status = mark(listing, "seal.read", subject, error);
	pen_printer__close_table(listing->printer, PEN_ITEMS(summary), status);
	return status;
}

enum pen_status pen_seal_list(struct pen_session *session, struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .session = session, .printer = printer };
	const struct pen_item columns[] = {
		PEN_I_INT("seal", _("seal"), 0), PEN_I_INT("batch", _("batch"), 0), PEN_I_TEXT("state", _("state"), NULL),
		PEN_I_INT("folios", _("folios"), 0), PEN_I_TEXT("signatures", _("signatures"), NULL),
		PEN_I_INT("at", _("entry"), 0), PEN_I_INT("ended_at", _("ended"), 0), PEN_I_TEXT("digest", _("digest"), NULL),
	};
	const struct pen_items shape = PEN_ITEMS(columns);
	enum pen_status status = pen_session__note(session, "seal.read.begin", "seals", NULL, error);

	if (status != PEN_OK)
		return status;
	pen_printer__open_table(printer, "seals", _("Seals"), &shape);
	status = pen_sealing__each(session->store, 0, list_seal, &listing, error);
	return finish(&listing, "seals", status, error);
}

/* ----------------------------------------------------------------- show -- */

static enum pen_status show_folio(struct listing *listing, const struct pen_folio *folio,
    const struct pen_seal *seal, const char *signers, struct pen_error *error)
{
	struct pen_agreement answer;
	enum pen_status status = pen_sealing__agreement(listing->session->store, folio->id, &answer, error);

	if (status != PEN_OK)
		return status;
	const struct pen_item row[] = {
		PEN_I_INT("batch", _("batch"), folio->batch),
		PEN_I_INT("folio", _("folio"), folio->id),
		PEN_I_TEXT("employer", _("employer"), or_null(folio->credit_code)),
		{ .key = "period", .title = _("period"), .type = PEN_ITEM_INT, .i = folio->period, .null = folio->period == 0 },
		PEN_I_TEXT("state", _("state"), pen_folio__state_name(folio->state)),
		PEN_I_INT("rows", _("rows"), folio->rows),
		PEN_I_FEN("amount_fen", _("amount"), folio->amount_fen),
		PEN_I_TEXT("answer", _("answer"), or_null(answer.answer)),
		{ .key = "seal", .title = _("seal"), .type = PEN_ITEM_INT, .i = seal->id, .null = seal->id == 0 },
		PEN_I_TEXT("seal_state", _("seal's state"), or_null(seal->state)),
		PEN_I_TEXT("signatures", _("signatures"), or_null(signers)),
		PEN_I_TEXT("root", _("root"), or_null(folio->root)),
	};
	pen_printer__row(listing->printer, "folio", PEN_ITEMS(row));
	listing->folios++;
	return PEN_OK;
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct listing *listing = context;
	struct pen_store *store = listing->session->store;
	struct pen_seal_signature signatures[SIGNATURES];
	struct pen_seal seal = { .state = "" };
	size_t signed_by = 0;
	char signers[512];
	int64_t id;
	bool found;
	enum pen_status status = pen_sealing__of_folio(store, folio->id, &id, error);

	if (status == PEN_OK && id)
		status = pen_sealing__find(store, id, &seal, &found, error);
	if (status == PEN_OK && id)
		status = pen_sealing__signatures(store, id, signatures, SIGNATURES, &signed_by, error);
	if (status != PEN_OK)
		return status;
	name_signers(signatures, signed_by, signers, sizeof(signers));
	return show_folio(listing, folio, &seal, signers, error);
}

static enum pen_status count_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct listing *listing = context;

	(void)seal;
	(void)error;
	listing->seals++;
	return PEN_OK;
}

enum pen_status pen_seal_show(struct pen_session *session, const char *batches,
    struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .session = session, .printer = printer };
	int64_t *ids = NULL;
	size_t count = 0, i;
	char subject[80];
	enum pen_status status = pen_batch__select(session->store, "batch", batches, &ids, &count, error);

	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "batch %s", batches);
	status = pen_session__note(session, "seal.read.begin", subject, NULL, error);
	if (status != PEN_OK)
		goto out;
	pen_printer__open_table(printer, "folios", _("Folios and their seals"), NULL);
	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_sealing__each(session->store, ids[i], count_seal, &listing, error);
		if (status == PEN_OK)
			status = pen_folio__each_of_batch(session->store, ids[i], visit_folio, &listing, error);
	}
	status = finish(&listing, subject, status, error);
out:
	pen_memory__free(ids);
	return status;
}
