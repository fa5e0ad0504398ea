#include "store/lastroll.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"
#include "store/sealedform.h"

#include <assert.h>
#include <stdlib.h>

enum { FOLIO = 0, OWN = PEN_SEALEDFORM_OWN };

/* `reader` is a session of the other core's own: two do not share one connection. `thread`
 * is NULL when there is none to wait for. */
struct pen_lastroll {
	struct pen_session reader;
	int32_t month;
	int64_t as_of;
	struct pen_thread *thread;
	struct pen_lastroll_line *line;
	size_t count;
};

static struct pen_payment_before before_of(const struct pen_value *v)
{
	return (struct pen_payment_before){
		.month = (int32_t)v[OWN].i, .since = (int32_t)v[OWN + 1].i, .regular_fen = v[OWN + 2].i,
		.once_total_fen = v[OWN + 3].i, .due_total_fen = v[OWN + 4].i, .paid_total_fen = v[OWN + 5].i,
		.overpaid_fen = v[OWN + 6].i, .drawn_total_fen = v[OWN + 7].type == PEN_NULL ? -1 : v[OWN + 7].i,
	};
}

static enum pen_status take_payment(void *context, const struct pen_value *v, struct pen_error *error)
{
	struct pen_lastroll *roll = context;
	struct pen_lastroll_line *grown = pen_memory__more(roll->line, roll->count, sizeof(*grown));

	if (grown == NULL)
		return pen_error__memory(error);
	roll->line = grown;
	roll->line[roll->count++] = (struct pen_lastroll_line){ v[PEN_SEALEDFORM_PERSON].i, v[FOLIO].i, before_of(v) };
	return PEN_OK;
}

static enum pen_status read(void *context, struct pen_error *error)
{
	struct pen_lastroll *roll = context;
	const struct pen_sealedform payments = { "roll", roll->month, PEN_SQL_LASTROLL_PAYMENTS, 0, -1, take_payment };

	return pen_sealedform__read(&roll->reader, &payments, roll->as_of, 0, roll, error);
}

/* The other core tells nobody how far it is, and asks whether to stop. */
static enum pen_status start(struct pen_lastroll *roll, const struct pen_session *session, struct pen_error *error)
{
	struct pen_store *store;
	enum pen_status status;

	assert(!pen_db__in_transaction(pen_store__db(session->store)));
	status = pen_store__open(&store, pen_store__dir(session->store), false, error);
	if (status != PEN_OK)
		return status;
	roll->reader = *session;
	roll->reader.store = store;
	roll->reader.options.progress = NULL;
	return pen_thread__start(&roll->thread, read, roll, error);
}

enum pen_status pen_lastroll__begin(struct pen_lastroll **roll, const struct pen_session *session, int32_t month, int64_t as_of,
    struct pen_error *error)
{
	struct pen_lastroll *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (made == NULL)
		return pen_error__memory(error);
	made->month = month;
	made->as_of = as_of;
	status = start(made, session, error);
	if (status != PEN_OK) {
		pen_lastroll__free(made);
		return status;
	}
	*roll = made;
	return PEN_OK;
}

static enum pen_status join(struct pen_lastroll *roll, struct pen_error *error)
{
	struct pen_thread *thread = roll->thread;

	roll->thread = NULL;
	return pen_thread__join(thread, error);
}

static int by_person(const void *a, const void *b)
{
	int64_t x = ((const struct pen_lastroll_line *)a)->person, y = ((const struct pen_lastroll_line *)b)->person;

	return (x > y) - (x < y);
}

/* Most often it is in order already: people are numbered as their employers brought them. */
static bool is_ordered(const struct pen_lastroll *roll)
{
	size_t i;

	for (i = 1; i < roll->count; i++)
		if (roll->line[i - 1].person > roll->line[i].person)
			return false;
	return true;
}

enum pen_status pen_lastroll__lines(struct pen_lastroll *roll, const struct pen_lastroll_line **lines, size_t *count,
    struct pen_error *error)
{
	enum pen_status status = join(roll, error);

	if (status != PEN_OK)
		return status;
	if (!is_ordered(roll))
		qsort(roll->line, roll->count, sizeof(*roll->line), by_person);
	*lines = roll->line;
	*count = roll->count;
	return PEN_OK;
}

void pen_lastroll__free(struct pen_lastroll *roll)
{
	struct pen_error ignored;

	if (roll == NULL)
		return;
	join(roll, &ignored);
	pen_store__close(roll->reader.store);
	pen_memory__free(roll->line);
	pen_memory__free(roll);
}

enum pen_status pen_lastroll__newest(struct pen_store *store, int64_t person, int64_t employer, int32_t month, int64_t as_of,
    struct pen_payment_before *before, struct pen_error *error)
{
	struct pen_value v[PEN_SEALEDFORM_MOST];
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_LASTROLL_NEWEST, &s, error);
	bool row;

	*before = (struct pen_payment_before){ .month = 0 };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	if (employer)
		pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":month", month);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		pen_sealedform__values(s, v);
		*before = before_of(v);
	}
	pen_db__reset(s);
	return status;
}
