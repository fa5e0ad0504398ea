#include "store/nodes.h"

#include <string.h>

enum pen_status pen_nodes__keep(struct pen_store *store, int64_t folio, int level, int64_t number,
    const unsigned char hash[PEN_DIGEST_SIZE], struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_NODES_KEEP, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":level", level);
	pen_db__bind_int(statement, ":number", number);
	pen_db__bind_bytes(statement, ":hash", hash, PEN_DIGEST_SIZE);
	return pen_db__run(statement, error);
}

enum pen_status pen_nodes__find(struct pen_store *store, int64_t folio, int level, int64_t number,
    unsigned char hash[PEN_DIGEST_SIZE], bool *found, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_NODES_FIND, &statement, error);
	const void *kept;
	size_t n = 0;
	bool row;

	*found = false;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":level", level);
	pen_db__bind_int(statement, ":number", number);
	status = pen_db__step(statement, &row, error);
	kept = status == PEN_OK && row ? pen_db__bytes(statement, 0, &n) : NULL;
	*found = kept != NULL && n == PEN_DIGEST_SIZE;
	if (*found)
		memcpy(hash, kept, PEN_DIGEST_SIZE);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_nodes__count(struct pen_store *store, int64_t folio, int64_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_NODES_COUNT, &statement, error);
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row)
		*count = pen_db__int(statement, 0);
	pen_db__reset(statement);
	return status;
}
