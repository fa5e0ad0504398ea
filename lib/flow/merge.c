#include "base/error.h"
#include "store/merging.h"
#include "store/people.h"
#include "work/act.h"
#include "work/moved.h"

#include <inttypes.h>

static void print(struct pen_merging *merging, const struct pen_someone *who, const struct pen_someone *into, struct pen_printer *printer)
{
	const struct pen_item head[] = {
		PEN_I_TEXT("id_number", "公民身份号码", who->id_number),
		PEN_I_TEXT("name", "姓名", who->name),
		PEN_I_TEXT("into", "并入公民身份号码", into->id_number),
		PEN_I_INT("reference_at", "截至记录", merging->end.plan.as_of),
	};
	const struct pen_item summary[] = {
		{ .key = "batch", .title = "批次", .type = PEN_ITEM_INT, .i = merging->end.computed.batch.id, .null = !merging->end.computed.batch.id },
		PEN_I_FEN("merged_fen", "并入储存额", merging->end.total_fen),
	};
	const struct pen_moved moved = { "merge", "个人账户合并", PEN_ITEMS(head), PEN_ITEMS(summary) };

	pen_moved__print(&moved, merging->end.row, merging->end.rows, printer);
}

static enum pen_status merge(struct pen_merging *merging, const struct pen_merge_options *given, struct pen_someone *who,
    struct pen_someone *into, struct pen_error *error)
{
	struct pen_store *store = merging->end.computed.session->store;
	enum pen_status status = pen_people__person(store, given->person, INT64_MAX, who, error);

	if (status == PEN_OK)
		status = pen_people__person(store, given->into, INT64_MAX, into, error);
	if (status == PEN_OK)
		status = pen_merging__plan(merging, who->person, into->person, given->note, error);
	if (status == PEN_OK)
		status = pen_merging__collect(merging, error);
	return status == PEN_OK && !given->dry_run ? pen_ending__write(&merging->end, error) : status;
}

enum pen_status pen_merge(struct pen_session *session, const struct pen_merge_options *given,
    struct pen_printer *printer, struct pen_error *error)
{
	static const struct pen_act act = { "account.merge", "operator", "R4.2.3", "pen-account merge" };
	struct pen_merging merging;
	struct pen_someone who = { .person = 0 }, into = { .person = 0 };
	enum pen_status status = pen_ending__check_note(given->note, error);
	char subject[64];

	if (status == PEN_OK)
		status = pen_act__begin(session, &act, error);
	if (status != PEN_OK)
		return status;
	pen_merging__start(&merging, session);
	status = merge(&merging, given, &who, &into, error);
	snprintf(subject, sizeof(subject), "person %" PRId64, who.person);
	status = pen_act__end(session, &act, status, subject, error);
	if (status == PEN_OK)
		print(&merging, &who, &into, printer);
	pen_merging__free(&merging);
	return status;
}
