#include "work/undersign.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/sealtext.h"
#include "store/rootwalk.h"
#include "store/sealedrows.h"
#include "store/signedwalk.h"

#include <inttypes.h>
#include <string.h>

/* A seal in the making, or looked at again: `first` is what was found wrong first. */
struct work {
	struct pen_session *session;
	const struct pen_batch *batch;
	struct pen_folio *folios;
	size_t rooted;
	struct pen_walk walk;
	char first[512];
};

/* ------------------------------------------------------------ a signature -- */

/* The entry says the text's digest, and the root over its paragraphs: signed like the
 * text, it carries the signature over to a single folio (pen-seal prove). */
static enum pen_status enter_signature(struct work *work, const struct pen_seal *seal, const char *role,
    const char *seal_text, int64_t folios, struct pen_seal_signature *signature, struct pen_error *error)
{
	char subject[32], paragraphs[PEN_DIGEST_HEX];
	struct pen_body body;
	const char *text;
	enum pen_status status;

	if (!pen_sealtext__paragraphs(pen_store__suite(work->session->store), seal_text, paragraphs))
		return pen_error__memory(error);
	snprintf(subject, sizeof(subject), "seal %" PRId64, seal->id);
	snprintf(signature->role, sizeof(signature->role), "%s", role);
	snprintf(signature->staff, sizeof(signature->staff), "%s", work->session->staff.id);
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "batch", work->batch->id);
	pen_entry__body_text(&body, "digest", seal->digest);
	pen_entry__body_int(&body, "folios", folios);
	pen_entry__body_text(&body, "paragraphs", paragraphs);
	pen_entry__body_text(&body, "role", role);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__act(work->session, "seal.sign", subject, text, false, &signature->at, error);
	pen_entry__body_free(&body);
	return status;
}

static enum pen_status sign_bytes(struct work *work, const char *text, size_t n,
    struct pen_seal_signature *signature, struct pen_error *error)
{
	return pen_signature__sign(work->session->key, text, n, signature->bytes, &signature->n, error);
}

/* -------------------------------------------------------- first signature -- */

/* A folio's root. One that was made before, for a seal that came to nothing,
 * must come out the same, and the sums as they were at entry. */
static enum pen_status take_root(void *context, const struct pen_rootwalk_result *result, struct pen_error *error)
{
	struct work *work = context;
	struct pen_folio *folio = &work->folios[work->rooted++];
	const struct pen_roots_sum *sum = &result->sum;

	if (result->status != PEN_OK)
		return result->status;
	if (sum->rows != folio->rows || sum->unit_fen != folio->unit_fen || sum->personal_fen != folio->personal_fen ||
	    (folio->root[0] && strcmp(folio->root, sum->root) != 0))
		return pen_error__set(error, PEN_INTEGRITY, "sign.rows",
		    _("folio %" PRId64 " of batch %" PRId64 ": its rows are not those that were confirmed; nothing was signed: run pen-verify seals"),
		    folio->id, work->batch->id);
	snprintf(folio->root, sizeof(folio->root), "%s", sum->root);
	return pen_folio__set_root(work->session->store, folio->id, sum->root, error);
}

static enum pen_status make_roots(struct work *work, size_t count, struct pen_error *error)
{
	struct pen_rootwalk *walk = NULL;
	enum pen_status status = pen_rootwalk__open(&walk, work->session->store, work->batch, true, take_root, work, error);
	size_t i;

	for (i = 0; i < count && status == PEN_OK; i++)
		status = pen_rootwalk__add(walk, &work->folios[i], error);
	if (status == PEN_OK)
		status = pen_rootwalk__end(walk, error);
	pen_rootwalk__close(walk);
	return status;
}

/* Text, digest, signature, then the entry, which gives the seal its place. */
enum pen_status pen_undersign__draw_up_rooted(struct pen_session *session, const struct pen_batch *batch, const char *role,
    struct pen_folio *folios, size_t count, int64_t *made, struct pen_error *error)
{
	struct work work = { .session = session, .batch = batch, .folios = folios };
	struct pen_seal_signature signature = { .at = -1 };
	struct pen_seal seal = { .batch = batch->id, .state = "open" };
	struct pen_text text = { NULL, 0, 0, false };
	struct pen_store *store = session->store;
	char previous[PEN_DIGEST_HEX];
	enum pen_status status = pen_sealing__next(store, &seal.id, previous, error);

	if (status == PEN_OK)
		status = pen_sealing__text(store, seal.id, previous, batch, folios, count, &text, error);
	if (status == PEN_OK)
		status = pen_store__digest(store, text.s, text.n, seal.digest, error);
	if (status == PEN_OK)
		status = sign_bytes(&work, text.s, text.n, &signature, error);
	if (status == PEN_OK)
		status = enter_signature(&work, &seal, role, text.s, (int64_t)count, &signature, error);
	seal.at = signature.at;
	if (status == PEN_OK)
		status = pen_sealing__enter(store, &seal, text.s, folios, count, error);
	if (status == PEN_OK)
		status = pen_sealing__sign(store, seal.id, &signature, error);
	*made = seal.id;
	pen_text__free(&text);
	return status;
}

enum pen_status pen_undersign__draw_up(struct pen_session *session, const struct pen_batch *batch, const char *role,
    struct pen_folio *folios, size_t count, int64_t *made, struct pen_error *error)
{
	struct work work = { .session = session, .batch = batch, .folios = folios };
	enum pen_status status = make_roots(&work, count, error);

	return status == PEN_OK ? pen_undersign__draw_up_rooted(session, batch, role, folios, count, made, error) : status;
}

/* ---------------------------------------------------------- reading it again -- */

/* The first finding is what the error will say. */
static enum pen_status keep_first(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct work *work = context;

	(void)error;
	if (work->walk.found == 1)
		snprintf(work->first, sizeof(work->first), _("%s: %s: found %s, expected %s (%s)"),
		    found->record, found->field, found->found, found->expected, found->rule);
	return PEN_OK;
}

/* Text, signatures and rows once more: *changed if the seal does not hold. */
static enum pen_status read_again(struct work *work, const struct pen_seal *seal, const struct pen_folio *folios, size_t count,
    bool *changed, struct pen_error *error)
{
	enum pen_status status;

	work->walk = (struct pen_walk){ .session = work->session, .visit = keep_first, .context = work };
	status = pen_signedwalk__seal(&work->walk, work->batch, seal, error);
	if (status == PEN_OK)
		status = pen_sealedrows__folios(&work->walk, work->batch, folios, count, error);
	*changed = work->walk.found > 0;
	pen_walk__end(&work->walk);
	return status;
}

/* Whoever signs now signs what is in the store now, or nothing. */
enum pen_status pen_undersign__countersign(struct pen_session *session, const struct pen_batch *batch, const struct pen_seal *seal,
    const char *role, const struct pen_folio *folios, size_t count, struct pen_error *error)
{
	struct work work = { .session = session, .batch = batch };
	struct pen_seal_signature signature = { .at = -1 };
	char *text = NULL;
	bool changed;
	enum pen_status status = read_again(&work, seal, folios, count, &changed, error);

	if (status == PEN_OK && changed)
		return pen_error__set(error, PEN_INTEGRITY, "sign.changed",
		    _("seal %" PRId64 " does not hold any more, nothing of batch %" PRId64 " was signed: %s; run pen-verify seals"),
		    seal->id, batch->id, work.first);
	if (status == PEN_OK)
		status = pen_sealing__load_text(session->store, seal->id, &text, error);
	if (status == PEN_OK)
		status = sign_bytes(&work, text, strlen(text), &signature, error);
	if (status == PEN_OK)
		status = enter_signature(&work, seal, role, text, (int64_t)count, &signature, error);
	if (status == PEN_OK)
		status = pen_sealing__sign(session->store, seal->id, &signature, error);
	pen_memory__free(text);
	return status;
}

/* ---------------------------------------------------------------- its ending -- */

enum pen_status pen_undersign__end(struct pen_session *session, const struct pen_batch *batch, const struct pen_seal *seal,
    int64_t folios, const char *reason, int64_t *at, struct pen_error *error)
{
	char subject[32];
	struct pen_body body;
	const char *text;
	enum pen_status status;

	snprintf(subject, sizeof(subject), "seal %" PRId64, seal->id);
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "batch", batch->id);
	pen_entry__body_text(&body, "digest", seal->digest);
	pen_entry__body_int(&body, "folios", folios);
	pen_entry__body_text(&body, "reason", reason);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__act(session, reason ? "seal.void" : "seal.close", subject, text, reason == NULL, at, error);
	pen_entry__body_free(&body);
	if (status == PEN_OK)
		status = pen_sealing__set_state(session->store, seal->id, reason ? "void" : "closed", *at, error);
	return status;
}

enum pen_status pen_undersign__close(struct pen_session *session, const struct pen_batch *batch, const struct pen_seal *seal,
    const struct pen_folio *folios, size_t count, struct pen_error *error)
{
	struct work work = { .session = session, .batch = batch };
	bool changed;
	int64_t at;
	size_t i;
	enum pen_status status = read_again(&work, seal, folios, count, &changed, error);

	if (status == PEN_OK && changed)
		return pen_error__set(error, PEN_INTEGRITY, "close.changed",
		    _("seal %" PRId64 " does not hold any more, nothing of batch %" PRId64 " was sealed: %s; run pen-verify seals"),
		    seal->id, batch->id, work.first);
	if (status == PEN_OK)
		status = pen_undersign__end(session, batch, seal, (int64_t)count, NULL, &at, error);
	for (i = 0; i < count && status == PEN_OK; i++)
		status = pen_folio__set_state(session->store, folios[i].id, PEN_FOLIO_SEALED, at, error);
	return status;
}
