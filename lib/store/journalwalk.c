#include "store/journalwalk.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/adoption.h"
#include "store/doorwalk.h"

#include <inttypes.h>
#include <string.h>

#define SLICE 500	/* entries read at a time, as the statement's LIMIT says */

/* The act of an attempt by somebody who could not sign. */
#define ACT_UNSIGNED "refused"

/* An entry as it stands in its row. */
struct entry {
	int64_t at;
	const char *time, *staff, *act, *subject, *text;
	const unsigned char *signature;
	size_t n;
};

/* The walk over the entries. `whole` says that every entry so far was there, so
 * that the tree means something. differs[level][side] remembers how the newest
 * node of a level fared, so that one bad leaf is not reported up to the root;
 * bad_from..bad_to is the run of bad nodes of level 1 that is not reported yet. */
struct reading {
	struct pen_walk *walk;
	const struct pen_checkpoint *since;
	struct pen_merkle *tree;
	int64_t next;
	bool whole, compared;
	bool differs[PEN_MERKLE_LEVELS][2];
	int64_t bad_from, bad_to;
	struct pen_text leaf;
	struct pen_doorwalk door;
};

static struct pen_store *store_of(const struct pen_walk *walk)
{
	return walk->session->store;
}

/* ------------------------------------------------------ the newest end -- */

static enum pen_status newest_node(struct pen_walk *walk, int level, int64_t *number, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store_of(walk), PEN_SQL_JOURNALWALK_NEWEST_NODE, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":level", level);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK)
		*number = row && !pen_db__is_null(statement, 0) ? pen_db__int(statement, 0) : -1;
	pen_db__reset(statement);
	return status;
}

/* The index behind the newest entry that any node covers. */
static enum pen_status covered(struct pen_walk *walk, int64_t *end, struct pen_error *error)
{
	int64_t number, most = INT64_MAX >> PEN_MERKLE_LEVELS;
	enum pen_status status = PEN_OK;
	int level;

	*end = 0;
	for (level = 1; level < PEN_MERKLE_LEVELS && status == PEN_OK; level++) {
		status = newest_node(walk, level, &number, error);
		if (status == PEN_OK && number >= 0 && number < most && (number + 1) << level > *end)
			*end = (number + 1) << level;
	}
	return status;
}

static enum pen_status take_size(struct pen_walk *walk, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store_of(walk), PEN_SQL_JOURNALWALK_SIZE, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK)
		walk->size = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_journalwalk__tip(struct pen_walk *walk, struct pen_journalwalk_tip *tip,
    struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store_of(walk));
	enum pen_status status = pen_db__begin_read(db, error);

	if (status != PEN_OK)
		return status;
	status = take_size(walk, error);
	if (status == PEN_OK)
		status = covered(walk, &tip->covered, error);
	tip->size = walk->size;
	pen_db__rollback(db);
	return status;
}

/* A checkpoint that does not fit is explained by a restored store's having been put into
 * service by two who named it: what it bound beyond the backup is lost, and that is known. */
static enum pen_status explain(struct pen_walk *walk, const struct pen_checkpoint *since, bool *explained, struct pen_error *error)
{
	struct pen_adoption by;
	char found[128], expected[96];
	enum pen_status status = pen_adoption__naming(store_of(walk), walk->size, since, &by, explained, error);

	if (status != PEN_OK || !*explained)
		return status;
	snprintf(found, sizeof(found), _("the first %" PRId64 " alone, restored from snapshot %s"), by.size, by.snapshot);
	snprintf(expected, sizeof(expected), _("%" PRId64 " entries, as the checkpoint says"), since->size);
	return pen_walk__report(walk, &(struct pen_walk_place){ "restore.lost", "size", found, expected, 0, 0 }, error,
	    _("journal entries %" PRId64 " to %" PRId64 " of a store that was lost, as entries %" PRId64 " and %" PRId64 " say (%s, %s)"),
	    by.size, since->size - 1, by.first, by.at, by.staff[0], by.staff[1]);
}

/* What shows at the newest end alone: nodes of entries that are not there, and a
 * checkpoint of more entries than there are. */
static enum pen_status check_tip(struct pen_walk *walk, const struct pen_journalwalk_tip *tip,
    const struct pen_checkpoint *since, struct pen_error *error)
{
	char found[96], expected[96];
	enum pen_status status = PEN_OK;
	bool explained = false;

	snprintf(found, sizeof(found), _("%" PRId64 " entries"), tip->size);
	if (tip->covered > tip->size) {
		snprintf(expected, sizeof(expected), _("%" PRId64 " or more: the tree was kept over them"), tip->covered);
		status = pen_walk__report(walk, &(struct pen_walk_place){ "journal.tree", "size", found, expected, 0, 0 },
		    error, _("the journal: entries from %" PRId64 " on were taken out"), tip->size);
	}
	if (status == PEN_OK && since != NULL && since->size > tip->size)
		status = explain(walk, since, &explained, error);
	if (status == PEN_OK && since != NULL && since->size > tip->size && !explained) {
		snprintf(expected, sizeof(expected), _("%" PRId64 " at least, as the checkpoint says"), since->size);
		status = pen_walk__report(walk, &(struct pen_walk_place){ "journal.checkpoint", "size", found, expected, 0, 0 },
		    error, _("the journal has %" PRId64 " entries, the checkpoint %" PRId64 ": entries were taken out"),
		    tip->size, since->size);
	}
	return status;
}

/* ---------------------------------------------------------- one entry -- */

/* Takes "key: value" off the text if its key is this one; else NULL, and the
 * text stays. */
static const char *take_line(const char **text, const char *key, size_t *n)
{
	size_t k = strlen(key);
	const char *value = *text + k + 2;

	if (strncmp(*text, key, k) != 0 || strncmp(*text + k, ": ", 2) != 0)
		return NULL;
	*n = strcspn(value, "\n");
	*text = value + *n + (value[*n] == '\n');
	return value;
}

static enum pen_status differs(struct pen_walk *walk, const struct entry *entry, const char *field,
    const char *column, const char *said, size_t n, struct pen_error *error)
{
	char found[160], expected[160];

	snprintf(found, sizeof(found), "%s", column ? column : _("nothing"));
	snprintf(expected, sizeof(expected), "%.*s", said ? (int)(n < 150 ? n : 150) : 200,
	    said ? said : _("nothing: the signed text has no such line"));
	return pen_walk__report(walk, &(struct pen_walk_place){ "journal.text", field, found, expected, 0, 0 }, error,
	    _("journal entry %" PRId64 " (%s)"), entry->at, entry->act);
}

/* The columns of an entry repeat its text; the text is what was signed. */
static enum pen_status compare_text(struct pen_walk *walk, const struct entry *entry, struct pen_error *error)
{
	char at[24];
	const struct { const char *key, *column; bool kept; } lines[] = {
		{ "at", at, true }, { "time", entry->time, true }, { "agency", NULL, false },
		{ "terminal", NULL, false }, { "staff", entry->staff, true }, { "act", entry->act, true },
		{ "subject", entry->subject, true }, { "body", NULL, false },
	};
	const char *text = entry->text, *said;
	enum pen_status status = PEN_OK;
	size_t i, n;

	snprintf(at, sizeof(at), "%" PRId64, entry->at);
	if (strncmp(text, "pen-entry/v1\n", 13) != 0)
		return differs(walk, entry, "text", text, "pen-entry/v1", 12, error);
	text += 13;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]) && status == PEN_OK; i++) {
		said = take_line(&text, lines[i].key, &n);
		/* An act without a subject has an empty one in its column. */
		if (!lines[i].kept || (said == NULL && (lines[i].column == NULL || lines[i].column[0] == '\0')))
			continue;
		if (said == NULL || lines[i].column == NULL || strlen(lines[i].column) != n ||
		    memcmp(said, lines[i].column, n) != 0)
			status = differs(walk, entry, lines[i].key, lines[i].column, said, said ? n : 0, error);
	}
	if (status == PEN_OK && *text != '\0')
		status = differs(walk, entry, "text", text, "", 0, error);
	return status;
}

static enum pen_status check_signature(struct pen_walk *walk, const struct entry *entry, struct pen_error *error)
{
	const char *why = NULL;
	char expected[96];
	enum pen_status status = PEN_OK;

	if (entry->signature == NULL && strcmp(entry->act, ACT_UNSIGNED) == 0)
		return PEN_OK;	/* an attempt, by somebody unknown */
	if (entry->signature == NULL)
		why = _("no signature");
	else if (entry->staff == NULL)
		why = _("a signature of nobody");
	else
		status = pen_walk__signed(walk, entry->staff, entry->at, entry->text, strlen(entry->text),
		    entry->signature, entry->n, &why, error);
	if (status != PEN_OK || why == NULL)
		return status;
	snprintf(expected, sizeof(expected), _("a signature by %s over the entry's text"),
	    entry->staff ? entry->staff : _("whoever acted"));
	return pen_walk__report(walk, &(struct pen_walk_place){ "journal.signature", "signature", why, expected, 0, 0 },
	    error, _("journal entry %" PRId64 " (%s)"), entry->at, entry->act);
}

/* ----------------------------------------------------------- the tree -- */

static enum pen_status report_run(struct reading *reading, struct pen_error *error)
{
	int64_t from = reading->bad_from, to = reading->bad_to;
	enum pen_status status;

	if (from < 0)
		return PEN_OK;
	reading->bad_from = -1;
	reading->walk->entry = to + 1;
	status = pen_walk__report(reading->walk, &(struct pen_walk_place){ "journal.tree", "hash",
	    _("entries that the tree was not kept over, or nodes that are gone"), _("the hashes of these entries"), 0, 0 }, error,
	    _("journal entries %" PRId64 " to %" PRId64), from, to);
	reading->walk->entry = 0;
	return status;
}

static enum pen_status compare_node(struct reading *reading, int level, int64_t number,
    const unsigned char *hash, bool *same, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store_of(reading->walk), PEN_SQL_JOURNALWALK_NODE, &statement, error);
	const void *kept;
	bool row;
	size_t n;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":level", level);
	pen_db__bind_int(statement, ":number", number);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK) {
		kept = row ? pen_db__bytes(statement, 0, &n) : NULL;
		*same = kept != NULL && n == PEN_DIGEST_SIZE && memcmp(kept, hash, n) == 0;
	}
	pen_db__reset(statement);
	return status;
}

/* A node of the tree made anew, beside the one that was kept. A node whose
 * children are bad is bad with them, and not worth a finding of its own. */
static enum pen_status node(void *context, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	struct reading *reading = context;
	bool below = level > 1 && (reading->differs[level - 1][0] || reading->differs[level - 1][1]);
	int64_t from, to;
	bool same = true;
	enum pen_status status;

	if (level == 0)
		return PEN_OK;
	status = compare_node(reading, level, number, hash, &same, error);
	if (status != PEN_OK)
		return status;
	reading->differs[level][number & 1] = !same;
	if (same || below)
		return PEN_OK;
	from = number << level;
	to = from + (INT64_C(1) << level) - 1;
	if (level == 1 && reading->bad_from >= 0 && reading->bad_to + 1 == from) {
		reading->bad_to = to;
		return PEN_OK;
	}
	status = report_run(reading, error);
	reading->bad_from = from;
	reading->bad_to = to;
	return status;
}

/* When as many entries are in as a checkpoint has, the roots are equal. */
static enum pen_status compare_checkpoint(struct reading *reading, struct pen_error *error)
{
	unsigned char root[PEN_DIGEST_SIZE];
	char found[PEN_DIGEST_HEX], expected[PEN_DIGEST_HEX];
	enum pen_status status;
	bool explained;

	reading->compared = true;
	pen_merkle__root(reading->tree, root);
	if (memcmp(root, reading->since->root, sizeof(root)) == 0)
		return PEN_OK;
	status = explain(reading->walk, reading->since, &explained, error);
	if (status != PEN_OK || explained)
		return status;
	return pen_walk__report(reading->walk, &(struct pen_walk_place){ "journal.checkpoint", "root",
	    pen_encode__hex(root, sizeof(root), found),
	    pen_encode__hex(reading->since->root, sizeof(root), expected), 0, 0 }, error,
	    _("the first %" PRId64 " journal entries are not those of the checkpoint: entries were changed or taken out"),
	    reading->since->size);
}

static enum pen_status grow(struct reading *reading, const struct entry *entry, struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	enum pen_status status;

	pen_text__clear(&reading->leaf);
	/* What is longer than any signature stands for itself in its finding. */
	pen_entry__leaf(entry->text, entry->signature, entry->n > PEN_SIGNATURE_ROOM ? 0 : entry->n, &reading->leaf);
	if (reading->leaf.failed)
		return pen_error__memory(error);
	pen_merkle__leaf_hash(reading->tree, reading->leaf.s, reading->leaf.n, hash);
	status = pen_merkle__add(reading->tree, hash, error);
	if (status == PEN_OK && reading->since != NULL && reading->since->size == pen_merkle__size(reading->tree))
		status = compare_checkpoint(reading, error);
	return status;
}

/* ---------------------------------------------------------- all of them -- */

static enum pen_status report_gap(struct reading *reading, int64_t at, struct pen_error *error)
{
	char found[96];

	reading->whole = false;
	if (at < reading->next)
		return pen_walk__report(reading->walk, &(struct pen_walk_place){ "journal.gap", "at",
		    _("an entry before the first"), _("indexes from 0 on"), 0, 0 }, error,
		    _("journal entry %" PRId64), at);
	snprintf(found, sizeof(found), _("entry %" PRId64 " comes next"), at);
	if (at == reading->next + 1)
		return pen_walk__report(reading->walk, &(struct pen_walk_place){ "journal.gap", "at", found,
		    _("an entry at every index"), 0, 0 }, error,
		    _("journal entry %" PRId64 " is gone"), reading->next);
	return pen_walk__report(reading->walk, &(struct pen_walk_place){ "journal.gap", "at", found,
	    _("an entry at every index"), 0, 0 }, error,
	    _("journal entries %" PRId64 " to %" PRId64 " are gone"), reading->next, at - 1);
}

static enum pen_status check_entry(struct reading *reading, const struct entry *entry, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (entry->at != reading->next)
		status = report_gap(reading, entry->at, error);
	reading->walk->entry = entry->at + 1;
	if (status == PEN_OK)
		status = compare_text(reading->walk, entry, error);
	if (status == PEN_OK)
		status = check_signature(reading->walk, entry, error);
	if (status == PEN_OK)
		status = pen_doorwalk__entry(&reading->door, reading->walk, &(struct pen_doorwalk_entry){
		    entry->at, entry->time, entry->staff, entry->act, entry->subject, entry->text }, error);
	reading->walk->entry = 0;
	if (status == PEN_OK && reading->whole)
		status = grow(reading, entry, error);
	reading->next = entry->at + 1;
	reading->walk->entries++;
	return status;
}

/* Copies a slice out, so that signatures are checked with no lock held. */
static enum pen_status read_slice(struct reading *reading, int64_t after, struct pen_arena *arena,
    struct entry entries[SLICE], size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading->walk), PEN_SQL_JOURNALWALK_SLICE, &s, error);
	const char *text, **into;
	struct entry *entry;
	size_t i;
	bool row;

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_int(s, ":after", after);
	while (*count < SLICE && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		entry = &entries[(*count)++];
		entry->at = pen_db__int(s, 0);
		for (i = 1; i <= 5 && status == PEN_OK; i++) {
			into = (const char **[]){ &entry->time, &entry->staff, &entry->act, &entry->subject,
			    &entry->text }[i - 1];
			text = pen_db__text(s, (int)i);
			*into = text ? pen_memory__copy(arena, text, strlen(text)) : NULL;
			if (text != NULL && *into == NULL)
				status = pen_error__memory(error);
		}
		text = pen_db__bytes(s, 6, &entry->n);
		entry->signature = NULL;
		if (text == NULL || entry->n == 0)
			entry->n = 0;
		else if ((entry->signature = (const void *)pen_memory__copy(arena, text, entry->n)) == NULL)
			status = pen_error__memory(error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status walk_slices(struct reading *reading, struct pen_arena *arena, struct entry entries[SLICE],
    struct pen_error *error)
{
	struct pen_walk *walk = reading->walk;
	int64_t after = INT64_MIN;
	enum pen_status status;
	size_t count, i;

	do {
		pen_memory__reset(arena);
		status = read_slice(reading, after, arena, entries, &count, error);
		for (i = 0; i < count && status == PEN_OK; i++) {
			if (entries[i].at >= walk->size)
				return PEN_OK;
			status = check_entry(reading, &entries[i], error);
			after = entries[i].at;
		}
		if (status == PEN_OK)
			status = pen_walk__go_on(walk, _("the journal"), after + 1, walk->size, error);
	} while (status == PEN_OK && count == SLICE);
	return status;
}

enum pen_status pen_journalwalk__run(struct pen_walk *walk, const struct pen_journalwalk_tip *tip,
    const struct pen_checkpoint *since, struct pen_error *error)
{
	struct reading reading = { .walk = walk, .since = since, .whole = true, .bad_from = -1 };
	struct entry *entries = pen_memory__calloc(SLICE, sizeof(*entries));
	struct pen_arena *arena = pen_memory__arena();
	enum pen_status status = PEN_OK;

	reading.tree = pen_merkle__new(pen_store__suite(store_of(walk)));
	if (entries == NULL || arena == NULL || reading.tree == NULL) {
		status = pen_error__memory(error);
		goto out;
	}
	pen_merkle__start(reading.tree);
	pen_merkle__watch(reading.tree, node, &reading);
	status = check_tip(walk, tip, since, error);
	if (status == PEN_OK && since != NULL && since->size == 0)
		status = compare_checkpoint(&reading, error);
	if (status == PEN_OK)
		status = walk_slices(&reading, arena, entries, error);
	if (status == PEN_OK)
		status = report_run(&reading, error);
	/* A checkpoint beyond the journal was reported at its newest end. */
	if (status == PEN_OK && since != NULL && since->size <= walk->size && !reading.compared)
		status = pen_walk__report(walk, &(struct pen_walk_place){ "journal.checkpoint", "root",
		    _("a journal with gaps"), _("the root of the checkpoint"), 0, 0 }, error,
		    _("the first %" PRId64 " journal entries are not those of the checkpoint"), since->size);
out:
	pen_text__free(&reading.leaf);
	pen_merkle__free(reading.tree);
	pen_memory__drop(arena);
	pen_memory__free(entries);
	return status;
}
