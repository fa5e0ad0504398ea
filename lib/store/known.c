#include "store/known.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"
#include "store/registered.h"

#include <string.h>

/* One registration; `before` leads to the person's earlier one, by index + 1, and is
 * the person themselves as long as the halves are not joined. */
struct entry { int64_t folio; int32_t born, insured_on; uint32_t before; uint8_t sex, payer; };

static const char *const payers[] = { "", "employee", "flexible" };

/* newest[] leads from a person's number to the last registration, by index + 1; 0
 * where there is none. */
struct pen_known {
	uint32_t *newest;
	size_t people;
	struct entry *entry;
};

/* One half of the reading, on a handle of its own. */
struct half {
	struct pen_db *db;
	enum pen_registered_half which;
	int64_t middle;
	size_t people;
	struct entry *entry;
	size_t count, room;
};

static uint8_t payer_of(const char *payer)
{
	uint8_t i;

	for (i = 2; payer && i > 0; i--)
		if (strcmp(payers[i], payer) == 0)
			return i;
	return 0;
}

static struct entry *add_entry(struct half *half)
{
	size_t room = half->room ? half->room + half->room / 2 : 1024;
	struct entry *grown;

	if (half->count == half->room) {
		grown = pen_memory__realloc(half->entry, room, sizeof(*grown));
		if (!grown)
			return NULL;
		half->entry = grown;
		half->room = room;
	}
	return &half->entry[half->count++];
}

/* They come in the order of folios. */
static enum pen_status take(void *context, const struct pen_registered *registered, struct pen_error *error)
{
	struct half *half = context;
	struct entry *entry;

	if (registered->person <= 0 || (uint64_t)registered->person >= half->people)
		return PEN_OK;
	entry = add_entry(half);
	if (!entry)
		return pen_error__memory(error);
	*entry = (struct entry){ .folio = registered->folio, .born = (int32_t)registered->born,
		.insured_on = (int32_t)registered->insured_on, .before = (uint32_t)registered->person,
		.sex = (uint8_t)registered->sex, .payer = payer_of(registered->payer) };
	return PEN_OK;
}

static enum pen_status read_half(void *context, struct pen_error *error)
{
	struct half *half = context;

	return pen_registered__half(half->db, INT64_MAX, half->which, half->middle, take, half, error);
}

/* The second half on this thread, the first on another: reading takes its time, and
 * whoever waits for people has nothing else to do. */
static enum pen_status read_both(struct half *first, struct half *second, struct pen_store *store, struct pen_error *error)
{
	struct pen_error other = { 0 };
	struct pen_thread *thread;
	enum pen_status status = pen_store__reader(store, &first->db, error), early;

	if (status)
		return status;
	status = pen_thread__start(&thread, read_half, first, error);
	if (!status) {
		status = read_half(second, error);
		early = pen_thread__join(thread, &other);
		if (early) {
			status = early;
			*error = other;
		}
	}
	pen_db__close(first->db);
	return status;
}

/* The second half behind the first, and every person's one after the other. */
static enum pen_status join(struct pen_known *known, struct half *first, struct half *second, struct pen_error *error)
{
	size_t count = first->count + second->count, i;
	struct entry *entry;
	uint32_t *newest;

	entry = count < UINT32_MAX ? pen_memory__realloc(first->entry, count ? count : 1, sizeof(*entry)) : NULL;
	if (!entry)
		return pen_error__memory(error);
	first->entry = NULL;
	known->entry = entry;
	if (second->count)
		memcpy(entry + first->count, second->entry, second->count * sizeof(*entry));
	for (i = 0; i < count; i++) {
		newest = &known->newest[entry[i].before];
		entry[i].before = *newest;
		*newest = (uint32_t)i + 1;
	}
	return PEN_OK;
}

static enum pen_status make_room(struct pen_known *known, struct pen_store *store, struct pen_error *error)
{
	int64_t next, people;
	enum pen_status status = pen_registered__next(store, &next, &people, error);

	if (status)
		return status;
	known->people = people < UINT32_MAX ? (size_t)people : UINT32_MAX;
	known->newest = pen_memory__table(known->people, sizeof(*known->newest));
	return known->newest ? PEN_OK : pen_error__memory(error);
}

enum pen_status pen_known__open(struct pen_known **known, struct pen_store *store, struct pen_error *error)
{
	struct pen_known *made = pen_memory__calloc(1, sizeof(*made));
	struct half first = { .which = PEN_REGISTERED_FIRST }, second = { .which = PEN_REGISTERED_SECOND };
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	second.db = pen_store__db(store);
	status = make_room(made, store, error);
	first.people = second.people = made->people;
	if (!status)
		status = pen_registered__middle(second.db, INT64_MAX, &first.middle, error);
	second.middle = first.middle;
	if (!status)
		status = read_both(&first, &second, store, error);
	if (!status)
		status = join(made, &first, &second, error);
	pen_memory__free(first.entry);
	pen_memory__free(second.entry);
	if (status) {
		pen_known__close(made);
		return status;
	}
	*known = made;
	return PEN_OK;
}

void pen_known__close(struct pen_known *known)
{
	if (!known)
		return;
	pen_memory__free(known->newest);
	pen_memory__free(known->entry);
	pen_memory__free(known);
}

void pen_known__find(const struct pen_known *known, int64_t person, int64_t folio, struct pen_person_facts *facts)
{
	uint32_t newest = 0, at;
	const struct entry *entry;

	*facts = (struct pen_person_facts){ .person = person };
	if (person > 0 && (uint64_t)person < known->people)
		newest = known->newest[person];
	if (!newest)
		return;
	for (at = newest; at && known->entry[at - 1].folio >= folio; )
		at = known->entry[at - 1].before;
	entry = &known->entry[(at ? at : newest) - 1];
	facts->registered = true;
	facts->born = entry->born;
	facts->insured_on = entry->insured_on;
	facts->sex = entry->sex;
	facts->payer = payers[entry->payer];
}
