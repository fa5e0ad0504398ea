#include "store/persons.h"

#include "adapter/db_bulk.h"
#include "adapter/db_scan.h"
#include "base/date.h"
#include "base/error.h"
#include "base/identifier.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"
#include "store/idtable.h"
#include "store/registered.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#define SLICE 20000	/* rows read under one lock */

/* What is registered of a person, in twelve bytes: 0 where nothing is. The name's mark
 * is in two pieces. The day of insurance is counted from FIRST_DAY on; NO_DAY stands for
 * one that cannot be. The employer is 0 where no period begins, or for a number beyond
 * its room. */
#define FIRST_DAY INT64_C(-25567)	/* 1900-01-01 */
#define NO_DAY 0xffff
enum { PAYER_NONE, PAYER_EMPLOYEE, PAYER_FLEXIBLE };
struct facts { uint32_t name, employer, name_high : 12, registered : 1, payer : 2, insured_on : 16; };
_Static_assert(sizeof(struct facts) == 12, "twelve bytes a person");

/* facts[] is indexed by the person's number; one at or beyond facts_room has
 * none. claim[] are keys. */
struct pen_persons {
	struct pen_store *store;
	int64_t as_of;		/* the journal index whose folios say what is registered */
	struct pen_idtable *ids;
	struct facts *facts;
	size_t facts_room;
	uint64_t *claim;
	size_t claims, claim_room;
	int64_t next;		/* the number of the first claim */
};

/* ---------------------------------------------------------------- facts -- */

static unsigned day_of(int64_t date)
{
	int64_t day;

	if (date < 19000101 || date > INT32_MAX || !pen_date__valid((int32_t)date))
		return NO_DAY;
	day = pen_date__days((int32_t)date) - FIRST_DAY;
	return day < NO_DAY ? (unsigned)day : NO_DAY;
}

static unsigned payer_of(const char *payer)
{
	if (payer && strcmp(payer, "employee") == 0)
		return PAYER_EMPLOYEE;
	return payer && strcmp(payer, "flexible") == 0 ? PAYER_FLEXIBLE : PAYER_NONE;
}

/* A later folio's word replaces an earlier one's. */
static enum pen_status take_facts(void *context, const struct pen_registered *registered, struct pen_error *error)
{
	struct pen_persons *persons = context;
	int64_t person = registered->person, employer = registered->employer;
	unsigned insured_on = day_of(registered->insured_on);
	uint64_t mark;

	(void)error;
	if (person <= 0 || (uint64_t)person >= persons->facts_room || registered->name.type != PEN_STRING)
		return PEN_OK;
	mark = pen_text__mark(registered->name.s, registered->name.n);
	persons->facts[person] = (struct facts){ .name = (uint32_t)mark, .name_high = mark >> 32 & 0xfff,
		.employer = insured_on != NO_DAY && employer <= UINT32_MAX ? (uint32_t)employer : 0,
		.registered = 1, .payer = payer_of(registered->payer), .insured_on = insured_on & 0xffff };
	return PEN_OK;
}

/* -------------------------------------------------------------- loading -- */

/* One half of the reading, on a handle of its own. Keys wait a little before they
 * are added, so that their memory is there by then. */
#define AHEAD 32
struct loading {
	struct pen_persons *persons;
	struct pen_db *db;
	struct { uint64_t key; int64_t person; } waiting[AHEAD];
	size_t count;
	int read;		/* ids of the slice */
	char after[64];		/* what the next one lies behind */
};

static bool add_waiting(struct loading *loading)
{
	size_t i;

	for (i = 0; i < loading->count; i++) {
		if (!pen_idtable__add(loading->persons->ids, loading->waiting[i].key, loading->waiting[i].person))
			return false;
	}
	loading->count = 0;
	return true;
}

static bool add_key(struct loading *loading, uint64_t key, int64_t person)
{
	if (loading->count == AHEAD && !add_waiting(loading))
		return false;
	pen_idtable__expect(loading->persons->ids, key);
	loading->waiting[loading->count].key = key;
	loading->waiting[loading->count++].person = person;
	return true;
}

/* Keys and numbers, in the order of the ids. One that is no citizen id (a foreign
 * document) is passed over; of people who were merged the first is taken. */
static enum pen_status take_id(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct loading *loading = context;
	const char *id = values[0].s ? values[0].s : "";
	uint64_t key = pen_idtable__key(id);

	if (key && !add_key(loading, key, values[1].i))
		return pen_error__memory(error);
	/* Where the next slice begins. */
	if (++loading->read == SLICE)
		snprintf(loading->after, sizeof(loading->after), "%s", id);
	return PEN_OK;
}

static enum pen_status load_slice_of_ids(struct loading *loading, struct pen_statement *s, struct pen_error *error)
{
	char after[sizeof(loading->after)];

	memcpy(after, loading->after, sizeof(after));
	loading->read = 0;
	pen_db__bind_text(s, ":after", after);
	pen_db__bind_int(s, ":most", SLICE);
	return pen_db_scan__run(s, take_id, loading, error);
}

static enum pen_status load_ids(void *context, struct pen_error *error)
{
	struct loading *loading = context;
	struct pen_statement *s;
	enum pen_status status = pen_db_scan__prepare(loading->db, pen_sql__texts[PEN_SQL_PERSONS_IDS].text, &s, error);

	if (status)
		return status;
	do
		status = load_slice_of_ids(loading, s, error);
	while (!status && loading->read == SLICE);
	if (!status && !add_waiting(loading))
		status = pen_error__memory(error);
	pen_db__finalize(s);
	return status;
}

static enum pen_status load_facts(void *context, struct pen_error *error)
{
	struct loading *loading = context;

	return pen_registered__each(loading->db, loading->persons->as_of, take_facts, loading->persons, error);
}

/* Ids on this thread, facts on another; one after the other where a transaction
 * is open, since only its own handle sees what it wrote. */
static enum pen_status load(struct pen_persons *persons, struct pen_error *error)
{
	struct loading own = { .persons = persons, .db = pen_store__db(persons->store) }, other = own;
	struct pen_error other_error = { 0 };
	struct pen_thread *thread = NULL;
	enum pen_status status, second;

	if (pen_db__in_transaction(own.db)) {
		status = load_ids(&own, error);
		return status ? status : load_facts(&own, error);
	}
	status = pen_store__reader(persons->store, &other.db, error);
	if (status)
		return status;
	status = pen_thread__start(&thread, load_facts, &other, error);
	if (!status)
		status = load_ids(&own, error);
	second = pen_thread__join(thread, &other_error);
	if (!status && second) {
		status = second;
		*error = other_error;
	}
	pen_db__close(other.db);
	return status;
}

/* Made for as many people as there are numbers. */
static enum pen_status make_room(struct pen_persons *persons, struct pen_error *error)
{
	int64_t room;
	enum pen_status status = pen_registered__next(persons->store, &persons->next, &room, error);

	if (status)
		return status;
	persons->facts_room = (size_t)room;
	persons->facts = pen_memory__table(persons->facts_room, sizeof(*persons->facts));
	persons->ids = pen_idtable__new(persons->facts_room);
	return persons->facts && persons->ids ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_persons__open(struct pen_persons **persons, struct pen_store *store, int64_t as_of,
    struct pen_error *error)
{
	struct pen_persons *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->as_of = as_of;
	status = make_room(made, error);
	if (!status)
		status = load(made, error);
	if (status) {
		pen_persons__close(made);
		return status;
	}
	*persons = made;
	return PEN_OK;
}

void pen_persons__close(struct pen_persons *persons)
{
	if (!persons)
		return;
	pen_idtable__free(persons->ids);
	pen_memory__free(persons->facts);
	pen_memory__free(persons->claim);
	pen_memory__free(persons);
}

size_t pen_persons__memory(const struct pen_persons *persons)
{
	return pen_idtable__memory(persons->ids) + persons->facts_room * sizeof(*persons->facts);
}

/* ------------------------------------------------------------ answering -- */

static bool add_claim(struct pen_persons *persons, uint64_t key)
{
	uint64_t *grown;

	if (persons->claims == persons->claim_room) {
		size_t room = persons->claim_room ? persons->claim_room * 2 : 1024;

		grown = pen_memory__realloc(persons->claim, room, sizeof(*grown));
		if (!grown)
			return false;
		persons->claim = grown;
		persons->claim_room = room;
	}
	if (!pen_idtable__add(persons->ids, key, persons->next + (int64_t)persons->claims))
		return false;
	persons->claim[persons->claims++] = key;
	return true;
}

/* Birth date and sex are those of the id: no registration differs from it. */
static void fill(struct pen_persons *persons, const char id18[19], struct pen_person_facts *out)
{
	static const char *const payers[] = { NULL, "employee", "flexible" };
	const struct facts *facts = &persons->facts[out->person];

	out->registered = facts->registered;
	out->name_mark = (uint64_t)facts->name_high << 32 | facts->name;
	out->payer = payers[facts->payer];
	out->born = pen_identifier__born(id18);
	out->sex = pen_identifier__sex(id18);
	if (facts->insured_on != NO_DAY)
		out->insured_on = pen_date__of_days(FIRST_DAY + facts->insured_on);
}

bool pen_persons__find(struct pen_persons *persons, const char id18[19], bool claim, struct pen_person_facts *facts)
{
	uint64_t key = pen_idtable__key18(id18);

	*facts = (struct pen_person_facts){ .person = pen_idtable__find(persons->ids, key) };
	if (!facts->person && claim && key) {
		if (!add_claim(persons, key))
			return false;
		facts->person = pen_idtable__find(persons->ids, key);
	}
	if (pen_persons__registered(persons, facts->person))
		fill(persons, id18, facts);
	return true;
}

void pen_persons__expect(const struct pen_persons *persons, const char id18[19], bool near)
{
	uint64_t key = pen_idtable__key18(id18);
	int64_t person;

	if (!near) {
		pen_idtable__expect(persons->ids, key);
		return;
	}
	person = pen_idtable__find(persons->ids, key);
	if ((uint64_t)person < persons->facts_room)
		__builtin_prefetch(&persons->facts[person]);
}

bool pen_persons__registered(const struct pen_persons *persons, int64_t person)
{
	return person > 0 && (uint64_t)person < persons->facts_room && persons->facts[person].registered;
}

bool pen_persons__employed(const struct pen_persons *persons, int64_t person, int64_t employer)
{
	return employer > 0 && pen_persons__registered(persons, person) && persons->facts[person].employer == employer;
}

/* ------------------------------------------------------------- entering -- */

size_t pen_persons__claimed(const struct pen_persons *persons)
{
	return persons->claims;
}

/* Numbers in the order in which they were claimed, which is that of their table. */
static enum pen_status enter_numbers(const struct pen_persons *persons, int64_t batch, struct pen_error *error)
{
	static const char *const columns[] = { "id", "batch" };
	struct pen_bulk *bulk;
	enum pen_status status = pen_db_bulk__open(&bulk, pen_store__db(persons->store), "person", columns, 2, error);
	size_t i;

	if (status)
		return status;
	for (i = 0; !status && i < persons->claims; i++) {
		const struct pen_value row[] = { pen_value__integer(persons->next + (int64_t)i), pen_value__integer(batch) };

		status = pen_db_bulk__row(bulk, row, error);
	}
	if (!status)
		return pen_db_bulk__end(bulk, error);
	pen_db_bulk__drop(bulk);
	return status;
}

struct claim { uint64_t key; int64_t person; };

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* The claims in the order of their ids. NULL: no memory. */
static struct claim *sort_claims(const struct pen_persons *persons)
{
	struct claim *sorted = pen_memory__calloc(persons->claims, sizeof(*sorted));
	size_t i;

	if (!sorted)
		return NULL;
	for (i = 0; i < persons->claims; i++)
		sorted[i] = (struct claim){ persons->claim[i], persons->next + (int64_t)i };
	qsort(sorted, persons->claims, sizeof(*sorted), compare_claims);
	return sorted;
}

static enum pen_status enter_alias(struct pen_bulk *bulk, const struct claim *claim, int64_t batch, struct pen_error *error)
{
	static const char kind[] = "citizen-id";
	char id[19];
	const struct pen_value row[] = { pen_value__string(kind, sizeof(kind) - 1),
		pen_value__string(pen_idtable__id(claim->key, id), 18),
		pen_value__integer(claim->person), pen_value__integer(batch) };

	return pen_db_bulk__row(bulk, row, error);
}

/* Ids in their own order: in that of the file each would touch another page. */
static enum pen_status enter_aliases(const struct pen_persons *persons, int64_t batch, struct pen_error *error)
{
	static const char *const columns[] = { "kind", "value", "person", "batch" };
	struct claim *sorted = sort_claims(persons);
	struct pen_bulk *bulk = NULL;
	enum pen_status status;
	size_t i;

	if (!sorted)
		return pen_error__memory(error);
	status = pen_db_bulk__open(&bulk, pen_store__db(persons->store), "person_alias", columns, 4, error);
	for (i = 0; !status && i < persons->claims; i++)
		status = enter_alias(bulk, &sorted[i], batch, error);
	if (!status) {
		status = pen_db_bulk__end(bulk, error);
		bulk = NULL;
	}
	pen_db_bulk__drop(bulk);
	pen_memory__free(sorted);
	return status;
}

enum pen_status pen_persons__enter(const struct pen_persons *persons, int64_t batch, struct pen_error *error)
{
	enum pen_status status;

	if (!persons->claims)
		return PEN_OK;
	status = enter_numbers(persons, batch, error);
	return status ? status : enter_aliases(persons, batch, error);
}
