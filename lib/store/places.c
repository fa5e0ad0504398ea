#include "store/places.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A folio of balances that is shown; sorted by id. */
struct shown { int64_t id, confirmed; bool opening, closed, sealed; };

/* The columns form and sealed_at, which follow each other in all the lists. */
static void take_form(struct pen_statement *s, int column, int64_t as_of, bool *opening, bool *closed, bool *sealed)
{
	const char *form = pen_db__text(s, column);

	*closed = form && (strcmp(form, "close-out") == 0 || strcmp(form, "merge") == 0);
	*opening = form && strcmp(form, "opening") == 0;
	*sealed = !pen_db__is_null(s, column + 1) && pen_db__int(s, column + 1) <= as_of;
}

static enum pen_status read_shown(struct pen_store *store, int64_t as_of, struct shown **list,
    size_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PLACES_FOLIOS, &statement, error);
	struct shown *made = NULL, *grown, *shown;
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":as_of", as_of);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		grown = pen_memory__more(made, *count, sizeof(*made));
		if (!grown) {
			status = pen_error__memory(error);
			break;
		}
		made = grown;
		shown = &made[(*count)++];
		shown->id = pen_db__int(statement, 0);
		take_form(statement, 1, as_of, &shown->opening, &shown->closed, &shown->sealed);
		shown->confirmed = pen_db__int(statement, 3);
	}
	pen_db__reset(statement);
	*list = made;
	return status;
}

static int compare_shown(const void *a, const void *b)
{
	int64_t x = ((const struct shown *)a)->id, y = ((const struct shown *)b)->id;

	return (x > y) - (x < y);
}

#define SLICE 5000	/* places read at a time: a few milliseconds */

/* The next places, at most SLICE, after the last one of before. */
static enum pen_status read_slice(struct pen_store *store, struct pen_account_place *places,
    const struct pen_account_place *after, size_t *n, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PLACES_ACCOUNTS, &s, error);
	bool row;

	*n = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", after->person);
	pen_db__bind_int(s, ":year", after->year);
	pen_db__bind_int(s, ":folio", after->folio);
	pen_db__bind_int(s, ":most", SLICE);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row && *n < SLICE)
		places[(*n)++] = (struct pen_account_place){
			.person = pen_db__int(s, 0), .year = (int32_t)pen_db__int(s, 1), .folio = pen_db__int(s, 2)
		};
	pen_db__reset(s);
	return status;
}

/* An opening of which a case made a new version; sorted by person, folio. */
struct amended { int64_t person, folio, by_folio, confirmed; };
struct amendeds { struct amended *at; size_t count; };

static enum pen_status read_amended(struct pen_store *store, int64_t as_of, struct amendeds *list, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PLACES_AMENDED_OPENINGS, &s, error);
	struct amended *grown;
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":as_of", as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		grown = pen_memory__more(list->at, list->count, sizeof(*grown));
		if (!grown) {
			status = pen_error__memory(error);
			break;
		}
		list->at = grown;
		list->at[list->count++] = (struct amended){ pen_db__int(s, 0), pen_db__int(s, 1), pen_db__int(s, 2), pen_db__int(s, 3) };
	}
	pen_db__reset(s);
	return status;
}

/* False: a new version has taken the opening's place. One that took another's came in
 * when that did. */
static bool place_opening(const struct amendeds *list, struct pen_account_place *place)
{
	size_t low = 0, high = list->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (list->at[middle].person < place->person)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < list->count && list->at[low].person == place->person; low++) {
		if (list->at[low].folio == place->folio)
			return false;
		if (list->at[low].confirmed < place->confirmed)
			place->confirmed = list->at[low].confirmed;
	}
	return true;
}

enum pen_status pen_places__each(struct pen_store *store, int64_t as_of, pen_account_visit *visit,
    void *context, struct pen_error *error)
{
	struct pen_account_place after = { .person = -1 }, *places;
	struct amendeds amended = { NULL, 0 };
	struct shown *list = NULL, *found;
	enum pen_status status;
	size_t count, n, i;

	places = pen_memory__calloc(SLICE, sizeof(*places));
	if (!places)
		return pen_error__memory(error);
	status = read_shown(store, as_of, &list, &count, error);
	if (status == PEN_OK)
		status = read_amended(store, as_of, &amended, error);
	/* What stands in a folio that is not shown does not count. */
	for (n = SLICE; status == PEN_OK && n == SLICE; ) {
		status = read_slice(store, places, &after, &n, error);
		for (i = 0; status == PEN_OK && i < n; i++) {
			after = places[i];
			found = list ? bsearch(&(struct shown){ .id = after.folio }, list, count, sizeof(*list), compare_shown) : NULL;
			if (!found)
				continue;
			places[i].opening = found->opening;
			places[i].closed = found->closed;
			places[i].sealed = found->sealed;
			places[i].confirmed = found->confirmed;
			if (!places[i].opening || place_opening(&amended, &places[i]))
				status = visit(context, &places[i], error);
		}
	}
	pen_memory__free(amended.at);
	pen_memory__free(list);
	pen_memory__free(places);
	return status;
}

/* Whether a settlement of the opening's year, or an earlier settlement of a later
 * one, has taken the opening's place. */
static bool overtaken(const struct pen_account_place *opening, const struct pen_account_place *places, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!places[i].opening && (places[i].year == opening->year ||
		    (places[i].year > opening->year && places[i].confirmed < opening->confirmed)))
			return true;
	return false;
}

/* What no longer counts, or does not yet, since the account was closed: has no folio then. */
static void leave_closed(struct pen_account_place *places, size_t count)
{
	const struct pen_account_place *closed = NULL;
	size_t i;

	for (i = 0; i < count; i++)
		if (places[i].closed && places[i].sealed)
			closed = &places[i];
	for (i = 0; i < count; i++)
		if (&places[i] != closed && (places[i].closed || (closed && places[i].year >= closed->year)))
			places[i].folio = 0;
}

size_t pen_places__in_force(struct pen_account_place *places, size_t count)
{
	struct pen_account_place *last;
	size_t i, n = 0;

	leave_closed(places, count);
	for (i = 0; i < count; i++)
		if (places[i].folio && places[i].opening && overtaken(&places[i], places, count))
			places[i].folio = 0;
	for (i = 0; i < count; i++) {
		if (!places[i].folio)
			continue;
		/* Of several for a year, the one that counts takes the place: what
		 * comes later is newer. */
		last = n ? &places[n - 1] : NULL;
		if (!last || last->year != places[i].year)
			places[n++] = places[i];
		else if (!last->opening || places[i].sealed || !last->sealed)
			*last = places[i];
	}
	return n;
}

const struct pen_account_place *pen_places__start(const struct pen_account_place *places, size_t count, int32_t year)
{
	const struct pen_account_place *start = NULL;
	size_t i;

	for (i = 0; i < count && places[i].year <= year; i++)
		if (places[i].opening)
			start = &places[i];
	return start;
}

enum pen_status pen_places__of_person(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_account_place **places, size_t *count, struct pen_error *error)
{
	return pen_places__of_person_before(store, person, as_of, 0, places, count, error);
}

enum pen_status pen_places__of_person_before(struct pen_store *store, int64_t person, int64_t as_of, int64_t batch,
    struct pen_account_place **places, size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PLACES_ACCOUNTS_OF, &s, error);
	struct pen_account_place place, *made = NULL, *grown;
	size_t n = 0;
	bool row;

	*places = NULL;
	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	pen_db__bind_int(s, ":batch", batch);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		place = (struct pen_account_place){ .person = person, .year = (int32_t)pen_db__int(s, 1), .folio = pen_db__int(s, 2) };
		take_form(s, 3, as_of, &place.opening, &place.closed, &place.sealed);
		place.confirmed = pen_db__int(s, 5);
		grown = pen_memory__more(made, n, sizeof(*made));
		if (!grown) {
			status = pen_error__memory(error);
			break;
		}
		made = grown;
		made[n++] = place;
	}
	pen_db__reset(s);
	if (status == PEN_OK) {
		*places = made;
		*count = pen_places__in_force(made, n);
		return PEN_OK;
	}
	pen_memory__free(made);
	return status;
}

const struct pen_account_place *pen_places__at(const struct pen_account_place *places, size_t count, int32_t year)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (places[i].year == year)
			return &places[i];
	return NULL;
}

/* ------------------------------------------------------------- writing -- */

enum pen_status pen_places__writer(struct pen_bulk **writer, struct pen_store *store, struct pen_error *error)
{
	static const char *const columns[] = { "person", "year", "folio" };

	return pen_db_bulk__open(writer, pen_store__db(store), "account_year", columns, 3, error);
}

enum pen_status pen_places__write(struct pen_bulk *writer, int64_t person, int32_t year, int64_t folio, struct pen_error *error)
{
	const struct pen_value values[] = { pen_value__integer(person), pen_value__integer(year), pen_value__integer(folio) };

	return pen_db_bulk__row(writer, values, error);
}

enum pen_status pen_places__enter(struct pen_store *store, int64_t person, int32_t year, int64_t folio, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_PLACES_ENTER, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":person", person);
	pen_db__bind_int(statement, ":year", year);
	pen_db__bind_int(statement, ":folio", folio);
	return pen_db__run(statement, error);
}
