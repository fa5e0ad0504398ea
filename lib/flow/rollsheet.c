/* 养老待遇发放表 (R4.3.1d): the roll of a month, person by person, with totals by employer and
 * by item. */
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/printer.h"
#include "store/folio.h"
#include "store/ledger.h"
#include "store/people.h"
#include "store/retired.h"
#include "work/monthspan.h"
#include "work/reading.h"

#include <stdlib.h>
#include <string.h>

#define SLICE 500	/* lines made in one read transaction, and printed after it */

/* The amounts of a line, in the order of its columns. */
static const struct { const char *key, *title; int column; } amounts[] = {
	{ "basic_fen", "基础养老金", PEN_PAYMENT_BASIC }, { "account_fen", "个人账户养老金", PEN_PAYMENT_ACCOUNT },
	{ "transitional_fen", "过渡性养老金", PEN_PAYMENT_TRANSITIONAL }, { "extra_fen", "其他", PEN_PAYMENT_EXTRA },
	{ "adjustment_fen", "历年调整", PEN_PAYMENT_ADJUSTMENT }, { "arrears_fen", "补发", PEN_PAYMENT_ARREARS },
	{ "once_fen", "一次性待遇", PEN_PAYMENT_ONCE }, { "recovered_fen", "扣回", PEN_PAYMENT_RECOVERED },
	{ "amount_fen", "实发金额", PEN_PAYMENT_AMOUNT }, { "overpaid_fen", "多发待扣", PEN_PAYMENT_OVERPAID },
};
enum { AMOUNTS = sizeof(amounts) / sizeof(amounts[0]) };

struct line { struct pen_someone who; char change[16]; int64_t fen[AMOUNTS]; };

/* An employer's folio, what it comes to, and who signed it. */
struct form {
	struct pen_folio folio;
	struct pen_business employer;
	struct pen_signer operator, lead;
	int64_t people, fen[AMOUNTS];
	struct pen_item item[AMOUNTS + 9];
};

struct sheet {
	struct pen_reading reading;
	struct pen_store *store;
	struct pen_printer *printer;
	struct pen_monthspan span;
	struct pen_business asked;
	struct form *form;
	size_t forms, room;
	struct line *line;
	int64_t rows, fen[AMOUNTS];
};

/* --------------------------------------------------------------- a line -- */

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static const char *title_of_change(const char *change)
{
	return strcmp(change, "joined") == 0 ? "新增" : strcmp(change, "changed") == 0 ? "变动" :
	    strcmp(change, "left") == 0 ? "减少" : strcmp(change, "same") == 0 ? "不变" : or_null(change);
}

static size_t put_amounts(struct pen_item *item, size_t n, const int64_t fen[AMOUNTS])
{
	size_t i;

	for (i = 0; i < AMOUNTS; i++)
		item[n++] = (struct pen_item)PEN_I_FEN(amounts[i].key, amounts[i].title, fen[i]);
	return n;
}

/* The items of a line; of an empty one, the columns. */
static struct pen_items items_of(const struct sheet *sheet, const struct form *form, const struct line *line, struct pen_item *item)
{
	size_t n = 0;

	item[n++] = (struct pen_item)PEN_I_INT("number", "序号", sheet->rows);
	item[n++] = (struct pen_item)PEN_I_INT("folio", "表号", form->folio.id);
	item[n++] = (struct pen_item)PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(form->employer.credit_code));
	item[n++] = (struct pen_item)PEN_I_TEXT("employer", "单位名称", or_null(form->employer.name));
	item[n++] = (struct pen_item)PEN_I_TEXT("id_number", "公民身份号码", or_null(line->who.id_number));
	item[n++] = (struct pen_item)PEN_I_TEXT("name", "姓名", or_null(line->who.name));
	item[n++] = (struct pen_item)PEN_I_TEXT("change", "增减情况", title_of_change(line->change));
	n = put_amounts(item, n, line->fen);
	item[n++] = (struct pen_item)PEN_I_FLAG("sealed", "封存", form->folio.state == PEN_FOLIO_SEALED);
	return (struct pen_items){ item, n };
}

static void open_table(struct sheet *sheet)
{
	const struct pen_identity *identity = pen_store__identity(sheet->store);
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_TEXT("month", "发放年月", sheet->span.text),
		PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(sheet->asked.credit_code)),
		PEN_I_TEXT("employer", "单位名称", or_null(sheet->asked.name)),
		PEN_I_INT("as_of", "截至记录", sheet->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", sheet->reading.time),
	};
	struct pen_item item[AMOUNTS + 9];
	const struct form none = { .people = 0 };
	const struct line empty = { .change = "" };
	const struct pen_items columns = items_of(sheet, &none, &empty, item);

	pen_printer__form(sheet->printer);
	pen_printer__open_table(sheet->printer, "roll", "养老待遇发放表", &columns);
	pen_printer__head(sheet->printer, PEN_ITEMS(head));
}

/* An employer in the summary, with the places for the signatures. */
static struct pen_items form_items(struct form *form)
{
	struct pen_item *item = form->item;
	size_t n = 0;

	item[n++] = (struct pen_item)PEN_I_INT("folio", "表号", form->folio.id);
	item[n++] = (struct pen_item)PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(form->employer.credit_code));
	item[n++] = (struct pen_item)PEN_I_TEXT("employer", "单位名称", or_null(form->employer.name));
	item[n++] = (struct pen_item)PEN_I_INT("people", "人数", form->people);
	n = put_amounts(item, n, form->fen);
	item[n++] = (struct pen_item)PEN_I_TEXT("state", "状态", form->folio.state == PEN_FOLIO_SEALED ? "已封存" : "未封存");
	item[n++] = (struct pen_item)PEN_I_TEXT("operator", "业务人员", or_null(form->operator.name));
	item[n++] = (struct pen_item)PEN_I_TEXT("operator_time", "签字时间", or_null(form->operator.time));
	item[n++] = (struct pen_item)PEN_I_TEXT("lead", "业务负责人", or_null(form->lead.name));
	item[n++] = (struct pen_item)PEN_I_TEXT("lead_time", "签字时间", or_null(form->lead.time));
	return (struct pen_items){ item, n };
}

static enum pen_status close_table(struct sheet *sheet, struct pen_error *error)
{
	struct pen_items *list = pen_memory__calloc(sheet->forms + 1, sizeof(*list));
	struct pen_item summary[AMOUNTS + 2];
	size_t i, n = 0;

	if (!list)
		return pen_error__memory(error);
	for (i = 0; i < sheet->forms; i++)
		list[i] = form_items(&sheet->form[i]);
	summary[n++] = (struct pen_item)PEN_I_INT("rows", "人数", sheet->rows);
	n = put_amounts(summary, n, sheet->fen);
	summary[n++] = (struct pen_item)PEN_I_LIST("employers", "按单位", list, sheet->forms);
	pen_printer__close_table(sheet->printer, (struct pen_items){ summary, n }, PEN_OK);
	pen_memory__free(list);
	return PEN_OK;
}

/* -------------------------------------------------------------- reading -- */

/* Where a folio is being read; `row` is the one that is next, NULL at the end. */
struct cursor { struct pen_ledger_rows *rows; const struct pen_row *row; };

static enum pen_status read_line(struct sheet *sheet, struct cursor *cursor, struct line *line, struct pen_error *error)
{
	const struct pen_value *change = &cursor->row->v[PEN_PAYMENT_CHANGE];
	int64_t person = cursor->row->v[PEN_SUBJECT].i;
	enum pen_status status;
	size_t i;

	snprintf(line->change, sizeof(line->change), "%.*s", change->type == PEN_STRING ? (int)change->n : 0, change->s);
	for (i = 0; i < AMOUNTS; i++)
		line->fen[i] = cursor->row->v[amounts[i].column].i;
	status = pen_ledger__next(cursor->rows, &cursor->row, error);
	return status == PEN_OK ? pen_retired__name(sheet->store, person, sheet->reading.as_of, &line->who, error) : status;
}

static bool add_line(struct sheet *sheet, struct form *form, const struct line *line)
{
	bool fits = true;
	size_t i;

	for (i = 0; fits && i < AMOUNTS; i++)
		fits = pen_money__add(form->fen[i], line->fen[i], &form->fen[i]) &&
		    pen_money__add(sheet->fen[i], line->fen[i], &sheet->fen[i]);
	form->people++;
	sheet->rows++;
	return fits;
}

/* Reads some lines under one read lock, lets go of it, and prints them. */
static enum pen_status print_slice(struct sheet *sheet, struct form *form, struct cursor *cursor, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(sheet->store);
	struct pen_item item[AMOUNTS + 9];
	enum pen_status status;
	size_t n = 0, i;

	status = pen_db__begin_read(db, error);
	while (status == PEN_OK && cursor->row && n < SLICE)
		status = read_line(sheet, cursor, &sheet->line[n++], error);
	pen_db__rollback(db);
	for (i = 0; status == PEN_OK && i < n; i++) {
		if (!add_line(sheet, form, &sheet->line[i]))
			return pen_error__set(error, PEN_INPUT, "report.range", _("the pensions do not fit the range of amounts: look for a wrong one"));
		pen_printer__row(sheet->printer, "person", items_of(sheet, form, &sheet->line[i], item));
	}
	return status;
}

static enum pen_status print_form(struct sheet *sheet, struct form *form, struct pen_error *error)
{
	struct cursor cursor;
	enum pen_status status;

	status = pen_ledger__open(&cursor.rows, sheet->store, pen_kind__of(PEN_KIND_PAYMENT), form->folio.id, 0,
	    sheet->reading.as_of, error);
	if (status != PEN_OK)
		return status;
	status = pen_ledger__next(cursor.rows, &cursor.row, error);
	while (status == PEN_OK && cursor.row) {
		pen_session__progress(sheet->reading.session, "roll", sheet->rows, -1);
		if (pen_session__stopped(sheet->reading.session))
			status = pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the report is not all there"));
		else
			status = print_slice(sheet, form, &cursor, error);
	}
	pen_ledger__close(cursor.rows);
	return status;
}

/* ------------------------------------------------------------- the verb -- */

static enum pen_status add_form(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct sheet *sheet = context;
	size_t room = sheet->room ? sheet->room * 2 : 16;
	struct form *form, *grown;
	enum pen_status status;

	if (sheet->forms == sheet->room) {
		grown = pen_memory__realloc(sheet->form, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		sheet->form = grown;
		sheet->room = room;
	}
	form = &sheet->form[sheet->forms++];
	*form = (struct form){ .folio = *folio };
	status = pen_people__business(sheet->store, folio->employer, sheet->reading.as_of, &form->employer, error);
	if (status == PEN_OK)
		status = pen_people__signer(sheet->store, folio->id, "operator", sheet->reading.as_of, &form->operator, error);
	return status == PEN_OK ? pen_people__signer(sheet->store, folio->id, "lead", sheet->reading.as_of, &form->lead, error) : status;
}

static enum pen_status print_all(struct sheet *sheet, struct pen_error *error)
{
	enum pen_status status = pen_folio__each_visible(sheet->store, "roll", sheet->span.month, sheet->asked.employer,
	    sheet->reading.as_of, add_form, sheet, error);
	size_t i;

	if (status != PEN_OK)
		return status;
	open_table(sheet);
	for (i = 0; status == PEN_OK && i < sheet->forms; i++)
		status = print_form(sheet, &sheet->form[i], error);
	return status == PEN_OK ? close_table(sheet, error) : status;
}

static enum pen_status make(struct sheet *sheet, const struct pen_list_options *options, struct pen_error *error)
{
	enum pen_status status = pen_monthspan__read(&sheet->span, options->month, error);
	char subject[96];

	if (status == PEN_OK)
		status = pen_reading__open(&sheet->reading, sheet->reading.session, options->as_of, error);
	if (status == PEN_OK && options->employer)
		status = pen_people__employer(sheet->store, options->employer, sheet->reading.as_of, &sheet->asked, error);
	if (status != PEN_OK)
		return status;
	sheet->line = pen_memory__calloc(SLICE, sizeof(*sheet->line));
	if (!sheet->line)
		return pen_error__memory(error);
	snprintf(subject, sizeof(subject), "roll %s%s%s", sheet->span.text, sheet->asked.credit_code[0] ? " " : "", sheet->asked.credit_code);
	status = pen_reading__begin(&sheet->reading, subject, error);
	if (status == PEN_OK)
		status = print_all(sheet, error);
	return status == PEN_OK ? pen_reading__end(&sheet->reading, sheet->rows, error) : status;
}

enum pen_status pen_rollsheet(struct pen_session *session, const struct pen_list_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct sheet sheet = { .reading = { .session = session }, .store = session->store, .printer = printer };
	enum pen_status status = make(&sheet, options, error);

	pen_memory__free(sheet.form);
	pen_memory__free(sheet.line);
	return status;
}
