/* Parameter tables: put in force, and listed. */
#include "store/session.h"
#include "adapter/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/printer.h"

#include <string.h>

#define TABLE_LARGEST ((size_t)16 << 20)
#define COLUMNS 10

static const char *const stewards[] = { "syslead", "head", NULL };

/* ---- loading ---- */

/* A table is named by its file, "interest" by interest.csv. */
static enum pen_status table_name(const char *path, char name[64], struct pen_error *error)
{
	const char *file = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t n = strlen(file);

	if (n > 4 && strcmp(file + n - 4, ".csv") == 0)
		n -= 4;
	if (n > 0 && n < 64 && strspn(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") >= n && file[0] != '.') {
		memcpy(name, file, n);
		name[n] = '\0';
		return PEN_OK;
	}
	pen_error__set(error, PEN_USAGE, "parameters.name",
	    _("a table goes by its file's name: expected letters, digits, '.', '_' and '-', such as interest.csv"));
	return pen_error__at(error, path, 0, NULL);
}

/* Whether this very table is in force already. */
struct looking { const char *name, *digest; int64_t at; bool dry_run; };

static enum pen_status look(void *context, const struct pen_settings_table *table, struct pen_error *error)
{
	struct looking *looking = context;

	(void)error;
	if (strcmp(table->name, looking->name) == 0 && strcmp(table->digest, looking->digest) == 0)
		looking->at = table->at;
	return PEN_OK;
}

static enum pen_status put_in_force(struct pen_session *session, struct looking *table,
    const char *csv, size_t n, struct pen_error *error)
{
	char subject[80], body[PEN_DIGEST_HEX + 16], digest[PEN_DIGEST_HEX];
	struct pen_db *db = pen_store__db(session->store);

	snprintf(subject, sizeof(subject), "parameters %s", table->name);
	snprintf(body, sizeof(body), "{\"digest\":\"%s\"}", table->digest);
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (pen_session__act(session, "parameters.load", subject, body, true, &table->at, error) != PEN_OK)
		goto err0;
	if (pen_settings__load(session->store, table->name, csv, n, table->at, digest, error) != PEN_OK)
		goto err0;
	if (table->dry_run)
		pen_db__rollback(db);
	else if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

static enum pen_status load(struct pen_session *session, struct looking *table,
    const char *csv, size_t n, struct pen_error *error)
{
	int64_t size;

	if (pen_journal__size(session->store, &size, error) != PEN_OK)
		return error->status;
	if (pen_settings__each_table(session->store, size, look, table, error) != PEN_OK)
		return error->status;
	return table->at >= 0 ? PEN_OK : put_in_force(session, table, csv, n, error);
}

static void print_table(const struct looking *table, struct pen_printer *printer)
{
	const struct pen_item items[] = {
		PEN_I_TEXT("name", NULL, table->name),
		PEN_I_TEXT("digest", NULL, table->digest),
		PEN_I_INT("at", NULL, table->at),
		PEN_I_FLAG("dry_run", _("dry run"), table->dry_run)
	};

	pen_printer__one(printer, "parameters", NULL, PEN_ITEMS(items), PEN_OK);
}

enum pen_status pen_parameters_load(struct pen_session *session, const char *path, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	char name[64], digest[PEN_DIGEST_HEX], *csv;
	struct looking table = { name, digest, -1, dry_run };
	enum pen_status status;
	size_t n;

	if (table_name(path, name, error) != PEN_OK || pen_session__writable(session, error) != PEN_OK)
		return error->status;
	if (pen_session__require(session, stewards, NULL, "R3", "parameters.load", error) != PEN_OK)
		return error->status;
	if (pen_file__load(path, TABLE_LARGEST, &csv, &n, error) != PEN_OK)
		return error->status;
	status = pen_store__digest(session->store, csv, n, digest, error);
	if (status == PEN_OK)
		status = load(session, &table, csv, n, error);
	if (status == PEN_OK)
		print_table(&table, printer);
	pen_memory__free(csv);
	return status;
}

/* ---- listing ---- */

/* What is listed: all the tables, or (with `name`) one, whose digest is looked
 * for. `titled` once a table's own header has gone by. */
struct listing {
	struct pen_session *session;
	struct pen_printer *printer;
	const char *name;
	char digest[PEN_DIGEST_HEX];
	bool titled;
	int64_t rows;
	struct pen_arena *arena;
};

static enum pen_status list_table(void *context, const struct pen_settings_table *table, struct pen_error *error)
{
	struct listing *listing = context;
	char time[21];

	if (listing->name) {
		if (strcmp(table->name, listing->name) == 0)
			snprintf(listing->digest, sizeof(listing->digest), "%s", table->digest);
		return PEN_OK;
	}
	if (pen_journal__time(listing->session->store, table->at, time, error) != PEN_OK)
		return error->status;
	pen_printer__row(listing->printer, "table", PEN_ITEMS(((const struct pen_item[]){
		PEN_I_TEXT("name", NULL, table->name), PEN_I_TEXT("digest", NULL, table->digest),
		PEN_I_INT("at", NULL, table->at), PEN_I_TEXT("time", NULL, time) })));
	listing->rows++;
	return PEN_OK;
}

/* A row of a table, under the titles that every table has. */
static enum pen_status list_row(void *context, const struct pen_csv_field *fields,
    size_t count, long line, int64_t byte, struct pen_error *error)
{
	static const char *const keys[COLUMNS] = {
		"name", "area", "category", "valid_from", "valid_to", "value", "unit", "source", "verified", "note"
	};
	struct listing *listing = context;
	struct pen_item items[COLUMNS];
	size_t i;

	(void)line;
	(void)byte;
	if (count == 0 || !listing->titled) {
		listing->titled |= count > 0;
		return PEN_OK;
	}
	pen_memory__reset(listing->arena);
	for (i = 0; i < COLUMNS; i++) {
		items[i] = (struct pen_item)PEN_I_TEXT(keys[i], NULL, "");
		if (i < count)
			items[i].s = pen_memory__copy(listing->arena, fields[i].s, fields[i].n);
		if (!items[i].s)
			return pen_error__memory(error);
	}
	pen_printer__row(listing->printer, "parameter", PEN_ITEMS(items));
	listing->rows++;
	return PEN_OK;
}

static enum pen_status list_rows(struct listing *listing, struct pen_error *error)
{
	enum pen_status status;
	struct pen_csv *csv;
	char *bytes;
	size_t n;

	if (pen_blob__load(listing->session->store, listing->digest, &bytes, &n, error) != PEN_OK)
		return error->status;
	status = pen_csv__open(&csv, ',', list_row, listing, error);
	if (status == PEN_OK) {
		status = pen_csv__feed(csv, bytes, n, error);
		if (status == PEN_OK)
			status = pen_csv__finish(csv, error);
		pen_csv__close(csv);
	}
	pen_memory__free(bytes);
	return status;
}

static enum pen_status list(struct listing *listing, int64_t at, struct pen_error *error)
{
	enum pen_status status;

	status = pen_settings__each_table(listing->session->store, at, list_table, listing, error);
	if (status != PEN_OK || !listing->name)
		return status;
	if (!listing->digest[0])
		return pen_error__set(error, PEN_USAGE, "parameters.unknown",
		    _("no table \"%s\" is in force: pen-admin param list names those that are"), listing->name);
	return list_rows(listing, error);
}

enum pen_status pen_parameters_list(struct pen_session *session, const char *name, const char *as_of,
    struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .session = session, .printer = printer, .name = name };
	enum pen_status status;
	int64_t at;

	if (pen_journal__as_of(session->store, as_of, &at, error) != PEN_OK)
		return error->status;
	listing.arena = pen_memory__arena();
	if (!listing.arena)
		return pen_error__memory(error);
	pen_printer__open_table(printer, "parameters", NULL, NULL);
	status = list(&listing, at, error);
	if (status == PEN_OK)
		pen_printer__close_table(printer, PEN_ITEMS(((const struct pen_item[]){
			PEN_I_INT("rows", NULL, listing.rows) })), PEN_OK);
	pen_memory__drop(listing.arena);
	return status;
}
