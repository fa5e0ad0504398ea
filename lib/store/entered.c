#include "store/entered.h"
#include "adapter/json.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/journal.h"
#include "store/staff.h"
#include "store/terminal.h"

#include <inttypes.h>
#include <string.h>

#define ROLES 32

/* What the entries have come to: `at` is the newest that says something of it, -1:
 * none. agency "": the store's own computer. */
struct said {
	int64_t at, key_at;
	bool allowed;
	char agency[7], key[PEN_DIGEST_HEX];
	char role[ROLES][16];
	int roles;
};

/* An entry that speaks of somebody; `body` is NULL if it has none. */
struct entry { int64_t at; const char *act, *staff, *text; struct pen_json *body; };

typedef void take_entry(struct said *said, const struct entry *entry, const char *whom);

static void copy(char *out, size_t room, const char *text)
{
	snprintf(out, room, "%s", text ? text : "");
}

static const char *member(const struct entry *entry, const char *key)
{
	return entry->body ? pen_json__string(pen_json__member(entry->body, key)) : NULL;
}

/* ------------------------------------------------------------- computers -- */

static void take_terminal(struct said *said, const struct entry *entry, const char *machine)
{
	const char *line;

	if (strcmp(entry->act, "admin.init") == 0) {
		line = strstr(entry->text, "\nterminal: ");
		if (line == NULL || strncmp(line + 11, machine, strlen(machine)) != 0)
			return;
	}
	said->at = entry->at;
	said->allowed = strcmp(entry->act, "terminal.remove") != 0;
	copy(said->agency, sizeof(said->agency), strcmp(entry->act, "admin.init") == 0 ? NULL : member(entry, "agency"));
}

/* ---------------------------------------------------------------- people -- */

static void set_role(struct said *said, const char *role, bool granted)
{
	int i;

	for (i = 0; i < said->roles && strcmp(said->role[i], role) != 0; i++)
		;
	if (granted && i == said->roles && i < ROLES)
		copy(said->role[said->roles++], sizeof(said->role[i]), role);
	else if (!granted && i < said->roles)
		memmove(said->role[i], said->role[--said->roles], sizeof(said->role[i]));
}

static void take_person(struct said *said, const struct entry *entry, const char *id)
{
	bool made = strcmp(entry->act, "admin.init") == 0;
	const char *role = made ? "head" : member(entry, "role"), *key = member(entry, "key");

	if (made && (entry->staff == NULL || strcmp(entry->staff, id) != 0))
		return;
	said->at = entry->at;
	if (role)
		set_role(said, role, strcmp(entry->act, "staff.revoke") != 0);
	if (key) {
		copy(said->key, sizeof(said->key), key);
		said->key_at = entry->at;
	}
}

/* --------------------------------------------------------------- reading -- */

static enum pen_status read(struct pen_store *store, const char *kind, const char *whom, take_entry *take,
    struct said *said, struct pen_error *error)
{
	struct pen_statement *s;
	struct entry entry;
	char subject[160];
	enum pen_status status = pen_store__sql(store, PEN_SQL_ENTERED_ACTS, &s, error);
	bool row;

	*said = (struct said){ .at = -1, .key_at = -1 };
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "%s %s", kind, whom);
	pen_db__bind_text(s, ":subject", subject);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		entry = (struct entry){ pen_db__int(s, 0), pen_db__text(s, 1), pen_db__text(s, 2), pen_db__text(s, 3), NULL };
		if (entry.text == NULL)
			continue;
		/* One that cannot be read says nothing; verification tells of it. */
		if ((status = pen_entry__body(entry.text, &entry.body, error)) != PEN_OK)
			break;
		take(said, &entry, whom);
		pen_json__free(entry.body);
	}
	pen_db__reset(s);
	return status;
}

/* The refusal becomes what it is; its clause stays. */
static enum pen_status changed(const char *kind, const char *whom, int64_t at, const char *code, struct pen_error *error)
{
	char clause[sizeof(error->clause)];

	copy(clause, sizeof(clause), error->clause);
	pen_error__set(error, PEN_INTEGRITY, code,
	    _("%s %s is not stored as journal entry %" PRId64 " says: it was changed behind the tools' back; keep the store as it is, and run pen-verify on a copy of it"),
	    kind, whom, at);
	copy(error->clause, sizeof(error->clause), clause);
	return error->status;
}

enum pen_status pen_entered__terminal(struct pen_store *store, const char *machine, const char *agency,
    struct pen_error *error)
{
	struct pen_error failed = { .status = PEN_OK };
	struct pen_terminal terminal = { .at = 0 };
	struct said said;

	if (read(store, "terminal", machine, take_terminal, &said, &failed) != PEN_OK) {
		*error = failed;
		return error->status;
	}
	if (said.at < 0 || !said.allowed)
		return error->status;
	copy(terminal.agency, sizeof(terminal.agency), said.agency);
	return pen_terminal__serves(&terminal, agency) ? changed("terminal", machine, said.at, "terminal.changed", error)
	    : error->status;
}

/* Whether the table has the person, the key and the roles that the entries say. */
static enum pen_status compare(struct pen_store *store, const char *id, const struct said *said, bool *same,
    struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX] = "", *pem = NULL;
	struct pen_staff staff;
	enum pen_status status = pen_staff__find(store, id, &staff, same, error);
	int64_t size;
	int i;

	if (status == PEN_OK && *same)
		status = pen_journal__size(store, &size, error);
	if (status != PEN_OK || !*same)
		return status;
	status = pen_staff__key_at(store, id, size, &pem, error);
	if (status == PEN_OK && pem)
		status = pen_store__digest(store, pem, strlen(pem), digest, error);
	pen_memory__free(pem);
	*same = strcmp(digest, said->key) == 0;
	for (i = 0; i < said->roles && *same && status == PEN_OK; i++)
		status = pen_staff__holds(store, id, said->role[i], size, same, error);
	return status;
}

enum pen_status pen_entered__staff(struct pen_store *store, const char *id, struct pen_error *error)
{
	struct pen_error failed = { .status = PEN_OK };
	struct said said;
	bool same = true;

	if (read(store, "staff", id, take_person, &said, &failed) != PEN_OK ||
	    (said.at >= 0 && compare(store, id, &said, &same, &failed) != PEN_OK)) {
		*error = failed;
		return error->status;
	}
	return same ? error->status : changed("staff", id, said.key_at >= 0 ? said.key_at : said.at, "staff.changed", error);
}
