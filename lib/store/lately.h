/* What was entered since an entry of the journal: its folios and batches, and whether
 * a finding is about one of them. */
#ifndef PEN_STORE_LATELY_H
#define PEN_STORE_LATELY_H

#include "store/store.h"

/* Invariant: folio and batch are sorted. It starts as {0} and ends in _drop. `from` is
 * the first entry that counts. */
struct pen_lately {
	int64_t from;
	int64_t *folio, *batch;
	size_t folios, batches;
};

/* The first entry that a --since names: an index, or a day (local; the first entry of
 * it). *named is false if it is neither, and then perhaps a file. PEN_USAGE: beyond the
 * journal. */
enum pen_status pen_lately__from(struct pen_store *store, const char *since, int64_t *from, bool *named,
    struct pen_error *error);

/* The folios and batches of which anything was entered from `from` on: staged, held,
 * answered, confirmed, sealed, ended; what is being staged too. */
enum pen_status pen_lately__read(struct pen_lately *lately, struct pen_store *store, int64_t from, struct pen_error *error);
void pen_lately__drop(struct pen_lately *lately);

/* Whether a finding counts: by the entry that it is about (-1: none), else its folio,
 * else its batch (0: none). What is about none of them counts always. */
bool pen_lately__holds(const struct pen_lately *lately, int64_t entry, int64_t folio, int64_t batch);

#endif
