#include "work/parts.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/spool.h"
#include "base/text.h"
#include "base/thread.h"

#include <string.h>

#define MEMORY ((size_t)1 << 20)	/* of findings a part, before they go to a file */

/* What a part came to; `kept` are its findings, NULL for the first part's. */
struct outcome {
	const struct pen_part *part;
	struct pen_walk walk;
	struct pen_spool *kept;
	enum pen_status status;
	struct pen_error error;
};

/* Parts wait in `waiting` for whoever is free. */
struct work {
	struct pen_walk *walk;
	struct outcome *outcomes;
	size_t count;
	struct pen_channel *waiting;
	struct pen_session second;	/* the session of the second core, with its own store */
};

/* -------------------------------------------------------------- findings -- */

/* The texts of a finding, which lie behind it when it is kept. */
static const size_t texts[] = {
	offsetof(struct pen_walk_found, rule), offsetof(struct pen_walk_found, class),
	offsetof(struct pen_walk_found, severity), offsetof(struct pen_walk_found, clause),
	offsetof(struct pen_walk_found, advice), offsetof(struct pen_walk_found, record),
	offsetof(struct pen_walk_found, field), offsetof(struct pen_walk_found, found),
	offsetof(struct pen_walk_found, expected), offsetof(struct pen_walk_found, key.kind),
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static const char **text_of(struct pen_walk_found *found, size_t i)
{
	return (const char **)(void *)((char *)found + texts[i]);
}

static enum pen_status keep(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct outcome *outcome = context;
	struct pen_walk_found copy = *found;
	struct pen_text bytes = { 0 };
	enum pen_status status;
	const char *text;
	size_t i;

	pen_text__add(&bytes, (const char *)&copy, sizeof(copy));
	for (i = 0; i < TEXTS; i++) {
		text = *text_of(&copy, i);
		if (text)
			pen_text__add(&bytes, text, strlen(text) + 1);
	}
	status = bytes.failed ? pen_error__memory(error) : pen_spool__add(outcome->kept, bytes.s, bytes.n, NULL, error);
	pen_text__free(&bytes);
	return status;
}

static enum pen_status hand_out_one(struct pen_walk *walk, const char *bytes, struct pen_error *error)
{
	struct pen_walk_found found;
	size_t i;

	memcpy(&found, bytes, sizeof(found));
	bytes += sizeof(found);
	for (i = 0; i < TEXTS; i++) {
		if (!*text_of(&found, i))
			continue;
		*text_of(&found, i) = bytes;
		bytes += strlen(bytes) + 1;
	}
	return walk->visit(walk->context, &found, error);
}

static enum pen_status hand_out(struct pen_walk *walk, struct pen_spool *kept, struct pen_error *error)
{
	struct pen_spool_cursor *cursor = NULL;
	enum pen_status status = pen_spool__cursor(&cursor, kept, 0, pen_spool__end(kept), error);
	const void *bytes;
	size_t n;

	while (!status && !(status = pen_spool__next(cursor, &bytes, &n, error)) && bytes)
		status = hand_out_one(walk, bytes, error);
	pen_spool__close(cursor);
	return status;
}

/* ----------------------------------------------------------------- parts -- */

static void run_part(struct outcome *outcome, struct pen_session *session)
{
	outcome->walk.session = session;
	outcome->status = outcome->part->run(&outcome->walk, outcome->part->context, &outcome->error);
	outcome->status = pen_walk__damage(&outcome->walk, outcome->status, "seal.state", 0, _("the rows"), &outcome->error);
	pen_walk__end(&outcome->walk);
}

static void run_waiting(struct work *work, struct pen_session *session)
{
	struct outcome *outcome;

	while ((outcome = pen_thread__take(work->waiting)) != NULL)
		run_part(outcome, session);
}

static enum pen_status run_second(void *context, struct pen_error *error)
{
	struct work *work = context;

	(void)error;
	run_waiting(work, &work->second);
	return PEN_OK;
}

/* The second core tells nobody how far it is, and asks whether to stop. */
static enum pen_status open_second(struct work *work, struct pen_error *error)
{
	const struct pen_session *session = work->walk->session;
	struct pen_store *store;
	enum pen_status status = pen_store__open(&store, pen_store__dir(session->store), false, error);

	if (status)
		return status;
	work->second = *session;
	work->second.store = store;
	work->second.options.progress = NULL;
	return PEN_OK;
}

static enum pen_status run_all(struct work *work, struct pen_error *error)
{
	struct pen_thread *thread;
	enum pen_status status = open_second(work, error);
	size_t i;

	if (status)
		return status;
	for (i = 1; i < work->count; i++)
		pen_thread__put(work->waiting, &work->outcomes[i]);
	pen_thread__close(work->waiting);
	status = pen_thread__start(&thread, run_second, work, error);
	if (!status) {
		run_part(&work->outcomes[0], work->walk->session);
		run_waiting(work, work->walk->session);
		status = pen_thread__join(thread, error);
	}
	pen_store__close(work->second.store);
	return status;
}

/* ----------------------------------------------------------------- ends -- */

static enum pen_status prepare(struct work *work, const struct pen_part *parts, struct pen_error *error)
{
	const struct pen_walk *walk = work->walk;
	enum pen_status status = PEN_OK;
	struct outcome *outcome;
	size_t i;

	work->outcomes = pen_memory__calloc(work->count, sizeof(*work->outcomes));
	work->waiting = pen_thread__channel(work->count);
	if (!work->outcomes || !work->waiting)
		return pen_error__memory(error);
	for (i = 0; !status && i < work->count; i++) {
		outcome = &work->outcomes[i];
		outcome->part = &parts[i];
		outcome->walk = (struct pen_walk){ .visit = i ? keep : walk->visit, .context = i ? outcome : walk->context,
			.rule = walk->rule, .classes = walk->classes, .scope = walk->scope, .lately = walk->lately, .size = walk->size };
		if (i)
			status = pen_spool__new(&outcome->kept, pen_store__dir(walk->session->store), MEMORY, error);
	}
	return status;
}

static void count(struct pen_walk *walk, const struct pen_walk *part)
{
	walk->rows += part->rows;
	if (__builtin_add_overflow(walk->amount_fen, part->amount_fen, &walk->amount_fen))
		walk->amount_fen = INT64_MAX;
	walk->rules += part->rules;
	walk->entries += part->entries;
	walk->seals += part->seals;
	walk->signatures += part->signatures;
	walk->folios += part->folios;
	walk->leaves += part->leaves;
	walk->sources += part->sources;
	walk->blobs += part->blobs;
	walk->found += part->found;
	walk->left_out += part->left_out;
	walk->left_out_integrity += part->left_out_integrity;
	walk->not_made += part->not_made;
	walk->base_unchecked |= part->base_unchecked;
	walk->share_unchecked |= part->share_unchecked;
	walk->deemed_unchecked |= part->deemed_unchecked;
}

static enum pen_status end(struct work *work, struct pen_error *error)
{
	struct outcome *outcome;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && i < work->count; i++) {
		outcome = &work->outcomes[i];
		count(work->walk, &outcome->walk);
		if (outcome->kept)
			status = hand_out(work->walk, outcome->kept, error);
		if (!status && outcome->status) {
			*error = outcome->error;
			status = outcome->status;
		}
	}
	return status;
}

enum pen_status pen_parts__run(struct pen_walk *walk, const struct pen_part *parts, size_t count_of, struct pen_error *error)
{
	struct work work = { .walk = walk, .count = count_of };
	enum pen_status status = prepare(&work, parts, error);
	size_t i;

	if (!status)
		status = run_all(&work, error);
	if (!status)
		status = end(&work, error);
	for (i = 0; work.outcomes && i < work.count; i++)
		pen_spool__free(work.outcomes[i].kept);
	pen_memory__free(work.outcomes);
	pen_thread__free_channel(work.waiting);
	return status;
}
