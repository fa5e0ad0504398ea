#include "store/adoption.h"
#include "adapter/json.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <string.h>

/* Lines of the journal about them are few; one is held back until its second is there. */
struct reading {
	struct pen_store *store;
	pen_adoption_visit *visit;
	void *context;
	struct pen_adoption waiting;
	bool waits;
};

static void copy(char *out, size_t room, const char *text)
{
	snprintf(out, room, "%s", text ? text : "");
}

/* ------------------------------------------------------------------ body -- */

enum pen_status pen_adoption__body(const struct pen_adoption *adoption, struct pen_body *body, const char **text,
    struct pen_error *error)
{
	pen_entry__body_open(body);
	if (adoption->checkpoint_size) {
		pen_entry__body_text(body, "checkpoint_root", adoption->checkpoint_root);
		pen_entry__body_int(body, "checkpoint_size", adoption->checkpoint_size);
	}
	pen_entry__body_text(body, "manifest", adoption->manifest[0] ? adoption->manifest : NULL);
	pen_entry__body_text(body, "reason", adoption->reason);
	pen_entry__body_text(body, "root", adoption->root);
	pen_entry__body_int(body, "size", adoption->size);
	pen_entry__body_text(body, "snapshot", adoption->snapshot);
	*text = pen_entry__body_close(body);
	return *text ? PEN_OK : pen_error__memory(error);
}

static void take_text(const struct pen_json *body, const char *key, char *out, size_t room)
{
	const struct pen_json *value = pen_json__member(body, key);

	copy(out, room, value ? pen_json__string(value) : NULL);
}

static int64_t take_size(const struct pen_json *body, const char *key)
{
	const struct pen_json *value = pen_json__member(body, key);
	int64_t size;

	return value && pen_json__integer(value, &size) && size >= 0 ? size : 0;
}

/* What an entry says; what cannot be read is empty, and suits nobody. */
static enum pen_status take(struct pen_adoption *adoption, struct pen_statement *row, struct pen_error *error)
{
	struct pen_json *body;
	enum pen_status status = pen_entry__body(pen_db__text(row, 2), &body, error);

	*adoption = (struct pen_adoption){ .first = pen_db__int(row, 0), .at = -1 };
	copy(adoption->staff[0], sizeof(adoption->staff[0]), pen_db__text(row, 1));
	if (status != PEN_OK || body == NULL)
		return status;
	take_text(body, "checkpoint_root", adoption->checkpoint_root, sizeof(adoption->checkpoint_root));
	adoption->checkpoint_size = take_size(body, "checkpoint_size");
	take_text(body, "manifest", adoption->manifest, sizeof(adoption->manifest));
	take_text(body, "reason", adoption->reason, sizeof(adoption->reason));
	take_text(body, "root", adoption->root, sizeof(adoption->root));
	adoption->size = take_size(body, "size");
	take_text(body, "snapshot", adoption->snapshot, sizeof(adoption->snapshot));
	pen_json__free(body);
	return PEN_OK;
}

static bool say_the_same(const struct pen_adoption *a, const struct pen_adoption *b)
{
	return a->size == b->size && a->checkpoint_size == b->checkpoint_size &&
	    strcmp(a->checkpoint_root, b->checkpoint_root) == 0 && strcmp(a->manifest, b->manifest) == 0 &&
	    strcmp(a->reason, b->reason) == 0 && strcmp(a->root, b->root) == 0 && strcmp(a->snapshot, b->snapshot) == 0;
}

/* ----------------------------------------------------------------- roles -- */

static enum pen_status is_one_of(struct pen_store *store, const char *staff, int64_t at, const char *const *roles,
    bool *is, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	for (*is = false; *roles && !*is && status == PEN_OK; roles++)
		status = pen_staff__holds(store, staff, *roles, at, is, error);
	return status;
}

enum pen_status pen_adoption__suit(struct pen_store *store, const char *one, int64_t one_at, const char *two, int64_t two_at,
    bool *suit, struct pen_error *error)
{
	static const char *const keepers[] = { "dba", NULL }, *const leads[] = { "head", "syslead", NULL };
	bool keeps[2], leading[2];

	*suit = false;
	if (strcmp(one, two) == 0)
		return PEN_OK;
	if (is_one_of(store, one, one_at, keepers, &keeps[0], error) != PEN_OK ||
	    is_one_of(store, one, one_at, leads, &leading[0], error) != PEN_OK ||
	    is_one_of(store, two, two_at, keepers, &keeps[1], error) != PEN_OK ||
	    is_one_of(store, two, two_at, leads, &leading[1], error) != PEN_OK)
		return error->status;
	*suit = (keeps[0] && leading[1]) || (leading[0] && keeps[1]);
	return PEN_OK;
}

/* --------------------------------------------------------------- reading -- */

static enum pen_status hand_on(struct reading *reading, struct pen_error *error)
{
	if (!reading->waits)
		return PEN_OK;
	reading->waits = false;
	return reading->visit(reading->context, &reading->waiting, error);
}

static enum pen_status take_next(struct reading *reading, const struct pen_adoption *next, struct pen_error *error)
{
	struct pen_adoption *waiting = &reading->waiting;
	bool suit = false;
	enum pen_status status = PEN_OK;

	if (reading->waits && say_the_same(waiting, next))
		status = pen_adoption__suit(reading->store, waiting->staff[0], waiting->first, next->staff[0], next->first,
		    &suit, error);
	if (status == PEN_OK && suit) {
		waiting->at = next->first;
		memcpy(waiting->staff[1], next->staff[0], sizeof(waiting->staff[1]));
		return hand_on(reading, error);
	}
	if (status == PEN_OK)
		status = hand_on(reading, error);
	*waiting = *next;
	reading->waits = true;
	return status;
}

enum pen_status pen_adoption__each(struct pen_store *store, int64_t size, pen_adoption_visit *visit, void *context,
    struct pen_error *error)
{
	struct reading reading = { .store = store, .visit = visit, .context = context };
	struct pen_adoption next;
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_ADOPTION_ENTRIES, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":size", size);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = take(&next, s, error);
		if (status == PEN_OK)
			status = take_next(&reading, &next, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status == PEN_OK ? hand_on(&reading, error) : status;
}

/* ---------------------------------------------------------------- asking -- */

struct question { const struct pen_checkpoint *checkpoint; struct pen_adoption *answer; bool found; };

static enum pen_status keep(void *context, const struct pen_adoption *adoption, struct pen_error *error)
{
	struct question *question = context;
	char root[PEN_DIGEST_HEX];

	(void)error;
	if (question->checkpoint != NULL && (adoption->at < 0 || adoption->checkpoint_size == 0 ||
	    adoption->checkpoint_size != question->checkpoint->size ||
	    strcmp(adoption->checkpoint_root, pen_encode__hex(question->checkpoint->root, PEN_DIGEST_SIZE, root)) != 0))
		return PEN_OK;
	*question->answer = *adoption;
	question->found = true;
	return PEN_OK;
}

static enum pen_status ask(struct pen_store *store, int64_t size, struct question *question, bool *found, struct pen_error *error)
{
	enum pen_status status = pen_adoption__each(store, size, keep, question, error);

	*found = question->found;
	return status;
}

enum pen_status pen_adoption__newest(struct pen_store *store, struct pen_adoption *adoption, bool *found, struct pen_error *error)
{
	return ask(store, INT64_MAX, &(struct question){ NULL, adoption, false }, found, error);
}

enum pen_status pen_adoption__naming(struct pen_store *store, int64_t size, const struct pen_checkpoint *checkpoint,
    struct pen_adoption *adoption, bool *found, struct pen_error *error)
{
	return ask(store, size, &(struct question){ checkpoint, adoption, false }, found, error);
}
