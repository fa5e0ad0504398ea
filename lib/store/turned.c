#include "store/turned.h"

#include "base/encode.h"
#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>

/* A row as a line: ["reject",3,120,"base","base.cap",…] and LF. */
static void put_row(struct pen_text *line, struct pen_statement *row)
{
	struct pen_value value;
	int i;

	for (i = 0; i < pen_db__columns(row); i++) {
		pen_text__puts(line, i ? "," : "[");
		value = pen_db__value(row, i);
		if (value.type == PEN_INTEGER)
			pen_text__printf(line, "%" PRId64, value.i);
		else
			pen_text__json(line, value.s, value.n);
	}
	pen_text__puts(line, "]\n");
}

static enum pen_status add_rows(struct pen_store *store, enum pen_sql which, int64_t batch,
    struct pen_digest *running, struct pen_error *error)
{
	struct pen_text line = { NULL, 0, 0, false };
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		pen_text__clear(&line);
		put_row(&line, s);
		if (line.failed) {
			status = pen_error__memory(error);
			break;
		}
		pen_digest__add(running, line.s, line.n);
	}
	pen_db__reset(s);
	pen_text__free(&line);
	return status;
}

enum pen_status pen_turned__digest(struct pen_store *store, int64_t batch, char digest[PEN_DIGEST_HEX],
    struct pen_error *error)
{
	struct pen_digest *running = pen_digest__new(pen_store__suite(store));
	unsigned char out[PEN_DIGEST_SIZE];
	enum pen_status status;

	if (running == NULL)
		return pen_error__memory(error);
	pen_digest__start(running);
	status = add_rows(store, PEN_SQL_TURNED_REJECTS, batch, running, error);
	if (status == PEN_OK)
		status = add_rows(store, PEN_SQL_TURNED_REPAIRS, batch, running, error);
	pen_digest__end(running, out);
	pen_encode__hex(out, sizeof(out), digest);
	pen_digest__free(running);
	return status;
}
