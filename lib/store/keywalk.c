#include "store/keywalk.h"

#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <string.h>

/* A key of somebody since an entry; NULL if it cannot be read, which shows where
 * its signatures are checked. */
struct held { char staff[64]; int64_t at; struct pen_key *key; };

struct keys { struct held *at; size_t count, room; };

static enum pen_status take(struct keys *keys, enum pen_suite suite, struct pen_statement *row, struct pen_error *error)
{
	struct pen_error ignored = { .status = PEN_OK };
	const char *pem = pen_db__text(row, 2);
	struct held *held;

	if (keys->count == keys->room) {
		keys->room = keys->room ? 2 * keys->room : 32;
		held = pen_memory__realloc(keys->at, keys->room, sizeof(*held));
		if (held == NULL)
			return pen_error__memory(error);
		keys->at = held;
	}
	held = &keys->at[keys->count++];
	*held = (struct held){ .at = pen_db__int(row, 1) };
	snprintf(held->staff, sizeof(held->staff), "%s", pen_db__text(row, 0));
	if (pen_signature__read_public(&held->key, suite, pem, strlen(pem), &ignored) != PEN_OK)
		held->key = NULL;
	return PEN_OK;
}

static enum pen_status read_keys(struct pen_walk *walk, struct keys *keys, struct pen_error *error)
{
	struct pen_store *store = walk->session->store;
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_KEYWALK_KEYS, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":size", walk->size);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = take(keys, pen_store__suite(store), s, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

/* The first before a key that is the same, and somebody else's; NULL: none. */
static const struct held *twin(const struct keys *keys, size_t i)
{
	const struct held *own = &keys->at[i], *other;

	for (other = keys->at; own->key != NULL && other < own; other++) {
		if (other->key != NULL && strcmp(other->staff, own->staff) != 0 &&
		    pen_signature__same(other->key, own->key))
			return other;
	}
	return NULL;
}

enum pen_status pen_keywalk__run(struct pen_walk *walk, struct pen_error *error)
{
	struct keys keys = { NULL, 0, 0 };
	const struct held *other;
	char found[160];
	size_t i;
	enum pen_status status = read_keys(walk, &keys, error);

	for (i = 0; i < keys.count && status == PEN_OK; i++) {
		other = twin(&keys, i);
		if (other == NULL)
			continue;
		walk->entry = keys.at[i].at + 1;
		snprintf(found, sizeof(found), _("the key of staff %s, by journal entry %" PRId64), other->staff, other->at);
		status = pen_walk__report(walk, &(struct pen_walk_place){ "staff.key", "public_key", found,
		    _("a key of their own"), 0, 0 }, error, _("key of staff %s, by journal entry %" PRId64),
		    keys.at[i].staff, keys.at[i].at);
	}
	walk->entry = 0;
	for (i = 0; i < keys.count; i++)
		pen_signature__free(keys.at[i].key);
	pen_memory__free(keys.at);
	return status;
}
