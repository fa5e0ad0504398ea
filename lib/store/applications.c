#include "store/applications.h"

#include "base/error.h"
#include "store/rows.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define SLICE 256	/* fields at a time, as the statement's LIMIT says */

/* -------------------------------------------------------------- writing -- */

/* Hands out the records and fields of a list as an application has them. */
struct giving {
	enum pen_status (*record)(void *context, const struct pen_application_record *record, struct pen_error *error);
	enum pen_status (*field)(void *context, const struct pen_application_field *field, struct pen_error *error);
	void *context;
};

static struct pen_application_record record_of(const struct pen_amended *amended, int64_t number)
{
	const bool stands = amended->old.kind != NULL;

	return (struct pen_application_record){
		.number = number, .folio = stands ? amended->folio : 0, .subject = amended->new.v[PEN_SUBJECT].i,
		.line = stands ? amended->old.v[PEN_LINE].i : 0, .employer = amended->employer, .period = amended->period,
		.kind = amended->kind->name, .form = amended->form,
	};
}

/* Of a missing record every column that is not null is new. */
static bool is_named(const struct pen_amended *amended, int column)
{
	if (amended->old.kind == NULL)
		return amended->new.v[column].type != PEN_NULL;
	return (amended->set | amended->follow) & 1u << column;
}

static enum pen_status give_fields(const struct pen_amended *amended, int64_t number, const struct giving *giving,
    struct pen_error *error)
{
	const struct pen_value none = pen_value__null();
	struct pen_text old = { 0 }, new = { 0 };
	struct pen_application_field field = { .record = number };
	enum pen_status status = PEN_OK;
	int i;

	for (i = PEN_LINE + 1; i < amended->kind->count && status == PEN_OK; i++) {
		if (!is_named(amended, i))
			continue;
		pen_text__clear(&old);
		pen_text__clear(&new);
		pen_amended__scalar(&old, amended->old.kind ? &amended->old.v[i] : &none);
		pen_amended__scalar(&new, &amended->new.v[i]);
		if (old.failed || new.failed) {
			status = pen_error__memory(error);
			break;
		}
		field.number++;
		field.name = amended->kind->columns[i].name;
		field.old = old.s;
		field.new = new.s;
		field.follows = !(amended->set & 1u << i);
		status = giving->field(giving->context, &field, error);
	}
	pen_text__free(&old);
	pen_text__free(&new);
	return status;
}

static enum pen_status give(const struct pen_amendeds *amended, const struct giving *giving, struct pen_error *error)
{
	struct pen_application_record record;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < amended->count && status == PEN_OK; i++) {
		record = record_of(&amended->at[i], (int64_t)i + 1);
		status = giving->record(giving->context, &record, error);
		if (status == PEN_OK)
			status = give_fields(&amended->at[i], record.number, giving, error);
	}
	return status;
}

static enum pen_status tell_record(void *context, const struct pen_application_record *record, struct pen_error *error)
{
	(void)error;
	pen_application__record(context, record);
	return PEN_OK;
}

static enum pen_status tell_field(void *context, const struct pen_application_field *field, struct pen_error *error)
{
	(void)error;
	pen_application__field(context, field);
	return PEN_OK;
}

enum pen_status pen_applications__text(struct pen_store *store, const struct pen_application *application,
    const struct pen_amendeds *amended, struct pen_text *text, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	const struct giving giving = { tell_record, tell_field, text };

	pen_application__head(text, application);
	if (give(amended, &giving, error) != PEN_OK)
		return error->status;
	if (text->failed)
		return pen_error__memory(error);
	return pen_store__digest(store, text->s, text->n, digest, error);
}

/* Where the rows go to. */
struct entering { struct pen_store *store; int64_t amendment, revision; };

static void bind_or_null(struct pen_statement *s, const char *name, int64_t value)
{
	if (value)
		pen_db__bind_int(s, name, value);
	else
		pen_db__bind_null(s, name);
}

static enum pen_status enter_record(void *context, const struct pen_application_record *record, struct pen_error *error)
{
	const struct entering *to = context;
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(to->store, PEN_SQL_APPLICATIONS_ENTER_RECORD, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":amendment", to->amendment);
	pen_db__bind_int(s, ":revision", to->revision);
	pen_db__bind_int(s, ":number", record->number);
	pen_db__bind_text(s, ":kind", record->kind);
	pen_db__bind_text(s, ":form", record->form);
	bind_or_null(s, ":folio", record->folio);
	pen_db__bind_int(s, ":subject", record->subject);
	bind_or_null(s, ":line", record->line);
	bind_or_null(s, ":employer", record->employer);
	pen_db__bind_int(s, ":period", record->period);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status;
}

static enum pen_status enter_field(void *context, const struct pen_application_field *field, struct pen_error *error)
{
	const struct entering *to = context;
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(to->store, PEN_SQL_APPLICATIONS_ENTER_FIELD, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":amendment", to->amendment);
	pen_db__bind_int(s, ":revision", to->revision);
	pen_db__bind_int(s, ":record", field->record);
	pen_db__bind_int(s, ":number", field->number);
	pen_db__bind_text(s, ":name", field->name);
	pen_db__bind_text(s, ":old", field->old);
	pen_db__bind_text(s, ":new", field->new);
	pen_db__bind_int(s, ":follows", field->follows);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_applications__enter(struct pen_store *store, const struct pen_application *application, int64_t at,
    const struct pen_text *text, const char *digest, const struct pen_amendeds *amended, struct pen_error *error)
{
	struct entering to = { store, application->amendment, application->revision };
	const struct giving giving = { enter_record, enter_field, &to };
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_APPLICATIONS_ENTER, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":amendment", application->amendment);
	pen_db__bind_int(s, ":revision", application->revision);
	pen_db__bind_int(s, ":at", at);
	pen_db__bind_text(s, ":text", text->s);
	pen_db__bind_text(s, ":digest", digest);
	pen_db__bind_text(s, ":reason", application->reason);
	pen_db__bind_text(s, ":original", application->original);
	pen_db__bind_text(s, ":evidence", application->evidence);
	status = pen_db__run(s, error);
	pen_db__reset(s);
	return status == PEN_OK ? give(amended, &giving, error) : status;
}

/* -------------------------------------------------------------- reading -- */

static const char *keep(struct pen_arena *arena, const char *text, bool *failed)
{
	const char *copy = text ? pen_memory__copy(arena, text, strlen(text)) : NULL;

	*failed |= text && !copy;
	return copy;
}

enum pen_status pen_applications__find(struct pen_store *store, int64_t amendment, int64_t revision, struct pen_arena *arena,
    struct pen_application_kept *kept, bool *found, struct pen_error *error)
{
	struct pen_application *head = &kept->head;
	struct pen_statement *s;
	bool failed = false;
	enum pen_status status = pen_store__sql(store, PEN_SQL_APPLICATIONS_FIND, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":amendment", amendment);
	pen_db__bind_int(s, ":revision", revision);
	status = pen_db__step(s, found, error);
	if (status == PEN_OK && *found) {
		kept->at = pen_db__int(s, 0);
		kept->text = keep(arena, pen_db__text(s, 1), &failed);
		kept->digest = keep(arena, pen_db__text(s, 2), &failed);
		*head = (struct pen_application){ .amendment = amendment, .revision = revision, .issue = pen_db__int(s, 9) };
		head->reason = keep(arena, pen_db__text(s, 3), &failed);
		head->original = keep(arena, pen_db__text(s, 4), &failed);
		head->evidence = keep(arena, pen_db__text(s, 5), &failed);
		head->form = keep(arena, pen_db__text(s, 6), &failed);
		head->agency = keep(arena, pen_db__text(s, 7), &failed);
		head->requested_by = keep(arena, pen_db__text(s, 8), &failed);
		status = failed ? pen_error__memory(error) : PEN_OK;
	}
	pen_db__reset(s);
	return status;
}

enum pen_status pen_applications__count(struct pen_store *store, int64_t amendment, int64_t revision, int64_t *records,
    int64_t *fields, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_APPLICATIONS_COUNT, &s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":amendment", amendment);
	pen_db__bind_int(s, ":revision", revision);
	status = pen_db__step(s, &row, error);
	*records = status == PEN_OK && row ? pen_db__int(s, 0) : 0;
	*fields = status == PEN_OK && row ? pen_db__int(s, 1) : 0;
	pen_db__reset(s);
	return status;
}

static enum pen_status take_line(struct pen_statement *s, struct pen_arena *arena, struct pen_application_line *line,
    struct pen_error *error)
{
	bool failed = false;

	line->record = (struct pen_application_record){
		.number = pen_db__int(s, 0), .folio = pen_db__int(s, 3), .subject = pen_db__int(s, 4), .line = pen_db__int(s, 5),
		.employer = pen_db__int(s, 6), .period = pen_db__int(s, 7),
	};
	line->record.kind = keep(arena, pen_db__text(s, 1), &failed);
	line->record.form = keep(arena, pen_db__text(s, 2), &failed);
	line->field = (struct pen_application_field){
		.record = line->record.number, .number = pen_db__int(s, 8), .follows = pen_db__int(s, 12),
	};
	line->field.name = keep(arena, pen_db__text(s, 9), &failed);
	line->field.old = keep(arena, pen_db__text(s, 10), &failed);
	line->field.new = keep(arena, pen_db__text(s, 11), &failed);
	return failed ? pen_error__memory(error) : PEN_OK;
}

/* The next lines behind one. */
static enum pen_status read_slice(struct pen_store *store, int64_t amendment, int64_t revision,
    const struct pen_application_line *last, struct pen_arena *arena, struct pen_application_line lines[SLICE], size_t *count,
    struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, PEN_SQL_APPLICATIONS_EACH, &s, error);

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":amendment", amendment);
	pen_db__bind_int(s, ":revision", revision);
	pen_db__bind_int(s, ":record", last->record.number);
	pen_db__bind_int(s, ":number", last->field.number);
	while (status == PEN_OK && *count < SLICE && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		status = take_line(s, arena, &lines[(*count)++], error);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_applications__each(struct pen_store *store, int64_t amendment, int64_t revision, pen_applications_visit *visit,
    void *context, struct pen_error *error)
{
	struct pen_application_line *lines = pen_memory__calloc(SLICE, sizeof(*lines));
	struct pen_arena *arena = pen_memory__arena();
	struct pen_application_line last = { .record.number = INT64_MIN };
	enum pen_status status = lines && arena ? PEN_OK : pen_error__memory(error);
	size_t count = SLICE, i;

	while (status == PEN_OK && count == SLICE) {
		pen_memory__reset(arena);
		status = read_slice(store, amendment, revision, &last, arena, lines, &count, error);
		for (i = 0; status == PEN_OK && i < count; i++) {
			lines[i].first = lines[i].record.number != last.record.number;
			last.record.number = lines[i].record.number;
			last.field.number = lines[i].field.number;
			status = visit(context, &lines[i], error);
		}
	}
	pen_memory__free(lines);
	pen_memory__drop(arena);
	return status;
}

/* -------------------------------------------------- back to what it asks -- */

/* The list being made; `form` is that of the last missing record. */
struct loading { struct pen_store *store; struct pen_amendeds *amended; struct pen_form *form; };

static enum pen_status gone(const struct pen_application_line *line, const char *what, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "amend.gone",
	    _("record %" PRId64 " of the application names %s, which there is not: run pen-verify"), line->record.number, what);
}

/* The row that a record names, copied to the list. */
static enum pen_status load_standing(struct loading *loading, const struct pen_kind *kind, const struct pen_application_line *line,
    struct pen_error *error)
{
	const struct pen_application_record *record = &line->record;
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open_subject(&rows, loading->store, kind, record->folio, record->subject, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row && row->v[PEN_LINE].i != record->line)
		;
	if (status == PEN_OK && row == NULL)
		status = gone(line, _("a row"), error);
	else if (status == PEN_OK && pen_amended__standing(loading->amended, record->form, record->folio, record->employer,
	    (int32_t)record->period, row) == NULL)
		status = pen_error__memory(error);
	pen_rows__close(rows);
	return status;
}

static enum pen_status load_missing(struct loading *loading, const struct pen_application_line *line, struct pen_error *error)
{
	const struct pen_application_record *record = &line->record;

	if (loading->form == NULL || strcmp(loading->form->name, record->form) != 0) {
		pen_form__free(loading->form);
		loading->form = NULL;
		if (pen_settings__form(NULL, record->form, &loading->form, NULL, error) != PEN_OK)
			return error->status;
	}
	if (pen_amended__missing(loading->amended, loading->form, record->subject, record->employer, (int32_t)record->period) == NULL)
		return pen_error__memory(error);
	return PEN_OK;
}

static enum pen_status load_field(struct loading *loading, const struct pen_application_line *line, struct pen_error *error)
{
	struct pen_amended *amended = &loading->amended->at[loading->amended->count - 1];
	struct pen_arena *arena = loading->amended->arena;
	const struct pen_application_field *field = &line->field;
	struct pen_value old;
	int i;

	for (i = PEN_LINE + 1; i < amended->kind->count; i++)
		if (strcmp(amended->kind->columns[i].name, field->name) == 0)
			break;
	if (i == amended->kind->count)
		return gone(line, field->name, error);
	if (pen_amended__value(arena, field->old, strlen(field->old), &old, error) != PEN_OK ||
	    pen_amended__value(arena, field->new, strlen(field->new), &amended->new.v[i], error) != PEN_OK)
		return error->status;
	if (amended->old.kind)
		amended->old.v[i] = old;
	if (field->follows)
		amended->follow |= 1u << i;
	else
		amended->set |= 1u << i;
	return PEN_OK;
}

static enum pen_status load_line(void *context, const struct pen_application_line *line, struct pen_error *error)
{
	struct loading *loading = context;
	const struct pen_kind *kind = pen_kind__named(line->record.kind);
	enum pen_status status = PEN_OK;

	if (kind == NULL)
		return gone(line, line->record.kind, error);
	if (line->first)
		status = line->record.folio ? load_standing(loading, kind, line, error) : load_missing(loading, line, error);
	return status == PEN_OK ? load_field(loading, line, error) : status;
}

enum pen_status pen_applications__load(struct pen_store *store, int64_t amendment, int64_t revision,
    struct pen_amendeds *amended, struct pen_error *error)
{
	struct loading loading = { .store = store, .amended = amended };
	enum pen_status status = pen_applications__each(store, amendment, revision, load_line, &loading, error);

	pen_form__free(loading.form);
	return status;
}
