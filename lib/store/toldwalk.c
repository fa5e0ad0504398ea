#include "store/toldwalk.h"

#include "base/error.h"
#include "base/identifier.h"
#include "base/memory.h"
#include "base/runs.h"
#include "store/alike.h"
#include "store/foliolist.h"
#include "store/idtable.h"
#include "store/registered.h"

#include <inttypes.h>
#include <string.h>

#define RULE "person.told"
#define SLICE 2000		/* rows read under one lock */
#define MEMORY ((size_t)64 << 20)

/* A number and its batch, with whether an id leads to it. */
struct number { int64_t batch; bool led; };

/* told: what forms told, in the order of ids and people, the earliest batch first of
 * the same; head is the one at hand, behind `told`'s end if `more` is false. */
struct reading {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	struct pen_foliolist folios;
	struct pen_alike *alike;	/* NULL: nobody asks */
	struct pen_runs *told;
	struct pen_runs_walk *heads;
	struct pen_runs_key head;
	bool more;
	struct number *number;
	int64_t people;
};

static struct pen_store *store_of(const struct reading *reading)
{
	return reading->walk->session->store;
}

/* -------------------------------------------------------------- findings -- */

static enum pen_status report(struct reading *reading, int64_t person, const char *id, const char *found,
    const char *expected, struct pen_error *error)
{
	const struct pen_walk_key key = { "person", 0, person, 0 };

	return pen_walk__report_of(reading->walk, &key, &(struct pen_walk_place){ RULE, "value", found, expected, 0, 0 }, error,
	    _("person number %" PRId64 " as %s"), person, id);
}

static enum pen_status report_number(struct reading *reading, int64_t person, const char *found, struct pen_error *error)
{
	const struct pen_walk_key key = { "person", 0, person, 0 };

	return pen_walk__report_of(reading->walk, &key, &(struct pen_walk_place){ RULE, "batch", found,
	    _("one number, and the identifier that its batch brought"), 0, 0 }, error, _("person number %" PRId64), person);
}

/* The batch's state; "" if there is none. */
static enum pen_status state_of(struct reading *reading, int64_t batch, char state[16], struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_TOLDWALK_BATCH, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	status = pen_db__step(s, &row, error);
	snprintf(state, 16, "%s", !status && row && pen_db__text(s, 0) ? pen_db__text(s, 0) : "");
	pen_db__reset(s);
	return status;
}

/* An id that no form told of. A batch that was interrupted has entered its people
 * before its rows. */
static enum pen_status not_told(struct reading *reading, int64_t person, const char *id, int64_t batch, struct pen_error *error)
{
	char state[16];
	enum pen_status status = state_of(reading, batch, state, error);

	if (status || strcmp(state, "staging") == 0)
		return status;
	return report(reading, person, id, _("found by it"), _("a registration or a retirement that says so"), error);
}

/* An id that another batch brought than the first that told of it: an earlier one
 * may have, if it came to nothing. */
static enum pen_status brought(struct reading *reading, int64_t person, const char *id, int64_t kept, int64_t told,
    struct pen_error *error)
{
	char state[16], found[64], expected[64];
	enum pen_status status = state_of(reading, kept, state, error);

	if (status || (kept < told && (strcmp(state, "staging") == 0 || strcmp(state, "discarded") == 0)))
		return status;
	snprintf(found, sizeof(found), _("brought by batch %" PRId64), kept);
	snprintf(expected, sizeof(expected), _("brought by batch %" PRId64), told);
	return report(reading, person, id, found, expected, error);
}

static enum pen_status not_kept(struct reading *reading, int64_t person, const char *id, struct pen_error *error)
{
	return report(reading, person, id, _("not found by it"), _("found by it, as a registration or a retirement says"), error);
}

/* ------------------------------------------------------------------ told -- */

static enum pen_status take_told(struct reading *reading, int64_t person, int64_t batch, struct pen_value id,
    struct pen_error *error)
{
	struct pen_runs_key key = { .low = (uint64_t)person << 32 | (uint32_t)batch };
	unsigned char *nothing;
	char id18[19] = "";

	if (id.type == PEN_STRING)
		pen_identifier__citizen(id.s, id.n, INT32_MAX, id18, NULL);
	key.high = pen_idtable__key(id18);
	/* What is no id of the citizens can be found by none. */
	if (!key.high || person <= 0 || person > UINT32_MAX)
		return not_kept(reading, person, id.type == PEN_STRING ? id.s : "", error);
	if (pen_runs__room(reading->told, 0, &nothing, error) != PEN_OK)
		return error->status;
	pen_runs__put(reading->told, &key, 0);
	return PEN_OK;
}

static enum pen_status take_row(struct reading *reading, struct pen_statement *s, const int64_t place[3], bool registration,
    struct pen_error *error)
{
	const struct pen_foliolist_entry *folio = pen_foliolist__find(&reading->folios, place[0]);
	struct pen_value id, name;
	enum pen_status status = PEN_OK;

	if (!folio)
		return PEN_OK;
	id = pen_db__value(s, 3);
	if (registration && reading->alike && folio->counts) {
		name = pen_db__value(s, 4);
		status = pen_alike__add(reading->alike, place[0], place[1], &id, &name, pen_db__int(s, 5), error);
	}
	return status ? status : take_told(reading, place[1], folio->batch, id, error);
}

/* A slice behind a place, which moves on. */
static enum pen_status read_slice(struct reading *reading, struct pen_statement *s, int64_t place[3], int *n, bool registration,
    struct pen_error *error)
{
	enum pen_status status = pen_walk__look(reading->walk, error);
	bool row;
	int i;

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", place[0]);
	pen_db__bind_int(s, ":person", place[1]);
	pen_db__bind_int(s, ":line", place[2]);
	pen_db__bind_int(s, ":most", SLICE);
	for (*n = 0; !(status = pen_db__step(s, &row, error)) && row; (*n)++) {
		for (i = 0; i < 3; i++)
			place[i] = pen_db__int(s, i);
		status = take_row(reading, s, place, registration, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status read_told(struct reading *reading, enum pen_sql which, struct pen_error *error)
{
	int64_t place[3] = { INT64_MIN, INT64_MIN, INT64_MIN };
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), which, &s, error);
	int n;

	for (n = SLICE; !status && n == SLICE; )
		status = read_slice(reading, s, place, &n, which == PEN_SQL_TOLDWALK_REGISTRATIONS, error);
	return status;
}

/* ------------------------------------------------------- told, and kept -- */

static enum pen_status next_told(struct reading *reading, struct pen_error *error)
{
	const unsigned char *bytes;
	enum pen_status status;
	size_t n;

	status = pen_runs__next(reading->heads, &reading->head, &bytes, &n, error);
	reading->more = !status && bytes;
	return status;
}

static int compare(const struct pen_runs_key *head, uint64_t id, int64_t person)
{
	int64_t own = (int64_t)(head->low >> 32);

	if (head->high != id)
		return head->high < id ? -1 : 1;
	return (own > person) - (own < person);
}

/* Over what was told of this id and person; *batch is the earliest, -1: nothing. What
 * is told of those before them is kept nowhere. */
static enum pen_status go_to(struct reading *reading, uint64_t id, int64_t person, int64_t *batch, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	struct pen_runs_key head;
	char text[19];
	int order;

	*batch = -1;
	while (!status && reading->more && (order = compare(&reading->head, id, person)) <= 0) {
		head = reading->head;
		if (order == 0 && *batch < 0)
			*batch = (int64_t)(uint32_t)head.low;
		else if (order < 0)
			status = not_kept(reading, (int64_t)(head.low >> 32), pen_idtable__id(head.high, text), error);
		/* Once for all the forms that say so. */
		do {
			if (!status)
				status = next_told(reading, error);
		} while (!status && reading->more && order < 0 && reading->head.high == head.high &&
		    reading->head.low >> 32 == head.low >> 32);
	}
	return status;
}

/* An id by which somebody is found, as the table has it. */
struct alias { struct pen_value kind, value; int64_t person, batch; };

static uint64_t key_of(const struct alias *alias)
{
	static const struct pen_value citizen = { PEN_STRING, 0, "citizen-id", 10 };
	char id18[19];

	if (!pen_value__equal(&alias->kind, &citizen) || alias->value.n != sizeof(id18) - 1)
		return 0;
	memcpy(id18, alias->value.s, alias->value.n);
	id18[alias->value.n] = '\0';
	return pen_idtable__key(id18);
}

/* A number that was not there when the numbers were read: an import may have brought it
 * with the id meanwhile. */
static enum pen_status ask_number(struct reading *reading, const struct alias *alias, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_TOLDWALK_NUMBER, &s, error);
	bool row, meanwhile;

	if (status)
		return status;
	pen_db__bind_int(s, ":person", alias->person);
	status = pen_db__step(s, &row, error);
	meanwhile = !status && row && pen_db__int(s, 0) == alias->batch;
	pen_db__reset(s);
	return status || meanwhile ? status : report_number(reading, alias->person, _("no such number"), error);
}

static enum pen_status check_number(struct reading *reading, const struct alias *alias, struct pen_error *error)
{
	struct number *number;
	char found[64];

	if (alias->person <= 0 || alias->person >= reading->people || !reading->number[alias->person].batch)
		return ask_number(reading, alias, error);
	number = &reading->number[alias->person];
	number->led = true;
	if (number->batch == alias->batch)
		return PEN_OK;
	snprintf(found, sizeof(found), _("batches %" PRId64 " and %" PRId64), number->batch, alias->batch);
	return report_number(reading, alias->person, found, error);
}

static enum pen_status take_alias(struct reading *reading, const struct alias *alias, struct pen_error *error)
{
	uint64_t key = key_of(alias);
	enum pen_status status = PEN_OK;
	int64_t told = -1;

	if (key)
		status = go_to(reading, key, alias->person, &told, error);
	if (!status && told < 0)
		status = not_told(reading, alias->person, alias->value.s, alias->batch, error);
	else if (!status && told != alias->batch)
		status = brought(reading, alias->person, alias->value.s, alias->batch, told, error);
	return status ? status : check_number(reading, alias, error);
}

/* ------------------------------------------------------- ids of several -- */

/* The people of one id, as far as they were met. */
struct owners { struct alias last; int64_t count, first, most, batch; };

static enum pen_status end_owners(struct reading *reading, const struct owners *owners, struct pen_error *error)
{
	char found[96];

	if (owners->count < 2 || !pen_walk__among(reading->batches, reading->count, owners->batch))
		return PEN_OK;
	snprintf(found, sizeof(found), _("%" PRId64 " people, number %" PRId64 " to %" PRId64), owners->count, owners->first, owners->most);
	return pen_walk__report_of(reading->walk, &(struct pen_walk_key){ "person", 0, owners->most, 0 },
	    &(struct pen_walk_place){ "person.repeated", "value", found, _("one person"), owners->batch, 0 }, error,
	    _("citizen id %s"), owners->last.value.s);
}

/* Ids come in their order, and their people in that of numbers; the text of the one before
 * is still there. */
static enum pen_status meet_owner(struct reading *reading, struct owners *owners, const struct alias *alias, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (!owners->count || !pen_value__equal(&owners->last.value, &alias->value) ||
	    !pen_value__equal(&owners->last.kind, &alias->kind)) {
		status = end_owners(reading, owners, error);
		*owners = (struct owners){ .first = alias->person, .batch = alias->batch };
	}
	owners->last = *alias;
	owners->most = alias->person;
	owners->count++;
	if (alias->batch > owners->batch)
		owners->batch = alias->batch;
	return status;
}

/* A slice of the ids in their order, copied out, for a finding may be handed out on
 * any of them. Strings of the slice before are kept until the next is read. */
struct aliases { struct alias at[SLICE]; size_t n; struct pen_arena *strings, *before; };

static bool take_text(struct aliases *aliases, struct pen_value *value)
{
	if (value->type != PEN_STRING)
		*value = pen_value__string("", 0);
	value->s = pen_memory__copy(aliases->strings, value->s, value->n);
	return value->s;
}

static enum pen_status read_aliases(struct reading *reading, struct aliases *aliases, struct pen_error *error)
{
	struct alias last = { pen_value__string("", 0), pen_value__string("", 0), INT64_MIN, 0 }, *alias;
	struct pen_arena *strings = aliases->before;
	struct pen_statement *s;
	enum pen_status status = pen_walk__look(reading->walk, error);
	bool row;

	if (!status)
		status = pen_store__sql(store_of(reading), PEN_SQL_TOLDWALK_ALIASES, &s, error);
	if (status)
		return status;
	if (aliases->n)
		last = aliases->at[aliases->n - 1];
	aliases->before = aliases->strings;
	aliases->strings = strings;
	pen_memory__reset(strings);
	pen_db__bind_value(s, 1, &last.kind);
	pen_db__bind_value(s, 2, &last.value);
	pen_db__bind_int(s, ":person", last.person);
	pen_db__bind_int(s, ":most", SLICE);
	for (aliases->n = 0; !(status = pen_db__step(s, &row, error)) && row; aliases->n++) {
		alias = &aliases->at[aliases->n];
		*alias = (struct alias){ pen_db__value(s, 0), pen_db__value(s, 1), pen_db__int(s, 2), pen_db__int(s, 3) };
		if (!take_text(aliases, &alias->kind) || !take_text(aliases, &alias->value)) {
			status = pen_error__memory(error);
			break;
		}
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status walk_aliases(struct reading *reading, struct pen_error *error)
{
	struct aliases *aliases = pen_memory__calloc(1, sizeof(*aliases));
	struct owners owners = { .count = 0 };
	enum pen_status status;
	int64_t none;
	size_t i;

	if (!aliases)
		return pen_error__memory(error);
	aliases->strings = pen_memory__arena();
	aliases->before = pen_memory__arena();
	status = aliases->strings && aliases->before ? next_told(reading, error) : pen_error__memory(error);
	while (!status) {
		status = read_aliases(reading, aliases, error);
		for (i = 0; !status && i < aliases->n; i++) {
			status = meet_owner(reading, &owners, &aliases->at[i], error);
			if (!status)
				status = take_alias(reading, &aliases->at[i], error);
		}
		if (aliases->n < SLICE)
			break;
	}
	if (!status)
		status = end_owners(reading, &owners, error);
	pen_memory__drop(aliases->strings);
	pen_memory__drop(aliases->before);
	pen_memory__free(aliases);
	/* What was told and is left is kept nowhere. */
	return status ? status : go_to(reading, UINT64_MAX, INT64_MAX, &none, error);
}

/* --------------------------------------------------------------- numbers -- */

static enum pen_status load_numbers(struct reading *reading, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(reading), PEN_SQL_TOLDWALK_NUMBERS, &s, error);
	int64_t after = INT64_MIN;
	int n = SLICE;
	bool row;

	while (!status && n == SLICE) {
		status = pen_walk__look(reading->walk, error);
		if (status)
			break;
		pen_db__bind_int(s, ":after", after);
		pen_db__bind_int(s, ":most", SLICE);
		for (n = 0; !(status = pen_db__step(s, &row, error)) && row; n++) {
			after = pen_db__int(s, 0);
			if (after > 0 && after < reading->people)
				reading->number[after].batch = pen_db__int(s, 1);
			else
				status = report_number(reading, after, _("a number without an identifier"), error);
			if (status)
				break;
		}
		pen_db__reset(s);
	}
	return status;
}

static enum pen_status check_numbers(struct reading *reading, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int64_t person;

	for (person = 1; !status && person < reading->people; person++) {
		if (reading->number[person].batch && !reading->number[person].led)
			status = report_number(reading, person, _("a number without an identifier"), error);
	}
	return status;
}

/* ------------------------------------------------------------ the walk -- */

static enum pen_status prepare(struct reading *reading, struct pen_error *error)
{
	int64_t next;
	enum pen_status status = pen_registered__next(store_of(reading), &next, &reading->people, error);

	if (!status) {
		reading->number = pen_memory__table((size_t)reading->people, sizeof(*reading->number));
		status = reading->number ? PEN_OK : pen_error__memory(error);
	}
	if (!status)
		status = pen_runs__new(&reading->told, pen_store__dir(store_of(reading)), MEMORY, error);
	if (!status && pen_walk__wants(reading->walk, "person.alike"))
		status = pen_alike__new(&reading->alike, pen_store__dir(store_of(reading)), error);
	if (!status)
		status = pen_foliolist__read(&reading->folios, reading->walk, error);
	if (!status)
		status = load_numbers(reading, error);
	return status;
}

enum pen_status pen_toldwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count, struct pen_error *error)
{
	struct reading reading = { .walk = walk, .batches = batches, .count = count };
	enum pen_status status;

	if (!pen_walk__wants(walk, RULE) && !pen_walk__wants(walk, "person.alike") && !pen_walk__wants(walk, "person.repeated"))
		return PEN_OK;
	walk->rules += pen_walk__wants(walk, "person.alike") + pen_walk__wants(walk, "person.repeated");
	status = prepare(&reading, error);
	if (!status)
		status = read_told(&reading, PEN_SQL_TOLDWALK_REGISTRATIONS, error);
	if (!status)
		status = read_told(&reading, PEN_SQL_TOLDWALK_RETIREMENTS, error);
	if (!status)
		status = pen_runs__sort(reading.told, error);
	if (!status)
		status = pen_runs__walk(&reading.heads, reading.told, error);
	if (!status)
		status = walk_aliases(&reading, error);
	if (!status)
		status = check_numbers(&reading, error);
	if (!status && reading.alike)
		status = pen_alike__tell(reading.alike, walk, error);
	pen_walk__look_away(walk);
	pen_runs__close(reading.heads);
	pen_runs__free(reading.told);
	pen_alike__free(reading.alike);
	pen_foliolist__free(&reading.folios);
	pen_memory__free(reading.number);
	return status;
}
