#include "store/rejects_enter.h"
#include "adapter/db_bulk.h"

#include <string.h>

static struct pen_value text(const char *s)
{
	return pen_value__string(s, strlen(s));
}

/* Where rows go, and under which batch. */
struct entering { struct pen_bulk *bulk; struct pen_store *store; int64_t batch, parent, matched; };

/* What is left is written, unless something failed before. */
static enum pen_status end_bulk(struct pen_bulk *bulk, enum pen_status status, struct pen_error *error)
{
	if (!status)
		return pen_db_bulk__end(bulk, error);
	pen_db_bulk__drop(bulk);
	return status;
}

/* -------------------------------------------------------------- rejects -- */

static enum pen_status enter_reject(struct entering *entering, const struct pen_reject *reject, struct pen_error *error)
{
	const struct pen_value values[] = {
		pen_value__integer(entering->batch), pen_value__integer(reject->line), pen_value__integer(reject->byte),
		text(reject->title), text(reject->rule), text(reject->found), text(reject->expected), text(reject->message)
	};

	return pen_db_bulk__row(entering->bulk, values, error);
}

static enum pen_status enter_rejects(struct entering *entering, struct pen_rejects *rejects, struct pen_error *error)
{
	static const char *const columns[] = {
		"batch", "line", "byte", "column_name", "rule", "found", "expected", "message"
	};
	const struct pen_reject *reject = NULL;
	struct pen_rejects_walk *walk;
	enum pen_status status = pen_rejects__walk(&walk, rejects, error);

	if (status)
		return status;
	status = pen_db_bulk__open(&entering->bulk, pen_store__db(entering->store), "reject", columns, 8, error);
	if (status)
		goto out;
	do {
		status = pen_rejects__next(walk, &reject, error);
		if (!status && reject)
			status = enter_reject(entering, reject, error);
	} while (!status && reject);
	status = end_bulk(entering->bulk, status, error);
out:
	pen_rejects__close(walk);
	return status;
}

/* -------------------------------------------------------------- repairs -- */

static enum pen_status enter_repair(void *context, const struct pen_rejects_repair *repair, struct pen_error *error)
{
	const struct entering *entering = context;
	const struct pen_value values[] = {
		pen_value__integer(entering->batch), pen_value__integer(repair->line), text(repair->title),
		text(repair->code), pen_value__string(repair->old, repair->n)
	};

	return pen_db_bulk__row(entering->bulk, values, error);
}

static enum pen_status enter_repairs(struct entering *entering, struct pen_rejects *rejects, struct pen_error *error)
{
	static const char *const columns[] = { "batch", "line", "column_name", "code", "old" };
	enum pen_status status;

	status = pen_db_bulk__open(&entering->bulk, pen_store__db(entering->store), "repair", columns, 5, error);
	if (status)
		return status;
	status = pen_rejects__each_repair(rejects, enter_repair, entering, error);
	return end_bulk(entering->bulk, status, error);
}

/* ---------------------------------------------------------------- tries -- */

/* A reject of a batch came in mended. */
static enum pen_status mark(struct pen_store *store, int64_t by, int64_t batch, int64_t line, int64_t *marked,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REJECTS_ENTER_AMEND, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", by);
	pen_db__bind_int(s, ":parent", batch);
	pen_db__bind_int(s, ":line", line);
	status = pen_db__run(s, error);
	*marked = status ? 0 : pen_db__changes(pen_store__db(store));
	return status;
}

/* The line that a reject was a try at, and its batch; batch 0: it was none. */
static enum pen_status go_before(struct pen_store *store, int64_t *batch, int64_t *line, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_REJECTS_ENTER_BEFORE, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", *batch);
	pen_db__bind_int(s, ":line", *line);
	status = pen_db__step(s, &row, error);
	*batch = !status && row ? pen_db__int(s, 0) : 0;
	*line = !status && row ? pen_db__int(s, 1) : 0;
	pen_db__reset(s);
	return status;
}

/* What comes in counts down the parent, and whatever that was a try at before;
 * what is rejected again is remembered as the try that it was. */
static enum pen_status enter_try(void *context, const struct pen_rejects_try *tried, struct pen_error *error)
{
	struct entering *entering = context;
	const struct pen_value values[] = {
		pen_value__integer(entering->batch), pen_value__integer(tried->line), pen_value__integer(tried->parent_line)
	};
	int64_t of = entering->parent, line = tried->parent_line, marked = 0;
	enum pen_status status = PEN_OK;

	if (tried->rejected)
		return pen_db_bulk__row(entering->bulk, values, error);
	for (; !status && of; status = status ? status : go_before(entering->store, &of, &line, error)) {
		status = mark(entering->store, entering->batch, of, line, &marked, error);
		entering->matched += of == entering->parent ? marked : 0;
	}
	return status;
}

static enum pen_status enter_tries(struct entering *entering, struct pen_rejects *rejects, struct pen_error *error)
{
	static const char *const columns[] = { "batch", "line", "parent_line" };
	enum pen_status status;

	status = pen_db_bulk__open(&entering->bulk, pen_store__db(entering->store), "retry", columns, 3, error);
	if (status)
		return status;
	status = pen_rejects__each_try(rejects, enter_try, entering, error);
	return end_bulk(entering->bulk, status, error);
}

enum pen_status pen_rejects_enter__batch(struct pen_rejects *rejects, struct pen_store *store, int64_t batch,
    int64_t parent, int64_t *matched, struct pen_error *error)
{
	struct entering entering = { .store = store, .batch = batch, .parent = parent };
	enum pen_status status = enter_rejects(&entering, rejects, error);

	if (!status)
		status = enter_repairs(&entering, rejects, error);
	if (!status && parent)
		status = enter_tries(&entering, rejects, error);
	*matched = entering.matched;
	return status;
}
