#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/months.h"
#include "model/printer.h"
#include "store/issues.h"
#include "store/ledger.h"
#include "store/people.h"
#include "work/reading.h"

#include <inttypes.h>
#include <string.h>

#define SLICE 500	/* lines made in one read transaction, and printed after it */

/* A line of a report: a row of a breakdown or, in the detail, a person's rows of
 * one folio together. */
struct line {
	struct pen_someone who;
	int64_t base, unit, personal;
	int32_t months;
	int64_t before;			/* the balance at the end of the year before */
	bool has_before;
};

/* What the report says of a folio at its end. The strings are the arena's. */
struct form {
	struct pen_folio folio;
	struct pen_business employer;
	struct pen_signer operator, lead;
	int64_t lines;
	struct pen_item item[10];
};

/* A report on its way. */
struct report {
	struct pen_reading reading;
	struct pen_store *store;
	struct pen_printer *printer;
	const struct layout *layout;
	int32_t year;
	struct form *form;
	size_t forms, room;
	struct line *line;
	int64_t lines, unit, personal;
	/* Of one that is handed out to an employer: what it says. NULL: it is not. */
	struct pen_digest *said;
	int64_t whom;
};

/* A report's name, its title, and how it prints a line (NULL: its columns, in
 * the line of an empty form). */
struct layout {
	const char *name, *title;
	bool by_person;
	void (*print)(struct report *report, const struct form *form, const struct line *line, bool columns);
};

/* ------------------------------------------------------------ the lines -- */

static void print_or_open(struct report *report, struct pen_items items, bool columns)
{
	if (!columns) {
		pen_printer__row(report->printer, "row", items);
		return;
	}
	pen_printer__form(report->printer);
	pen_printer__open_table(report->printer, report->layout->name, report->layout->title, &items);
}

static void print_breakdown(struct report *report, const struct form *form, const struct line *line, bool columns)
{
	char months[32];
	const struct pen_item items[] = {
		PEN_I_INT("number", "序号", form->lines),
		PEN_I_INT("folio", "表号", form->folio.id),
		PEN_I_TEXT("credit_code", "统一社会信用代码", form->employer.credit_code),
		PEN_I_TEXT("id_number", "公民身份号码", line->who.id_number),
		PEN_I_TEXT("name", "姓名", line->who.name),
		PEN_I_FEN("base_fen", "缴费基数", line->base),
		PEN_I_INT("months", "缴费月数", pen_months__count(line->months)),
		PEN_I_TEXT("month_set", "缴费月份", pen_months__format(line->months, months)),
		PEN_I_FEN("unit_fen", "单位缴费", line->unit),
		PEN_I_FEN("personal_fen", "个人缴费", line->personal),
		PEN_I_FEN("total_fen", "合计", line->unit + line->personal),
		PEN_I_FLAG("sealed", "封存", form->folio.state == PEN_FOLIO_SEALED),
	};

	print_or_open(report, PEN_ITEMS(items), columns);
}

static void print_detail(struct report *report, const struct form *form, const struct line *line, bool columns)
{
	const struct pen_item items[] = {
		PEN_I_INT("number", "序号", form->lines),
		PEN_I_INT("folio", "表号", form->folio.id),
		PEN_I_TEXT("credit_code", "统一社会信用代码", form->employer.credit_code),
		PEN_I_TEXT("id_number", "公民身份号码", line->who.id_number),
		PEN_I_TEXT("name", "姓名", line->who.name),
		PEN_I_FEN("base_fen", "缴费基数", line->base),
		PEN_I_INT("months", "缴费月数", pen_months__count(line->months)),
		PEN_I_FEN("unit_fen", "单位缴费", line->unit),
		PEN_I_FEN("personal_fen", "个人缴费", line->personal),
		PEN_I_FEN("credited_fen", "记入个人账户", line->personal),
		{ .key = "before_fen", .title = "上年末储存额", .type = PEN_ITEM_FEN, .i = line->before, .null = !line->has_before },
		PEN_I_FLAG("sealed", "封存", form->folio.state == PEN_FOLIO_SEALED),
	};

	print_or_open(report, PEN_ITEMS(items), columns);
}

static const struct layout layouts[] = {
	{ "breakdown", "年度职工社会保险费缴费分解表", false, print_breakdown },
	{ "statement-detail", "年度个人账户对账单明细表", true, print_detail },
};
#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

/* -------------------------------------------------------------- reading -- */

/* Where a folio is being read; `row` is the one that is next, NULL at the end. */
struct cursor { struct pen_ledger_rows *rows; const struct pen_row *row; };

static enum pen_status look_before(struct report *report, struct line *line, struct pen_error *error)
{
	const struct pen_account_place *place;
	struct pen_account_place *places;
	struct pen_balance closing;
	enum pen_status status;
	size_t count;

	status = pen_places__of_person(report->store, line->who.person, report->reading.as_of, &places, &count, error);
	if (status != PEN_OK)
		return status;
	place = pen_places__at(places, count, report->year - 1);
	if (place)
		status = pen_ledger__closing(report->store, place, report->reading.as_of, &closing, error);
	if (place && status == PEN_OK)
		line->has_before = pen_ledger__total(&closing, &line->before);
	pen_memory__free(places);
	return status;
}

/* Adds a row to a line. Of several bases the one of the latest month is shown. */
static void take_row(struct line *line, const struct pen_row *row)
{
	int32_t months = (int32_t)row->v[PEN_CONTRIBUTION_MONTHS].i;

	if (months >= line->months)	/* a later last month is a greater set */
		line->base = row->v[PEN_CONTRIBUTION_BASE].i;
	line->months |= months;
	line->unit += row->v[PEN_CONTRIBUTION_UNIT].i;
	line->personal += row->v[PEN_CONTRIBUTION_PERSONAL].i;
}

/* The next line, from one row or from all of a person's. */
static enum pen_status read_line(struct report *report, struct cursor *cursor, struct line *line, struct pen_error *error)
{
	int64_t person = cursor->row->v[PEN_SUBJECT].i;
	enum pen_status status;

	*line = (struct line){ .months = 0 };
	do {
		take_row(line, cursor->row);
		status = pen_ledger__next(cursor->rows, &cursor->row, error);
	} while (status == PEN_OK && report->layout->by_person && cursor->row && cursor->row->v[PEN_SUBJECT].i == person);
	if (status == PEN_OK)
		status = pen_people__name(report->store, person, report->reading.as_of, &line->who, error);
	if (status == PEN_OK && report->layout->by_person)
		status = look_before(report, line, error);
	return status;
}

/* What a line of a detail says, whatever is sealed by now. */
static enum pen_status add_said(struct report *report, const struct line *line, struct pen_error *error)
{
	struct pen_text text = { NULL, 0, 0, false };

	pen_text__printf(&text, "%s %s %" PRId64 " %" PRId32 " %" PRId64 " %" PRId64 " %" PRId64 "\n", line->who.id_number,
	    line->who.name, line->base, line->months, line->unit, line->personal, line->has_before ? line->before : -1);
	if (text.failed)
		pen_error__memory(error);
	else
		pen_digest__add(report->said, text.s, text.n);
	pen_text__free(&text);
	return text.failed ? error->status : PEN_OK;
}

/* Reads some lines under one read lock, lets go of it, and prints them. */
static enum pen_status print_slice(struct report *report, struct form *form, struct cursor *cursor, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(report->store);
	enum pen_status status;
	size_t n = 0, i;

	status = pen_db__begin_read(db, error);
	while (status == PEN_OK && cursor->row && n < SLICE)
		status = read_line(report, cursor, &report->line[n++], error);
	pen_db__rollback(db);
	for (i = 0; status == PEN_OK && i < n; i++) {
		form->lines++;
		report->unit += report->line[i].unit;
		report->personal += report->line[i].personal;
		report->layout->print(report, form, &report->line[i], false);
		if (report->said)
			status = add_said(report, &report->line[i], error);
	}
	report->lines += (int64_t)n;
	return status;
}

static enum pen_status print_form(struct report *report, struct form *form, struct pen_error *error)
{
	struct cursor cursor;
	enum pen_status status;

	status = pen_ledger__open(&cursor.rows, report->store, pen_kind__of(PEN_KIND_CONTRIBUTION), form->folio.id, 0,
	    report->reading.as_of, error);
	if (status != PEN_OK)
		return status;
	status = pen_ledger__next(cursor.rows, &cursor.row, error);
	while (status == PEN_OK && cursor.row) {
		pen_session__progress(report->reading.session, report->layout->name, report->lines, -1);
		if (pen_session__stopped(report->reading.session))
			status = pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the report is not all there"));
		else
			status = print_slice(report, form, &cursor, error);
	}
	pen_ledger__close(cursor.rows);
	return status;
}

/* ----------------------------------------------------- head and summary -- */

static const char *state_of(const struct form *form)
{
	return form->folio.state == PEN_FOLIO_SEALED ? "已封存" : "未封存";
}

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static void print_head(struct report *report, const struct pen_business *asked)
{
	const struct pen_identity *identity = pen_store__identity(report->store);
	const struct form *only = report->forms == 1 ? &report->form[0] : NULL;
	const struct pen_business *employer = only ? &only->employer : asked;
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_INT("year", "年度", report->year),
		PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(employer->credit_code)),
		PEN_I_TEXT("employer", "单位名称", or_null(employer->name)),
		{ .key = "folio", .title = "表号", .type = PEN_ITEM_INT, .i = only ? only->folio.id : 0, .null = !only },
		PEN_I_TEXT("state", "状态", only ? state_of(only) : NULL),
		PEN_I_INT("as_of", "截至记录", report->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", report->reading.time),
	};

	pen_printer__head(report->printer, PEN_ITEMS(head));
}

/* A folio in the summary, with the places for the signatures. */
static struct pen_items form_items(struct form *form)
{
	const struct pen_folio *folio = &form->folio;
	const struct pen_item items[] = {
		PEN_I_INT("folio", "表号", folio->id),
		PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(form->employer.credit_code)),
		PEN_I_TEXT("employer", "单位名称", or_null(form->employer.name)),
		PEN_I_TEXT("state", "状态", state_of(form)),
		PEN_I_INT("rows", "行数", form->lines),
		PEN_I_FEN("total_fen", "合计", folio->unit_fen + folio->personal_fen),
		PEN_I_TEXT("operator", "业务人员", or_null(form->operator.name)),
		PEN_I_TEXT("operator_time", "签字时间", or_null(form->operator.time)),
		PEN_I_TEXT("lead", "业务负责人", or_null(form->lead.name)),
		PEN_I_TEXT("lead_time", "签字时间", or_null(form->lead.time)),
	};

	memcpy(form->item, items, sizeof(items));
	return (struct pen_items){ form->item, sizeof(items) / sizeof(items[0]) };
}

static enum pen_status print_summary(struct report *report, struct pen_error *error)
{
	struct pen_items *list = pen_memory__calloc(report->forms + 1, sizeof(*list));
	size_t i;

	if (!list)
		return pen_error__memory(error);
	for (i = 0; i < report->forms; i++)
		list[i] = form_items(&report->form[i]);
	const struct pen_item summary[] = {
		PEN_I_INT("rows", "行数", report->lines),
		PEN_I_FEN("unit_fen", "单位缴费合计", report->unit),
		PEN_I_FEN("personal_fen", "个人缴费合计", report->personal),
		PEN_I_FEN("total_fen", "合计", report->unit + report->personal),
		PEN_I_LIST("folios", "签字", list, report->forms),
	};
	pen_printer__close_table(report->printer, PEN_ITEMS(summary), PEN_OK);
	pen_memory__free(list);
	return PEN_OK;
}

/* ------------------------------------------------------- what was handed out -- */

/* A detail as it stands now, to one employer, is given to it to check (R4.2.2); a list
 * of everybody, or of what once stood, is only looked at. */
static enum pen_status may_be_given(struct report *report, const struct pen_report_options *options, int64_t employer,
    struct pen_error *error)
{
	if (!report->layout->by_person || options->as_of || !employer)
		return PEN_OK;
	report->said = pen_digest__new(pen_store__suite(report->store));
	if (!report->said)
		return pen_error__memory(error);
	pen_digest__start(report->said);
	report->whom = employer;
	return PEN_OK;
}

static enum pen_status hand_out(struct report *report, struct pen_error *error)
{
	struct pen_issue issue = {
		.form = "statement-detail", .employer = report->whom, .year = report->year, .as_of = report->reading.as_of
	};
	unsigned char digest[PEN_DIGEST_SIZE];
	bool reprint;

	pen_digest__end(report->said, digest);
	pen_encode__hex(digest, sizeof(digest), issue.digest);
	return pen_issues__hand_out(report->reading.session, &issue, &reprint, error);
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status add_form(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct report *report = context;
	size_t room = report->room ? report->room * 2 : 16;
	struct form *form, *list;

	if (report->forms == report->room) {
		list = pen_memory__realloc(report->form, room, sizeof(*list));
		if (!list)
			return pen_error__memory(error);
		report->form = list;
		report->room = room;
	}
	form = &report->form[report->forms++];
	*form = (struct form){ .folio = *folio };
	if (pen_people__business(report->store, folio->employer, report->reading.as_of, &form->employer, error) != PEN_OK)
		return error->status;
	if (pen_people__signer(report->store, folio->id, "operator", report->reading.as_of, &form->operator, error) != PEN_OK)
		return error->status;
	return pen_people__signer(report->store, folio->id, "lead", report->reading.as_of, &form->lead, error);
}

static enum pen_status make(struct report *report, const struct pen_report_options *options, struct pen_error *error)
{
	struct pen_business asked = { .employer = 0 };
	enum pen_status status = PEN_OK;
	size_t i;

	if (options->employer)
		status = pen_people__employer(report->store, options->employer, report->reading.as_of, &asked, error);
	if (status == PEN_OK)
		status = pen_folio__each_visible(report->store, "breakdown", options->year, asked.employer,
		    report->reading.as_of, add_form, report, error);
	if (status == PEN_OK)
		status = may_be_given(report, options, asked.employer, error);
	if (status != PEN_OK)
		return status;
	report->line = pen_memory__calloc(SLICE, sizeof(*report->line));
	if (!report->line)
		return pen_error__memory(error);
	report->layout->print(report, &(struct form){ .lines = 0 }, &(struct line){ .months = 0 }, true);
	print_head(report, &asked);
	for (i = 0; status == PEN_OK && i < report->forms; i++)
		status = print_form(report, &report->form[i], error);
	if (status == PEN_OK && report->said && report->lines)
		status = hand_out(report, error);
	return status == PEN_OK ? print_summary(report, error) : status;
}

static enum pen_status find_layout(const char *name, const struct layout **layout, struct pen_error *error)
{
	size_t i;

	for (i = 0; i < LAYOUTS; i++)
		if (strcmp(layouts[i].name, name) == 0) {
			*layout = &layouts[i];
			return PEN_OK;
		}
	return pen_error__set(error, PEN_USAGE, "report.unknown",
	    _("there is no report \"%s\": expected breakdown or statement-detail"), name);
}

enum pen_status pen_report(struct pen_session *session, const struct pen_report_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct report report = { .store = session->store, .printer = printer, .year = options->year };
	enum pen_status status;
	char subject[96];

	status = find_layout(options->name, &report.layout, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "%s %d%s%.40s", options->name, options->year,
	    options->employer ? " " : "", options->employer ? options->employer : "");
	status = pen_reading__open(&report.reading, session, options->as_of, error);
	if (status == PEN_OK)
		status = pen_reading__begin(&report.reading, subject, error);
	if (status == PEN_OK)
		status = make(&report, options, error);
	pen_memory__free(report.form);
	pen_memory__free(report.line);
	pen_digest__free(report.said);
	return status == PEN_OK ? pen_reading__end(&report.reading, report.lines, error) : status;
}
