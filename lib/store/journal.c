#include "store/journal.h"
#include "base/date.h"
#include "base/error.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

static enum pen_status damaged(int64_t at, const char *what, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "journal.damaged",
	    _("the journal does not hold at entry %" PRId64 ": %s; run pen-verify journal, and compare with a checkpoint kept outside"),
	    at, what);
}

/* The one number that a statement gives; `none` where it gives no row. Bindings
 * are made already. */
static enum pen_status one_int(struct pen_statement *statement, int64_t none, int64_t *out, struct pen_error *error)
{
	enum pen_status status;
	bool row;

	*out = none;
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row)
		*out = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_journal__size(struct pen_store *store, int64_t *size, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	int64_t newest = -1;

	status = pen_store__sql(store, PEN_SQL_JOURNAL_NEWEST, &statement, error);
	if (status == PEN_OK)
		status = one_int(statement, -1, &newest, error);
	*size = newest + 1;
	return status;
}

enum pen_status pen_journal__newest_change(struct pen_store *store, int64_t *at, struct pen_error *error)
{
	struct pen_statement *statement;

	if (pen_store__sql(store, PEN_SQL_JOURNAL_NEWEST_CHANGE, &statement, error) != PEN_OK)
		return error->status;
	return one_int(statement, -1, at, error);
}

enum pen_status pen_journal__last_of(struct pen_store *store, const char *act, int64_t *at, struct pen_error *error)
{
	struct pen_statement *statement;

	if (pen_store__sql(store, PEN_SQL_JOURNAL_LAST_OF, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":act", act);
	return one_int(statement, -1, at, error);
}

/* ---- the tree ---- */

enum pen_status pen_journal__entry(struct pen_store *store, int64_t at, struct pen_journal_entry *entry,
    struct pen_error *error)
{
	struct pen_statement *statement;
	const unsigned char *signature;
	enum pen_status status;
	const char *text;
	bool row;

	*entry = (struct pen_journal_entry){ .n = 0 };
	if (pen_store__sql(store, PEN_SQL_JOURNAL_ENTRY, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(statement, ":at", at);
	status = pen_db__step(statement, &row, error);
	if (status != PEN_OK)
		goto out;
	text = row ? pen_db__text(statement, 1) : NULL;
	signature = row ? pen_db__bytes(statement, 2, &entry->n) : NULL;
	if (!text || (signature && entry->n > PEN_SIGNATURE_ROOM)) {
		status = damaged(at, row ? _("it is not readable") : _("it is missing"), error);
		goto out;
	}
	if (signature)
		memcpy(entry->signature, signature, entry->n);
	else
		entry->n = 0;
	pen_text__puts(&entry->text, text);
	if (entry->text.failed)
		status = pen_error__memory(error);
out:
	pen_db__reset(statement);
	return status;
}

/* The hash of an entry's leaf, from its row. */
static enum pen_status leaf_of(struct pen_store *store, struct pen_merkle *tree, int64_t at,
    unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	struct pen_journal_entry entry;
	struct pen_text leaf = { 0 };
	enum pen_status status = pen_journal__entry(store, at, &entry, error);

	if (status == PEN_OK) {
		pen_entry__leaf(entry.text.s, entry.signature, entry.n, &leaf);
		if (leaf.failed)
			status = pen_error__memory(error);
		else
			pen_merkle__leaf_hash(tree, leaf.s, leaf.n, hash);
	}
	pen_text__free(&entry.text);
	pen_text__free(&leaf);
	return status;
}

static enum pen_status node_of(struct pen_store *store, int level, int64_t number,
    unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	const void *bytes;
	bool row;
	size_t n;

	if (pen_store__sql(store, PEN_SQL_JOURNAL_NODE_FIND, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(statement, ":level", level);
	pen_db__bind_int(statement, ":number", number);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK) {
		bytes = row ? pen_db__bytes(statement, 0, &n) : NULL;
		if (bytes && n == PEN_DIGEST_SIZE)
			memcpy(hash, bytes, n);
		else
			status = damaged((number + 1) << level, _("a node of its tree is missing"), error);
	}
	pen_db__reset(statement);
	return status;
}

/* Takes up the tree of the first `size` entries. Its complete subtrees are
 * kept, but for the lowest one, which is the leaf of the last entry. */
static enum pen_status take_up(struct pen_store *store, struct pen_merkle *tree, int64_t size, struct pen_error *error)
{
	unsigned char peaks[PEN_MERKLE_LEVELS][PEN_DIGEST_SIZE];
	enum pen_status status = PEN_OK;
	int level, n = 0;

	for (level = 0; size >> level; level++) {
		if (!(size >> level & 1))
			continue;
		if (level == 0)
			status = leaf_of(store, tree, size - 1, peaks[n++], error);
		else
			status = node_of(store, level, (size >> level) - 1, peaks[n++], error);
		if (status != PEN_OK)
			return status;
	}
	pen_merkle__resume(tree, size, peaks);
	return PEN_OK;
}

/* A subtree that is complete with the new entry. If it is there already, entries
 * that once stood here are gone. */
static enum pen_status keep_node(void *context, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	struct pen_store *store = context;
	struct pen_statement *statement;
	enum pen_status status;

	if (level == 0)
		return PEN_OK;
	if (pen_store__sql(store, PEN_SQL_JOURNAL_NODE_ENTER, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(statement, ":level", level);
	pen_db__bind_int(statement, ":number", number);
	pen_db__bind_bytes(statement, ":hash", hash, PEN_DIGEST_SIZE);
	status = pen_db__run(statement, error);
	pen_db__reset(statement);
	if (status == PEN_OK && pen_db__changes(pen_store__db(store)) == 0)
		status = damaged(((number + 1) << level) - 1, _("its place was taken before, so entries were removed"), error);
	return status;
}

enum pen_status pen_journal__checkpoint(struct pen_store *store, int64_t size,
    struct pen_checkpoint *checkpoint, struct pen_error *error)
{
	struct pen_merkle *tree = pen_merkle__new(pen_store__suite(store));
	enum pen_status status;

	if (!tree)
		return pen_error__memory(error);
	status = take_up(store, tree, size, error);
	if (status == PEN_OK) {
		snprintf(checkpoint->origin, sizeof(checkpoint->origin), "%s", pen_store__identity(store)->origin);
		checkpoint->size = size;
		pen_merkle__root(tree, checkpoint->root);
	}
	pen_merkle__free(tree);
	return status;
}

/* What a path asks for: all complete subtrees are kept but the leaves. */
struct tree_of { struct pen_store *store; struct pen_merkle *tree; };

static enum pen_status fetch(void *context, int level, int64_t number, unsigned char hash[PEN_DIGEST_SIZE],
    struct pen_error *error)
{
	struct tree_of *of = context;

	return level ? node_of(of->store, level, number, hash, error) : leaf_of(of->store, of->tree, number, hash, error);
}

enum pen_status pen_journal__path(struct pen_store *store, int64_t at, int64_t size,
    struct pen_merkle_path *path, struct pen_error *error)
{
	struct tree_of of = { store, pen_merkle__new(pen_store__suite(store)) };
	enum pen_status status;

	if (!of.tree)
		return pen_error__memory(error);
	status = pen_merkle__path(of.tree, fetch, &of, at, size, path, error);
	pen_merkle__free(of.tree);
	return status;
}

/* ---- appending ---- */

struct signature { unsigned char bytes[PEN_SIGNATURE_ROOM]; size_t n; };

static enum pen_status insert(struct pen_store *store, const struct pen_entry *entry, bool changes,
    const char *text, const struct signature *signature, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;

	if (pen_store__sql(store, PEN_SQL_JOURNAL_APPEND, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(statement, ":at", entry->at);
	pen_db__bind_text(statement, ":time", entry->time);
	pen_db__bind_text(statement, ":staff", entry->staff);
	pen_db__bind_text(statement, ":act", entry->act);
	pen_db__bind_text(statement, ":subject", entry->subject ? entry->subject : "");
	pen_db__bind_int(statement, ":changes", changes);
	pen_db__bind_text(statement, ":text", text);
	if (signature->n)
		pen_db__bind_bytes(statement, ":signature", signature->bytes, signature->n);
	else
		pen_db__bind_null(statement, ":signature");
	status = pen_db__run(statement, error);
	pen_db__reset(statement);
	return status;
}

/* Puts the entry, signed, into the tree. */
static enum pen_status grow(struct pen_store *store, int64_t at, const char *text,
    const struct signature *signature, struct pen_error *error)
{
	struct pen_merkle *tree = pen_merkle__new(pen_store__suite(store));
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_text leaf = { 0 };
	enum pen_status status;

	if (!tree)
		return pen_error__memory(error);
	status = take_up(store, tree, at, error);
	if (status != PEN_OK)
		goto out;
	pen_merkle__watch(tree, keep_node, store);
	pen_entry__leaf(text, signature->bytes, signature->n, &leaf);
	if (leaf.failed) {
		status = pen_error__memory(error);
		goto out;
	}
	pen_merkle__leaf_hash(tree, leaf.s, leaf.n, hash);
	status = pen_merkle__add(tree, hash, error);
out:
	pen_text__free(&leaf);
	pen_merkle__free(tree);
	return status;
}

enum pen_status pen_journal__append(struct pen_store *store, struct pen_entry *entry, bool changes,
    const struct pen_key *key, struct pen_error *error)
{
	struct signature signature = { .n = 0 };
	struct pen_text text = { 0 };
	enum pen_status status;
	char now[21];

	assert(pen_db__in_transaction(pen_store__db(store)));
	status = pen_journal__size(store, &entry->at, error);
	if (status != PEN_OK)
		return status;
	entry->time = pen_date__now(now);
	pen_entry__text(entry, &text);
	if (text.failed)
		status = pen_error__memory(error);
	if (status == PEN_OK && key)
		status = pen_signature__sign(key, text.s, text.n, signature.bytes, &signature.n, error);
	if (status == PEN_OK)
		status = grow(store, entry->at, text.s, &signature, error);
	if (status == PEN_OK)
		status = insert(store, entry, changes, text.s, &signature, error);
	pen_text__free(&text);
	entry->time = NULL;
	return status;
}

/* ---- times ---- */

enum pen_status pen_journal__time(struct pen_store *store, int64_t at, char out[21], struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	const char *time;
	bool row;

	out[0] = '\0';
	if (pen_store__sql(store, PEN_SQL_JOURNAL_ENTRY, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(statement, ":at", at);
	status = pen_db__step(statement, &row, error);
	time = status == PEN_OK && row ? pen_db__text(statement, 0) : NULL;
	if (time)
		snprintf(out, 21, "%s", time);
	pen_db__reset(statement);
	return status;
}

/* "2026-11-23T08:15:30Z": its second is over when the next begins, so what is
 * before its end sorts before the same text with a later mark than Z. */
static bool second_end(const char *s, char out[21])
{
	static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
	size_t i;

	for (i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != shape[i])
			return false;
	if (s[i] || !pen_date__parse(s, 10))
		return false;
	memcpy(out, s, 21);
	out[19] = 'Z' + 1;
	return true;
}

static enum pen_status as_of_index(const char *as_of, int64_t size, int64_t *at, struct pen_error *error)
{
	errno = 0;
	*at = strtoll(as_of, NULL, 10);
	if (errno == 0 && *at < size)
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "as-of.beyond",
	    _("the journal goes up to entry %" PRId64 ", and has no entry %s yet: a date is written as 2024-12-31"),
	    size - 1, as_of);
}

enum pen_status pen_journal__as_of(struct pen_store *store, const char *as_of, int64_t *at, struct pen_error *error)
{
	struct pen_statement *statement;
	char end[21];
	int64_t size;
	int32_t date;

	if (pen_journal__size(store, &size, error) != PEN_OK)
		return error->status;
	*at = size - 1;
	if (!as_of)
		return PEN_OK;
	if (*as_of && strspn(as_of, "0123456789") == strlen(as_of))
		return as_of_index(as_of, size, at, error);
	date = pen_date__parse(as_of, strlen(as_of));
	if (date)
		pen_date__ends(date, end);
	else if (!second_end(as_of, end))
		return pen_error__set(error, PEN_USAGE, "as-of.unknown",
		    _("\"%s\" is neither a journal index, nor a date such as 2024-12-31, nor a time such as 2024-12-31T08:00:00Z"), as_of);
	if (pen_store__sql(store, PEN_SQL_JOURNAL_BEFORE, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":time", end);
	if (one_int(statement, -1, at, error) != PEN_OK)
		return error->status;
	if (*at < 0)
		return pen_error__set(error, PEN_USAGE, "as-of.before",
		    _("the journal begins after %s: ask for a later day"), as_of);
	return PEN_OK;
}
