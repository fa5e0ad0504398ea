/* Cases of amendment to look at: which there are, what each asks for and went
 * through, and its papers. */
#include "base/error.h"
#include "base/text.h"
#include "model/printer.h"
#include "store/applications.h"
#include "store/blob.h"
#include "store/payee.h"
#include "store/people.h"
#include "store/session.h"

#include <inttypes.h>
#include <string.h>

/* A reading, with an entry before its first byte and one at its end (R7.5). */
struct reading {
	struct pen_session *session;
	struct pen_printer *printer;
	const char *subject;
	int64_t rows;
};

static enum pen_status begin(struct reading *reading, struct pen_error *error)
{
	return pen_session__note(reading->session, "amend.read.begin", reading->subject, NULL, error);
}

static enum pen_status finish(struct reading *reading, struct pen_error *error)
{
	struct pen_body body;
	const char *text;
	enum pen_status status;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "rows", reading->rows);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__note(reading->session, "amend.read", reading->subject, text, error) : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

/* What a case is called that nobody has acted on since its time was over. */
static const char *state_of(const struct pen_case *looked)
{
	return pen_amendment__state_name(pen_cases__is_expired(looked) ? PEN_AMENDMENT_EXPIRED : looked->state);
}

static const char *next_of(const struct pen_case *looked)
{
	const enum pen_amendment_state state = pen_cases__is_expired(looked) ? PEN_AMENDMENT_EXPIRED : looked->state;

	return pen_amendment__is_over(state) ? NULL : pen_amendment__next(looked->form, state);
}

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

/* ---------------------------------------------------------------- list -- */

struct listing { struct reading reading; const char *state; };

static enum pen_status list_case(void *context, const struct pen_case *visited, struct pen_error *error)
{
	struct listing *listing = context;
	struct pen_store *store = listing->reading.session->store;
	struct pen_arena *arena = pen_memory__arena();
	struct pen_application_kept kept = { .at = 0 };
	int64_t records = 0, fields;
	char time[21] = "";
	bool found = false;
	enum pen_status status = arena ? PEN_OK : pen_error__memory(error);

	if (status == PEN_OK && listing->state && strcmp(listing->state, state_of(visited)) != 0)
		goto out;
	if (status == PEN_OK)
		status = pen_applications__find(store, visited->id, visited->revision, arena, &kept, &found, error);
	if (status == PEN_OK)
		status = pen_applications__count(store, visited->id, visited->revision, &records, &fields, error);
	if (status == PEN_OK)
		status = pen_journal__time(store, visited->at, time, error);
	if (status != PEN_OK)
		goto out;
	const struct pen_item row[] = {
		PEN_I_INT("case", _("case"), visited->id),
		PEN_I_TEXT("form", _("form"), pen_amendment__form_name(visited->form)),
		PEN_I_TEXT("state", _("state"), state_of(visited)),
		PEN_I_TEXT("agency", _("agency"), visited->agency),
		PEN_I_TEXT("requested_by", _("by"), visited->requested_by),
		PEN_I_TEXT("requested_at", _("requested"), time),
		PEN_I_INT("revision", _("revision"), visited->revision),
		PEN_I_INT("records", _("records"), records),
		PEN_I_TEXT("reason", _("reason"), found ? kept.head.reason : NULL),
		PEN_I_TEXT("open_until", _("open until"), or_null(visited->open_until)),
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = visited->batch, .null = !visited->batch },
		PEN_I_TEXT("next", _("next"), next_of(visited)),
	};

	pen_printer__row(listing->reading.printer, "case", PEN_ITEMS(row));
	listing->reading.rows++;
out:
	pen_memory__drop(arena);
	return status;
}

/* Where a state is asked for that follows from the clock, all cases are looked at. */
static const char *stored_state(const char *state)
{
	return state && strcmp(state, "unsealed") != 0 && strcmp(state, "expired") != 0 ? state : NULL;
}

enum pen_status pen_casebook_list(struct pen_session *session, const char *state, const char *form,
    struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .reading = { session, printer, "cases", 0 }, .state = state };
	struct pen_cases_choice choice = { .state = stored_state(state), .of_form = form != NULL };
	enum pen_amendment_state known;
	enum pen_status status;

	if (form && !pen_amendment__form_named(form, &choice.form))
		return pen_error__set(error, PEN_USAGE, "amend.form", _("--form is '%s'; expected change, rebuild-account or objection"), form);
	if (state && !pen_amendment__state_named(state, &known))
		return pen_error__set(error, PEN_USAGE, "amend.states", _("--state is '%s', which is none; pen-amend(1) lists them"), state);
	status = begin(&listing.reading, error);
	if (status != PEN_OK)
		return status;
	pen_printer__open_table(printer, "cases", _("Cases of amendment"), NULL);
	status = pen_cases__each(session->store, &choice, list_case, &listing, error);
	if (status == PEN_OK)
		status = finish(&listing.reading, error);
	const struct pen_item summary[] = { PEN_I_INT("rows", _("cases"), listing.reading.rows) };
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
	return status;
}

/* ---------------------------------------------------------------- show -- */

struct showing { struct reading reading; char id_number[32], name[256], code[32]; };

/* Whose record it is, as known now. */
static enum pen_status look_up(struct showing *showing, const struct pen_kind *kind, const struct pen_application_record *record,
    struct pen_error *error)
{
	struct pen_store *store = showing->reading.session->store;
	struct pen_someone someone = { .person = 0 };
	struct pen_business business = { .employer = 0 };
	const int64_t employer = kind->of_people ? record->employer : record->subject;
	enum pen_status status = PEN_OK;

	if (kind->of_people)
		status = pen_payee__name(store, record->subject, INT64_MAX, &someone, error);
	if (status == PEN_OK && employer)
		status = pen_people__business(store, employer, INT64_MAX, &business, error);
	snprintf(showing->id_number, sizeof(showing->id_number), "%s", someone.id_number);
	snprintf(showing->name, sizeof(showing->name), "%s", kind->of_people ? someone.name : business.name);
	snprintf(showing->code, sizeof(showing->code), "%s", business.credit_code);
	return status;
}

/* A JSON scalar as people read the column; NULL for null. */
static enum pen_status readable(struct pen_arena *arena, const struct pen_kind *kind, int column, const char *json, char *out, size_t room,
    const char **text, struct pen_error *error)
{
	struct pen_value value;

	if (pen_amended__value(arena, json, strlen(json), &value, error) != PEN_OK)
		return error->status;
	*text = value.type == PEN_NULL ? NULL : column < 0 ? json : pen_kind__show(kind, column, &value, out, room);
	return PEN_OK;
}

static int column_named(const struct pen_kind *kind, const char *name)
{
	int i;

	for (i = 0; i < kind->count; i++)
		if (strcmp(kind->columns[i].name, name) == 0)
			return i;
	return -1;
}

static enum pen_status show_line(void *context, const struct pen_application_line *line, struct pen_error *error)
{
	struct showing *showing = context;
	const struct pen_kind *kind = pen_kind__named(line->record.kind);
	const int column = kind ? column_named(kind, line->field.name) : -1;
	struct pen_arena *arena = pen_memory__arena();
	char was[1100], is[1100];
	const char *old = NULL, *new = NULL;
	enum pen_status status = arena ? PEN_OK : pen_error__memory(error);

	if (status == PEN_OK && kind && line->first)
		status = look_up(showing, kind, &line->record, error);
	if (status == PEN_OK)
		status = readable(arena, kind, column, line->field.old, was, sizeof(was), &old, error);
	if (status == PEN_OK)
		status = readable(arena, kind, column, line->field.new, is, sizeof(is), &new, error);
	if (status == PEN_OK) {
		const struct pen_application_record *record = &line->record;
		const struct pen_item row[] = {
			PEN_I_INT("record", _("record"), record->number),
			PEN_I_TEXT("form", _("form"), record->form),
			PEN_I_TEXT("id_number", "公民身份号码", or_null(showing->id_number)),
			PEN_I_TEXT("name", "姓名", or_null(showing->name)),
			PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(showing->code)),
			{ .key = "year", .title = "年度", .type = PEN_ITEM_INT, .i = record->period, .null = !record->period },
			PEN_I_TEXT("field", _("field"), line->field.name),
			PEN_I_TEXT("title", "修改项目", column >= 0 ? kind->columns[column].title : NULL),
			PEN_I_TEXT("old", "原数据", old),
			PEN_I_TEXT("new", "新数据", new),
			PEN_I_FLAG("follows", _("follows"), line->field.follows != 0),
			{ .key = "folio", .title = _("folio"), .type = PEN_ITEM_INT, .i = record->folio, .null = !record->folio, .machine = true },
			{ .key = "line", .title = "行号", .type = PEN_ITEM_INT, .i = record->line, .null = !record->line, .machine = true },
		};

		pen_printer__row(showing->reading.printer, "field", PEN_ITEMS(row));
		showing->reading.rows++;
	}
	pen_memory__drop(arena);
	return status;
}

#define STEP_ITEMS 8

/* The steps as a list of the head; both arrays have room for all of them. */
static void list_steps(const struct pen_case *shown, struct pen_item (*items)[STEP_ITEMS], struct pen_items *list)
{
	size_t i;

	for (i = 0; i < shown->steps; i++) {
		const struct pen_case_step *step = &shown->step[i];
		const struct pen_item made[STEP_ITEMS] = {
			PEN_I_INT("number", _("step"), step->number),
			PEN_I_TEXT("move", _("move"), pen_amendment__move_name(step->move)),
			PEN_I_TEXT("state", _("state"), pen_amendment__state_name(step->to)),
			PEN_I_TEXT("as", _("as"), pen_amendment__post_name(step->post)),
			PEN_I_TEXT("staff", _("by"), step->staff),
			PEN_I_TEXT("name", _("name"), step->name),
			PEN_I_TEXT("time", _("time"), step->time),
			PEN_I_TEXT("reason", _("reason"), step->reason),
		};

		memcpy(items[i], made, sizeof(made));
		list[i] = (struct pen_items){ items[i], STEP_ITEMS };
	}
}

static void print_head(const struct pen_case *shown, const struct pen_application_kept *kept, const struct pen_items *steps,
    struct pen_printer *printer)
{
	const struct pen_item head[] = {
		PEN_I_INT("case", _("case"), shown->id),
		PEN_I_TEXT("form", _("form"), pen_amendment__form_name(shown->form)),
		PEN_I_TEXT("title", _("title"), pen_amendment__form_title(shown->form)),
		PEN_I_TEXT("state", _("state"), state_of(shown)),
		PEN_I_TEXT("next", _("next"), next_of(shown)),
		PEN_I_TEXT("agency", _("agency"), shown->agency),
		PEN_I_TEXT("requested_by", _("by"), shown->requested_by),
		PEN_I_INT("revision", _("revision"), shown->revision),
		PEN_I_TEXT("reason", _("reason"), kept->head.reason),
		PEN_I_TEXT("open_until", _("open until"), or_null(shown->open_until)),
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = shown->batch, .null = !shown->batch },
		{ .key = "issue", .title = _("statement"), .type = PEN_ITEM_INT, .i = shown->issue, .null = !shown->issue },
		PEN_I_TEXT("application", _("application"), kept->digest),
		PEN_I_TEXT("original", _("papers of the original entry"), kept->head.original),
		PEN_I_TEXT("evidence", _("papers of the new data"), kept->head.evidence),
		PEN_I_LIST("steps", _("Steps"), steps, shown->steps),
	};

	pen_printer__head(printer, PEN_ITEMS(head));
}

/* A case and its application as it counts. */
static enum pen_status find(struct pen_session *session, int64_t id, struct pen_case *looked, struct pen_application_kept *kept,
    struct pen_error *error)
{
	bool is;

	if (pen_cases__find(session->store, id, looked, &is, error) != PEN_OK)
		return error->status;
	if (!is)
		return pen_error__set(error, PEN_USAGE, "amend.case", _("there is no case %" PRId64 "; pen-amend list shows them"), id);
	if (pen_applications__find(session->store, id, looked->revision, looked->arena, kept, &is, error) != PEN_OK)
		return error->status;
	return is ? PEN_OK : pen_error__set(error, PEN_INTEGRITY, "amend.application",
	    _("case %" PRId64 " has no application: run pen-verify"), id);
}

static enum pen_status show(struct showing *showing, const struct pen_case *shown, const struct pen_application_kept *kept,
    struct pen_error *error)
{
	struct pen_item (*items)[STEP_ITEMS] = pen_memory__calloc(shown->steps + 1, sizeof(*items));
	struct pen_items *steps = pen_memory__calloc(shown->steps + 1, sizeof(*steps));
	enum pen_status status = items && steps ? PEN_OK : pen_error__memory(error);

	if (status == PEN_OK) {
		list_steps(shown, items, steps);
		pen_printer__open_table(showing->reading.printer, "case", _("Case of amendment"), NULL);
		print_head(shown, kept, steps, showing->reading.printer);
		status = pen_applications__each(showing->reading.session->store, shown->id, shown->revision, show_line, showing, error);
		if (status == PEN_OK)
			status = finish(&showing->reading, error);
		const struct pen_item summary[] = { PEN_I_INT("fields", _("fields"), showing->reading.rows) };
		pen_printer__close_table(showing->reading.printer, PEN_ITEMS(summary), status);
	}
	pen_memory__free(items);
	pen_memory__free(steps);
	return status;
}

enum pen_status pen_casebook_show(struct pen_session *session, int64_t id, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_case shown = { 0 };
	struct pen_application_kept kept;
	char subject[40];
	struct showing showing = { .reading = { session, printer, subject, 0 } };
	enum pen_status status = find(session, id, &shown, &kept, error);

	snprintf(subject, sizeof(subject), "case %" PRId64, id);
	if (status == PEN_OK)
		status = begin(&showing.reading, error);
	if (status == PEN_OK)
		status = show(&showing, &shown, &kept, error);
	pen_cases__free(&shown);
	return status;
}

/* --------------------------------------------------------------- papers -- */

static enum pen_status give_out(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	struct reading *reading = context;

	(void)error;
	pen_printer__raw(reading->printer, bytes, n);
	reading->rows += (int64_t)n;
	return PEN_OK;
}

enum pen_status pen_casebook_paper(struct pen_session *session, int64_t id, const char *which, struct pen_printer *printer,
    struct pen_error *error)
{
	struct pen_case looked = { 0 };
	struct pen_application_kept kept;
	char subject[40];
	struct reading reading = { session, printer, subject, 0 };
	enum pen_status status = find(session, id, &looked, &kept, error);

	snprintf(subject, sizeof(subject), "case %" PRId64, id);
	if (status == PEN_OK && strcmp(which, "original") != 0 && strcmp(which, "evidence") != 0 && strcmp(which, "application") != 0)
		status = pen_error__set(error, PEN_USAGE, "amend.paper", _("--paper is '%s'; expected original, evidence or application"), which);
	if (status == PEN_OK)
		status = begin(&reading, error);
	if (status == PEN_OK && strcmp(which, "application") == 0)
		status = give_out(&reading, kept.text, strlen(kept.text), error);
	else if (status == PEN_OK)
		status = pen_blob__read(session->store, which[0] == 'o' ? kept.head.original : kept.head.evidence, give_out, &reading, error);
	if (status == PEN_OK)
		status = finish(&reading, error);
	pen_cases__free(&looked);
	return status;
}
