#include "store/actwalk.h"
#include "adapter/json.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/maker.h"
#include "store/turned.h"

#include <inttypes.h>
#include <string.h>

#define SLICE 100	/* entries at a time, as the statement's LIMIT says */
#define KEYS 32

/* Of an entry of a running log all of it, long texts by their digest (runlog.c). */
#define LOGGED "agency", "clause", "#cleared", "corrects", "cut_off", "document", "entries", "#equipment", "#faults", \
	"findings", "follows", "#found", "#measures", "#note", "on_date", "points", "#ports", "#reported_to", "#servers", \
	"#unit", "until_date", "kept"

/* Of an application that is handed in all of it; of every other step of a case what it
 * was about, and what it brought (casework.c). */
#define ASKED "agency", "application", "#application", "evidence", "evidence_kept", "form", "issue", "number", "original", \
	"original_kept", "#why", "revision", "#reason", "@staff", "@at", "@at"
#define MOVED "application", "batch", "number", "open_until", "#reason", "revision", "@at"

/* Of a batch that was computed all that stands of it (computed.c); AMOUNT stands for the key
 * of what it comes to, which is the act's own (maker.h). */
static const char AMOUNT[] = "amount";
#define COMPUTED "plan", AMOUNT, "rows", "rows", "rows", "@at", "@at", "folios", "rows", AMOUNT, "agency", \
	"#assumptions", "bytes", "encoding", "file", "form_digest", "parameters_digest", "planned_by", "reference_at", \
	"rules_digest", "given", "other", "parent", "rejected", "rejected_fen", "rejects_file", "strict", "totals", "amendment"

/* What an act binds: the columns of a statement's one row, each by a key of the
 * entry's body. '#' before a key: by the digest of the column; '%': by the digest
 * over the lines that the batch turned down (null: they are gone with it), '~' by that
 * over the holds that the entry made, '^' by that over the rejects that the batch brought
 * in; '@staff', '@at' and '@terminal' are the entry's own. A key that the body does not
 * have stands for null. */
static const struct binding { const char *act; enum pen_sql sql; const char *key[KEYS + 1]; } bindings[] = {
	{ "admin.init", PEN_SQL_ACTWALK_STORE, { "agency", "name", "origin", "suite", "live_on", "#log_key", "#secret", NULL } },
	{ "admin.init", PEN_SQL_ACTWALK_FIRST_TERMINAL, { "terminal_name", "@terminal", "terminal_agency", "allowed", NULL } },
	{ "admin.init", PEN_SQL_ACTWALK_FIRST_HEAD, { "@staff", "head_name", "agency", "#key", NULL } },
	{ "staff.add", PEN_SQL_ACTWALK_STAFF, { "agency", "name", "#key", "role", NULL } },
	{ "staff.revoke", PEN_SQL_ACTWALK_REVOKED, { "role", NULL } },
	{ "terminal.add", PEN_SQL_ACTWALK_TERMINAL, { "name", "agency", NULL } },
	{ "terminal.remove", PEN_SQL_ACTWALK_TERMINAL_REMOVED, { "name", "agency", NULL } },
	{ "parameters.load", PEN_SQL_ACTWALK_PARAMETERS, { "digest", NULL } },
	{ "import.stage", PEN_SQL_ACTWALK_PLANNED, { "digest", "file", "form", "@staff", NULL } },
	{ "import.staged", PEN_SQL_ACTWALK_STAGED, { "accepted", "amount_fen", "other", "read", "rejected", "@at",
	    "agency", "#assumptions", "bytes", "encoding", "form_digest", "parameters_digest", "parent", "reference_at",
	    "rejected_fen", "rejects_file", "rules_digest", "accepted", "%turned", "given", "strict", "totals", "~holds",
	    "amendment", NULL } },
	{ "import.confirm", PEN_SQL_ACTWALK_CONFIRMED, { "amount_fen", "folios", "rows", "~holds", "^mended", NULL } },
	{ "import.release", PEN_SQL_ACTWALK_DECIDED, { "decision", "reason", "~holds", NULL } },
	{ "import.reject", PEN_SQL_ACTWALK_DECIDED, { "decision", "reason", NULL } },
	{ "amend.object", PEN_SQL_ACTWALK_ASKED, { ASKED, NULL } },
	{ "amend.request", PEN_SQL_ACTWALK_ASKED, { ASKED, NULL } },
	{ "amend.revise", PEN_SQL_ACTWALK_ASKED, { ASKED, NULL } },
	{ "amend.apply", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.apply", PEN_SQL_ACTWALK_APPLIED, { "plan", "amount_fen", "rows", "rows", "rows", "@at", "@at", "folios",
	    "rows", "amount_fen", "agency", "#assumptions", "bytes", "encoding", "file", "batch_form", "form_digest",
	    "parameters_digest", "planned_by", "reference_at", "rules_digest", "batch", "given", "other", "parent", "rejected",
	    "rejected_fen", "rejects_file", "strict", "totals", NULL } },
	{ "amend.approve", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.check", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.close", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.expire", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.reject", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.return", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.unseal", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "amend.withdraw", PEN_SQL_ACTWALK_MOVED, { MOVED, NULL } },
	{ "log.breach", PEN_SQL_ACTWALK_LOGGED, { LOGGED, NULL } },
	{ "log.incident", PEN_SQL_ACTWALK_LOGGED, { LOGGED, NULL } },
	{ "log.inspect", PEN_SQL_ACTWALK_LOGGED, { LOGGED, NULL } },
	{ "log.network", PEN_SQL_ACTWALK_LOGGED, { LOGGED, NULL } },
	{ "report.issue", PEN_SQL_ACTWALK_ISSUED, { "form", "year", "employer", "person", "as_of", "on_date", "digest", NULL } },
	{ "seal.acknowledge", PEN_SQL_ACTWALK_ACKNOWLEDGED, { "document", "kept", NULL } },
};

static const struct binding computed = { NULL, PEN_SQL_ACTWALK_SETTLED, { COMPUTED, NULL } };

static struct binding binding_of(const struct pen_maker *maker)
{
	struct binding binding = computed;
	int i;

	binding.act = maker->act;
	for (i = 0; binding.key[i]; i++)
		if (binding.key[i] == AMOUNT)
			binding.key[i] = maker->amount;
	return binding;
}

/* An entry; the strings are in the arena of its slice. subject: what stands
 * behind its first word ("batch 4": "4"). */
struct entry { int64_t at; const char *whole, *subject, *staff, *text; };

#define VALUE_ROOM 512

/* --------------------------------------------------------------- values -- */

/* What stands behind a key in the lines of an entry. */
static void line_of(const char *text, const char *key, char *out, size_t room)
{
	const char *at = strstr(text, key);

	if (at != NULL)
		snprintf(out, room, "%.*s", (int)strcspn(at + strlen(key), "\n"), at + strlen(key));
}

/* What the entry says, as text; "" for nothing. */
static void said(const struct entry *entry, const struct pen_json *body, const char *key, char *out,
    size_t room)
{
	const struct pen_json *value = body ? pen_json__member(body, key) : NULL;
	const char *text = value ? pen_json__string(value) : NULL;
	int64_t number;

	out[0] = '\0';
	if (strcmp(key, "@staff") == 0)
		snprintf(out, room, "%s", entry->staff ? entry->staff : "");
	else if (strcmp(key, "@terminal") == 0)
		line_of(entry->text, "\nterminal: ", out, room);
	else if (strcmp(key, "@at") == 0)
		snprintf(out, room, "%" PRId64, entry->at);
	else if (text != NULL)
		snprintf(out, room, "%s", text);
	else if (value && pen_json__integer(value, &number))
		snprintf(out, room, "%" PRId64, number);
}

/* What the column holds, likewise, or the digest that `how` asks for. */
static enum pen_status held(struct pen_store *store, struct pen_statement *row, int column, char how,
    char out[VALUE_ROOM], struct pen_error *error)
{
	struct pen_value value = pen_db__value(row, column);

	out[0] = '\0';
	if (value.type == PEN_NULL)
		return PEN_OK;
	if (how == '%')
		return pen_turned__digest(store, value.i, out, error);
	if (how == '~')
		return pen_turned__holds(store, value.i, out, error);
	if (how == '^')
		return pen_turned__brought(store, value.i, out, error);
	if (how == '#')
		return pen_store__digest(store, value.s, value.n, out, error);
	if (value.type == PEN_INTEGER)
		snprintf(out, VALUE_ROOM, "%" PRId64, value.i);
	else
		snprintf(out, VALUE_ROOM, "%.*s", (int)(value.n < VALUE_ROOM ? value.n : VALUE_ROOM - 1), value.s);
	return PEN_OK;
}

/* ------------------------------------------------------------ one entry -- */

/* What differs, kept until the statement is reset: a visit may use the store. */
struct difference { const char *key; char found[VALUE_ROOM], expected[VALUE_ROOM]; };

static enum pen_status compare_row(struct pen_store *store, const struct binding *binding, const struct entry *entry,
    const struct pen_json *body, struct pen_statement *row, struct difference differences[KEYS], int *count,
    struct pen_error *error)
{
	struct difference *difference;
	enum pen_status status = PEN_OK;
	const char *key;
	int i;

	for (i = 0; binding->key[i] != NULL && status == PEN_OK; i++) {
		key = binding->key[i];
		if (key[0] == '%' && pen_db__is_null(row, i))
			continue;
		difference = &differences[*count];
		difference->key = key + (strchr("#%@~^", key[0]) != NULL);
		said(entry, body, key[0] == '@' ? key : difference->key, difference->expected, VALUE_ROOM);
		status = held(store, row, i, key[0], difference->found, error);
		if (status == PEN_OK && strcmp(difference->found, difference->expected) != 0)
			(*count)++;
	}
	return status;
}

static enum pen_status find_differences(struct pen_walk *walk, const struct binding *binding, const struct entry *entry,
    const struct pen_json *body, struct difference differences[KEYS], int *count, struct pen_error *error)
{
	struct pen_store *store = walk->session->store;
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, binding->sql, &s, error);

	if (status != PEN_OK)
		return status;
	if (pen_db__has_parameter(s, ":at"))
		pen_db__bind_int(s, ":at", entry->at);
	if (pen_db__has_parameter(s, ":subject"))
		pen_db__bind_text(s, ":subject", entry->subject);
	if (pen_db__has_parameter(s, ":actor"))
		pen_db__bind_text(s, ":actor", entry->staff);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		status = compare_row(store, binding, entry, body, s, differences, count, error);
	} else if (status == PEN_OK) {
		differences[0].key = "";
		snprintf(differences[0].found, VALUE_ROOM, "%s", _("no such record"));
		snprintf(differences[0].expected, VALUE_ROOM, "%s", _("the record that the entry made"));
		*count = 1;
	}
	pen_db__reset(s);
	return status;
}

/* The record as a finding names it: the entry's subject; the making of a store made
 * three. */
static void name_record(const struct binding *binding, const struct entry *entry, const struct pen_json *body,
    char out[VALUE_ROOM])
{
	char terminal[VALUE_ROOM / 2] = "", batch[32];

	if (binding->sql == PEN_SQL_ACTWALK_FIRST_TERMINAL) {
		said(entry, NULL, "@terminal", terminal, sizeof(terminal));
		snprintf(out, VALUE_ROOM, "terminal %s", terminal);
	} else if (binding->sql == PEN_SQL_ACTWALK_FIRST_HEAD) {
		snprintf(out, VALUE_ROOM, "staff %s", entry->staff ? entry->staff : "");
	} else if (binding->sql == PEN_SQL_ACTWALK_APPLIED) {
		said(entry, body, "batch", batch, sizeof(batch));
		snprintf(out, VALUE_ROOM, "batch %s", batch);
	} else {
		snprintf(out, VALUE_ROOM, "%s", entry->whole);
	}
}

static enum pen_status check_entry(struct pen_walk *walk, const struct binding *binding, const struct entry *entry,
    struct pen_error *error)
{
	struct difference differences[KEYS];
	struct pen_json *body;
	char record[VALUE_ROOM];
	enum pen_status status;
	int count = 0, i;

	/* A settlement that settled nobody was a look, at a year; and so with the others. */
	if (binding->sql == PEN_SQL_ACTWALK_SETTLED && strncmp(entry->whole, "batch ", 6) != 0)
		return PEN_OK;
	/* A body that cannot be read binds nothing; its signature tells the rest. */
	status = pen_entry__body(entry->text, &body, error);
	if (status != PEN_OK || body == NULL)
		return status;
	status = find_differences(walk, binding, entry, body, differences, &count, error);
	name_record(binding, entry, body, record);
	walk->entry = entry->at + 1;
	for (i = 0; i < count && status == PEN_OK; i++)
		status = pen_walk__report(walk, &(struct pen_walk_place){ "journal.acts", differences[i].key,
		    differences[i].found, differences[i].expected,
		    strncmp(record, "batch ", 6) == 0 ? strtoll(record + 6, NULL, 10) : 0, 0 }, error,
		    _("%s, by journal entry %" PRId64 " (%s)"), record, entry->at, binding->act);
	walk->entry = 0;
	pen_json__free(body);
	return status;
}

/* ---------------------------------------------------------- all of an act -- */

static const char *keep(struct pen_arena *arena, const char *text)
{
	return text == NULL ? NULL : pen_memory__copy(arena, text, strlen(text));
}

static enum pen_status read_slice(struct pen_walk *walk, const char *act, int64_t after, struct pen_arena *arena,
    struct entry entries[SLICE], size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	struct entry *entry;
	const char *space;
	bool row;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_ACTWALK_ACTS, &s, error);

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_text(s, ":act", act);
	pen_db__bind_int(s, ":after", after);
	while (*count < SLICE && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		entry = &entries[(*count)++];
		entry->at = pen_db__int(s, 0);
		entry->whole = keep(arena, pen_db__text(s, 1));
		entry->staff = keep(arena, pen_db__text(s, 2));
		entry->text = keep(arena, pen_db__text(s, 3));
		if (entry->whole == NULL || entry->text == NULL) {
			status = pen_error__memory(error);
			break;
		}
		space = strchr(entry->whole, ' ');
		entry->subject = space ? space + 1 : "";
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status walk_act(struct pen_walk *walk, const struct binding *binding, struct pen_arena *arena,
    struct pen_error *error)
{
	struct entry entries[SLICE];
	int64_t after = -1;
	enum pen_status status;
	size_t count, i;

	do {
		pen_memory__reset(arena);
		status = read_slice(walk, binding->act, after, arena, entries, &count, error);
		for (i = 0; i < count && status == PEN_OK; i++) {
			after = entries[i].at;
			if (after < walk->size)
				status = check_entry(walk, binding, &entries[i], error);
		}
		if (status == PEN_OK)
			status = pen_walk__go_on(walk, _("what acts wrote"), after + 1, walk->size, error);
	} while (status == PEN_OK && count == SLICE);
	return status;
}

enum pen_status pen_actwalk__run(struct pen_walk *walk, struct pen_error *error)
{
	struct pen_arena *arena = pen_memory__arena();
	const struct pen_maker *maker;
	struct binding binding;
	enum pen_status status = PEN_OK;
	size_t i;

	if (arena == NULL)
		return pen_error__memory(error);
	for (i = 0; i < sizeof(bindings) / sizeof(bindings[0]) && status == PEN_OK; i++)
		status = walk_act(walk, &bindings[i], arena, error);
	for (maker = pen_maker__all; maker->act && status == PEN_OK; maker++) {
		binding = binding_of(maker);
		status = walk_act(walk, &binding, arena, error);
	}
	pen_memory__drop(arena);
	return status;
}
