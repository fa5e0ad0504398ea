#include "store/cosigner.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

void pen_cosigner__name(struct pen_store *store, const char *staff, char out[PEN_COSIGNER_ROOM])
{
	snprintf(out, PEN_COSIGNER_ROOM, "%s/%s", pen_store__identity(store)->origin, staff);
}

/* ---- a line of a note ---- */

struct reading {
	struct pen_store *store;
	const char *note;
	pen_cosigner_visit *visit;
	void *context;
};

/* Whether the line is by this key of the person, and then whether it holds. */
static enum pen_status try_key(struct reading *reading, const char *pem, const struct pen_note_line *line,
    struct pen_cosigner *cosigner, struct pen_error *error)
{
	enum pen_suite suite = pen_store__suite(reading->store);
	struct pen_key *key = NULL;
	unsigned char id[4];
	bool holds;
	enum pen_status status = pen_signature__read_public(&key, suite, pem, strlen(pem), error);

	if (status == PEN_INPUT)
		return PEN_OK;	/* a key that is none any more is told elsewhere */
	if (status == PEN_OK)
		status = pen_cosignature__key_id(suite, cosigner->name, key, id, error);
	if (status == PEN_OK && line->n >= 4 && memcmp(id, line->stamp, 4) == 0) {
		status = pen_cosignature__holds(key, reading->note, line, &holds, &cosigner->time, error);
		cosigner->state = holds ? PEN_COSIGNER_HOLDS : PEN_COSIGNER_BROKEN;
	}
	pen_signature__free(key);
	return status;
}

static enum pen_status try_keys(struct reading *reading, const struct pen_note_line *line,
    struct pen_cosigner *cosigner, struct pen_error *error)
{
	struct pen_statement *s;
	const char *pem;
	bool row;
	enum pen_status status = pen_store__sql(reading->store, PEN_SQL_COSIGNER_KEYS, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_text(s, ":staff", cosigner->staff);
	while (cosigner->state == PEN_COSIGNER_STRANGER && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		pem = pen_db__text(s, 0);
		status = try_key(reading, pem ? pem : "", line, cosigner, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status visit_line(void *context, const struct pen_note_line *line, struct pen_error *error)
{
	struct reading *reading = context;
	const char *origin = pen_store__identity(reading->store)->origin;
	struct pen_cosigner cosigner = { .state = PEN_COSIGNER_STRANGER };
	enum pen_status status = PEN_OK;
	size_t n = strlen(origin);

	snprintf(cosigner.name, sizeof(cosigner.name), "%.*s", (int)(line->name_n < 150 ? line->name_n : 150), line->name);
	if (strcmp(cosigner.name, origin) == 0)
		cosigner.state = PEN_COSIGNER_LOG;
	else if (strncmp(cosigner.name, origin, n) == 0 && cosigner.name[n] == '/') {
		snprintf(cosigner.staff, sizeof(cosigner.staff), "%s", cosigner.name + n + 1);
		status = try_keys(reading, line, &cosigner, error);
	}
	return status == PEN_OK ? reading->visit(reading->context, &cosigner, error) : status;
}

enum pen_status pen_cosigner__each(struct pen_store *store, const char *note, size_t n,
    pen_cosigner_visit *visit, void *context, struct pen_error *error)
{
	struct reading reading = { .store = store, .note = note, .visit = visit, .context = context };

	return pen_note__each(note, n, visit_line, &reading, error);
}

/* ---- what somebody cosigned ---- */

enum pen_status pen_cosigner__newest(struct pen_store *store, const char *staff, int64_t *size, struct pen_error *error)
{
	struct pen_statement *s;
	const char *subject;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_COSIGNER_NEWEST, &s, error);

	*size = -1;
	if (status != PEN_OK)
		return status;
	pen_db__bind_text(s, ":staff", staff);
	status = pen_db__step(s, &row, error);
	subject = status == PEN_OK && row ? pen_db__text(s, 0) : NULL;
	if (subject && strncmp(subject, "checkpoint ", 11) == 0)
		*size = strtoll(subject + 11, NULL, 10);
	pen_db__reset(s);
	return status;
}
