/* 参保单位退休人员基本情况表 and 新增退休人员基本情况表 (R4.3.3): who retired from an employer,
 * with the parts of the pension; and those whom the forms of a month brought in. */
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/printer.h"
#include "store/folio.h"
#include "store/retired.h"
#include "work/grouped.h"
#include "work/monthspan.h"
#include "work/reading.h"

#include <stdlib.h>
#include <string.h>

#define SLICE 500	/* lines made in one read transaction, and printed after it */

struct line { struct pen_retired_record who; bool there; };

struct retirees {
	struct pen_reading reading;
	struct pen_store *store;
	struct pen_printer *printer;
	bool entered;			/* of a month: else of everybody */
	struct pen_monthspan span;
	struct pen_business asked;	/* "": all */
	struct pen_folio *folio;
	size_t folios, room;
	struct line *line;
	int64_t people[SLICE];
	struct pen_grouped grouped;
	int64_t rows, fen;
};

/* --------------------------------------------------------------- a line -- */

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static const char *title_of_basis(const char *basis)
{
	return strcmp(basis, "approval-form") == 0 ? "退休审批表" : strcmp(basis, "lawful-file") == 0 ? "其他法定退休档案" :
	    strcmp(basis, "expansion") == 0 ? "新扩面" : strcmp(basis, "assessed") == 0 ? "系统核定" : or_null(basis);
}

static struct pen_item number(enum pen_item_type type, const char *key, const char *title, struct pen_retired_number value)
{
	return (struct pen_item){ .key = key, .title = title, .type = type, .i = value.i, .null = !value.told };
}

/* The items of a line; of an empty one, the columns. */
static struct pen_items items_of(const struct retirees *work, const struct pen_retired_record *who, const struct pen_business *employer,
    struct pen_item *item)
{
	size_t n = 0;

	item[n++] = (struct pen_item)PEN_I_INT("number", "序号", work->rows);
	item[n++] = (struct pen_item)PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(employer->credit_code));
	item[n++] = (struct pen_item)PEN_I_TEXT("employer", "单位名称", or_null(employer->name));
	item[n++] = (struct pen_item)PEN_I_TEXT("id_number", "公民身份号码", or_null(who->id_number));
	item[n++] = (struct pen_item)PEN_I_TEXT("name", "姓名", or_null(who->name));
	item[n++] = (struct pen_item)PEN_I_TEXT("sex", "性别", who->sex == 1 ? "男" : who->sex == 2 ? "女" : NULL);
	item[n++] = (struct pen_item)PEN_I_DATE("born", "出生日期", who->born);
	item[n++] = (struct pen_item)PEN_I_DATE("worked_on", "参加工作时间", who->worked_on);
	item[n++] = (struct pen_item)PEN_I_DATE("retired_on", "退休日期", who->retired_on);
	item[n++] = (struct pen_item)PEN_I_DATE("benefit_from", "待遇开始年月", who->benefit_from);
	item[n++] = (struct pen_item)PEN_I_TEXT("basis", "采集依据", title_of_basis(who->basis));
	item[n++] = number(PEN_ITEM_INT, "paid_months", "缴费月数", who->paid_months);
	item[n++] = number(PEN_ITEM_INT, "deemed_months", "视同缴费月数", who->deemed_months);
	item[n++] = number(PEN_ITEM_FEN, "basic_fen", "基础养老金", who->basic);
	item[n++] = number(PEN_ITEM_FEN, "account_fen", "个人账户养老金", who->account);
	item[n++] = number(PEN_ITEM_FEN, "transitional_fen", "过渡性养老金", who->transitional);
	item[n++] = number(PEN_ITEM_FEN, "extra_fen", "其他", who->extra);
	item[n++] = number(PEN_ITEM_FEN, "pension_fen", "基本养老金合计", who->pension);
	item[n++] = (struct pen_item)PEN_I_INT("folio", "表号", who->folio);
	item[n++] = (struct pen_item)PEN_I_FLAG("sealed", "封存", who->sealed);
	return (struct pen_items){ item, n };
}

#define ITEMS_MOST 20

static void open_table(struct retirees *work)
{
	const struct pen_identity *identity = pen_store__identity(work->store);
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_TEXT("month", "月份", work->entered ? work->span.text : NULL),
		PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(work->asked.credit_code)),
		PEN_I_TEXT("employer", "单位名称", or_null(work->asked.name)),
		PEN_I_INT("as_of", "截至记录", work->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", work->reading.time),
	};
	struct pen_item item[ITEMS_MOST];
	const struct pen_items columns = items_of(work, &(struct pen_retired_record){ .person = 0 }, &(struct pen_business){ .employer = 0 }, item);

	pen_printer__form(work->printer);
	pen_printer__open_table(work->printer, work->entered ? "new-retirees" : "employer-retirees",
	    work->entered ? "新增退休人员基本情况表" : "参保单位退休人员基本情况表", &columns);
	pen_printer__head(work->printer, PEN_ITEMS(head));
}

static enum pen_status close_table(struct retirees *work, struct pen_error *error)
{
	struct pen_items *list = pen_grouped__list(&work->grouped, "pension_fen", "基本养老金合计");

	if (!list)
		return pen_error__memory(error);
	const struct pen_item summary[] = {
		PEN_I_INT("rows", "人数", work->rows),
		PEN_I_FEN("pension_fen", "基本养老金合计", work->fen),
		PEN_I_LIST("employers", "签字", list, work->grouped.count),
	};
	pen_printer__close_table(work->printer, PEN_ITEMS(summary), PEN_OK);
	pen_memory__free(list);
	return PEN_OK;
}

/* -------------------------------------------------------------- reading -- */

/* Where the newest version stands, the person is printed; in a list of a month, where they
 * first came in: assessed again they are nobody new. */
static enum pen_status read_line(struct retirees *work, const struct pen_folio *folio, int64_t person, struct line *line,
    struct pen_error *error)
{
	enum pen_status status = pen_retired__of(work->store, person, folio->employer, work->reading.as_of, &line->who, &line->there, error);
	int64_t first = line->who.folio;

	if (status == PEN_OK && work->entered && line->there)
		status = pen_retired__first(work->store, person, work->reading.as_of, &first, error);
	line->there = line->there && first == folio->id;
	return status;
}

static enum pen_status print_line(struct retirees *work, struct pen_group *group, const struct pen_retired_record *who, struct pen_error *error)
{
	struct pen_item item[ITEMS_MOST];

	if (!pen_money__add(work->fen, who->pension.i, &work->fen) || !pen_money__add(group->fen, who->pension.i, &group->fen))
		return pen_error__set(error, PEN_INPUT, "report.range", _("the pensions do not fit the range of amounts: look for a wrong one"));
	work->rows++;
	group->people++;
	pen_printer__row(work->printer, "person", items_of(work, who, &group->employer, item));
	return PEN_OK;
}

/* Reads some lines of a folio under one read lock, lets go of it, and prints them. */
static enum pen_status print_slice(struct retirees *work, const struct pen_folio *folio, int64_t after, size_t *n, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->store);
	struct pen_group *group = NULL;
	enum pen_status status;
	size_t i;

	status = pen_db__begin_read(db, error);
	if (status == PEN_OK)
		status = pen_retired__people(work->store, folio->id, after, work->people, SLICE, n, error);
	for (i = 0; status == PEN_OK && i < *n; i++)
		status = read_line(work, folio, work->people[i], &work->line[i], error);
	for (i = 0; status == PEN_OK && !group && i < *n; i++)
		if (work->line[i].there)
			status = pen_grouped__turn(&work->grouped, work->store, folio->employer, folio->id,
			    folio->state == PEN_FOLIO_SEALED, work->reading.as_of, &group, error);
	pen_db__rollback(db);
	for (i = 0; status == PEN_OK && i < *n; i++)
		if (work->line[i].there)
			status = print_line(work, group, &work->line[i].who, error);
	return status;
}

static enum pen_status print_folio(struct retirees *work, const struct pen_folio *folio, struct pen_error *error)
{
	enum pen_status status;
	int64_t after = 0;
	size_t n;

	do {
		pen_session__progress(work->reading.session, "retirees", work->rows, -1);
		if (pen_session__stopped(work->reading.session))
			return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the report is not all there"));
		status = print_slice(work, folio, after, &n, error);
		after = n ? work->people[n - 1] : after;
	} while (status == PEN_OK && n == SLICE);
	return status;
}

/* ------------------------------------------------------------ the folios -- */

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct retirees *work = context;
	size_t room = work->room ? work->room * 2 : 64;
	struct pen_folio *grown;

	if (work->asked.employer && folio->employer != work->asked.employer)
		return PEN_OK;
	if (work->folios == work->room) {
		grown = pen_memory__realloc(work->folio, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		work->folio = grown;
		work->room = room;
	}
	work->folio[work->folios++] = *folio;
	return PEN_OK;
}

static int by_employer(const void *a, const void *b)
{
	const struct pen_folio *x = a, *y = b;

	if (x->employer != y->employer)
		return x->employer > y->employer ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

/* A month has whoever came in then; supplements bring nobody. */
static enum pen_status find_folios(struct retirees *work, struct pen_error *error)
{
	static const char *const forms[] = { "retirement", "assessment", "assessment-exception", "benefit-supplement" };
	const size_t count = sizeof(forms) / sizeof(forms[0]) - (work->entered ? 1 : 0);
	const int64_t as_of = work->reading.as_of;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < count; i++)
		status = work->entered
		    ? pen_folio__each_entered(work->store, forms[i], work->span.begin, work->span.end, as_of, take_folio, work, error)
		    : pen_folio__each_visible(work->store, forms[i], 0, work->asked.employer, as_of, take_folio, work, error);
	if (status == PEN_OK && work->folios > 1)
		qsort(work->folio, work->folios, sizeof(*work->folio), by_employer);
	return status;
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status print_all(struct retirees *work, struct pen_error *error)
{
	enum pen_status status = find_folios(work, error);
	size_t i;

	if (status != PEN_OK)
		return status;
	open_table(work);
	for (i = 0; status == PEN_OK && i < work->folios; i++)
		status = print_folio(work, &work->folio[i], error);
	return status == PEN_OK ? close_table(work, error) : status;
}

static enum pen_status make(struct retirees *work, const struct pen_list_options *options, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	char subject[96];

	work->line = pen_memory__calloc(SLICE, sizeof(*work->line));
	if (!work->line)
		return pen_error__memory(error);
	if (work->entered)
		status = pen_monthspan__read(&work->span, options->month, error);
	if (status == PEN_OK)
		status = pen_reading__open(&work->reading, work->reading.session, options->as_of, error);
	if (status == PEN_OK && options->employer)
		status = pen_people__employer(work->store, options->employer, work->reading.as_of, &work->asked, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "%s%s%s%s", work->entered ? "new-retirees " : "employer-retirees",
	    work->entered ? work->span.text : "", work->asked.credit_code[0] ? " " : "", work->asked.credit_code);
	status = pen_reading__begin(&work->reading, subject, error);
	if (status == PEN_OK)
		status = print_all(work, error);
	return status == PEN_OK ? pen_reading__end(&work->reading, work->rows, error) : status;
}

enum pen_status pen_retirees(struct pen_session *session, const struct pen_list_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct retirees work = {
		.reading = { .session = session }, .store = session->store, .printer = printer, .entered = options->month != NULL
	};
	enum pen_status status = make(&work, options, error);

	pen_memory__free(work.folio);
	pen_memory__free(work.line);
	pen_grouped__free(&work.grouped);
	return status;
}
