/* The running logs as they are read: one of them in its own columns, or all of them
 * in what they have in common. */
#include "base/date.h"
#include "base/error.h"
#include "base/text.h"
#include "model/printer.h"
#include "work/reading.h"
#include "store/runlog.h"

#include <inttypes.h>
#include <string.h>

#define LAST_DAY 29991231
#define ITEMS_MOST 20

/* A log's name, its title, and its columns between the day and the signature. */
struct column { enum pen_runlog_column column; const char *key, *title; enum pen_item_type type; };
struct layout { const char *kind, *title; struct column columns[9]; };

static const struct layout layouts[] = {
	{ "network", "网络运行日志", {
	    { PEN_RUNLOG_PORTS, "ports", "端口运行状况", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_SERVERS, "servers", "服务器工作状况", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_EQUIPMENT, "equipment", "通信设备工作状况", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_FAULTS, "faults", "故障处理排除情况", PEN_ITEM_TEXT }, { .key = NULL } } },
	{ "inspect", "数据库运行日志", {
	    { PEN_RUNLOG_ENTRIES, "entries", "核验记录数", PEN_ITEM_INT },
	    { PEN_RUNLOG_FINDINGS, "findings", "发现问题数", PEN_ITEM_INT },
	    { PEN_RUNLOG_FOUND, "found", "检查情况", PEN_ITEM_TEXT }, { .key = NULL } } },
	{ "incident", "数据库安全隐患处理日志", {
	    { PEN_RUNLOG_FOLLOWS, "follows", "续报序号", PEN_ITEM_INT },
	    { PEN_RUNLOG_FOUND, "found", "隐患或病毒威胁", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_MEASURES, "measures", "采取措施", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_CUT_OFF, "cut_off", "切断用户接入", PEN_ITEM_FLAG },
	    { PEN_RUNLOG_REPORTED_TO, "reported_to", "报告领导", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_CLEARED, "cleared", "消除情况", PEN_ITEM_TEXT }, { .key = NULL } } },
	{ "breach", "违规扣分记录", {
	    { PEN_RUNLOG_UNTIL_DATE, "until", "截止日期", PEN_ITEM_DATE },
	    { PEN_RUNLOG_UNIT, "unit", "被扣分单位", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_CLAUSE, "clause", "违反条款", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_FOUND, "found", "违规情况", PEN_ITEM_TEXT },
	    { PEN_RUNLOG_POINTS, "points", "扣分", PEN_ITEM_INT }, { .key = NULL } } },
};
#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

/* A listing under way; layout NULL: all the logs. */
struct listing {
	struct pen_reading reading;
	struct pen_printer *printer;
	const struct layout *layout;
	struct pen_text said;
	int64_t rows, points;
};

/* --------------------------------------------------------------- a row -- */

/* A column as an item; null where the entry does not say it. */
static struct pen_item item_of(const struct column *column, const struct pen_value *value)
{
	return (struct pen_item){
		.key = column->key, .title = column->title, .type = column->type, .i = value->i,
		.s = value->type == PEN_STRING ? value->s : NULL, .null = value->type != PEN_INTEGER
	};
}

/* What an entry says in its main, on one line: the columns of its own log that it
 * fills, each under its title. */
static const char *say(struct listing *listing, const struct pen_runlog *entry)
{
	const struct column *column;
	const struct pen_value *value;
	char day[11];
	size_t i;

	pen_text__clear(&listing->said);
	for (i = 0; i < LAYOUTS && strcmp(layouts[i].kind, entry->kind) != 0; i++)
		;
	for (column = i < LAYOUTS ? layouts[i].columns : NULL; column && column->key; column++) {
		value = &entry->v[column->column];
		if (value->type == PEN_NULL || (column->type == PEN_ITEM_FLAG && !value->i))
			continue;
		pen_text__printf(&listing->said, "%s%s", listing->said.n ? "; " : "", column->title);
		if (value->type == PEN_STRING)
			pen_text__printf(&listing->said, " %s", value->s);
		else if (column->type == PEN_ITEM_DATE)
			pen_text__printf(&listing->said, " %s", pen_date__format((int32_t)value->i, day));
		else if (column->type == PEN_ITEM_INT)
			pen_text__printf(&listing->said, " %" PRId64, value->i);
	}
	return listing->said.s;
}

static struct pen_item number(const char *key, const char *title, const struct pen_value *value)
{
	return item_of(&(struct column){ .key = key, .title = title, .type = PEN_ITEM_INT }, value);
}

/* How many days after its day an entry was made. */
static int64_t days_late(const struct pen_runlog *entry)
{
	int32_t entered = entry->time ? pen_date__local(entry->time) : 0;
	int32_t on = (int32_t)entry->v[PEN_RUNLOG_ON_DATE].i;

	return entered && pen_date__valid(on) ? pen_date__days(entered) - pen_date__days(on) : 0;
}

/* The row's items in `items`; an entry NULL gives the columns alone. */
static size_t fill(struct listing *listing, const struct pen_runlog *entry, struct pen_item items[ITEMS_MOST])
{
	static const struct pen_runlog none = { .id = 0 };
	const struct pen_value corrected = entry && entry->corrected_by ? pen_value__integer(entry->corrected_by) : pen_value__null();
	const struct column *column;
	size_t n = 0;

	if (!entry)
		entry = &none;
	items[n++] = (struct pen_item)PEN_I_INT("log", "序号", entry->id);
	if (!listing->layout)
		items[n++] = (struct pen_item)PEN_I_TEXT("kind", "类别", entry->kind);
	items[n++] = (struct pen_item)PEN_I_DATE("on", listing->layout ? "运行日期" : "日期", entry->v[PEN_RUNLOG_ON_DATE].i);
	for (column = listing->layout ? listing->layout->columns : NULL; column && column->key; column++)
		items[n++] = item_of(column, &entry->v[column->column]);
	if (!listing->layout)
		items[n++] = (struct pen_item)PEN_I_TEXT("said", "内容", entry == &none ? NULL : say(listing, entry));
	items[n++] = (struct pen_item)PEN_I_TEXT("note", "备注", entry->v[PEN_RUNLOG_NOTE].s);
	items[n++] = (struct pen_item)PEN_I_TEXT("document", "附件", entry->v[PEN_RUNLOG_DOCUMENT].s);
	items[n++] = (struct pen_item)PEN_I_TEXT("agency", "机构代码", entry->v[PEN_RUNLOG_AGENCY].s);
	items[n++] = (struct pen_item)PEN_I_TEXT("staff", "人员编号", entry->staff);
	items[n++] = (struct pen_item)PEN_I_TEXT("name", "责任人员签名", entry->name);
	items[n++] = (struct pen_item)PEN_I_TEXT("time", "签字时间", entry->time);
	items[n++] = (struct pen_item)PEN_I_INT("late_days", "迟记天数", days_late(entry));
	items[n++] = number("corrects", "更正序号", &entry->v[PEN_RUNLOG_CORRECTS]);
	items[n++] = number("corrected_by", "已由更正", &corrected);
	return n;
}

static enum pen_status print_entry(void *context, const struct pen_runlog *entry, struct pen_error *error)
{
	struct listing *listing = context;
	struct pen_item items[ITEMS_MOST];
	size_t n = fill(listing, entry, items);

	if (listing->said.failed)
		return pen_error__memory(error);
	if (pen_session__stopped(listing->reading.session))
		return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the report is not all there"));
	listing->rows++;
	if (!entry->corrected_by)
		listing->points += entry->v[PEN_RUNLOG_POINTS].i;
	pen_printer__row(listing->printer, "entry", (struct pen_items){ items, n });
	return PEN_OK;
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status find_layout(const char *kind, const struct layout **layout, struct pen_error *error)
{
	size_t i;

	*layout = NULL;
	if (!kind)
		return PEN_OK;
	for (i = 0; i < LAYOUTS && !*layout; i++)
		if (strcmp(layouts[i].kind, kind) == 0)
			*layout = &layouts[i];
	return *layout ? PEN_OK : pen_error__set(error, PEN_USAGE, "log.kind",
	    _("there is no log of kind \"%s\": expected network, inspect, incident or breach"), kind);
}

static void open_table(struct listing *listing)
{
	const struct pen_identity *identity = pen_store__identity(listing->reading.session->store);
	struct pen_item items[ITEMS_MOST];
	const struct pen_items shape = { items, fill(listing, NULL, items) };
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_INT("as_of", "截至记录", listing->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", listing->reading.time),
	};

	pen_printer__form(listing->printer);
	pen_printer__open_table(listing->printer, "logs", listing->layout ? listing->layout->title : "运行日志", &shape);
	pen_printer__head(listing->printer, PEN_ITEMS(head));
}

static enum pen_status list(struct listing *listing, const struct pen_logbook_options *options, struct pen_error *error)
{
	const struct pen_runlog_choice choice = {
		.kind = options->kind, .since = options->since, .until = options->until ? options->until : LAST_DAY,
		.as_of = listing->reading.as_of
	};
	enum pen_status status;

	open_table(listing);
	status = pen_runlog__each(listing->reading.session->store, &choice, print_entry, listing, error);
	if (status != PEN_OK)
		return status;
	const struct pen_item summary[] = {
		PEN_I_INT("rows", "条数", listing->rows),
		PEN_I_INT("points", "扣分合计", listing->points),
	};
	pen_printer__close_table(listing->printer, PEN_ITEMS(summary), PEN_OK);
	return PEN_OK;
}

enum pen_status pen_logbook_list(struct pen_session *session, const struct pen_logbook_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .printer = printer };
	enum pen_status status = find_layout(options->kind, &listing.layout, error);
	char subject[40];

	if (status == PEN_OK)
		status = pen_reading__open(&listing.reading, session, options->as_of, error);
	snprintf(subject, sizeof(subject), "logs %s", options->kind ? options->kind : "all");
	if (status == PEN_OK)
		status = pen_reading__begin(&listing.reading, subject, error);
	if (status == PEN_OK)
		status = list(&listing, options, error);
	pen_text__free(&listing.said);
	return status == PEN_OK ? pen_reading__end(&listing.reading, listing.rows, error) : status;
}
