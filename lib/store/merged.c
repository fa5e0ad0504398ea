#include "store/merged.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"

#include <stdlib.h>

static bool add(struct pen_balance *sum, const struct pen_balance *more)
{
	return pen_money__add(sum->personal_principal_fen, more->personal_principal_fen, &sum->personal_principal_fen) &&
	    pen_money__add(sum->personal_interest_fen, more->personal_interest_fen, &sum->personal_interest_fen) &&
	    pen_money__add(sum->unit_principal_fen, more->unit_principal_fen, &sum->unit_principal_fen) &&
	    pen_money__add(sum->unit_interest_fen, more->unit_interest_fen, &sum->unit_interest_fen);
}

static enum pen_status take(struct pen_merged *merged, struct pen_statement *s, struct pen_error *error)
{
	const struct pen_merged_person one = { .person = pen_db__int(s, 0), .folio = pen_db__int(s, 1),
		.amounts = { pen_db__int(s, 2), pen_db__int(s, 3), pen_db__int(s, 4), pen_db__int(s, 5) } };
	struct pen_merged_person *list, *last = merged->count ? &merged->at[merged->count - 1] : NULL;
	size_t room = merged->room ? merged->room * 2 : 16;

	if (last && last->person == one.person) {
		last->folio = one.folio;
		return add(&last->amounts, &one.amounts) ? PEN_OK : pen_error__set(error, PEN_INPUT, "account.range",
		    _("the account does not fit the range of amounts: look for a wrong opening balance, contribution or interest rate"));
	}
	if (merged->count == merged->room) {
		list = pen_memory__realloc(merged->at, room, sizeof(*list));
		if (list == NULL)
			return pen_error__memory(error);
		merged->at = list;
		merged->room = room;
	}
	merged->at[merged->count++] = one;
	return PEN_OK;
}

static int compare(const void *a, const void *b)
{
	int64_t x = ((const struct pen_merged_person *)a)->person, y = ((const struct pen_merged_person *)b)->person;

	return (x > y) - (x < y);
}

enum pen_status pen_merged__read(struct pen_merged *merged, struct pen_store *store, int32_t year, int64_t person,
    int64_t as_of, struct pen_error *error)
{
	struct pen_statement *s;
	size_t before = merged->count;
	enum pen_status status = pen_store__sql(store, PEN_SQL_MERGED_INTO, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":year", year);
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = take(merged, s, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	if (before && merged->count > before)
		qsort(merged->at, merged->count, sizeof(*merged->at), compare);
	return status;
}

void pen_merged__free(struct pen_merged *merged)
{
	pen_memory__free(merged->at);
	*merged = (struct pen_merged){ .at = NULL };
}

const struct pen_merged_person *pen_merged__find(const struct pen_merged *merged, int64_t person)
{
	const struct pen_merged_person key = { .person = person };

	return merged->count ? bsearch(&key, merged->at, merged->count, sizeof(*merged->at), compare) : NULL;
}

/* --------------------------------------------------------- other numbers -- */

/* Each once, whatever is written there. */
static enum pen_status add_number(struct pen_merged_number **numbers, size_t *count, int64_t person, int64_t folio, struct pen_error *error)
{
	struct pen_merged_number *grown;
	size_t i;

	for (i = 0; i < *count; i++)
		if ((*numbers)[i].person == person)
			return PEN_OK;
	grown = pen_memory__more(*numbers, *count, sizeof(*grown));
	if (!grown)
		return pen_error__memory(error);
	*numbers = grown;
	(*numbers)[(*count)++] = (struct pen_merged_number){ person, folio };
	return PEN_OK;
}

/* Those whose account went into that of `person` itself. */
static enum pen_status read_numbers(struct pen_store *store, int64_t person, int64_t as_of, struct pen_merged_number **numbers,
    size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_MERGED_NUMBERS, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = add_number(numbers, count, pen_db__int(s, 0), pen_db__int(s, 1), error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_merged__numbers(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_merged_number **numbers, size_t *count, struct pen_error *error)
{
	enum pen_status status;
	size_t i;

	*numbers = NULL;
	*count = 0;
	status = add_number(numbers, count, person, 0, error);
	for (i = 0; status == PEN_OK && i < *count; i++)
		status = read_numbers(store, (*numbers)[i].person, as_of, numbers, count, error);
	if (status == PEN_OK)
		return PEN_OK;
	pen_memory__free(*numbers);
	*numbers = NULL;
	*count = 0;
	return status;
}
