#include "store/sealedrows.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/rootwalk.h"

#include <inttypes.h>
#include <string.h>

/* A number of the folio's record, or a sum of money, against what its rows come
 * to. */
static enum pen_status compare_sum(struct pen_walk *walk, const struct pen_folio *folio, const char *field,
    int64_t kept, int64_t made, bool *differs, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_folio(folio);
	char found[24], expected[24];

	if (kept == made)
		return PEN_OK;
	*differs = true;
	if (strcmp(field, "rows") == 0) {
		snprintf(found, sizeof(found), "%" PRId64, made);
		snprintf(expected, sizeof(expected), "%" PRId64, kept);
	} else {
		pen_money__format(made, found);
		pen_money__format(kept, expected);
	}
	return pen_walk__report_of(walk, &key,
	    &(struct pen_walk_place){ "seal.sums", field, found, expected, folio->batch, 0 }, error,
	    _("folio %" PRId64 " (%s%s%s) of batch %" PRId64), folio->id, folio->form,
	    folio->credit_code[0] ? " " : "", folio->credit_code, folio->batch);
}

static enum pen_status report_root(struct pen_walk *walk, const struct pen_folio *folio,
    const struct pen_roots_sum *sum, int64_t first_bad, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_folio(folio);
	bool root = strcmp(folio->root, sum->root) != 0;
	char from[64] = "";

	if (!root && first_bad < 0)
		return PEN_OK;
	if (first_bad >= 0)
		snprintf(from, sizeof(from), _(", from row %" PRId64 " on"), first_bad + 1);
	return pen_walk__report_of(walk, &key, &(struct pen_walk_place){ root ? "seal.root" : "seal.nodes", root ? "root" : "hash",
	    root ? sum->root : _("nodes that are not those of the rows"),
	    root ? folio->root : _("the nodes kept with the root"), folio->batch, 0 }, error,
	    _("folio %" PRId64 " (%s%s%s) of batch %" PRId64 "%s"), folio->id, folio->form,
	    folio->credit_code[0] ? " " : "", folio->credit_code, folio->batch, from);
}

/* Opened when there is a folio, so that what hinders it is told of the folio. */
struct pen_sealedrows {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	pen_sealedrows_told *told;
	void *context;
	struct pen_rootwalk *roots;
};

static enum pen_status compare_folio(struct pen_walk *walk, const struct pen_rootwalk_result *result, bool *differs,
    struct pen_error *error)
{
	const struct pen_folio *folio = result->folio;
	enum pen_status status = report_root(walk, folio, &result->sum, result->first_bad, error);

	*differs = strcmp(folio->root, result->sum.root) != 0;
	if (status == PEN_OK)
		status = compare_sum(walk, folio, "rows", folio->rows, result->sum.rows, differs, error);
	if (status == PEN_OK)
		status = compare_sum(walk, folio, "unit_fen", folio->unit_fen, result->sum.unit_fen, differs, error);
	if (status == PEN_OK)
		status = compare_sum(walk, folio, "personal_fen", folio->personal_fen, result->sum.personal_fen, differs, error);
	return status;
}

static enum pen_status take_result(void *context, const struct pen_rootwalk_result *result, struct pen_error *error)
{
	struct pen_sealedrows *rows = context;
	struct pen_walk *walk = rows->walk;
	bool differs = result->status == PEN_INTEGRITY;
	char record[64];
	enum pen_status status;

	if (result->status == PEN_OK) {
		walk->folios++;
		walk->leaves += result->sum.rows;
		status = compare_folio(walk, result, &differs, error);
	} else {
		snprintf(record, sizeof(record), _("folio %" PRId64 " of batch %" PRId64), result->folio->id, rows->batch->id);
		status = pen_walk__damage(walk, result->status, "seal.root", rows->batch->id, record, error);
	}
	return status == PEN_OK && rows->told != NULL ? rows->told(rows->context, result->folio, differs, error) : status;
}

enum pen_status pen_sealedrows__open(struct pen_sealedrows **rows, struct pen_walk *walk, const struct pen_batch *batch,
    pen_sealedrows_told *told, void *context, struct pen_error *error)
{
	struct pen_sealedrows *made = pen_memory__calloc(1, sizeof(*made));

	if (made == NULL)
		return pen_error__memory(error);
	*made = (struct pen_sealedrows){ .walk = walk, .batch = batch, .told = told, .context = context };
	*rows = made;
	return PEN_OK;
}

enum pen_status pen_sealedrows__add(struct pen_sealedrows *rows, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_rootwalk_result none = { .folio = folio, .first_bad = -1 };

	if (rows->roots == NULL)
		none.status = pen_rootwalk__open(&rows->roots, rows->walk->session->store, rows->batch, false, take_result, rows, error);
	return none.status == PEN_OK ? pen_rootwalk__add(rows->roots, folio, error) : take_result(rows, &none, error);
}

enum pen_status pen_sealedrows__end(struct pen_sealedrows *rows, struct pen_error *error)
{
	return rows->roots == NULL ? PEN_OK : pen_rootwalk__end(rows->roots, error);
}

void pen_sealedrows__close(struct pen_sealedrows *rows)
{
	if (rows == NULL)
		return;
	pen_rootwalk__close(rows->roots);
	pen_memory__free(rows);
}

enum pen_status pen_sealedrows__folios(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, struct pen_error *error)
{
	struct pen_sealedrows *rows = NULL;
	enum pen_status status = pen_sealedrows__open(&rows, walk, batch, NULL, NULL, error);
	size_t i;

	for (i = 0; i < count && status == PEN_OK; i++)
		status = pen_sealedrows__add(rows, &folios[i], error);
	if (status == PEN_OK)
		status = pen_sealedrows__end(rows, error);
	pen_sealedrows__close(rows);
	return status;
}
