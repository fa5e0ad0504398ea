#include "base/error.h"
#include "store/merging.h"
#include "store/people.h"
#include "work/moved.h"

#include <inttypes.h>
#include <string.h>

#define ACT "account.merge"

static void print(struct pen_merging *merging, const struct pen_someone *who, const struct pen_someone *into, struct pen_printer *printer)
{
	const struct pen_item head[] = {
		PEN_I_TEXT("id_number", "公民身份号码", who->id_number),
		PEN_I_TEXT("name", "姓名", who->name),
		PEN_I_TEXT("into", "并入公民身份号码", into->id_number),
		PEN_I_INT("reference_at", "截至记录", merging->plan.as_of),
	};
	const struct pen_item summary[] = {
		{ .key = "batch", .title = "批次", .type = PEN_ITEM_INT, .i = merging->computed.batch.id, .null = !merging->computed.batch.id },
		PEN_I_FEN("merged_fen", "并入储存额", merging->total_fen),
	};
	const struct pen_moved moved = { "merge", "个人账户合并", PEN_ITEMS(head), PEN_ITEMS(summary) };
	struct pen_row rows[PEN_MERGING_ROWS];

	pen_merging__rows(merging, rows);
	pen_moved__print(&moved, rows, PEN_MERGING_ROWS, printer);
}

static enum pen_status check_given(const struct pen_merge_options *given, struct pen_error *error)
{
	if (given->note[0] && strlen(given->note) < sizeof(((struct pen_merging_plan *)NULL)->note) && !strpbrk(given->note, "\r\n"))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "account.note", _("say on one line, of at most 255 bytes, which paper says so (a certificate and its number)"));
}

static enum pen_status merge(struct pen_merging *merging, const struct pen_merge_options *given, struct pen_someone *who,
    struct pen_someone *into, struct pen_error *error)
{
	struct pen_merging_plan plan = { .person = 0 };
	struct pen_store *store = merging->computed.session->store;
	enum pen_status status = pen_people__person(store, given->person, INT64_MAX, who, error);

	if (status == PEN_OK)
		status = pen_people__person(store, given->into, INT64_MAX, into, error);
	if (status != PEN_OK)
		return status;
	plan.person = who->person;
	plan.into = into->person;
	snprintf(plan.note, sizeof(plan.note), "%s", given->note);
	status = pen_merging__plan(merging, &plan, error);
	if (status == PEN_OK)
		status = pen_merging__collect(merging, error);
	return status == PEN_OK && !given->dry_run ? pen_merging__write(merging, error) : status;
}

enum pen_status pen_merge(struct pen_session *session, const struct pen_merge_options *given,
    struct pen_printer *printer, struct pen_error *error)
{
	static const char *const roles[] = { "operator", NULL };
	struct pen_merging merging;
	struct pen_someone who = { .person = 0 }, into = { .person = 0 };
	enum pen_status status = check_given(given, error);
	char subject[64];

	if (status == PEN_OK)
		status = pen_session__writable(session, error);
	if (status == PEN_OK)
		status = pen_session__require(session, roles, NULL, "R4.2.3", ACT, error);
	if (status == PEN_OK)
		status = pen_session__hold(session, "pen-account merge", 0, error);
	if (status != PEN_OK)
		return status;
	pen_merging__start(&merging, session);
	status = merge(&merging, given, &who, &into, error);
	pen_store__let_go(session->store);
	snprintf(subject, sizeof(subject), "person %" PRId64, who.person);
	if (status == PEN_REFUSED)
		pen_session__refused(session, ACT, subject, error);
	if (status == PEN_OK)
		print(&merging, &who, &into, printer);
	pen_merging__free(&merging);
	return status;
}
