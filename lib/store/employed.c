#include "store/employed.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/folio.h"
#include "store/people.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE 5000	/* whose periods are read in one slice */
#define MOST 2000	/* rows of a form, likewise */

struct list { struct pen_employed *at; size_t count, room; };

static enum pen_status add(struct list *list, const struct pen_employed *one, struct pen_error *error)
{
	size_t room = list->room ? list->room * 2 : 256;
	struct pen_employed *grown;

	if (list->count == list->room) {
		grown = pen_memory__realloc(list->at, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		list->at = grown;
		list->room = room;
	}
	list->at[list->count++] = *one;
	return PEN_OK;
}

/* The columns person, employer, folio, since, and what told of it: a form, or the kind of
 * a change. */
static struct pen_employed take(struct pen_statement *s)
{
	const char *told = pen_db__text(s, 4);

	return (struct pen_employed){
		.person = pen_db__int(s, 0), .employer = pen_db__int(s, 1), .folio = pen_db__int(s, 2),
		.since = (int32_t)pen_db__int(s, 3),
		.by = !told || strcmp(told, "registration") == 0 ? PEN_EMPLOYED_REGISTERED :
		    strcmp(told, "move") == 0 ? PEN_EMPLOYED_MOVED : PEN_EMPLOYED_JOINED
	};
}

static enum pen_status hand_over(enum pen_status status, struct list *list, struct pen_employed **out, size_t *count)
{
	if (status != PEN_OK) {
		pen_memory__free(list->at);
		return status;
	}
	*out = list->at;
	*count = list->count;
	return PEN_OK;
}

/* ------------------------------------------------------------- everybody -- */

static enum pen_status last_person(struct pen_store *store, int64_t *last, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_EMPLOYED_LAST, &s, error);
	bool row;

	*last = 0;
	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*last = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

/* People after one and up to another; of a person and employer the newest word counts. */
static enum pen_status read_people(struct pen_store *store, int64_t employer, int64_t after, int64_t last, int64_t as_of,
    struct list *list, struct pen_error *error)
{
	struct pen_employed one, *before;
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_EMPLOYED_OPEN, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":after", after);
	pen_db__bind_int(s, ":last", last);
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":as_of", as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		one = take(s);
		before = list->count ? &list->at[list->count - 1] : NULL;
		if (before && before->person == one.person && before->employer == one.employer)
			*before = one;
		else if (add(list, &one, error) != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return row ? error->status : status;
}

static int by_employer(const void *a, const void *b)
{
	const struct pen_employed *x = a, *y = b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	return (x->person > y->person) - (x->person < y->person);
}

enum pen_status pen_employed__all(struct pen_store *store, int64_t employer, int64_t as_of,
    struct pen_employed **out, size_t *count, struct pen_error *error)
{
	struct list list = { NULL, 0, 0 };
	enum pen_status status;
	int64_t after, last;

	status = last_person(store, &last, error);
	for (after = 0; status == PEN_OK && after < last; after += PEOPLE)
		status = read_people(store, employer, after, after + PEOPLE, as_of, &list, error);
	if (status == PEN_OK && list.count)
		qsort(list.at, list.count, sizeof(*list.at), by_employer);
	return hand_over(status, &list, out, count);
}

/* ------------------------------------------------------- forms of a time -- */

static enum pen_status read_folio(struct pen_store *store, enum pen_sql which, int64_t folio, int64_t employer,
    struct list *list, struct pen_error *error)
{
	int64_t person = 0, line = 0;
	struct pen_employed one;
	struct pen_statement *s;
	enum pen_status status;
	size_t n;
	bool row;

	do {
		status = pen_store__sql(store, which, &s, error);
		if (status != PEN_OK)
			return status;
		pen_db__bind_int(s, ":folio", folio);
		pen_db__bind_int(s, ":employer", employer);
		pen_db__bind_int(s, ":person", person);
		pen_db__bind_int(s, ":line", line);
		pen_db__bind_int(s, ":most", MOST);
		for (n = 0; (status = pen_db__step(s, &row, error)) == PEN_OK && row; n++) {
			one = take(s);
			person = one.person;
			line = pen_db__int(s, 5);
			status = add(list, &one, error);
			if (status != PEN_OK)
				break;
		}
		pen_db__reset(s);
	} while (status == PEN_OK && n == MOST);
	return status;
}

/* What the visits of folios hand to each other. */
struct entering { struct pen_store *store; struct list list; int64_t employer; };

static enum pen_status visit_registration(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct entering *entering = context;

	return read_folio(entering->store, PEN_SQL_EMPLOYED_REGISTERED, folio->id, entering->employer, &entering->list, error);
}

static enum pen_status visit_movement(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct entering *entering = context;

	return read_folio(entering->store, PEN_SQL_EMPLOYED_CHANGED, folio->id, entering->employer, &entering->list, error);
}

enum pen_status pen_employed__entered(struct pen_store *store, int64_t employer, const char *begin, const char *end,
    int64_t as_of, struct pen_employed **out, size_t *count, struct pen_error *error)
{
	struct entering entering = { .store = store, .employer = employer };
	enum pen_status status;

	status = pen_folio__each_entered(store, "registration", begin, end, as_of, visit_registration, &entering, error);
	if (status == PEN_OK)
		status = pen_folio__each_entered(store, "movement", begin, end, as_of, visit_movement, &entering, error);
	return hand_over(status, &entering.list, out, count);
}

/* ------------------------------------------------------------ the detail -- */

static void take_detail(struct pen_statement *s, struct pen_employed_detail *detail)
{
	pen_people__text(s, 0, detail->id_number, sizeof(detail->id_number));
	pen_people__text(s, 1, detail->name, sizeof(detail->name));
	pen_people__text(s, 2, detail->status, sizeof(detail->status));
	pen_people__text(s, 3, detail->payer, sizeof(detail->payer));
	pen_people__text(s, 4, detail->basis, sizeof(detail->basis));
	detail->sex = (int)pen_db__int(s, 5);
	detail->born = (int32_t)pen_db__int(s, 6);
	detail->insured_on = (int32_t)pen_db__int(s, 7);
	detail->worked_on = (int32_t)pen_db__int(s, 8);
	detail->base_fen = pen_db__int(s, 9);
	detail->deemed_months = pen_db__int(s, 10);
	detail->sealed = pen_db__int(s, 11) != 0;
}

enum pen_status pen_employed__detail(struct pen_store *store, const struct pen_employed *employed, int64_t as_of,
    struct pen_employed_detail *detail, bool *found, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_EMPLOYED_DETAIL, &s, error);

	*found = false;
	*detail = (struct pen_employed_detail){ .sex = 0 };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", employed->person);
	pen_db__bind_int(s, ":employer", employed->employer);
	pen_db__bind_int(s, ":folio", employed->folio);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, found, error);
	if (status == PEN_OK && *found)
		take_detail(s, detail);
	pen_db__reset(s);
	return status;
}
