#include "adapter/json.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/kind.h"
#include "model/printer.h"
#include "model/trace.h"
#include "store/assessed.h"
#include "store/blob.h"
#include "store/people.h"
#include "store/rows.h"
#include "work/reading.h"

#include <inttypes.h>
#include <string.h>

/* An assessment on its way to the printer: its row's values, and the trace that they came
 * from. The strings of the row are copies. */
struct shown {
	struct pen_reading reading;
	struct pen_printer *printer;
	struct pen_someone who;
	struct pen_business employer;
	struct pen_assessed there;
	struct pen_signer operator, lead;
	struct pen_value v[PEN_COLUMNS_MOST];
	char category[16], route[16], reason[256];
	struct pen_json *trace;
	int64_t steps, notes;
};

static struct pen_store *store_of(const struct shown *shown)
{
	return shown->reading.session->store;
}

/* ------------------------------------------------------------- its record -- */

static void copy(const struct pen_value *value, char *out, size_t room)
{
	if (value->type == PEN_STRING)
		snprintf(out, room, "%.*s", (int)value->n, value->s);
}

static enum pen_status missing(const struct shown *shown, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "assess.missing",
	    _("folio %" PRId64 " should hold an assessment on line %" PRId64 " and does not: run pen-verify"), shown->there.folio, shown->there.line);
}

static enum pen_status read_row(struct shown *shown, struct pen_error *error)
{
	const struct pen_kind *kind = pen_kind__of(PEN_KIND_ASSESSMENT);
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open_subject(&rows, store_of(shown), kind, shown->there.folio, shown->who.person, error);
	bool found = false;

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row != NULL) {
		if (row->v[PEN_LINE].i != shown->there.line)
			continue;
		found = true;
		memcpy(shown->v, row->v, (size_t)kind->count * sizeof(shown->v[0]));
		copy(&row->v[PEN_ASSESSMENT_CATEGORY], shown->category, sizeof(shown->category));
		copy(&row->v[PEN_ASSESSMENT_ROUTE], shown->route, sizeof(shown->route));
		copy(&row->v[PEN_ASSESSMENT_REASON], shown->reason, sizeof(shown->reason));
	}
	pen_rows__close(rows);
	return status == PEN_OK && !found ? missing(shown, error) : status;
}

static enum pen_status read_trace(struct shown *shown, struct pen_error *error)
{
	char *text;
	size_t n;
	enum pen_status status = pen_blob__load(store_of(shown), shown->there.trace, &text, &n, error);

	if (status != PEN_OK)
		return status;
	status = pen_json__parse(&shown->trace, text, n, error);
	pen_memory__free(text);
	return status;
}

static enum pen_status read_signers(struct shown *shown, struct pen_error *error)
{
	struct pen_folio folio;
	bool found;
	enum pen_status status = pen_folio__find(store_of(shown), shown->there.folio, &folio, &found, error);

	if (status == PEN_OK && found && folio.employer)
		status = pen_people__business(store_of(shown), folio.employer, shown->reading.as_of, &shown->employer, error);
	if (status == PEN_OK)
		status = pen_people__signer(store_of(shown), shown->there.folio, "operator", shown->reading.as_of, &shown->operator, error);
	return status == PEN_OK ? pen_people__signer(store_of(shown), shown->there.folio, "lead", shown->reading.as_of, &shown->lead, error) : status;
}

static enum pen_status find(struct shown *shown, struct pen_error *error)
{
	enum pen_status status = pen_assessed__of_person(store_of(shown), shown->who.person, shown->reading.as_of, &shown->there, error);

	if (status == PEN_OK && !shown->there.folio)
		return pen_error__set(error, PEN_USAGE, "assess.none",
		    _("%s is not assessed as of entry %" PRId64 ": pen-benefit assess --person %s --retired-on DATE"),
		    shown->who.id_number, shown->reading.as_of, shown->who.id_number);
	if (status == PEN_OK)
		status = read_row(shown, error);
	if (status == PEN_OK)
		status = read_trace(shown, error);
	return status == PEN_OK ? read_signers(shown, error) : status;
}

/* --------------------------------------------------------------- printing -- */

/* The divisor as people write it: 139, or 137.3. */
static void show_divisor(const struct shown *shown, char out[32])
{
	pen_trace__decimal(shown->v[PEN_ASSESSMENT_DIVISOR].i, 1, out);
}

static void print_head(struct shown *shown)
{
	const struct pen_value *v = shown->v;
	char divisor[32], index[32];
	const struct pen_item columns[] = {
		PEN_I_TEXT("step", "步骤", NULL), PEN_I_TEXT("name", "项目", NULL), PEN_I_TEXT("value", "结果", NULL),
		PEN_I_TEXT("formula", "公式", NULL), PEN_I_TEXT("with", "代入", NULL), PEN_I_TEXT("rounding", "进位", NULL),
		PEN_I_TEXT("source", "依据", NULL), PEN_I_TEXT("verified", "核实", NULL),
	};
	const struct pen_item head[] = {
		PEN_I_TEXT("id_number", "公民身份号码", shown->who.id_number), PEN_I_TEXT("name", "姓名", shown->who.name),
		PEN_I_TEXT("credit_code", "统一社会信用代码", shown->employer.credit_code[0] ? shown->employer.credit_code : NULL),
		PEN_I_TEXT("employer", "单位名称", shown->employer.name[0] ? shown->employer.name : NULL),
		PEN_I_DATE("retired_on", "退休日期", v[PEN_ASSESSMENT_RETIRED_ON].i),
		PEN_I_DATE("benefit_from", "待遇开始年月", v[PEN_ASSESSMENT_BENEFIT_FROM].i),
		PEN_I_TEXT("category", "退休类别", shown->category), PEN_I_TEXT("route", "退休方式", shown->route),
		PEN_I_TEXT("reason", "核定说明", shown->reason[0] ? shown->reason : NULL),
		PEN_I_INT("age_months", "退休年龄月数", v[PEN_ASSESSMENT_AGE_MONTHS].i),
		PEN_I_INT("paid_months", "缴费月数", v[PEN_ASSESSMENT_PAID_MONTHS].i),
		PEN_I_INT("deemed_months", "视同缴费月数", v[PEN_ASSESSMENT_DEEMED_MONTHS].i),
		PEN_I_TEXT("wage_index", "平均缴费指数", index), PEN_I_FEN("wage_base_1_fen", "计发基数一", v[PEN_ASSESSMENT_WAGE_BASE_1].i),
		PEN_I_FEN("wage_base_2_fen", "计发基数二", v[PEN_ASSESSMENT_WAGE_BASE_2].i),
		PEN_I_FEN("balance_fen", "个人账户储存额", v[PEN_ASSESSMENT_BALANCE].i), PEN_I_TEXT("divisor", "计发月数", divisor),
		PEN_I_FEN("basic_fen", "基础养老金", v[PEN_ASSESSMENT_BASIC].i), PEN_I_FEN("account_fen", "个人账户养老金", v[PEN_ASSESSMENT_ACCOUNT].i),
		PEN_I_FEN("transitional_fen", "过渡性养老金", v[PEN_ASSESSMENT_TRANSITIONAL].i), PEN_I_FEN("extra_fen", "其他", v[PEN_ASSESSMENT_EXTRA].i),
		PEN_I_FEN("pension_fen", "基本养老金合计", v[PEN_ASSESSMENT_PENSION].i),
		PEN_I_FLAG("provisional", "暂核标志", v[PEN_ASSESSMENT_PROVISIONAL].i),
		PEN_I_INT("batch", "批次", shown->there.batch), PEN_I_INT("folio", "表号", shown->there.folio),
		PEN_I_INT("line", "行号", shown->there.line), PEN_I_FLAG("sealed", "封存", shown->there.sealed),
		PEN_I_TEXT("assessed_by", "核定", shown->operator.staff[0] ? shown->operator.staff : NULL),
		PEN_I_TEXT("approved_by", "审批", shown->lead.staff[0] ? shown->lead.staff : NULL),
		PEN_I_TEXT("trace", "核定过程", shown->there.trace),
		PEN_I_INT("as_of", "截至记录", shown->reading.as_of), PEN_I_TEXT("as_of_time", "截至时间", shown->reading.time),
	};
	const struct pen_items row = PEN_ITEMS(columns);

	show_divisor(shown, divisor);
	pen_trace__decimal(v[PEN_ASSESSMENT_WAGE_INDEX].i, 6, index);
	pen_printer__form(shown->printer);
	pen_printer__open_table(shown->printer, "assessment", "养老待遇核定表", &row);
	pen_printer__head(shown->printer, PEN_ITEMS(head));
}

static const char *text_of(const struct pen_json *step, const char *key)
{
	return pen_json__string(pen_json__member(step, key));
}

/* Where a step comes from: the record of an input, the source of a parameter. */
static void print_step(struct shown *shown, const struct pen_json *step)
{
	const char *from = text_of(step, "from"), *source = text_of(step, "source"), *note = text_of(step, "text");
	const struct pen_item row[] = {
		PEN_I_TEXT("step", "步骤", text_of(step, "step")),
		PEN_I_TEXT("name", "项目", text_of(step, "name")),
		PEN_I_TEXT("value", "结果", note ? note : text_of(step, "value")),
		PEN_I_TEXT("formula", "公式", text_of(step, "formula")),
		PEN_I_TEXT("with", "代入", text_of(step, "with")),
		PEN_I_TEXT("rounding", "进位", text_of(step, "rounding")),
		PEN_I_TEXT("source", "依据", from ? from : source),
		PEN_I_TEXT("verified", "核实", text_of(step, "verified")),
	};

	pen_printer__row(shown->printer, "step", PEN_ITEMS(row));
	shown->steps++;
	shown->notes += note != NULL;
}

static void print(struct shown *shown)
{
	const struct pen_json *step;

	print_head(shown);
	for (step = pen_json__first(shown->trace); step; step = pen_json__next(step))
		print_step(shown, step);
	const struct pen_item summary[] = {
		PEN_I_INT("steps", "步骤数", shown->steps), PEN_I_INT("notes", "说明数", shown->notes),
		PEN_I_FEN("pension_fen", "基本养老金合计", shown->v[PEN_ASSESSMENT_PENSION].i),
	};
	pen_printer__close_table(shown->printer, PEN_ITEMS(summary), PEN_OK);
}

enum pen_status pen_assessment_show(struct pen_session *session, const char *person, const char *as_of,
    struct pen_printer *printer, struct pen_error *error)
{
	struct shown shown = { .printer = printer };
	enum pen_status status;
	char subject[64];

	status = pen_reading__open(&shown.reading, session, as_of, error);
	if (status == PEN_OK)
		status = pen_people__person(session->store, person, shown.reading.as_of, &shown.who, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "assessment person %" PRId64, shown.who.person);
	status = pen_reading__begin(&shown.reading, subject, error);
	if (status == PEN_OK)
		status = find(&shown, error);
	if (status == PEN_OK) {
		print(&shown);
		status = pen_reading__end(&shown.reading, shown.steps, error);
	}
	pen_json__free(shown.trace);
	return status;
}
