/* 业务数据修改日志表 (R5.3.3): what was changed in a month, each field with its old and
 * its new value, who asked, approved, opened, entered and checked it, on what papers. */
#include "base/error.h"
#include "model/amended.h"
#include "model/amendment.h"
#include "model/printer.h"
#include "store/amendlog.h"
#include "store/payee.h"
#include "work/monthspan.h"
#include "work/reading.h"

#include <inttypes.h>
#include <string.h>

#define TITLE "业务数据修改日志表"
#define SLICE 200	/* lines made in one read transaction, and printed after it */
#define ITEMS_MOST 48
#define AREAS_MOST 512	/* the counties of a province are fewer */

/* What there was of one area. */
struct area { char agency[7]; int64_t cases, fields; struct pen_item item[3]; };

struct log {
	struct pen_reading reading;
	struct pen_store *store;
	struct pen_printer *printer;
	struct pen_amendlog_choice choice;
	struct pen_monthspan span;
	struct pen_arena *arena, *slice;	/* of a case; of its lines */
	struct pen_amendlog_case one;
	struct pen_amendlog_line line[SLICE];
	struct pen_someone who[SLICE];
	struct pen_business business[SLICE];
	struct area area[AREAS_MOST];
	size_t areas;
	int64_t rows, cases;
};

/* --------------------------------------------------------------- a line -- */

static const struct pen_column *column_of(const struct pen_kind *kind, const char *name, int *index)
{
	for (*index = 0; kind && *index < kind->count; (*index)++)
		if (strcmp(kind->columns[*index].name, name) == 0)
			return &kind->columns[*index];
	return NULL;
}

/* A scalar as a person reads it; itself where it is none. "" for null. */
static const char *show(const struct pen_kind *kind, const char *field, const char *scalar, struct pen_arena *arena,
    char *out, size_t room)
{
	struct pen_error ignored = { 0 };
	struct pen_value value;
	int column;

	if (!column_of(kind, field, &column) ||
	    pen_amended__value(arena, scalar, strlen(scalar), &value, &ignored) != PEN_OK)
		return scalar;
	if (value.type == PEN_NULL)
		return NULL;
	return pen_kind__show(kind, column, &value, out, room);
}

static size_t put_actor(struct pen_item *items, size_t n, const struct pen_amendlog_actor *actor, const char *const keys[3],
    const char *title)
{
	items[n++] = (struct pen_item)PEN_I_TEXT(keys[0], title, actor->staff);
	items[n++] = (struct pen_item)PEN_I_TEXT(keys[1], "签名", actor->name);
	items[n++] = (struct pen_item)PEN_I_TEXT(keys[2], "时间", actor->time);
	return n;
}

static size_t put_actors(struct pen_item *items, size_t n, const struct pen_amendlog_case *one)
{
	static const struct { const char *key[3], *title; } as[PEN_AMENDLOG_PARTS] = {
		[PEN_AMENDLOG_REQUESTED] = { { "requested.staff", "requested.name", "requested.time" }, "申请人" },
		[PEN_AMENDLOG_LEAD] = { { "lead.staff", "lead.name", "lead.time" }, "业务负责人" },
		[PEN_AMENDLOG_HEAD] = { { "head.staff", "head.name", "head.time" }, "机构负责人" },
		[PEN_AMENDLOG_UNSEALED] = { { "unsealed.staff", "unsealed.name", "unsealed.time" }, "启封人" },
		[PEN_AMENDLOG_APPLIED] = { { "applied.staff", "applied.name", "applied.time" }, "修改人" },
		[PEN_AMENDLOG_CHECKED] = { { "checked.staff", "checked.name", "checked.time" }, "核对人" },
		[PEN_AMENDLOG_CLOSED] = { { "closed.staff", "closed.name", "closed.time" }, "封存人" },
	};
	int i;

	for (i = 0; i < PEN_AMENDLOG_PARTS; i++)
		n = put_actor(items, n, &one->part[i], as[i].key, as[i].title);
	return n;
}

static struct pen_item number_or_null(const char *key, const char *title, int64_t number)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_INT, .i = number, .null = number == 0 };
}

static const char *title_of_form(const char *name)
{
	enum pen_amendment_form form;

	return pen_amendment__form_named(name, &form) ? pen_amendment__form_title(form) : name;
}

/* The row's items; of one that there is not, the columns alone. */
static size_t fill(struct log *log, size_t i, struct pen_item items[ITEMS_MOST], char shown[2][512])
{
	const struct pen_amendlog_case *one = &log->one;
	const struct pen_amendlog_line *line = &log->line[i];
	const struct pen_kind *kind = line->kind ? pen_kind__named(line->kind) : NULL;
	int index;
	const struct pen_column *column = line->field ? column_of(kind, line->field, &index) : NULL;
	size_t n = 0;

	items[n++] = (struct pen_item)PEN_I_INT("number", "序号", log->rows);
	items[n++] = (struct pen_item)PEN_I_INT("case", "申请号", one->id);
	items[n++] = (struct pen_item)PEN_I_TEXT("form", "申请表", one->form ? title_of_form(one->form) : NULL);
	items[n++] = (struct pen_item)PEN_I_TEXT("agency", "行政区划", one->agency);
	items[n++] = (struct pen_item)PEN_I_TEXT("id_number", "公民身份号码", log->who[i].id_number[0] ? log->who[i].id_number : NULL);
	items[n++] = (struct pen_item)PEN_I_TEXT("name", "姓名", log->who[i].name[0] ? log->who[i].name : NULL);
	items[n++] = (struct pen_item)PEN_I_TEXT("credit_code", "统一社会信用代码",
	    log->business[i].credit_code[0] ? log->business[i].credit_code : NULL);
	items[n++] = number_or_null("year", "年度", line->period);
	items[n++] = (struct pen_item)PEN_I_TEXT("record", "记录", kind ? kind->title : line->kind);
	items[n++] = number_or_null("folio", "表号", line->folio);
	items[n++] = number_or_null("line", "行号", line->line);
	items[n++] = (struct pen_item)PEN_I_TEXT("field", "修改项目", column ? column->title : line->field);
	items[n++] = (struct pen_item)PEN_I_TEXT("old", "原值",
	    line->old ? show(kind, line->field, line->old, log->slice, shown[0], 512) : NULL);
	items[n++] = (struct pen_item)PEN_I_TEXT("new", "新值",
	    line->new ? show(kind, line->field, line->new, log->slice, shown[1], 512) : NULL);
	items[n++] = (struct pen_item)PEN_I_FLAG("follows", "随其他项目重算", line->follows);
	items[n++] = (struct pen_item)PEN_I_TEXT("reason", "修改原因", one->reason);
	n = put_actors(items, n, one);
	items[n++] = (struct pen_item)PEN_I_TEXT("application", "申请表摘要", one->digest);
	items[n++] = (struct pen_item)PEN_I_TEXT("original", "原始录入资料摘要", one->original);
	items[n++] = (struct pen_item)PEN_I_TEXT("evidence", "修改依据资料摘要", one->evidence);
	items[n++] = (struct pen_item){ .key = "kind", .type = PEN_ITEM_TEXT, .s = line->kind, .machine = true };
	items[n++] = (struct pen_item){ .key = "column", .type = PEN_ITEM_TEXT, .s = line->field, .machine = true };
	items[n++] = (struct pen_item){ .key = "old_value", .type = PEN_ITEM_TEXT, .s = line->old, .machine = true };
	items[n++] = (struct pen_item){ .key = "new_value", .type = PEN_ITEM_TEXT, .s = line->new, .machine = true };
	return n;
}

/* -------------------------------------------------------------- reading -- */

static enum pen_status name_line(struct log *log, size_t i, struct pen_error *error)
{
	const struct pen_amendlog_line *line = &log->line[i];
	const struct pen_kind *kind = pen_kind__named(line->kind);
	const int64_t as_of = log->reading.as_of;
	int64_t employer = line->employer;

	log->who[i] = (struct pen_someone){ .person = 0 };
	if (kind && !kind->of_people)
		employer = line->subject;
	else if (pen_payee__name(log->store, line->subject, as_of, &log->who[i], error) != PEN_OK)
		return error->status;
	return pen_people__business(log->store, employer, as_of, &log->business[i], error);
}

/* Some lines of the case after one of them, with who they are about. */
static enum pen_status read_slice(struct log *log, int64_t record, int64_t number, size_t *count, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(log->store);
	enum pen_status status;
	size_t i;

	pen_memory__reset(log->slice);
	status = pen_db__begin_read(db, error);
	if (status != PEN_OK)
		return status;
	status = pen_amendlog__lines(log->store, &log->one, record, number, log->slice, log->line, SLICE, count, error);
	for (i = 0; status == PEN_OK && i < *count; i++)
		status = name_line(log, i, error);
	pen_db__rollback(db);
	return status;
}

static struct area *area_of(struct log *log)
{
	size_t i;

	for (i = 0; i < log->areas && strcmp(log->area[i].agency, log->one.agency) != 0; i++)
		;
	if (i == log->areas && i < AREAS_MOST)
		snprintf(log->area[log->areas++].agency, sizeof(log->area[i].agency), "%s", log->one.agency);
	return &log->area[i < AREAS_MOST ? i : AREAS_MOST - 1];
}

static enum pen_status print_case(struct log *log, struct pen_error *error)
{
	struct pen_item items[ITEMS_MOST];
	struct pen_items row = { .item = items };
	struct area *area = area_of(log);
	int64_t record = 0, number = 0;
	enum pen_status status;
	char shown[2][512];
	size_t count, i;

	log->cases++;
	area->cases++;
	do {
		if (pen_session__stopped(log->reading.session))
			return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the report is not all there"));
		status = read_slice(log, record, number, &count, error);
		for (i = 0; status == PEN_OK && i < count; i++) {
			log->rows++;
			area->fields++;
			record = log->line[i].record;
			number = log->line[i].number;
			row.count = fill(log, i, items, shown);
			pen_printer__row(log->printer, "change", row);
		}
		pen_session__progress(log->reading.session, "amendment-log", log->rows, -1);
	} while (status == PEN_OK && count == SLICE);
	return status;
}

/* ------------------------------------------------------------ printing -- */

static void open_table(struct log *log)
{
	const struct pen_identity *identity = pen_store__identity(log->store);
	struct pen_item items[ITEMS_MOST];
	char shown[2][512];
	const struct pen_items shape = { items, fill(log, 0, items, shown) };
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_TEXT("month", "月份", log->span.text),
		PEN_I_TEXT("area", "行政区划", log->choice.agency),
		PEN_I_INT("as_of", "截至记录", log->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", log->reading.time),
	};

	pen_printer__form(log->printer);
	pen_printer__open_table(log->printer, "amendment-log", TITLE, &shape);
	pen_printer__head(log->printer, PEN_ITEMS(head));
}

static enum pen_status close_table(struct log *log, struct pen_error *error)
{
	struct pen_items *list = pen_memory__calloc(log->areas + 1, sizeof(*list));
	size_t i;

	if (!list)
		return pen_error__memory(error);
	for (i = 0; i < log->areas; i++) {
		struct area *area = &log->area[i];
		const struct pen_item items[] = {
			PEN_I_TEXT("agency", "行政区划", area->agency),
			PEN_I_INT("cases", "申请数", area->cases),
			PEN_I_INT("fields", "修改项数", area->fields),
		};

		memcpy(area->item, items, sizeof(items));
		list[i] = PEN_ITEMS(area->item);
	}
	const struct pen_item summary[] = {
		PEN_I_INT("rows", "修改项数", log->rows),
		PEN_I_INT("cases", "申请数", log->cases),
		PEN_I_LIST("areas", "按行政区划", list, log->areas),
	};
	pen_printer__close_table(log->printer, PEN_ITEMS(summary), PEN_OK);
	pen_memory__free(list);
	return PEN_OK;
}

/* The log of a month is to be printed when the month is over (R5.3.3): that it was is
 * an act of its own, for the area or for all of them. What once stood is only looked at. */
static enum pen_status note(const struct log *log, struct pen_error *error)
{
	char subject[40];
	enum pen_status status;
	struct pen_body body;
	const char *text;

	snprintf(subject, sizeof(subject), "amendment-log %s%s%s", log->span.text, log->choice.agency ? " " : "",
	    log->choice.agency ? log->choice.agency : "");
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "as_of", log->reading.as_of);
	pen_entry__body_int(&body, "cases", log->cases);
	pen_entry__body_int(&body, "rows", log->rows);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__note(log->reading.session, "report.amendment-log", subject, text, error)
	    : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status print_all(struct log *log, struct pen_error *error)
{
	enum pen_status status;
	int64_t after = -1;
	bool found;

	open_table(log);
	do {
		pen_memory__reset(log->arena);
		status = pen_amendlog__next(log->store, &log->choice, after, log->arena, &log->one, &found, error);
		if (status == PEN_OK && found) {
			after = log->one.applied;
			status = print_case(log, error);
		}
	} while (status == PEN_OK && found);
	return status == PEN_OK ? close_table(log, error) : status;
}

/* From the first moment of the month to the first of the next. */
static enum pen_status choose(struct log *log, const struct pen_amendment_log_options *options, struct pen_error *error)
{
	if (pen_monthspan__read(&log->span, options->month, error) != PEN_OK)
		return error->status;
	if (options->agency &&
	    pen_staff__check_agency(pen_store__identity(log->store)->agency, options->agency, error) != PEN_OK)
		return error->status;
	log->choice = (struct pen_amendlog_choice){ log->span.begin, log->span.end, options->agency, log->reading.as_of };
	return PEN_OK;
}

static enum pen_status make(struct log *log, const struct pen_amendment_log_options *options, struct pen_error *error)
{
	enum pen_status status = choose(log, options, error);
	char subject[64];

	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "amendment-log %s%s%s", log->span.text, options->agency ? " " : "",
	    options->agency ? options->agency : "");
	status = pen_reading__begin(&log->reading, subject, error);
	if (status == PEN_OK)
		status = print_all(log, error);
	if (status == PEN_OK)
		status = pen_reading__end(&log->reading, log->rows, error);
	return status == PEN_OK && !options->as_of ? note(log, error) : status;
}

enum pen_status pen_amendment_log(struct pen_session *session, const struct pen_amendment_log_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct log *log = pen_memory__calloc(1, sizeof(*log));
	enum pen_status status;

	if (!log)
		return pen_error__memory(error);
	log->store = session->store;
	log->printer = printer;
	log->arena = pen_memory__arena();
	log->slice = pen_memory__arena();
	status = log->arena && log->slice ? pen_reading__open(&log->reading, session, options->as_of, error)
	    : pen_error__memory(error);
	if (status == PEN_OK)
		status = make(log, options, error);
	pen_memory__drop(log->arena);
	pen_memory__drop(log->slice);
	pen_memory__free(log);
	return status;
}
