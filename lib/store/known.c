#include "store/known.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/registered.h"

#include <string.h>

/* One registration; `before` leads to the person's earlier one, by index + 1. */
struct entry { int64_t folio; int32_t born, insured_on; uint32_t before; uint8_t sex, payer; };

static const char *const payers[] = { "", "employee", "flexible" };

/* newest[] leads from a person's number to the last registration, by index + 1; 0
 * where there is none. */
struct pen_known {
	uint32_t *newest;
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

static struct entry *add_entry(struct pen_known *known)
{
	size_t room = known->room ? known->room + known->room / 2 : 1024;
	struct entry *grown;

	if (known->count == known->room) {
		grown = room <= UINT32_MAX ? pen_memory__realloc(known->entry, room, sizeof(*grown)) : NULL;
		if (!grown)
			return NULL;
		known->entry = grown;
		known->room = room;
	}
	return &known->entry[known->count++];
}

/* They come in the order of folios. */
static enum pen_status take(void *context, const struct pen_registered *registered, struct pen_error *error)
{
	struct pen_known *known = context;
	struct entry *entry;

	if (registered->person <= 0 || (uint64_t)registered->person >= known->people)
		return PEN_OK;
	entry = add_entry(known);
	if (!entry)
		return pen_error__memory(error);
	*entry = (struct entry){ .folio = registered->folio, .born = (int32_t)registered->born,
		.insured_on = (int32_t)registered->insured_on, .before = known->newest[registered->person],
		.sex = (uint8_t)registered->sex, .payer = payer_of(registered->payer) };
	known->newest[registered->person] = (uint32_t)known->count;
	return PEN_OK;
}

enum pen_status pen_known__open(struct pen_known **known, struct pen_store *store, struct pen_error *error)
{
	struct pen_known *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;
	int64_t next, people = 1;

	if (!made)
		return pen_error__memory(error);
	status = pen_registered__next(store, &next, &people, error);
	made->people = (size_t)people;
	made->newest = pen_memory__table(made->people, sizeof(*made->newest));
	if (!status && !made->newest)
		status = pen_error__memory(error);
	if (!status)
		status = pen_registered__each(pen_store__db(store), INT64_MAX, take, made, error);
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
