#include "store/staff.h"
#include "base/error.h"
#include "base/file.h"
#include "base/identifier.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

#define KEY_LARGEST ((size_t)64 << 10)	/* of a PEM file */

/* ---- persons ---- */

static void take(struct pen_statement *statement, int column, char *out, size_t room)
{
	const char *text = pen_db__text(statement, column);

	snprintf(out, room, "%s", text ? text : "");
}

static void take_staff(struct pen_statement *statement, struct pen_staff *staff)
{
	take(statement, 0, staff->id, sizeof(staff->id));
	take(statement, 1, staff->name, sizeof(staff->name));
	take(statement, 2, staff->agency, sizeof(staff->agency));
}

enum pen_status pen_staff__find(struct pen_store *store, const char *id, struct pen_staff *staff,
    bool *found, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;

	if (pen_store__sql(store, PEN_SQL_STAFF_FIND, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":id", id);
	status = pen_db__step(statement, found, error);
	if (status == PEN_OK && *found)
		take_staff(statement, staff);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_staff__enter(struct pen_store *store, const struct pen_staff *staff, int64_t at, struct pen_error *error)
{
	struct pen_statement *statement;

	if (pen_store__sql(store, PEN_SQL_STAFF_ENTER, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":id", staff->id);
	pen_db__bind_text(statement, ":name", staff->name);
	pen_db__bind_text(statement, ":agency", staff->agency);
	pen_db__bind_int(statement, ":at", at);
	return pen_db__run(statement, error);
}

enum pen_status pen_staff__check(const char *id, const char *name, struct pen_error *error)
{
	size_t n = strlen(id);

	if (n == 0 || n >= sizeof(((struct pen_staff *)0)->id) || id[0] == '.' || id[0] == '-' ||
	    strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != n)
		return pen_error__set(error, PEN_USAGE, "staff.id",
		    _("\"%s\" is no staff id: expected letters, digits, '.', '_' and '-', at most 63, such as op1"), id);
	return name ? pen_staff__check_name(name, error) : PEN_OK;
}

enum pen_status pen_staff__check_name(const char *name, struct pen_error *error)
{
	size_t n = strlen(name), bad;
	const char *p;

	for (p = name; *p && (unsigned char)*p >= 0x20; p++)
		;
	if (n == 0 || n >= sizeof(((struct pen_staff *)0)->name) || *p || !pen_text__is_utf8(name, n, &bad))
		return pen_error__set(error, PEN_USAGE, "staff.name",
		    _("\"%s\" is no name: expected 1 to 127 bytes of UTF-8 on one line"), name);
	return PEN_OK;
}

/* Its digits up to the zeros at the end stand in front of those of whoever belongs
 * to it. */
enum pen_status pen_staff__check_agency(const char *own, const char *agency, struct pen_error *error)
{
	size_t n = strlen(own);
	char area[7];

	while (n > 2 && strncmp(own + n - 2, "00", 2) == 0)
		n -= 2;
	if (strlen(agency) == 6 && pen_identifier__area(agency, 6, area) == PEN_IDENTIFIER_OK &&
	    strncmp(own, agency, n) == 0)
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "staff.agency",
	    _("\"%s\" is no agency of this store: expected %s or a county of it"), agency, own);
}

/* ---- keys ---- */

enum pen_status pen_staff__set_key(struct pen_store *store, const char *id, int64_t at,
    const char *public_pem, struct pen_error *error)
{
	struct pen_statement *statement;

	if (pen_store__sql(store, PEN_SQL_STAFF_KEY_ENTER, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":staff", id);
	pen_db__bind_int(statement, ":at", at);
	pen_db__bind_text(statement, ":public_key", public_pem);
	return pen_db__run(statement, error);
}

static enum pen_status copy_text(const char *s, char **copy, struct pen_error *error)
{
	size_t n = strlen(s) + 1;

	*copy = pen_memory__calloc(n, 1);
	if (!*copy)
		return pen_error__memory(error);
	memcpy(*copy, s, n);
	return PEN_OK;
}

enum pen_status pen_staff__key_since(struct pen_store *store, const char *id, int64_t at, char **pem, int64_t *since,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	const char *found;
	bool row;

	*pem = NULL;
	*since = -1;
	if (pen_store__sql(store, PEN_SQL_STAFF_KEY_AT, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":staff", id);
	pen_db__bind_int(statement, ":at", at);
	status = pen_db__step(statement, &row, error);
	found = status == PEN_OK && row ? pen_db__text(statement, 0) : NULL;
	if (found) {
		*since = pen_db__int(statement, 1);
		status = copy_text(found, pem, error);
	}
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_staff__key_at(struct pen_store *store, const char *id, int64_t at, char **pem, struct pen_error *error)
{
	int64_t since;

	return pen_staff__key_since(store, id, at, pem, &since, error);
}

/* Whether a PEM that the store holds is this very key, however it is written. */
static enum pen_status is_key(struct pen_store *store, const char *pem, const struct pen_key *key, bool *same,
    struct pen_error *error)
{
	struct pen_key *known;

	*same = false;
	if (pen_signature__read_public(&known, pen_store__suite(store), pem, strlen(pem), error) != PEN_OK)
		return error->status == PEN_SYSTEM ? PEN_SYSTEM : pen_error__set(error, PEN_INTEGRITY, "staff.key",
		    _("a public key in the store is none any more: pen-verify says what was changed"));
	*same = pen_signature__same(known, key);
	pen_signature__free(known);
	return PEN_OK;
}

/* The first of all the others' keys, past ones too, that is this one. */
static enum pen_status find_owner(struct pen_store *store, struct pen_statement *statement, const struct pen_key *key,
    char **owner, struct pen_error *error)
{
	const char *pem;
	enum pen_status status;
	bool row, same = false;

	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row && !same) {
		pem = pen_db__text(statement, 1);
		status = is_key(store, pem ? pem : "", key, &same, error);
		if (status == PEN_OK && same)
			status = copy_text(pen_db__text(statement, 0), owner, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_staff__key_owner(struct pen_store *store, const char *id, const struct pen_key *key,
    char **owner, struct pen_error *error)
{
	struct pen_statement *statement;
	bool same;

	*owner = NULL;
	if (is_key(store, pen_store__identity(store)->log_key, key, &same, error) != PEN_OK)
		return error->status;
	if (same)
		return copy_text(_("the store's log"), owner, error);
	if (pen_store__sql(store, PEN_SQL_STAFF_KEY_OTHERS, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":staff", id);
	return find_owner(store, statement, key, owner, error);
}

enum pen_status pen_staff__read_public(enum pen_suite suite, const char *path, struct pen_key **key,
    char **pem, struct pen_error *error)
{
	enum pen_status status;
	char *text;
	size_t n;

	if (pen_file__load(path, KEY_LARGEST, &text, &n, error) != PEN_OK)
		return error->status;
	status = pen_signature__read_public(key, suite, text, n, error);
	if (status != PEN_OK)
		pen_error__at(error, path, 0, NULL);
	pen_memory__free(text);
	if (status != PEN_OK)
		return status;
	/* As we write it, so that one key is one text. */
	status = pen_signature__write_public(*key, pem, error);
	if (status != PEN_OK)
		pen_signature__free(*key);
	return status;
}

/* ---- roles ---- */

const char *const pen_staff__roles[] = {
	"operator", "lead", "head", "syslead", "amender", "dba", "netadmin", "auditor", NULL
};

bool pen_staff__is_role(const char *role)
{
	const char *const *r;

	for (r = pen_staff__roles; *r; r++)
		if (strcmp(*r, role) == 0)
			return true;
	return false;
}

enum pen_status pen_staff__set_role(struct pen_store *store, const char *id, const char *role,
    int64_t at, bool granted, struct pen_error *error)
{
	struct pen_statement *statement;

	assert(pen_staff__is_role(role));
	if (pen_store__sql(store, PEN_SQL_STAFF_ROLE_ENTER, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":staff", id);
	pen_db__bind_text(statement, ":role", role);
	pen_db__bind_int(statement, ":at", at);
	pen_db__bind_int(statement, ":granted", granted);
	return pen_db__run(statement, error);
}

enum pen_status pen_staff__held_since(struct pen_store *store, const char *id, const char *role, int64_t at,
    int64_t *since, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	bool row;

	*since = -1;
	if (pen_store__sql(store, PEN_SQL_STAFF_ROLE_AT, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":staff", id);
	pen_db__bind_text(statement, ":role", role);
	pen_db__bind_int(statement, ":at", at);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row && pen_db__int(statement, 0) == 1)
		*since = pen_db__int(statement, 1);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_staff__holds(struct pen_store *store, const char *id, const char *role, int64_t at,
    bool *holds, struct pen_error *error)
{
	int64_t since;
	enum pen_status status = pen_staff__held_since(store, id, role, at, &since, error);

	*holds = status == PEN_OK && since >= 0;
	return status;
}

enum pen_status pen_staff__each(struct pen_store *store, pen_staff_visit *visit, void *context, struct pen_error *error)
{
	struct pen_statement *statement;
	struct pen_staff staff;
	enum pen_status status;
	char role[16];
	bool row;

	if (pen_store__sql(store, PEN_SQL_STAFF_EACH, &statement, error) != PEN_OK)
		return error->status;
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		take_staff(statement, &staff);
		take(statement, 3, role, sizeof(role));
		status = visit(context, &staff, role, pen_db__int(statement, 4) == 1,
		    pen_db__int(statement, 5), error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(statement);
	return status;
}
