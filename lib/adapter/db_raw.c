#include "adapter/db_raw.h"

#include "adapter/db_engine.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#define RAW_TRIES 20		/* to find the log empty, in WAL mode */

/* Moves the log into the file. The engine does so outside a transaction only,
 * so the lock is let go for a moment; that nobody wrote in it shows in a log
 * that is still empty once the lock is back. */
static enum pen_status empty_log(struct pen_db *db, struct pen_error *error)
{
	for (int i = 0; i < RAW_TRIES; i++) {
		sqlite3_int64 left = 0;
		sqlite3_file *log;
		enum pen_status status;
		int rc;

		pen_db__rollback(db);
		rc = sqlite3_wal_checkpoint_v2(db->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		status = rc == SQLITE_OK ? pen_db__begin_write(db, error) : pen_db__fail(db, rc, error);
		if (status != PEN_OK)
			return status;
		sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
		rc = log->pMethods->xFileSize(log, &left);
		if (rc != SQLITE_OK)
			return pen_db__fail(db, rc, error);
		if (!left)
			return PEN_OK;
	}
	return pen_db__fail(db, SQLITE_BUSY, error);
}

enum pen_status pen_db_raw__begin(struct pen_db *db, int64_t *size, int *page_size, struct pen_error *error)
{
	sqlite3_file *file;
	sqlite3_int64 found;
	char journal[16];
	enum pen_status status;
	int rc;

	assert(pen_db__in_transaction(db) && !db->raw);
	status = pen_db__ask(db, "PRAGMA journal_mode", journal, sizeof journal, error);
	if (status == PEN_OK && strcmp(journal, "wal") == 0)
		status = empty_log(db, error);
	if (status == PEN_OK)
		status = pen_db__ask_int(db, "PRAGMA page_size", page_size, error);
	if (status != PEN_OK)
		return status;
	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	rc = file->pMethods->xFileSize(file, &found);
	if (rc != SQLITE_OK)
		return pen_db__fail(db, rc, error);
	*size = found;
	db->raw = file;
	return PEN_OK;
}

enum pen_status pen_db_raw__read(struct pen_db *db, int64_t offset, void *buf, size_t n, struct pen_error *error)
{
	int rc;

	assert(db->raw && pen_db__in_transaction(db) && n <= INT_MAX);
	rc = db->raw->pMethods->xRead(db->raw, buf, (int)n, offset);
	return rc == SQLITE_OK ? PEN_OK : pen_db__fail(db, rc, error);
}

void pen_db_raw__end(struct pen_db *db)
{
	db->raw = NULL;
}
