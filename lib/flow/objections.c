/* The objections against statements: what became of each, and those that came too late. */
#include "base/date.h"
#include "base/error.h"
#include "model/printer.h"
#include "store/cases.h"
#include "store/objecting.h"
#include "work/reading.h"
#include "store/settings.h"

#include <string.h>

#define SLICE 100

struct listing {
	struct pen_reading reading;
	struct pen_store *store;
	struct pen_printer *printer;
	struct pen_parameters *parameters;
	struct pen_objecting one[SLICE];
	int64_t rows, refused;
};

/* What a case came to by then: its state, and who ended it and why. */
struct outcome { const char *state; const struct pen_case_step *end; };

static struct outcome outcome_of(const struct pen_case *found, int64_t as_of)
{
	struct outcome outcome = { .state = "requested" };
	size_t i;

	for (i = 0; i < found->steps && found->step[i].at <= as_of; i++) {
		outcome.state = pen_amendment__state_name(found->step[i].to);
		outcome.end = pen_amendment__is_over(found->step[i].to) || found->step[i].reason ? &found->step[i] : NULL;
	}
	return outcome;
}

static const char *or_null(const char *s)
{
	return s && s[0] ? s : NULL;
}

static struct pen_item number_or_null(const char *key, const char *title, int64_t number)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_INT, .i = number, .null = number == 0 };
}

static void print_row(struct listing *listing, const struct pen_objecting *one, const struct outcome *outcome,
    const struct pen_someone *someone, const struct pen_business *business, bool columns)
{
	const struct pen_issue *issue = &one->issue;
	const struct pen_case_step *end = outcome->end;
	const int32_t last = issue->on ? pen_issues__last_day(listing->parameters, pen_store__identity(listing->store)->agency, issue->on) : 0;
	const struct pen_item items[] = {
		PEN_I_INT("number", "序号", listing->rows),
		number_or_null("case", "申请号", one->amendment),
		PEN_I_TEXT("state", "状态", one->amendment ? outcome->state : "refused"),
		PEN_I_TEXT("code", "拒绝原因", or_null(one->code)),
		number_or_null("issue", "对账单号", issue->id),
		PEN_I_TEXT("form", "对账单", !issue->id ? NULL : issue->person ? "个人账户对账单" : "年度个人账户对账单明细表"),
		number_or_null("year", "年度", issue->year),
		PEN_I_TEXT("id_number", "公民身份号码", or_null(someone->id_number)),
		PEN_I_TEXT("name", "姓名", or_null(someone->name)),
		PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(business->credit_code)),
		PEN_I_TEXT("employer", "单位名称", or_null(business->name)),
		PEN_I_DATE("issued_on", "对账单发出日期", issue->on),
		PEN_I_DATE("last_day", "异议截止日期", last),
		PEN_I_DATE("objected_on", "异议日期", one->time[0] ? pen_date__local(one->time) : 0),
		PEN_I_TEXT("staff", "业务人员", or_null(one->staff)),
		PEN_I_TEXT("staff_name", "签名", or_null(one->name)),
		PEN_I_TEXT("time", "时间", or_null(one->time)),
		PEN_I_TEXT("decided_by", "处理人", end ? end->staff : NULL),
		PEN_I_TEXT("decided_name", "签名", end ? end->name : NULL),
		PEN_I_TEXT("decided_time", "处理时间", end ? end->time : NULL),
		PEN_I_TEXT("reason", "处理理由", end ? end->reason : NULL),
	};

	if (!columns) {
		pen_printer__row(listing->printer, "objection", PEN_ITEMS(items));
		return;
	}
	pen_printer__form(listing->printer);
	pen_printer__open_table(listing->printer, "objections", "对账单异议登记表", &PEN_ITEMS(items));
}

static enum pen_status list_one(struct listing *listing, const struct pen_objecting *one, struct pen_error *error)
{
	struct pen_someone someone = { .person = 0 };
	struct pen_business business = { .employer = 0 };
	struct outcome outcome = { .state = NULL };
	struct pen_case found = { 0 };
	enum pen_status status = PEN_OK;
	bool is;

	if (one->issue.person)
		status = pen_people__name(listing->store, one->issue.person, listing->reading.as_of, &someone, error);
	if (status == PEN_OK)
		status = pen_people__business(listing->store, one->issue.employer, listing->reading.as_of, &business, error);
	if (status == PEN_OK && one->amendment)
		status = pen_cases__find(listing->store, one->amendment, &found, &is, error);
	if (status == PEN_OK) {
		listing->rows++;
		listing->refused += one->amendment == 0;
		outcome = outcome_of(&found, listing->reading.as_of);
		print_row(listing, one, &outcome, &someone, &business, false);
	}
	pen_cases__free(&found);
	return status;
}

static enum pen_status list(struct listing *listing, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(listing->store);
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", "机构代码", identity->agency),
		PEN_I_TEXT("agency_name", "经办机构", identity->name),
		PEN_I_INT("as_of", "截至记录", listing->reading.as_of),
		PEN_I_TEXT("as_of_time", "截至时间", listing->reading.time),
	};
	enum pen_status status;
	int64_t after = -1;
	size_t count, i;

	print_row(listing, &(struct pen_objecting){ .at = 0 }, &(struct outcome){ .state = NULL }, &(struct pen_someone){ .person = 0 },
	    &(struct pen_business){ .employer = 0 }, true);
	pen_printer__head(listing->printer, PEN_ITEMS(head));
	do {
		status = pen_objecting__slice(listing->store, after, listing->reading.as_of, listing->one, SLICE, &count, error);
		for (i = 0; status == PEN_OK && i < count; i++) {
			after = listing->one[i].at;
			status = list_one(listing, &listing->one[i], error);
		}
	} while (status == PEN_OK && count == SLICE);
	if (status != PEN_OK)
		return status;
	const struct pen_item summary[] = {
		PEN_I_INT("rows", "件数", listing->rows),
		PEN_I_INT("refused", "其中未受理", listing->refused),
	};
	pen_printer__close_table(listing->printer, PEN_ITEMS(summary), PEN_OK);
	return PEN_OK;
}

enum pen_status pen_objections(struct pen_session *session, const char *as_of, struct pen_printer *printer, struct pen_error *error)
{
	struct listing *listing = pen_memory__calloc(1, sizeof(*listing));
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	if (!listing)
		return pen_error__memory(error);
	listing->store = session->store;
	listing->printer = printer;
	status = pen_reading__open(&listing->reading, session, as_of, error);
	if (status == PEN_OK)
		status = pen_reading__begin(&listing->reading, "objections", error);
	if (status == PEN_OK)
		status = pen_settings__parameters(session->store, listing->reading.as_of, &listing->parameters, digest, error);
	if (status == PEN_OK)
		status = list(listing, error);
	if (status == PEN_OK)
		status = pen_reading__end(&listing->reading, listing->rows, error);
	pen_parameter__free(listing->parameters);
	pen_memory__free(listing);
	return status;
}
