/* The yearly adjustment of pensions: a scheme applied to everybody who retired in time. */
#include "base/error.h"
#include "base/file.h"
#include "model/printer.h"
#include "store/adjusting.h"
#include "store/retired.h"
#include "work/approving.h"

#include <inttypes.h>
#include <string.h>

#define SCHEME_MOST (1 << 20)

/* A run: the scheme as it is applied, and the batch that it becomes. */
struct work {
	struct pen_adjusting adjusting;
	struct pen_computed computed;
	struct pen_approving signature;		/* seal 0: not signed */
	struct pen_printer *printer;
	bool dry_run;
};

/* ------------------------------------------------------------- printing -- */

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static enum pen_status print_group(struct work *work, const struct pen_adjusting_group *group, struct pen_error *error)
{
	struct pen_adjusting *a = &work->adjusting;
	struct pen_business employer;

	if (pen_people__business(a->session->store, group->employer, a->reference, &employer, error) != PEN_OK)
		return error->status;
	const struct pen_item row[] = {
		PEN_I_TEXT("credit_code", _("credit code"), or_null(employer.credit_code)),
		PEN_I_TEXT("employer", _("employer"), or_null(employer.name)),
		PEN_I_INT("people", _("people"), (int64_t)group->count),
		PEN_I_FEN("before_fen", _("before"), group->before_fen),
		PEN_I_FEN("fixed_fen", _("fixed"), group->sum.fixed_fen),
		PEN_I_FEN("years_fen", _("by years"), group->sum.years_fen),
		PEN_I_FEN("level_fen", _("by pension"), group->sum.level_fen),
		PEN_I_FEN("tilt_fen", _("tilted"), group->sum.tilt_fen),
		PEN_I_FEN("increase_fen", _("increase"), group->sum.increase_fen),
	};

	pen_printer__row(work->printer, "employer", PEN_ITEMS(row));
	return PEN_OK;
}

/* What of somebody has to be told before they can be adjusted. */
static const char *advice_of(const char *lacks)
{
	if (strcmp(lacks, "months") == 0)
		return _("the months of contribution are not told: fill them in with benefit-supplement");
	if (strcmp(lacks, "pension") == 0)
		return _("the pension is not told: fill it in with benefit-supplement");
	return _("the employer's area is not told: bring the employer in again with it");
}

/* The records of those who were left, with the items they are made of. */
struct left_record { struct pen_someone who; struct pen_item item[4]; };

static enum pen_status list_left(struct work *work, struct pen_items **list, struct left_record **records, struct pen_error *error)
{
	struct pen_adjusting *a = &work->adjusting;
	enum pen_status status = PEN_OK;
	struct left_record *record;
	size_t i;

	*list = pen_memory__calloc(a->lefts + 1, sizeof(**list));
	*records = pen_memory__calloc(a->lefts + 1, sizeof(**records));
	if (!*list || !*records)
		return pen_error__memory(error);
	for (i = 0; status == PEN_OK && i < a->lefts; i++) {
		record = &(*records)[i];
		status = pen_retired__name(a->session->store, a->left[i].person, a->reference, &record->who, error);
		record->item[0] = (struct pen_item)PEN_I_TEXT("id_number", _("citizen id"), or_null(record->who.id_number));
		record->item[1] = (struct pen_item)PEN_I_TEXT("name", _("name"), or_null(record->who.name));
		record->item[2] = (struct pen_item)PEN_I_TEXT("lacks", _("lacks"), a->left[i].lacks);
		record->item[3] = (struct pen_item)PEN_I_TEXT("advice", _("what to do"), advice_of(a->left[i].lacks));
		(*list)[i] = (struct pen_items){ record->item, 4 };
	}
	return status;
}

static void print_head(struct work *work)
{
	const struct pen_adjusting *a = &work->adjusting;
	const struct pen_item columns[] = {
		PEN_I_TEXT("credit_code", _("credit code"), NULL), PEN_I_TEXT("employer", _("employer"), NULL),
		PEN_I_INT("people", _("people"), 0), PEN_I_FEN("before_fen", _("before"), 0), PEN_I_FEN("fixed_fen", _("fixed"), 0),
		PEN_I_FEN("years_fen", _("by years"), 0), PEN_I_FEN("level_fen", _("by pension"), 0),
		PEN_I_FEN("tilt_fen", _("tilted"), 0), PEN_I_FEN("increase_fen", _("increase"), 0),
	};
	const struct pen_items shape = PEN_ITEMS(columns);
	const struct pen_item head[] = {
		PEN_I_TEXT("scheme", _("scheme"), a->scheme.name),
		PEN_I_TEXT("title", _("title"), a->scheme.title),
		PEN_I_TEXT("source", _("source"), a->scheme.source),
		PEN_I_TEXT("scheme_digest", _("digest"), a->digest),
		PEN_I_DATE("effective", _("effective from"), a->scheme.effective),
		PEN_I_DATE("retired_by", _("retired by"), a->scheme.retired_by),
		PEN_I_INT("reference_at", _("as of entry"), a->reference),
	};

	pen_printer__open_table(work->printer, "adjustment", _("The adjustment of pensions, employer by employer"), &shape);
	pen_printer__head(work->printer, PEN_ITEMS(head));
}

/* What of the scheme is not certain. */
static struct pen_items *list_doubts(const struct pen_scheme *scheme, struct pen_item (**items)[3])
{
	struct pen_items *list = pen_memory__calloc(scheme->doubts + 1, sizeof(*list));
	size_t i;

	*items = pen_memory__calloc(scheme->doubts + 1, sizeof(**items));
	for (i = 0; list && *items && i < scheme->doubts; i++) {
		(*items)[i][0] = (struct pen_item)PEN_I_TEXT("code", _("code"), "scheme.unverified");
		(*items)[i][1] = (struct pen_item)PEN_I_TEXT("where", _("where"), scheme->doubt[i].where);
		(*items)[i][2] = (struct pen_item)PEN_I_TEXT("text", _("what is in doubt"), scheme->doubt[i].why);
		list[i] = (struct pen_items){ (*items)[i], 3 };
	}
	return list;
}

static enum pen_status print_summary(struct work *work, const struct pen_items *left, const struct pen_items *doubts)
{
	const struct pen_adjusting *a = &work->adjusting;
	const enum pen_status outcome = a->lefts ? PEN_FINDINGS : PEN_OK;
	const int64_t batch = work->computed.batch.id;
	const struct pen_item summary[] = {
		{ .key = "batch", .title = _("batch"), .type = PEN_ITEM_INT, .i = batch, .null = !batch },
		PEN_I_INT("people", _("people adjusted"), a->counts.adjusted),
		PEN_I_INT("unchanged", _("adjusted already"), a->counts.unchanged),
		PEN_I_INT("later", _("retired too late"), a->counts.later),
		PEN_I_INT("ended", _("ended before"), a->counts.ended),
		PEN_I_FEN("before_fen", _("before"), a->before_fen),
		PEN_I_FEN("fixed_fen", _("fixed"), a->sum.fixed_fen),
		PEN_I_FEN("years_fen", _("by years"), a->sum.years_fen),
		PEN_I_FEN("level_fen", _("by pension"), a->sum.level_fen),
		PEN_I_FEN("tilt_fen", _("tilted"), a->sum.tilt_fen),
		PEN_I_FEN("increase_fen", _("increase"), a->sum.increase_fen),
		{ .key = "seal", .title = _("seal"), .type = PEN_ITEM_INT, .i = work->signature.seal, .null = !work->signature.seal },
		PEN_I_TEXT("next_role", _("next to sign"), work->signature.seal ? work->signature.next : NULL),
		PEN_I_FLAG("dry_run", _("dry run"), work->dry_run),
		PEN_I_LIST("left", _("left out"), left, a->lefts),
		PEN_I_LIST("assumptions", _("assumptions"), doubts, a->scheme.doubts),
	};

	pen_printer__close_table(work->printer, PEN_ITEMS(summary), outcome);
	return outcome;
}

static enum pen_status print(struct work *work, struct pen_error *error)
{
	struct pen_items *left = NULL, *doubts = NULL;
	struct left_record *records = NULL;
	struct pen_item (*items)[3] = NULL;
	enum pen_status status;
	size_t i;

	status = list_left(work, &left, &records, error);
	if (status == PEN_OK) {
		doubts = list_doubts(&work->adjusting.scheme, &items);
		if (!doubts || !items)
			status = pen_error__memory(error);
	}
	if (status == PEN_OK)
		print_head(work);
	for (i = 0; status == PEN_OK && i < work->adjusting.groups; i++)
		status = print_group(work, &work->adjusting.group[i], error);
	if (status == PEN_OK)
		status = print_summary(work, left, doubts);
	pen_memory__free(left);
	pen_memory__free(records);
	pen_memory__free(doubts);
	pen_memory__free(items);
	return status;
}

/* The scheme was applied, and waits for its signatures: it stays as it is. Where a run was
 * stopped before the first, that is made good. */
static enum pen_status leave_there(struct work *work, struct pen_session *session, int64_t batch, struct pen_error *error)
{
	enum pen_status status = work->dry_run ? PEN_OK : pen_approving__go_on(session, batch, &work->signature, error);
	const struct pen_item record[] = {
		PEN_I_INT("batch", _("batch"), batch),
		PEN_I_TEXT("scheme", _("scheme"), work->adjusting.scheme.name),
		PEN_I_DATE("effective", _("effective from"), work->adjusting.scheme.effective),
		PEN_I_FLAG("changed", _("changed"), work->signature.seal != 0),
	};

	if (status != PEN_OK)
		return status;
	pen_printer__one(work->printer, "adjustment-there", work->signature.seal
	    ? _("The scheme is applied; it is signed now, and waits for the next signature")
	    : _("The scheme is applied and waits for its signatures; nothing was changed"),
	    PEN_ITEMS(record), PEN_OK);
	return PEN_OK;
}

/* ------------------------------------------------------------- the verb -- */

static enum pen_status load(struct work *work, struct pen_session *session, const char *path, struct pen_error *error)
{
	enum pen_status status;
	char *text;
	size_t n;

	status = pen_file__load(path, SCHEME_MOST, &text, &n, error);
	if (status != PEN_OK)
		return status;
	status = pen_adjusting__open(&work->adjusting, session, text, n, error);
	pen_memory__free(text);
	return status == PEN_INPUT ? pen_error__at(error, path, 0, NULL) : status;
}

/* Nothing to be done makes no batch; that it was looked at is entered (R7.5). */
static enum pen_status make(struct work *work, struct pen_session *session, struct pen_error *error)
{
	struct pen_adjusting *a = &work->adjusting;
	enum pen_status status = pen_adjusting__collect(a, error);
	char subject[96];

	if (status == PEN_OK)
		status = pen_adjusting__batch(a, &work->computed, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "scheme %.12s", a->digest);
	if (work->dry_run || !a->ones)
		return pen_computed__count(&work->computed, work->dry_run ? NULL : subject, error);
	status = pen_computed__write(&work->computed, error);
	return status == PEN_OK ? pen_approving__sign(session, work->computed.batch.id, &work->signature, error) : status;
}

static enum pen_status run(struct work *work, struct pen_session *session, struct pen_error *error)
{
	int64_t there;
	enum pen_status status = pen_adjusting__plan(&work->adjusting, &there, error);

	if (status == PEN_OK && there)
		return leave_there(work, session, there, error);
	if (status == PEN_OK)
		status = make(work, session, error);
	return status == PEN_OK ? print(work, error) : status;
}

enum pen_status pen_adjust(struct pen_session *session, const char *path, bool dry_run, struct pen_printer *printer,
    struct pen_error *error)
{
	static const char *const roles[] = { "lead", NULL };
	struct work work = { .printer = printer, .dry_run = dry_run };
	enum pen_status status;
	char subject[96];

	status = pen_session__writable(session, error);
	if (status == PEN_OK)
		status = pen_session__require(session, roles, NULL, PEN_ADJUSTING_CLAUSE, PEN_ADJUSTING_ACT, error);
	if (status == PEN_OK)
		status = load(&work, session, path, error);
	if (status == PEN_OK)
		status = pen_session__hold(session, "pen-benefit adjust", 0, error);
	if (status == PEN_OK) {
		status = run(&work, session, error);
		pen_store__let_go(session->store);
	}
	snprintf(subject, sizeof(subject), "scheme %.12s", work.adjusting.digest);
	if (status == PEN_REFUSED && work.adjusting.digest[0])
		pen_session__refused(session, PEN_ADJUSTING_ACT, subject, error);
	pen_adjusting__free(&work.adjusting);
	pen_computed__free(&work.computed);
	return status;
}
