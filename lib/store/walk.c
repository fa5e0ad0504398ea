#include "store/walk.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* ------------------------------------------------------------ findings -- */

bool pen_walk__wants_class(const struct pen_walk *walk, enum pen_rule_class class)
{
	return walk->classes == 0 || (walk->classes & 1u << class) != 0;
}

bool pen_walk__among(const int64_t *batches, size_t count, int64_t batch)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (batches[i] == batch)
			return true;
	}
	return batches == NULL;
}

/* True if a name is one of those that stand with commas between. */
static bool is_named(const char *list, const char *name)
{
	size_t n;

	for (; list != NULL; list = list[n] ? list + n + 1 : NULL) {
		n = strcspn(list, ",");
		if (strlen(name) == n && strncmp(list, name, n) == 0)
			return true;
	}
	return false;
}

bool pen_walk__wants(const struct pen_walk *walk, const char *rule)
{
	const struct pen_rule *known = pen_rule__named(rule);

	if (walk->rule != NULL && !is_named(walk->rule, rule))
		return false;
	return known == NULL || pen_walk__wants_class(walk, known->class);
}

enum pen_status pen_walk__hand_out(struct pen_walk *walk, const struct pen_walk_found *found, struct pen_error *error)
{
	if (!pen_walk__wants(walk, found->rule))
		return PEN_OK;
	if (walk->scope != NULL &&
	    !pen_scope__holds(walk->scope, found->key.person, found->key.employer, found->key.folio, found->batch)) {
		walk->left_out++;
		return PEN_OK;
	}
	if (walk->lately != NULL && !pen_lately__holds(walk->lately, walk->entry - 1, found->key.folio, found->batch)) {
		walk->left_out++;
		walk->left_out_integrity += strcmp(found->class, pen_rule__class_name(PEN_SEAL)) == 0 &&
		    strcmp(found->severity, pen_rule__severity_name(PEN_NOTE)) != 0;
		return PEN_OK;
	}
	walk->found++;
	pen_looking__off(&walk->looking);
	return walk->visit(walk->context, found, error);
}

static enum pen_status report(struct pen_walk *walk, const struct pen_walk_key *key,
    const struct pen_walk_place *place, const char *record, va_list arguments, struct pen_error *error) PEN_PRINTF(4, 0);

static enum pen_status report(struct pen_walk *walk, const struct pen_walk_key *key,
    const struct pen_walk_place *place, const char *record, va_list arguments, struct pen_error *error)
{
	const struct pen_rule *rule = pen_rule__named(place->rule);
	char name[512];

	assert(rule != NULL);
	vsnprintf(name, sizeof(name), record, arguments);
	return pen_walk__hand_out(walk, &(struct pen_walk_found){
		.rule = rule->id, .class = pen_rule__class_name(rule->class),
		.severity = pen_rule__severity_name(rule->severity),
		.clause = rule->clause, .advice = _(rule->advice), .record = name,
		.field = place->field, .found = place->found, .expected = place->expected,
		.batch = place->batch, .line = place->line, .key = *key,
	}, error);
}

enum pen_status pen_walk__report(struct pen_walk *walk, const struct pen_walk_place *place,
    struct pen_error *error, const char *record, ...)
{
	enum pen_status status;
	va_list arguments;

	va_start(arguments, record);
	status = report(walk, &(struct pen_walk_key){ NULL, 0, 0, 0 }, place, record, arguments, error);
	va_end(arguments);
	return status;
}

enum pen_status pen_walk__report_of(struct pen_walk *walk, const struct pen_walk_key *key,
    const struct pen_walk_place *place, struct pen_error *error, const char *record, ...)
{
	enum pen_status status;
	va_list arguments;

	va_start(arguments, record);
	status = report(walk, key, place, record, arguments, error);
	va_end(arguments);
	return status;
}

struct pen_walk_key pen_walk__key_of_row(const struct pen_kind *kind, const struct pen_value *values,
    const struct pen_folio *folio)
{
	int64_t subject = values[PEN_SUBJECT].i;

	return (struct pen_walk_key){ kind->name, folio->id, kind->of_people ? subject : 0,
	    kind->of_people ? folio->employer : subject };
}

struct pen_walk_key pen_walk__key_of_folio(const struct pen_folio *folio)
{
	return (struct pen_walk_key){ "folio", folio->id, 0, folio->employer };
}

enum pen_status pen_walk__damage(struct pen_walk *walk, enum pen_status status, const char *rule,
    int64_t batch, const char *record, struct pen_error *error)
{
	char found[sizeof(error->text)];

	if (status != PEN_INTEGRITY)
		return status;
	snprintf(found, sizeof(found), "%s", error->text);
	*error = (struct pen_error){ .status = PEN_OK };
	return pen_walk__report(walk, &(struct pen_walk_place){ rule, "", found, _("a store that is whole"), batch, 0 },
	    error, "%s", record);
}

enum pen_status pen_walk__not_made(struct pen_walk *walk, const char *rule, const char *record,
    const char *why, struct pen_error *error)
{
	const struct pen_rule *known = pen_rule__named(rule);

	if (!pen_walk__wants(walk, rule))
		return PEN_OK;
	walk->not_made++;
	walk->found++;
	return walk->visit(walk->context, &(struct pen_walk_found){
		.rule = rule, .class = pen_rule__class_name(known ? known->class : PEN_LOGIC),
		.severity = pen_rule__severity_name(PEN_NOTE), .clause = known ? known->clause : "",
		.advice = _("this check was not made: mend what stands in its way, and verify again"),
		.record = record, .field = "", .found = why, .expected = _("a check that can be made"),
	}, error);
}

enum pen_status pen_walk__go_on(struct pen_walk *walk, const char *step, int64_t done, int64_t total,
    struct pen_error *error)
{
	pen_looking__off(&walk->looking);
	if (pen_session__stopped(walk->session))
		return pen_error__set(error, PEN_INCOMPLETE, "verify.stopped",
		    _("stopped while reading %s; nothing was changed: run it again for the rest"), step);
	pen_session__progress(walk->session, step, done, total);
	return PEN_OK;
}

enum pen_status pen_walk__look(struct pen_walk *walk, struct pen_error *error)
{
	walk->looking.db = pen_store__db(walk->session->store);
	return pen_looking__on(&walk->looking, error);
}

void pen_walk__look_away(struct pen_walk *walk)
{
	pen_looking__off(&walk->looking);
}

/* --------------------------------------------------------- naming records -- */

/* The texts of the first row of a bound statement, "" where there are none. */
static enum pen_status ask(struct pen_statement *statement, char *a, char *b, size_t room, struct pen_error *error)
{
	const char *s;
	bool row;
	enum pen_status status = pen_db__step(statement, &row, error);

	if (status == PEN_OK && row) {
		s = pen_db__text(statement, 0);
		snprintf(a, room, "%s", s ? s : "");
		s = b != NULL ? pen_db__text(statement, 1) : NULL;
		if (s != NULL)
			snprintf(b, room, "%s", s);
	}
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_walk__who(struct pen_store *store, const struct pen_kind *kind,
    const struct pen_value *v, char out[PEN_WHO], struct pen_error *error)
{
	bool self = kind->id == PEN_KIND_REGISTRATION || kind->id == PEN_KIND_EMPLOYER || kind->id == PEN_KIND_RETIREMENT;
	struct pen_statement *statement;
	char id[100] = "", name[100] = "";
	enum pen_status status;

	if (self && v[2].type == PEN_STRING && v[3].type == PEN_STRING) {
		snprintf(out, PEN_WHO, "%.*s %.*s", (int)(v[2].n < 60 ? v[2].n : 60), v[2].s,
		    (int)(v[3].n < 150 ? v[3].n : 150), v[3].s);
		return PEN_OK;
	}
	status = pen_store__sql(store,
	    kind->of_people ? PEN_SQL_WALK_PERSON : PEN_SQL_WALK_EMPLOYER, &statement, error);
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, kind->of_people ? ":person" : ":employer", v[PEN_SUBJECT].i);
	status = ask(statement, id, kind->of_people ? name : NULL, sizeof(id), error);
	if (id[0])
		snprintf(out, PEN_WHO, "%s%s%s", id, name[0] ? " " : "", name);
	else
		snprintf(out, PEN_WHO, "%s %" PRId64, kind->columns[PEN_SUBJECT].name, v[PEN_SUBJECT].i);
	return status;
}

enum pen_status pen_walk__id(struct pen_store *store, int64_t person, char out[PEN_WHO], struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_WALK_ID, &statement, error);

	if (status != PEN_OK)
		return status;
	out[0] = '\0';
	pen_db__bind_int(statement, ":person", person);
	status = ask(statement, out, NULL, PEN_WHO, error);
	if (!out[0])
		snprintf(out, PEN_WHO, _("number %" PRId64), person);
	return status;
}

/* ---------------------------------------------------------- signatures -- */

#define KEYS 16

/* The keys last used, since a few people sign thousands of entries. A place is
 * found by person, and counts only while the store gives the same PEM. */
struct pen_walk_keys {
	struct { char staff[64]; char *pem; struct pen_key *key; } at[KEYS];
	unsigned next;
};

static void forget(struct pen_walk_keys *keys, unsigned i)
{
	pen_memory__free(keys->at[i].pem);
	pen_signature__free(keys->at[i].key);
	memset(&keys->at[i], 0, sizeof(keys->at[i]));
}

void pen_walk__end(struct pen_walk *walk)
{
	unsigned i;

	pen_looking__off(&walk->looking);
	for (i = 0; walk->keys != NULL && i < KEYS; i++)
		forget(walk->keys, i);
	pen_memory__free(walk->keys);
	walk->keys = NULL;
}

/* The key of a PEM, which becomes the cache's; NULL if it is none. */
static enum pen_status take_key(struct pen_walk *walk, const char *staff, char *pem, const struct pen_key **key, struct pen_error *error)
{
	struct pen_walk_keys *keys = walk->keys;
	struct pen_error none = { .status = PEN_OK };
	unsigned i;

	for (i = 0; i < KEYS; i++) {
		if (keys->at[i].pem != NULL && strcmp(keys->at[i].staff, staff) == 0 &&
		    strcmp(keys->at[i].pem, pem) == 0) {
			pen_memory__free(pem);
			*key = keys->at[i].key;
			return PEN_OK;
		}
	}
	i = keys->next++ % KEYS;
	forget(keys, i);
	snprintf(keys->at[i].staff, sizeof(keys->at[i].staff), "%s", staff);
	keys->at[i].pem = pem;
	*key = NULL;
	if (pen_signature__read_public(&keys->at[i].key, pen_store__suite(walk->session->store), pem,
	    strlen(pem), &none) == PEN_OK)
		*key = keys->at[i].key;
	else
		keys->at[i].key = NULL;
	/* That it could not be looked at is no answer, and not kept. */
	if (none.status == PEN_SYSTEM) {
		forget(keys, i);
		*error = none;
		return error->status;
	}
	return PEN_OK;
}

enum pen_status pen_walk__signed(struct pen_walk *walk, const char *staff, int64_t at, const void *bytes,
    size_t n, const unsigned char *signature, size_t signature_n, const char **why, struct pen_error *error)
{
	const struct pen_key *key;
	char *pem;
	enum pen_status status;
	bool good;

	if (walk->keys == NULL && (walk->keys = pen_memory__calloc(1, sizeof(*walk->keys))) == NULL)
		return pen_error__memory(error);
	status = pen_staff__key_at(walk->session->store, staff, at, &pem, error);
	if (status != PEN_OK)
		return status;
	walk->signatures++;
	*why = NULL;
	if (pem == NULL) {
		*why = _("nobody of that name had a key then");
		return PEN_OK;
	}
	status = take_key(walk, staff, pem, &key, error);
	if (status != PEN_OK || key == NULL) {
		*why = _("the key in the store is no key of this suite");
		return status;
	}
	status = pen_signature__verify(key, bytes, n, signature, signature_n, &good, error);
	if (status == PEN_OK && !good)
		*why = _("the signature does not hold");
	return status;
}
