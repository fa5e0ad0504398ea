#include "store/runlog.h"

#include "base/error.h"
#include "base/text.h"
#include "store/blob.h"

#include <inttypes.h>
#include <string.h>

#define SLICE 100	/* entries at a time, as the statement's LIMIT says */
#define TEXT_LONGEST ((size_t)4000)	/* bytes of one text; what is longer is a paper */
#define HEAD 7		/* columns before those of enum pen_runlog_column, of one that is read */

/* How the body of the act binds a column: short ones as they are, long ones by their
 * digest. */
static const struct { const char *name; bool by_digest; } columns[PEN_RUNLOG_COLUMNS] = {
	[PEN_RUNLOG_AGENCY] = { "agency", false }, [PEN_RUNLOG_CLAUSE] = { "clause", false },
	[PEN_RUNLOG_CLEARED] = { "cleared", true }, [PEN_RUNLOG_CORRECTS] = { "corrects", false },
	[PEN_RUNLOG_CUT_OFF] = { "cut_off", false }, [PEN_RUNLOG_DOCUMENT] = { "document", false },
	[PEN_RUNLOG_ENTRIES] = { "entries", false }, [PEN_RUNLOG_EQUIPMENT] = { "equipment", true },
	[PEN_RUNLOG_FAULTS] = { "faults", true }, [PEN_RUNLOG_FINDINGS] = { "findings", false },
	[PEN_RUNLOG_FOLLOWS] = { "follows", false }, [PEN_RUNLOG_FOUND] = { "found", true },
	[PEN_RUNLOG_MEASURES] = { "measures", true }, [PEN_RUNLOG_NOTE] = { "note", true },
	[PEN_RUNLOG_ON_DATE] = { "on_date", false }, [PEN_RUNLOG_POINTS] = { "points", false },
	[PEN_RUNLOG_PORTS] = { "ports", true }, [PEN_RUNLOG_REPORTED_TO] = { "reported_to", true },
	[PEN_RUNLOG_SERVERS] = { "servers", true }, [PEN_RUNLOG_UNIT] = { "unit", true },
	[PEN_RUNLOG_UNTIL_DATE] = { "until_date", false },
};

/* ------------------------------------------------------------- entering -- */

enum pen_status pen_runlog__say(struct pen_runlog *entry, enum pen_runlog_column column, const char *option,
    const char *text, struct pen_error *error)
{
	size_t n = text ? strlen(text) : 0, bad, i;

	if (n == 0)
		return PEN_OK;
	pen_text__trim(&text, &n);
	if (n == 0)
		return pen_error__set(error, PEN_USAGE, "log.blank", _("--%s is blank: say it, or leave the option out"), option);
	if (n > TEXT_LONGEST)
		return pen_error__set(error, PEN_USAGE, "log.long",
		    _("--%s has %zu bytes, at most %zu are taken: put it on a paper, and name that with --document"), option, n, TEXT_LONGEST);
	if (!pen_text__is_utf8(text, n, &bad))
		return pen_error__set(error, PEN_USAGE, "log.utf8", _("--%s is not UTF-8 from byte %zu on"), option, bad + 1);
	for (i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return pen_error__set(error, PEN_USAGE, "log.line",
			    _("--%s goes over more than one line, or holds a control character: write it on one line"), option);
	entry->v[column] = pen_value__string(text, n);
	return PEN_OK;
}

static enum pen_status add_to_body(struct pen_session *session, struct pen_body *body, int column,
    const struct pen_value *value, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX];

	if (value->type == PEN_INTEGER)
		pen_entry__body_int(body, columns[column].name, value->i);
	else if (value->type == PEN_STRING && !columns[column].by_digest)
		pen_entry__body_text(body, columns[column].name, value->s);
	else if (value->type == PEN_STRING) {
		if (pen_store__digest(session->store, value->s, value->n, digest, error) != PEN_OK)
			return error->status;
		pen_entry__body_text(body, columns[column].name, digest);
	}
	return PEN_OK;
}

/* What the document is kept as, among the keys in their order. */
static enum pen_status add_kept(struct pen_session *session, struct pen_body *body, const struct pen_runlog *entry,
    struct pen_error *error)
{
	const struct pen_value *document = &entry->v[PEN_RUNLOG_DOCUMENT];
	char kept[PEN_BLOB_TITLE];

	if (document->type != PEN_STRING)
		return PEN_OK;
	if (pen_blob__title(session->store, document->s, kept, error) != PEN_OK)
		return error->status;
	pen_entry__body_text(body, "kept", kept);
	return PEN_OK;
}

static enum pen_status act(struct pen_session *session, struct pen_runlog *entry, struct pen_error *error)
{
	char name[32], subject[40];
	enum pen_status status = PEN_OK;
	struct pen_body body;
	const char *text;
	int i;

	snprintf(name, sizeof(name), "log.%s", entry->kind);
	snprintf(subject, sizeof(subject), "log %" PRId64, entry->id);
	pen_entry__body_open(&body);
	for (i = 0; i < PEN_RUNLOG_COLUMNS && status == PEN_OK; i++) {
		if (i == PEN_RUNLOG_MEASURES)
			status = add_kept(session, &body, entry, error);
		if (status == PEN_OK)
			status = add_to_body(session, &body, i, &entry->v[i], error);
	}
	if (status == PEN_OK) {
		text = pen_entry__body_close(&body);
		status = text ? pen_session__act(session, name, subject, text, false, &entry->at, error)
		    : pen_error__memory(error);
	}
	pen_entry__body_free(&body);
	return status;
}

enum pen_status pen_runlog__enter(struct pen_session *session, struct pen_runlog *entry, struct pen_error *error)
{
	const struct pen_value kind = pen_value__string(entry->kind, strlen(entry->kind));
	struct pen_value id, at;
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(session->store, PEN_SQL_RUNLOG_NEXT, &s, error);
	bool row;
	int i;

	if (status == PEN_OK)
		status = pen_db__step(s, &row, error);
	if (status != PEN_OK)
		return status;
	entry->id = row ? pen_db__int(s, 0) : 1;
	pen_db__reset(s);
	status = act(session, entry, error);
	if (status == PEN_OK)
		status = pen_store__sql(session->store, PEN_SQL_RUNLOG_ENTER, &s, error);
	if (status != PEN_OK)
		return status;
	id = pen_value__integer(entry->id);
	at = pen_value__integer(entry->at);
	pen_db__bind_value(s, 1, &id);
	pen_db__bind_value(s, 2, &kind);
	pen_db__bind_value(s, 3, &at);
	for (i = 0; i < PEN_RUNLOG_COLUMNS; i++)
		pen_db__bind_value(s, 4 + i, &entry->v[i]);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status;
}

/* -------------------------------------------------------------- reading -- */

/* A copy in the arena; NULL for null, and where there is no memory (*failed). */
static const char *keep(struct pen_arena *arena, const char *text, bool *failed)
{
	const char *copy = text ? pen_memory__copy(arena, text, strlen(text)) : NULL;

	*failed |= text && !copy;
	return copy;
}

static enum pen_status take(struct pen_statement *s, struct pen_arena *arena, struct pen_runlog *entry,
    struct pen_error *error)
{
	bool failed = false;
	int i;

	*entry = (struct pen_runlog){ .id = pen_db__int(s, 0), .at = pen_db__int(s, 2), .corrected_by = pen_db__int(s, 6) };
	entry->kind = keep(arena, pen_db__text(s, 1), &failed);
	entry->staff = keep(arena, pen_db__text(s, 3), &failed);
	entry->name = keep(arena, pen_db__text(s, 4), &failed);
	entry->time = keep(arena, pen_db__text(s, 5), &failed);
	for (i = 0; i < PEN_RUNLOG_COLUMNS; i++) {
		entry->v[i] = pen_db__value(s, HEAD + i);
		if (entry->v[i].type == PEN_STRING) {
			entry->v[i].s = pen_memory__copy(arena, entry->v[i].s, entry->v[i].n);
			failed |= entry->v[i].s == NULL;
		}
	}
	return failed ? pen_error__memory(error) : PEN_OK;
}

enum pen_status pen_runlog__find(struct pen_store *store, int64_t id, struct pen_arena *arena,
    struct pen_runlog *entry, bool *found, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RUNLOG_FIND, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":id", id);
	status = pen_db__step(s, found, error);
	if (status == PEN_OK && *found)
		status = take(s, arena, entry, error);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_runlog__of_day(struct pen_store *store, const struct pen_runlog *like, int64_t after,
    int64_t *id, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RUNLOG_OF_DAY, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_text(s, ":kind", like->kind);
	pen_db__bind_int(s, ":on", like->v[PEN_RUNLOG_ON_DATE].i);
	pen_db__bind_text(s, ":agency", like->v[PEN_RUNLOG_AGENCY].s);
	pen_db__bind_int(s, ":after", after);
	status = pen_db__step(s, &row, error);
	*id = status == PEN_OK && row ? pen_db__int(s, 0) : 0;
	pen_db__reset(s);
	return status;
}

bool pen_runlog__same(const struct pen_runlog *a, const struct pen_runlog *b)
{
	int i;

	for (i = 0; i < PEN_RUNLOG_COLUMNS; i++)
		if (!pen_value__equal(&a->v[i], &b->v[i]))
			return false;
	return strcmp(a->kind, b->kind) == 0;
}

/* The next entries after one of a day; read to the end of the statement, so that a
 * visit may use the store. */
static enum pen_status read_slice(struct pen_store *store, const struct pen_runlog_choice *choice,
    const struct pen_runlog *last, struct pen_arena *arena, struct pen_runlog entries[SLICE], size_t *count,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RUNLOG_EACH, &s, error);
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_text(s, ":kind", choice->kind);
	pen_db__bind_int(s, ":on", last->v[PEN_RUNLOG_ON_DATE].i);
	pen_db__bind_int(s, ":after", last->id);
	pen_db__bind_int(s, ":until", choice->until);
	pen_db__bind_int(s, ":as_of", choice->as_of);
	while (status == PEN_OK && *count < SLICE && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		status = take(s, arena, &entries[(*count)++], error);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_runlog__each(struct pen_store *store, const struct pen_runlog_choice *choice,
    pen_runlog_visit *visit, void *context, struct pen_error *error)
{
	struct pen_runlog *entries = pen_memory__calloc(SLICE, sizeof(*entries));
	struct pen_arena *arena = pen_memory__arena();
	struct pen_runlog last = { .id = 0, .v[PEN_RUNLOG_ON_DATE] = pen_value__integer(choice->since) };
	enum pen_status status = entries && arena ? PEN_OK : pen_error__memory(error);
	size_t count = SLICE, i;

	while (status == PEN_OK && count == SLICE) {
		pen_memory__reset(arena);
		status = read_slice(store, choice, &last, arena, entries, &count, error);
		for (i = 0; status == PEN_OK && i < count; i++)
			status = visit(context, &entries[i], error);
		if (count > 0)
			last = entries[count - 1];
	}
	pen_memory__free(entries);
	pen_memory__drop(arena);
	return status;
}

enum pen_status pen_runlog__last(struct pen_store *store, const char *kind, int32_t *on, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RUNLOG_LAST, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_text(s, ":kind", kind);
	status = pen_db__step(s, &row, error);
	*on = status == PEN_OK && row ? (int32_t)pen_db__int(s, 0) : 0;
	pen_db__reset(s);
	return status;
}
