/* A folio's rows against those that were made again, from the source that the store
 * kept or by computing: this names the record where a root only says that there is
 * one. */
#ifndef PEN_STORE_ROWMATCH_H
#define PEN_STORE_ROWMATCH_H

#include "store/batch.h"
#include "store/folio.h"
#include "store/rows.h"
#include "store/walk.h"

/* What is compared: the folio, and its rows as they should be, in storage order.
 * `row`, `rows` and `none` are how a finding calls what was expected. */
struct pen_rowmatch {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	const struct pen_folio *folio;
	const struct pen_kind *kind;
	const char *rule;		/* under which rows are reported */
	const char *row, *rows, *none;
	pen_rows_supply *supply;
	void *context;
};

/* Reports every row that differs, is missing or was added, up to a hundred. */
enum pen_status pen_rowmatch__rows(const struct pen_rowmatch *match, struct pen_error *error);
/* Reports a root that is not that of the rows as they should be, which are supplied
 * once more. A folio without a root has none to compare. */
enum pen_status pen_rowmatch__root(const struct pen_rowmatch *match, struct pen_error *error);

#endif
