/* 参保单位职工基本情况表 and 新增参保人员基本情况表 (R4.1.3): who works for an employer, with
 * what the registration says; and those whom the forms of a month brought in. */
#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/employed.h"
#include "work/grouped.h"
#include "work/monthspan.h"
#include "work/reading.h"

#include <string.h>

#define SLICE 500	/* lines made in one read transaction, and printed after it */

struct line { struct pen_employed at; struct pen_employed_detail detail; bool there; size_t group; };

struct roster {
	struct pen_reading reading;
	struct pen_store *store;
	struct pen_printer *printer;
	bool entered;			/* of a month: else of everybody */
	struct pen_monthspan span;
	struct pen_business asked;	/* "": all */
	struct pen_employed *list;
	size_t count;
	struct line *line;
	struct pen_grouped grouped;
	int64_t rows;
};

/* --------------------------------------------------------------- a line -- */

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static const char *title_of_sex(int sex)
{
	return sex == 1 ? "男" : sex == 2 ? "女" : NULL;
}

/* 用工类别, as forms have it. */
static const char *title_of_payer(const struct pen_employed_detail *detail)
{
	if (strcmp(detail->payer, "flexible") == 0)
		return "灵活就业";
	if (detail->sex == 1)
		return "男职工";
	return strcmp(detail->status, "cadre") == 0 ? "女干部" : strcmp(detail->status, "worker") == 0 ? "女工人" : "女职工";
}

static const char *title_of_basis(const char *basis)
{
	return strcmp(basis, "two-confirmations") == 0 ? "两个确认" : strcmp(basis, "employer-form") == 0 ? "单位申报" : or_null(basis);
}

static const char *title_of_way(enum pen_employed_by by)
{
	return by == PEN_EMPLOYED_REGISTERED ? "登记" : by == PEN_EMPLOYED_JOINED ? "新增" : "转入";
}

/* The items of a line; of an empty one, the columns. */
static struct pen_items items_of(const struct roster *roster, const struct line *line, const struct pen_business *employer,
    struct pen_item *item)
{
	const struct pen_employed_detail *d = &line->detail;
	size_t n = 0;

	item[n++] = (struct pen_item)PEN_I_INT("number", "序号", roster->rows);
	item[n++] = (struct pen_item)PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(employer->credit_code));
	item[n++] = (struct pen_item)PEN_I_TEXT("employer", "单位名称", or_null(employer->name));
	item[n++] = (struct pen_item)PEN_I_TEXT("id_number", "公民身份号码", or_null(d->id_number));
	item[n++] = (struct pen_item)PEN_I_TEXT("name", "姓名", or_null(d->name));
	item[n++] = (struct pen_item)PEN_I_TEXT("sex", "性别", title_of_sex(d->sex));
	item[n++] = (struct pen_item)PEN_I_DATE("born", "出生日期", d->born);
	item[n++] = (struct pen_item)PEN_I_DATE("worked_on", "参加工作时间", d->worked_on);
	item[n++] = (struct pen_item)PEN_I_DATE("insured_on", "参保日期", d->insured_on);
	item[n++] = (struct pen_item)PEN_I_DATE("since", "到本单位日期", line->at.since);
	if (roster->entered)
		item[n++] = (struct pen_item)PEN_I_TEXT("way", "增加方式", title_of_way(line->at.by));
	item[n++] = (struct pen_item)PEN_I_TEXT("payer", "用工类别", title_of_payer(d));
	item[n++] = (struct pen_item)PEN_I_FEN("base_fen", "缴费基数", d->base_fen);
	item[n++] = (struct pen_item)PEN_I_TEXT("basis", "采集依据", title_of_basis(d->basis));
	item[n++] = (struct pen_item)PEN_I_INT("deemed_months", "视同缴费月数", d->deemed_months);
	item[n++] = (struct pen_item)PEN_I_INT("folio", "表号", line->at.folio);
	item[n++] = (struct pen_item)PEN_I_FLAG("sealed", "封存", d->sealed);
	return (struct pen_items){ item, n };
}

#define ITEMS_MOST 20

static void open_table(struct roster *roster)
{
	const struct pen_identity *identity = pen_store__identity(roster->store);
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_TEXT("month", "月份", roster->entered ? roster->span.text : NULL),
		PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(roster->asked.credit_code)),
		PEN_I_TEXT("employer", "单位名称", or_null(roster->asked.name)),
		PEN_I_INT("as_of", "截至记录", roster->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", roster->reading.time),
	};
	struct pen_item item[ITEMS_MOST];
	const struct pen_items columns = items_of(roster, &(struct line){ .there = false }, &(struct pen_business){ .employer = 0 }, item);

	pen_printer__form(roster->printer);
	pen_printer__open_table(roster->printer, roster->entered ? "new-insured" : "employer-roster",
	    roster->entered ? "新增参保人员基本情况表" : "参保单位职工基本情况表", &columns);
	pen_printer__head(roster->printer, PEN_ITEMS(head));
}

static enum pen_status close_table(struct roster *roster, struct pen_error *error)
{
	struct pen_items *list = pen_grouped__list(&roster->grouped, NULL, NULL);

	if (!list)
		return pen_error__memory(error);
	const struct pen_item summary[] = {
		PEN_I_INT("rows", "人数", roster->rows),
		PEN_I_LIST("employers", roster->entered ? "签字" : "按单位", list, roster->grouped.count),
	};
	pen_printer__close_table(roster->printer, PEN_ITEMS(summary), PEN_OK);
	pen_memory__free(list);
	return PEN_OK;
}

/* -------------------------------------------------------------- reading -- */

static enum pen_status read_line(struct roster *roster, const struct pen_employed *at, struct line *line, struct pen_error *error)
{
	const int64_t as_of = roster->reading.as_of;
	struct pen_group *group;
	enum pen_status status;

	*line = (struct line){ .at = *at };
	status = pen_employed__detail(roster->store, at, as_of, &line->detail, &line->there, error);
	if (status == PEN_OK && line->there)
		status = pen_grouped__turn(&roster->grouped, roster->store, at->employer, roster->entered ? at->folio : 0,
		    line->detail.sealed, as_of, &group, error);
	if (status == PEN_OK && line->there) {
		group->people++;
		line->group = roster->grouped.count - 1;
	}
	return status;
}

/* Reads some lines under one read lock, lets go of it, and prints them. */
static enum pen_status print_slice(struct roster *roster, size_t from, size_t n, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(roster->store);
	struct pen_item item[ITEMS_MOST];
	enum pen_status status;
	size_t i;

	status = pen_db__begin_read(db, error);
	for (i = 0; status == PEN_OK && i < n; i++)
		status = read_line(roster, &roster->list[from + i], &roster->line[i], error);
	pen_db__rollback(db);
	for (i = 0; status == PEN_OK && i < n; i++) {
		if (!roster->line[i].there)
			continue;
		roster->rows++;
		pen_printer__row(roster->printer, "person", items_of(roster, &roster->line[i],
		    &roster->grouped.at[roster->line[i].group].employer, item));
	}
	return status;
}

static enum pen_status print_all(struct roster *roster, struct pen_error *error)
{
	enum pen_status status;
	size_t from, n;

	status = roster->entered ?
	    pen_employed__entered(roster->store, roster->asked.employer, roster->span.begin, roster->span.end,
	    roster->reading.as_of, &roster->list, &roster->count, error) :
	    pen_employed__all(roster->store, roster->asked.employer, roster->reading.as_of, &roster->list, &roster->count, error);
	if (status != PEN_OK)
		return status;
	open_table(roster);
	for (from = 0; status == PEN_OK && from < roster->count; from += n) {
		n = roster->count - from < SLICE ? roster->count - from : SLICE;
		pen_session__progress(roster->reading.session, "roster", (int64_t)from, (int64_t)roster->count);
		if (pen_session__stopped(roster->reading.session))
			status = pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the report is not all there"));
		else
			status = print_slice(roster, from, n, error);
	}
	return status == PEN_OK ? close_table(roster, error) : status;
}

static enum pen_status make(struct roster *roster, const struct pen_list_options *options, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	char subject[96];

	roster->line = pen_memory__calloc(SLICE, sizeof(*roster->line));
	if (!roster->line)
		return pen_error__memory(error);
	if (roster->entered)
		status = pen_monthspan__read(&roster->span, options->month, error);
	if (status == PEN_OK)
		status = pen_reading__open(&roster->reading, roster->reading.session, options->as_of, error);
	if (status == PEN_OK && options->employer)
		status = pen_people__employer(roster->store, options->employer, roster->reading.as_of, &roster->asked, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "%s%s%s%s", roster->entered ? "new-insured " : "employer-roster",
	    roster->entered ? roster->span.text : "", roster->asked.credit_code[0] ? " " : "", roster->asked.credit_code);
	status = pen_reading__begin(&roster->reading, subject, error);
	if (status == PEN_OK)
		status = print_all(roster, error);
	return status == PEN_OK ? pen_reading__end(&roster->reading, roster->rows, error) : status;
}

enum pen_status pen_roster(struct pen_session *session, const struct pen_list_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct roster roster = {
		.reading = { .session = session }, .store = session->store, .printer = printer, .entered = options->month != NULL
	};
	enum pen_status status = make(&roster, options, error);

	pen_memory__free(roster.list);
	pen_memory__free(roster.line);
	pen_grouped__free(&roster.grouped);
	return status;
}
