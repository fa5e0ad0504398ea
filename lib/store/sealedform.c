#include "store/sealedform.h"

#include "adapter/db_scan.h"
#include "base/error.h"
#include "store/folio.h"

#include <assert.h>

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

/* A slice under way: how many rows came, and where the last one stands. */
struct slice { const struct reading *reading; int count; int64_t person, line; };

static enum pen_status pass_on(void *context, const struct pen_value *values, struct pen_error *error)
{
	struct slice *slice = context;

	slice->count++;
	slice->person = values[PEN_SEALEDFORM_PERSON].i;
	slice->line = values[PEN_SEALEDFORM_LINE].i;
	return slice->reading->source->take(slice->reading->context, values, error);
}

/* What lies behind the slice, which becomes that. */
static enum pen_status read_slice(struct reading *reading, const struct pen_folio *folio, struct slice *slice, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__scan(reading->session->store, reading->source->bulk, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", folio->id);
	if (folio->employer)
		pen_db__bind_int(s, ":employer", folio->employer);
	pen_db__bind_int(s, ":sealed", folio->sealed_at);
	pen_db__bind_int(s, ":person", slice->person);
	pen_db__bind_int(s, ":line", slice->line);
	pen_db__bind_int(s, ":as_of", reading->as_of);
	pen_db__bind_int(s, ":most", SLICE);
	slice->count = 0;
	return pen_db_scan__run(s, pass_on, slice, error);
}

static enum pen_status read_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct reading *reading = context;
	struct slice slice = { .reading = reading, .count = SLICE, .person = INT64_MIN, .line = INT64_MIN };
	enum pen_status status;

	if (folio->state != PEN_FOLIO_SEALED || folio->sealed_at <= reading->source->after)
		return PEN_OK;
	if (pen_session__stopped(reading->session))
		return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped; nothing was written"));
	status = lock(reading, error);
	while (status == PEN_OK && slice.count == SLICE) {
		status = read_slice(reading, folio, &slice, error);
		reading->rows += slice.count;
	}
	if (reading->rows >= LOCKED)
		unlock(reading);
	return status;
}

void pen_sealedform__values(struct pen_statement *row, struct pen_value values[PEN_SEALEDFORM_MOST])
{
	int i, count = pen_db__columns(row);

	assert(count <= PEN_SEALEDFORM_MOST);
	for (i = 0; i < count; i++)
		values[i] = pen_db__value(row, i);
}

/* Of several folios, and in their order: the engine may have to sort. */
static enum pen_status read_one(struct reading *reading, int64_t person, struct pen_error *error)
{
	struct pen_value values[PEN_SEALEDFORM_MOST];
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(reading->session->store, reading->source->one, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", reading->as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		pen_sealedform__values(s, values);
		status = reading->source->take(reading->context, values, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
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
