#include "adapter/db_bulk.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

/* Rows that one INSERT takes: opening and closing the table for each row costs as
 * much as writing it. OR FAIL, because the whole transaction is rolled back if one
 * fails, and a journal for the statement alone would be for nothing. */
#define BULK_ROWS 16

/* A name in double quotes, those within it doubled. */
static void quote(struct pen_text *sql, const char *name)
{
	pen_text__puts(sql, "\"");
	for (; *name; name++)
		pen_text__add(sql, *name == '"' ? "\"\"" : name, *name == '"' ? 2 : 1);
	pen_text__puts(sql, "\"");
}

/* INSERT OR FAIL INTO "table" ("a", "b") VALUES (?, ?), … */
static void compose(struct pen_text *sql, const char *table, const char *const *columns, size_t count, size_t rows)
{
	size_t i;

	pen_text__puts(sql, "INSERT OR FAIL INTO ");
	quote(sql, table);
	for (i = 0; i < count; i++) {
		pen_text__puts(sql, i ? ", " : " (");
		quote(sql, columns[i]);
	}
	pen_text__puts(sql, ") VALUES ");
	for (i = 0; i < rows * count; i++)
		pen_text__puts(sql, i % count ? ", ?" : i ? "), (?" : "(?");
	pen_text__puts(sql, ")");
}

/* Values go to their places in `many` as they come: numbers and nulls at once, unless
 * they are what stands there already, which half of most rows is; strings, copied to
 * bytes (i is the place), when the rows are written. bound[] is what stands where;
 * the first `filled` are those of rows that are not written yet. What is left at the
 * end goes by `one`. */
struct pen_bulk {
	struct pen_statement *many, *one;
	size_t count, filled;
	struct pen_value *bound;
	char *bytes;
	size_t n, room;
};

static enum pen_status prepare_insert(struct pen_db *db, const char *table, const char *const *columns, size_t count,
    size_t rows, struct pen_statement **insert, struct pen_error *error)
{
	struct pen_text sql = { 0 };
	enum pen_status status;

	compose(&sql, table, columns, count, rows);
	status = sql.failed ? pen_error__memory(error) : pen_db__prepare(db, sql.s, insert, error);
	pen_text__free(&sql);
	return status;
}

enum pen_status pen_db_bulk__open(struct pen_bulk **bulk, struct pen_db *db, const char *table,
    const char *const *columns, size_t count, struct pen_error *error)
{
	struct pen_bulk *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->count = count;
	/* All are null at first, and so are they in the statement. */
	made->bound = pen_memory__calloc(BULK_ROWS * count, sizeof(*made->bound));
	status = made->bound ? PEN_OK : pen_error__memory(error);
	if (status == PEN_OK)
		status = prepare_insert(db, table, columns, count, BULK_ROWS, &made->many, error);
	if (status == PEN_OK)
		status = prepare_insert(db, table, columns, count, 1, &made->one, error);
	if (status != PEN_OK) {
		pen_db_bulk__drop(made);
		return status;
	}
	*bulk = made;
	return PEN_OK;
}

static bool is_bound(const struct pen_value *bound, const struct pen_value *value)
{
	return value->type == bound->type &&
	    (value->type == PEN_NULL || (value->type == PEN_INTEGER && value->i == bound->i));
}

static bool has_bytes(const struct pen_value *value)
{
	return value->type == PEN_STRING || value->type == PEN_BYTES;
}

/* Where the bytes of a value lie, now that they lie still. */
static struct pen_value settled(const struct pen_bulk *bulk, struct pen_value value)
{
	if (has_bytes(&value))
		value.s = bulk->bytes + value.i;
	return value;
}

static enum pen_status write_many(struct pen_bulk *bulk, struct pen_error *error)
{
	for (size_t i = 0; i < bulk->filled; i++) {
		struct pen_value value = settled(bulk, bulk->bound[i]);

		if (has_bytes(&value))
			pen_db__bind_value(bulk->many, (int)i + 1, &value);
	}
	return pen_db__run(bulk->many, error);
}

/* The row whose values begin there. */
static enum pen_status write_one(struct pen_bulk *bulk, size_t first, struct pen_error *error)
{
	for (size_t i = 0; i < bulk->count; i++) {
		struct pen_value value = settled(bulk, bulk->bound[first + i]);

		pen_db__bind_value(bulk->one, (int)i + 1, &value);
	}
	return pen_db__run(bulk->one, error);
}

enum pen_status pen_db_bulk__flush(struct pen_bulk *bulk, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	assert(bulk->filled % bulk->count == 0);
	if (bulk->filled == BULK_ROWS * bulk->count)
		status = write_many(bulk, error);
	else
		for (size_t i = 0; status == PEN_OK && i < bulk->filled; i += bulk->count)
			status = write_one(bulk, i, error);
	bulk->filled = 0;
	bulk->n = 0;
	return status;
}

/* Copies the bytes of a value; its place stands in for where they are. */
static bool keep_bytes(struct pen_bulk *bulk, struct pen_value *value)
{
	size_t room = bulk->room ? bulk->room : 4096;
	char *grown;

	if (bulk->n + value->n > bulk->room) {
		while (room < bulk->n + value->n)
			room *= 2;
		grown = pen_memory__realloc(bulk->bytes, room, 1);
		if (!grown)
			return false;
		bulk->bytes = grown;
		bulk->room = room;
	}
	if (value->n)
		memcpy(bulk->bytes + bulk->n, value->s, value->n);
	value->i = (int64_t)bulk->n;
	bulk->n += value->n;
	return true;
}

enum pen_status pen_db_bulk__add(struct pen_bulk *bulk, const struct pen_value *values, size_t n, struct pen_error *error)
{
	for (size_t i = 0; i < n; i++) {
		struct pen_value *bound = &bulk->bound[bulk->filled++];

		if (is_bound(bound, &values[i]))
			continue;
		*bound = values[i];
		if (!has_bytes(bound))
			pen_db__bind_value(bulk->many, (int)bulk->filled, bound);
		else if (!keep_bytes(bulk, bound))
			return pen_error__memory(error);
	}
	return bulk->filled < BULK_ROWS * bulk->count ? PEN_OK : pen_db_bulk__flush(bulk, error);
}

enum pen_status pen_db_bulk__row(struct pen_bulk *bulk, const struct pen_value *values, struct pen_error *error)
{
	return pen_db_bulk__add(bulk, values, bulk->count, error);
}

enum pen_status pen_db_bulk__end(struct pen_bulk *bulk, struct pen_error *error)
{
	enum pen_status status = pen_db_bulk__flush(bulk, error);

	pen_db_bulk__drop(bulk);
	return status;
}

void pen_db_bulk__drop(struct pen_bulk *bulk)
{
	if (!bulk)
		return;
	pen_db__finalize(bulk->many);
	pen_db__finalize(bulk->one);
	pen_memory__free(bulk->bound);
	pen_memory__free(bulk->bytes);
	pen_memory__free(bulk);
}
