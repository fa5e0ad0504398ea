/* An empty application: a line for each field that can be amended, with the values
 * that stand where a record is pointed at. */
#include "base/date.h"
#include "base/error.h"
#include "model/printer.h"
#include "model/amended.h"
#include "model/amendment.h"
#include "store/payee.h"
#include "store/people.h"
#include "store/pointed.h"
#include "store/rows.h"
#include "store/session.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define ROWS_MOST 64	/* of one person or employer */

struct work {
	struct pen_session *session;
	const struct pen_request_options *options;
	struct pen_printer *printer;
	const struct pen_form *form;
	struct pen_amendeds list;
	int64_t lines;
};

/* The column that a field is read from as it stands; -1: none, or it takes more. */
static int column_of(const struct pen_form *form, const char *field)
{
	const size_t n = strlen(field);
	int i;

	if (form->kind->id == PEN_KIND_CONTRIBUTION && strcmp(field, "month_list") == 0)
		return PEN_CONTRIBUTION_MONTHS;
	if (form->kind->id == PEN_KIND_CONTRIBUTION && (strcmp(field, "months") == 0 || strcmp(field, "first_month") == 0))
		return -1;
	for (i = PEN_LINE + 1; i < form->kind->count; i++) {
		const char *name = form->kind->columns[i].name;

		if (strncmp(name, field, n) == 0 && (!name[n] || strcmp(name + n, "_fen") == 0))
			return i;
	}
	return -1;
}

/* A value as a file of the form writes it; NULL: nothing stands there, or it cannot be
 * told so. */
static const char *written(const struct pen_form *form, const struct pen_field *field, const struct pen_amended *record, char *out,
    size_t room)
{
	const int column = column_of(form, field->name);
	char stored[64];
	int i;

	if (!record->old.kind || column < 0 || record->old.v[column].type == PEN_NULL)
		return NULL;
	if (field->type != PEN_FIELD_CHOICE)
		return pen_kind__show(form->kind, column, &record->old.v[column], out, room);
	if (record->old.v[column].type == PEN_INTEGER)
		snprintf(stored, sizeof(stored), "%" PRId64, record->old.v[column].i);
	else
		snprintf(stored, sizeof(stored), "%.*s", (int)record->old.v[column].n, record->old.v[column].s);
	for (i = 0; i < field->choices; i++)
		if (strcmp(field->choice[i].to, stored) == 0)
			return field->choice[i].from;
	return NULL;
}

/* By trying: of a record that stands its old value is told, of a missing one it is set. */
static bool can_be_amended(struct work *work, struct pen_amended *record, const struct pen_field *field)
{
	struct pen_error error = { 0 };
	bool same;

	if (record->old.kind)
		pen_amended__tells(record, work->form, field->name, "", pen_date__today(), &same, &error);
	else
		pen_amended__set(&work->list, record, work->form, field->name, "", pen_date__today(), &error);
	return strcmp(error.code, "amend.key") != 0 && strcmp(error.code, "amend.field") != 0;
}

static void print_record(struct work *work, struct pen_amended *record, const char *code)
{
	const struct pen_request_options *options = work->options;
	const struct pen_field *field;
	char old[1100];
	int i;

	for (i = 0; i < work->form->count; i++) {
		field = &work->form->fields[i];
		if (!can_be_amended(work, record, field))
			continue;
		const struct pen_item row[] = {
			PEN_I_TEXT("form", "数据表", work->form->name),
			PEN_I_TEXT("id_number", "公民身份号码", options->person),
			PEN_I_TEXT("credit_code", "统一社会信用代码", code),
			{ .key = "year", .title = "年度", .type = PEN_ITEM_INT, .i = record->period ? record->period : options->year,
			    .null = !record->period && !options->year },
			{ .key = "line", .title = "行号", .type = PEN_ITEM_INT, .i = record->old.kind ? record->old.v[PEN_LINE].i : 0,
			    .null = !record->old.kind },
			PEN_I_TEXT("field", "修改项目", field->title),
			PEN_I_TEXT("old", "原数据", written(work->form, field, record, old, sizeof(old))),
			PEN_I_TEXT("value", "新数据", NULL),
		};

		pen_printer__row(work->printer, "line", PEN_ITEMS(row));
		work->lines++;
	}
}

/* ------------------------------------------------------- what is pointed at -- */

static enum pen_status print_row(struct work *work, int64_t subject, const struct pen_pointed *found, struct pen_error *error)
{
	struct pen_store *store = work->session->store;
	struct pen_business business = { .employer = 0 };
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open_subject(&rows, store, work->form->kind, found->folio, subject, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row && row->v[PEN_LINE].i != found->line)
		;
	if (status == PEN_OK && row)
		status = pen_people__business(store, work->form->kind->of_people ? found->employer : subject, INT64_MAX, &business, error);
	if (status == PEN_OK && row) {
		work->list.count = 0;
		if (pen_amended__standing(&work->list, work->form->name, found->folio, found->employer, found->period, row))
			print_record(work, &work->list.at[0], business.credit_code[0] ? business.credit_code : NULL);
		else
			status = pen_error__memory(error);
	}
	pen_rows__close(rows);
	return status;
}

/* Who retired before the system is known by that form alone. */
static enum pen_status find_person(struct work *work, struct pen_someone *someone, struct pen_error *error)
{
	struct pen_store *store = work->session->store;
	const char *id = work->options->person;

	return work->form->kind->id == PEN_KIND_RETIREMENT ? pen_payee__person(store, id, INT64_MAX, someone, error) :
	    pen_people__person(store, id, INT64_MAX, someone, error);
}

static enum pen_status print_standing(struct work *work, struct pen_error *error)
{
	const struct pen_request_options *options = work->options;
	struct pen_store *store = work->session->store;
	struct pen_someone someone = { .person = 0 };
	struct pen_business business = { .employer = 0 };
	struct pen_pointed found[ROWS_MOST];
	enum pen_status status = PEN_OK;
	size_t count, i;

	if (options->person && find_person(work, &someone, error) != PEN_OK)
		return error->status;
	if (options->employer && pen_people__employer(store, options->employer, INT64_MAX, &business, error) != PEN_OK)
		return error->status;
	const struct pen_pointing at = { .form = work->form->name, .person = someone.person, .employer = business.employer,
		.year = options->year, .folio = options->folio, .line = options->line };
	if (work->form->kind->of_people == (someone.person == 0))
		return pen_error__set(error, PEN_USAGE, "amend.whose", _("say whose records of form %s they are: %s"), work->form->name,
		    work->form->kind->of_people ? "--person" : "--employer");
	if (pen_pointed__find(store, &at, found, ROWS_MOST, &count, error) != PEN_OK)
		return error->status;
	for (i = 0; i < count && status == PEN_OK; i++)
		status = print_row(work, someone.person ? someone.person : business.employer, &found[i], error);
	return status;
}

static enum pen_status print_empty(struct work *work, struct pen_error *error)
{
	struct pen_amended *record = pen_amended__missing(&work->list, work->form, 0, 0, work->options->year);

	if (record == NULL)
		return pen_error__memory(error);
	print_record(work, record, work->options->employer);
	return PEN_OK;
}

static enum pen_status print(struct work *work, enum pen_amendment_form form, struct pen_error *error)
{
	const struct pen_request_options *options = work->options;
	enum pen_status status;

	pen_printer__form(work->printer);
	pen_printer__open_table(work->printer, "application", pen_amendment__form_title(form), NULL);
	if (form != PEN_AMENDMENT_REBUILD && (options->person || options->employer))
		status = print_standing(work, error);
	else
		status = print_empty(work, error);
	const struct pen_item summary[] = { PEN_I_INT("lines", "行数", work->lines) };
	pen_printer__close_table(work->printer, PEN_ITEMS(summary), status);
	return status;
}

enum pen_status pen_template(struct pen_session *session, const struct pen_request_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .options = options, .printer = printer };
	const char *kind = options->kind ? options->kind : options->person && !options->year ? "registration" :
	    options->employer && !options->person ? "employer" : "breakdown";
	enum pen_amendment_form form;
	struct pen_form *read;
	enum pen_status status;

	if (!pen_amendment__form_named(options->form ? options->form : "change", &form))
		return pen_error__set(error, PEN_USAGE, "amend.form",
		    _("--form is '%s'; expected change (业务数据修改申请表) or rebuild-account (补建个人帐户申请表)"), options->form);
	if (!pen_amended__is_form(kind))
		return pen_error__set(error, PEN_USAGE, "amend.kind",
		    _("records of form %s are not amended; those of breakdown, registration, employer, opening and retirement are"), kind);
	if (pen_settings__form(NULL, kind, &read, NULL, error) != PEN_OK)
		return error->status;
	work.form = read;
	status = pen_session__note(session, "amend.read.begin", "template", NULL, error);
	if (status == PEN_OK)
		status = print(&work, form, error);
	pen_amended__free(&work.list);
	pen_form__free(read);
	return status;
}
