#include "store/sealwalk.h"

#include "base/error.h"
#include "base/memory.h"
#include "model/entry.h"
#include "store/replaywalk.h"
#include "store/sealedrows.h"
#include "store/signedwalk.h"

#include <inttypes.h>
#include <string.h>

#define SLICE 100		/* entries at a time, as the statement's LIMIT says */

static struct pen_store *store_of(const struct pen_walk *walk)
{
	return walk->session->store;
}

/* ------------------------------------------------------------ all seals -- */

/* suspect: batches of seals that do not hold, in the order of the seals. */
struct run {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	int64_t next;
	int64_t *suspect;
	size_t suspects;
};

/* A root that was made to fit rows that were changed shows in the seal's text alone:
 * the rows of such a batch are looked at one by one. */
static enum pen_status suspect(struct run *run, int64_t batch, struct pen_error *error)
{
	int64_t *more = pen_memory__realloc(run->suspect, run->suspects + 1, sizeof(*more));

	if (more == NULL)
		return pen_error__memory(error);
	run->suspect = more;
	more[run->suspects++] = batch;
	return PEN_OK;
}

static enum pen_status visit_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct run *run = context;
	int64_t before = run->walk->found;
	struct pen_batch batch;
	char found[64];
	bool known;
	enum pen_status status = PEN_OK;

	if (seal->at >= run->walk->size)
		return PEN_OK;
	if (seal->id != run->next) {
		snprintf(found, sizeof(found), _("seal %" PRId64), seal->id);
		status = pen_walk__report(run->walk, &(struct pen_walk_place){ "seal.chain", "id", found,
		    _("a seal of every number"), seal->batch, 0 }, error, _("seal %" PRId64), run->next);
	}
	run->next = seal->id + 1;
	if (status != PEN_OK || !pen_walk__among(run->batches, run->count, seal->batch))
		return status;
	status = pen_batch__find(store_of(run->walk), seal->batch, &batch, &known, error);
	if (status == PEN_OK && !known)
		return pen_walk__report(run->walk, &(struct pen_walk_place){ "seal.text", "batch",
		    _("no such batch"), _("the batch of the signed text"), seal->batch, 0 }, error,
		    _("seal %" PRId64), seal->id);
	if (status == PEN_OK)
		status = pen_signedwalk__seal(run->walk, &batch, seal, error);
	if (status == PEN_OK && run->walk->found > before)
		status = suspect(run, seal->batch, error);
	return status == PEN_OK ? pen_walk__go_on(run->walk, _("the seals"), seal->id, -1, error) : status;
}

/* ------------------------------------------- what the journal says of them -- */

/* An act upon seals; number: of the seal or batch that is its subject. */
struct act { int64_t at, number; char digest[PEN_DIGEST_HEX]; };
typedef enum pen_status act_check(struct pen_walk *walk, const struct act *act, struct pen_error *error);

static enum pen_status read_acts(struct pen_walk *walk, const char *name, const char *key, int64_t after,
    struct act acts[SLICE], size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	struct act *act;
	enum pen_status status = pen_store__sql(store_of(walk), PEN_SQL_SEALWALK_ACTS, &s, error);
	const char *subject;
	bool row;

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_text(s, ":act", name);
	pen_db__bind_int(s, ":after", after);
	while (*count < SLICE && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		act = &acts[(*count)++];
		act->at = pen_db__int(s, 0);
		subject = strchr(pen_db__text(s, 1), ' ');
		act->number = subject == NULL ? 0 : strtoll(subject, NULL, 10);
		if ((status = pen_entry__digest(pen_db__text(s, 2), key, act->digest, error)) != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status each_act(struct pen_walk *walk, const char *name, const char *key, act_check *check,
    struct pen_error *error)
{
	struct act acts[SLICE];
	int64_t after = -1;
	enum pen_status status;
	size_t count, i;

	do {
		status = read_acts(walk, name, key, after, acts, &count, error);
		for (i = 0; i < count && status == PEN_OK; i++) {
			after = acts[i].at;
			if (after < walk->size)
				status = check(walk, &acts[i], error);
		}
	} while (status == PEN_OK && count == SLICE);
	return status;
}

/* A seal that the journal knows is there, and is the one that was signed. */
static enum pen_status check_signing(struct pen_walk *walk, const struct act *act, struct pen_error *error)
{
	struct pen_seal seal = { .digest = "" };
	bool found;
	enum pen_status status = pen_sealing__find(store_of(walk), act->number, &seal, &found, error);

	if (status != PEN_OK || (found && strcmp(seal.digest, act->digest) == 0))
		return status;
	return pen_walk__report(walk, &(struct pen_walk_place){ "seal.chain", "digest",
	    found ? seal.digest : _("no such seal"), act->digest, found ? seal.batch : 0, 0 }, error,
	    _("seal %" PRId64 ", signed by journal entry %" PRId64), act->number, act->at);
}

/* The answers are those that were entered. */
static enum pen_status check_answers(struct pen_walk *walk, const struct act *act, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = pen_sealing__answers(store_of(walk), act->at, digest, error);

	if (status != PEN_OK || strcmp(digest, act->digest) == 0)
		return status;
	return pen_walk__report(walk, &(struct pen_walk_place){ "seal.answers", "answers", digest, act->digest,
	    act->number, 0 }, error, _("the employers' answers of journal entry %" PRId64), act->at);
}

/* ------------------------------------------------------------ all folios -- */

/* A batch's folios whose rows are to be held against what they were made from. */
struct batch_run {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	bool suspect;
	struct pen_sealedrows *rows;
	struct pen_replaywalk_list doubtful;
};

/* Until the first signature the source file alone stands witness. */
static enum pen_status take_folio(void *context, const struct pen_folio *folio, bool differs, struct pen_error *error)
{
	struct batch_run *run = context;
	enum pen_status status = PEN_OK;

	if (differs || ((run->suspect || !folio->root[0]) && pen_replaywalk__due(run->walk, run->batch, folio)))
		status = pen_replaywalk__add(&run->doubtful, folio, error);
	return status == PEN_OK ? pen_walk__go_on(run->walk, _("the sealed rows"), run->walk->leaves, -1, error) : status;
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct batch_run *run = context;
	bool let_in = folio->confirmed_at >= 0 && folio->confirmed_at < run->walk->size;
	enum pen_status status;

	if (let_in && folio->root[0])
		return pen_sealedrows__add(run->rows, folio, error);
	/* Those before it first: all are told in their order. */
	status = pen_sealedrows__end(run->rows, error);
	if (status == PEN_OK && let_in && folio->state == PEN_FOLIO_SEALED)
		status = pen_walk__report(run->walk, &(struct pen_walk_place){ "seal.root", "root", _("none"),
		    _("the root that was signed"), folio->batch, 0 }, error, _("folio %" PRId64 " of batch %" PRId64),
		    folio->id, folio->batch);
	return status == PEN_OK ? take_folio(run, folio, false, error) : status;
}

static enum pen_status visit_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct run *run = context;
	struct batch_run work = { .walk = run->walk, .batch = batch,
		.suspect = run->suspects > 0 && pen_walk__among(run->suspect, run->suspects, batch->id) };
	char record[32];
	enum pen_status status;

	if (!pen_walk__among(run->batches, run->count, batch->id))
		return PEN_OK;
	status = pen_sealedrows__open(&work.rows, run->walk, batch, take_folio, &work, error);
	if (status == PEN_OK)
		status = pen_folio__each_of_batch(store_of(run->walk), batch->id, visit_folio, &work, error);
	if (status == PEN_OK)
		status = pen_sealedrows__end(work.rows, error);
	pen_sealedrows__close(work.rows);
	snprintf(record, sizeof(record), _("batch %" PRId64), batch->id);
	status = pen_walk__damage(run->walk, status, "seal.state", batch->id, record, error);
	if (status == PEN_OK && work.doubtful.count > 0)
		status = pen_replaywalk__folios(run->walk, batch, &work.doubtful, false, error);
	pen_replaywalk__free(&work.doubtful);
	return status;
}

enum pen_status pen_sealwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error)
{
	struct run run = { .walk = walk, .batches = batches, .count = count, .next = 1 };
	enum pen_status status = pen_sealing__each(store_of(walk), 0, visit_seal, &run, error);

	if (status == PEN_OK)
		status = each_act(walk, "seal.sign", "digest", check_signing, error);
	if (status == PEN_OK)
		status = each_act(walk, "seal.acknowledge", "answers", check_answers, error);
	if (status == PEN_OK)
		status = pen_batch__each(store_of(walk), visit_batch, &run, error);
	pen_memory__free(run.suspect);
	return status;
}
