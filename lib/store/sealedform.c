#include "store/sealedform.h"

#include "base/error.h"
#include "store/folio.h"

#define SLICE 2048	/* rows read at once: well under a tenth of a second */
#define LOCKED 8192	/* rows that small folios are read together with, under one lock */

/* `rows` were read since the lock was taken. */
struct reading {
	struct pen_session *session;
	const struct pen_sealedform *source;
	int64_t as_of;
	void *context;
	bool locked;		/* a read transaction of our own is open */
	int64_t rows;
};

static struct pen_db *db_of(const struct reading *reading)
{
	return pen_store__db(reading->session->store);
}

/* To take the lock anew for each folio costs as much as to read some dozens of rows. */
static enum pen_status lock(struct reading *reading, struct pen_error *error)
{
	enum pen_status status;

	if (reading->locked || pen_db__in_transaction(db_of(reading)))
		return PEN_OK;
	status = pen_db__begin_read(db_of(reading), error);
	reading->locked = status == PEN_OK;
	reading->rows = 0;
	return status;
}

static void unlock(struct reading *reading)
{
	if (reading->locked)
		pen_db__rollback(db_of(reading));
	reading->locked = false;
}

/* Steps through what is bound; *count rows came, the last of them at *person, *line. */
static enum pen_status read_rows(struct reading *reading, struct pen_statement *s, int *count, int64_t *person, int64_t *line,
    struct pen_error *error)
{
	enum pen_status status;
	bool row;

	for (*count = 0; (status = pen_db__step(s, &row, error)) == PEN_OK && row; ++*count) {
		*person = pen_db__int(s, PEN_SEALEDFORM_PERSON);
		*line = pen_db__int(s, PEN_SEALEDFORM_LINE);
		status = reading->source->take(reading->context, s, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status read_slice(struct reading *reading, const struct pen_folio *folio, int *count, int64_t *person, int64_t *line,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(reading->session->store, reading->source->bulk, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", folio->id);
	if (folio->employer)
		pen_db__bind_int(s, ":employer", folio->employer);
	pen_db__bind_int(s, ":sealed", folio->sealed_at);
	pen_db__bind_int(s, ":person", *person);
	pen_db__bind_int(s, ":line", *line);
	pen_db__bind_int(s, ":as_of", reading->as_of);
	pen_db__bind_int(s, ":most", SLICE);
	return read_rows(reading, s, count, person, line, error);
}

static enum pen_status read_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	int64_t person = INT64_MIN, line = INT64_MIN;
	enum pen_status status;
	int count = SLICE;

	if (folio->state != PEN_FOLIO_SEALED || folio->sealed_at <= reading->source->after)
		return PEN_OK;
	if (pen_session__stopped(reading->session))
		return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped; nothing was written"));
	status = lock(reading, error);
	while (status == PEN_OK && count == SLICE) {
		status = read_slice(reading, folio, &count, &person, &line, error);
		reading->rows += count;
	}
	if (reading->rows >= LOCKED)
		unlock(reading);
	return status;
}

static enum pen_status read_one(struct reading *reading, int64_t person, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(reading->session->store, reading->source->one, &s, error);
	int64_t at, line;
	int count;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", reading->as_of);
	return read_rows(reading, s, &count, &at, &line, error);
}

enum pen_status pen_sealedform__read(struct pen_session *session, const struct pen_sealedform *source, int64_t as_of,
    int64_t person, void *context, struct pen_error *error)
{
	struct reading reading = { .session = session, .source = source, .as_of = as_of, .context = context };
	enum pen_status status;

	if (person)
		return read_one(&reading, person, error);
	status = pen_folio__each_visible(session->store, source->form, source->period, 0, as_of, read_folio, &reading, error);
	unlock(&reading);
	return status;
}
