/* What the files of the seam share and nobody else sees: the engine's own handles, and how
 * its failures are told. */
#ifndef PEN_ADAPTER_DB_ENGINE_H
#define PEN_ADAPTER_DB_ENGINE_H

#include "adapter/db.h"

#include <sqlite3.h>

struct pen_db {
	sqlite3 *handle;
	char engine[64];
	sqlite3_file *raw;	/* between pen_db_raw__begin and _end */
	bool may_scan;		/* the function of scans is there */
	struct pen_db_looking *looking;	/* the scan under way; NULL: none */
};

/* Invariant: `failed` is SQLITE_OK, or what a call that returns no status met
 * since the last reset; the next step reports it. */
struct pen_statement {
	struct pen_db *db;
	sqlite3_stmt *handle;
	int failed;
	bool scans;		/* stepped through by pen_db_scan__run alone */
};

/* What the engine's code means, in its last message unless that is of another call. */
enum pen_status pen_db__fail(struct pen_db *db, int rc, struct pen_error *error);

/* The first column of the first row, cut to the room; "" where there is none. */
enum pen_status pen_db__ask(struct pen_db *db, const char *sql, char *out, size_t room, struct pen_error *error);
enum pen_status pen_db__ask_int(struct pen_db *db, const char *sql, int *out, struct pen_error *error);

#endif
