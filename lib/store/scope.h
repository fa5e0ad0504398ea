/* What a verification is narrowed to: one employer, or one person; the folios in
 * which something of theirs stands. */
#ifndef PEN_STORE_SCOPE_H
#define PEN_STORE_SCOPE_H

#include "store/store.h"

/* Invariant: either employer or person is 0; folio and batch are sorted, each once.
 * It starts as {0} and ends in _drop. */
struct pen_scope {
	int64_t employer, person;
	int64_t *folio, *batch;
	size_t folios, batches;
};

/* By credit code or citizen id; PEN_USAGE: there is no such. as_of is the newest
 * entry that counts. */
enum pen_status pen_scope__of_employer(struct pen_scope *scope, struct pen_store *store, const char *credit_code,
    int64_t as_of, struct pen_error *error);
enum pen_status pen_scope__of_person(struct pen_scope *scope, struct pen_store *store, const char *id,
    int64_t as_of, struct pen_error *error);
void pen_scope__drop(struct pen_scope *scope);

bool pen_scope__has_folio(const struct pen_scope *scope, int64_t folio);
bool pen_scope__has_batch(const struct pen_scope *scope, int64_t batch);

/* Whether a finding is within the scope: it names its person or employer, or, if
 * neither, a folio or a batch in which they stand. 0: it names none. */
bool pen_scope__holds(const struct pen_scope *scope, int64_t person, int64_t employer, int64_t folio, int64_t batch);

#endif
