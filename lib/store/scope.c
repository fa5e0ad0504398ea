#include "store/scope.h"

#include "base/memory.h"
#include "base/error.h"
#include "store/people.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* One more in both lists, whose room is a power of two. */
static enum pen_status add(struct pen_scope *scope, int64_t folio, int64_t batch, struct pen_error *error)
{
	size_t n = scope->folios;
	int64_t *folios, *batches;

	if ((n & (n - 1)) == 0) {
		folios = pen_memory__realloc(scope->folio, n ? n * 2 : 1, sizeof(*folios));
		if (folios)
			scope->folio = folios;
		batches = pen_memory__realloc(scope->batch, n ? n * 2 : 1, sizeof(*batches));
		if (batches)
			scope->batch = batches;
		if (!folios || !batches)
			return pen_error__memory(error);
	}
	scope->folio[scope->folios++] = folio;
	scope->batch[scope->batches++] = batch;
	return PEN_OK;
}

static void sort_batches(struct pen_scope *scope)
{
	size_t i, kept = 0;

	if (scope->batches)
		qsort(scope->batch, scope->batches, sizeof(*scope->batch), compare);
	for (i = 0; i < scope->batches; i++)
		if (!kept || scope->batch[kept - 1] != scope->batch[i])
			scope->batch[kept++] = scope->batch[i];
	scope->batches = kept;
}

static enum pen_status read_folios(struct pen_scope *scope, struct pen_store *store, enum pen_sql which,
    const char *parameter, int64_t number, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, parameter, number);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = add(scope, pen_db__int(s, 0), pen_db__int(s, 1), error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	sort_batches(scope);
	return status;
}

enum pen_status pen_scope__of_employer(struct pen_scope *scope, struct pen_store *store, const char *credit_code,
    int64_t as_of, struct pen_error *error)
{
	struct pen_business business;
	enum pen_status status = pen_people__employer(store, credit_code, as_of, &business, error);

	if (status != PEN_OK)
		return status;
	scope->employer = business.employer;
	return read_folios(scope, store, PEN_SQL_SCOPE_EMPLOYER, ":employer", business.employer, error);
}

enum pen_status pen_scope__of_person(struct pen_scope *scope, struct pen_store *store, const char *id,
    int64_t as_of, struct pen_error *error)
{
	struct pen_someone someone;
	enum pen_status status = pen_people__person(store, id, as_of, &someone, error);

	if (status != PEN_OK)
		return status;
	scope->person = someone.person;
	return read_folios(scope, store, PEN_SQL_SCOPE_PERSON, ":person", someone.person, error);
}

void pen_scope__drop(struct pen_scope *scope)
{
	pen_memory__free(scope->folio);
	pen_memory__free(scope->batch);
	*scope = (struct pen_scope){ 0 };
}

static bool has(const int64_t *list, size_t count, int64_t number)
{
	return count > 0 && bsearch(&number, list, count, sizeof(*list), compare) != NULL;
}

bool pen_scope__has_folio(const struct pen_scope *scope, int64_t folio)
{
	return has(scope->folio, scope->folios, folio);
}

bool pen_scope__has_batch(const struct pen_scope *scope, int64_t batch)
{
	return has(scope->batch, scope->batches, batch);
}

bool pen_scope__holds(const struct pen_scope *scope, int64_t person, int64_t employer, int64_t folio, int64_t batch)
{
	if (scope->person && person)
		return person == scope->person;
	if (scope->employer && employer)
		return employer == scope->employer;
	if (folio)
		return pen_scope__has_folio(scope, folio);
	return !person && !employer && pen_scope__has_batch(scope, batch);
}
