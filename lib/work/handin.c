#include "work/handin.h"

#include "base/error.h"
#include "store/blob.h"
#include "store/payee.h"

#include <inttypes.h>
#include <string.h>

/* The papers as they are kept. */
struct papers { char digest[2][PEN_DIGEST_HEX], kept[2][PEN_BLOB_TITLE]; };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum pen_status keep_papers(const struct pen_asking *asking, struct papers *papers, struct pen_error *error)
{
	const char *const names[] = { asking->options->original, asking->options->evidence };
	struct pen_store *store = asking->session->store;
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; i < 2 && status == PEN_OK; i++) {
		status = pen_blob__keep(store, "paper", base_name(names[i]), asking->paper[i], asking->paper_bytes[i], papers->digest[i], error);
		if (status == PEN_OK)
			status = pen_blob__title(store, papers->digest[i], papers->kept[i], error);
	}
	return status;
}

/* A case that is new, or one of a further revision. */
static enum pen_status begin_case(const struct pen_asking *asking, struct pen_case *entered, struct pen_error *error)
{
	const struct pen_staff *staff = &asking->session->staff;

	entered->revision++;
	if (asking->revises)
		return PEN_OK;
	entered->form = asking->form;
	entered->issue = asking->issue;
	entered->ended_at = -1;
	snprintf(entered->agency, sizeof(entered->agency), "%s", staff->agency);
	snprintf(entered->requested_by, sizeof(entered->requested_by), "%s", staff->id);
	return pen_cases__next(asking->session->store, &entered->id, error);
}

/* What the entry binds of an application: all that its tables have. */
static enum pen_status make_move(const struct pen_asking *asking, struct pen_case *entered, const struct papers *papers,
    const char *digest, int64_t *at, struct pen_error *error)
{
	const enum pen_amendment_move begins = asking->form == PEN_AMENDMENT_OBJECTION ? PEN_AMENDMENT_OBJECT : PEN_AMENDMENT_REQUEST;
	char why[PEN_DIGEST_HEX];
	struct pen_casework_detail details[] = {
		{ "agency", entered->agency, 0 }, { "evidence", papers->digest[1], 0 }, { "evidence_kept", papers->kept[1], 0 },
		{ "form", pen_amendment__form_name(entered->form), 0 }, { "original", papers->digest[0], 0 },
		{ "original_kept", papers->kept[0], 0 }, { "why", why, 0 }, { "issue", NULL, entered->issue },
	};
	const struct pen_casework work = {
		.move = asking->revises ? PEN_AMENDMENT_REVISE : begins, .application = digest, .detail = details,
		.details = sizeof(details) / sizeof(details[0]) - !entered->issue,
	};

	if (pen_store__digest(asking->session->store, asking->reason, strlen(asking->reason), why, error) != PEN_OK)
		return error->status;
	return pen_casework__make(asking->session, entered, &work, at, error);
}

static enum pen_status enter(struct pen_asking *asking, struct pen_case *entered, struct pen_error *error)
{
	struct pen_store *store = asking->session->store;
	struct pen_application application;
	struct pen_text text = { 0 };
	char digest[PEN_DIGEST_HEX];
	struct papers papers = { .digest = { "" } };
	int64_t at;
	enum pen_status status = pen_asking__claims(asking, error);

	if (status == PEN_OK)
		status = begin_case(asking, entered, error);
	if (status == PEN_OK)
		status = keep_papers(asking, &papers, error);
	if (status != PEN_OK)
		return status;
	application = (struct pen_application){
		.amendment = entered->id, .revision = entered->revision, .issue = entered->issue,
		.form = pen_amendment__form_name(entered->form), .agency = entered->agency, .requested_by = entered->requested_by,
		.reason = asking->reason, .original = papers.digest[0], .evidence = papers.digest[1],
	};
	status = pen_applications__text(store, &application, &asking->amended, &text, digest, error);
	if (status == PEN_OK)
		status = make_move(asking, entered, &papers, digest, &at, error);
	if (status == PEN_OK)
		status = pen_applications__enter(store, &application, at, &text, digest, &asking->amended, error);
	pen_text__free(&text);
	return status;
}

enum pen_status pen_handin__enter(struct pen_asking *asking, struct pen_case *entered, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(asking->session->store);
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = enter(asking, entered, error);
	if (status == PEN_OK && !asking->options->dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);	/* harmless after the commit */
	return status;
}

/* -------------------------------------------------------------- telling -- */

static int64_t sum(const struct pen_balance *balance)
{
	return balance->personal_principal_fen + balance->personal_interest_fen + balance->unit_principal_fen + balance->unit_interest_fen;
}

static enum pen_status print_effect(const struct pen_asking *asking, const struct pen_effect *effect, struct pen_printer *printer,
    struct pen_error *error)
{
	const bool account = effect->year != 0, pension = effect->has_pension;
	const int64_t before = sum(&effect->before), after = sum(&effect->after);
	struct pen_someone someone = { .person = 0 };

	if (pen_payee__name(asking->session->store, effect->person, INT64_MAX, &someone, error) != PEN_OK)
		return error->status;
	const struct pen_item row[] = {
		PEN_I_TEXT("id_number", "公民身份号码", someone.id_number),
		PEN_I_TEXT("name", "姓名", someone.name),
		{ .key = "year", .title = "年度", .type = PEN_ITEM_INT, .i = effect->year, .null = !account },
		{ .key = "account_before_fen", .title = "个人账户原储存额", .type = PEN_ITEM_FEN, .i = before, .null = !account },
		{ .key = "account_after_fen", .title = "个人账户现储存额", .type = PEN_ITEM_FEN, .i = after, .null = !account },
		{ .key = "account_difference_fen", .title = "差额", .type = PEN_ITEM_FEN, .i = after - before, .null = !account },
		{ .key = "pension_before_fen", .title = "原月待遇", .type = PEN_ITEM_FEN, .i = effect->pension_before_fen, .null = !pension },
		{ .key = "pension_after_fen", .title = "现月待遇", .type = PEN_ITEM_FEN, .i = effect->pension_after_fen, .null = !pension },
		{ .key = "pension_difference_fen", .title = "月待遇差额", .type = PEN_ITEM_FEN,
		    .i = effect->pension_after_fen - effect->pension_before_fen, .null = !pension },
	};

	pen_printer__row(printer, "effect", PEN_ITEMS(row));
	return PEN_OK;
}

enum pen_status pen_handin__print(const struct pen_asking *asking, const struct pen_case *entered, struct pen_printer *printer,
    struct pen_error *error)
{
	const struct pen_item head[] = {
		PEN_I_INT("case", _("case"), entered->id),
		PEN_I_TEXT("form", _("form"), pen_amendment__form_name(entered->form)),
		PEN_I_TEXT("title", _("title"), pen_amendment__form_title(entered->form)),
		PEN_I_TEXT("state", _("state"), pen_amendment__state_name(entered->state)),
		PEN_I_INT("revision", _("revision"), entered->revision),
		PEN_I_INT("records", _("records"), (int64_t)asking->amended.count),
		PEN_I_TEXT("reason", _("reason"), asking->reason),
		PEN_I_TEXT("next", _("next"), pen_amendment__next(entered->form, entered->state)),
		PEN_I_FLAG("dry_run", _("dry run"), asking->options->dry_run),
	};
	int64_t difference = 0;
	enum pen_status status = PEN_OK;
	size_t i;

	pen_printer__open_table(printer, "application", _("What the change comes to"), NULL);
	pen_printer__head(printer, PEN_ITEMS(head));
	for (i = 0; i < asking->trial.effects && status == PEN_OK; i++) {
		status = print_effect(asking, &asking->trial.effect[i], printer, error);
		difference += sum(&asking->trial.effect[i].after) - sum(&asking->trial.effect[i].before);
	}
	const struct pen_item summary[] = {
		PEN_I_INT("people", _("people"), (int64_t)asking->trial.effects),
		PEN_I_FEN("account_difference_fen", _("accounts, difference"), difference),
		PEN_I_INT("versions", _("new versions"), asking->trial.versions),
		PEN_I_INT("settled", _("account years settled again"), asking->trial.settled),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
	return status;
}

void pen_handin__print_findings(const struct pen_trial *trial, struct pen_printer *printer, enum pen_status status)
{
	size_t i;

	if (trial->findings == 0)
		return;
	pen_printer__open_table(printer, "findings", _("What the rules find of the change"), NULL);
	for (i = 0; i < trial->findings; i++) {
		const struct pen_effect_finding *finding = &trial->finding[i];
		const struct pen_item row[] = {
			PEN_I_TEXT("rule", _("rule"), finding->rule),
			PEN_I_TEXT("severity", _("severity"), finding->severity),
			PEN_I_TEXT("clause", _("clause"), finding->clause),
			PEN_I_TEXT("record", _("record"), finding->record),
			PEN_I_TEXT("field", _("field"), finding->field),
			PEN_I_TEXT("found", _("found"), finding->found),
			PEN_I_TEXT("expected", _("expected"), finding->expected),
			PEN_I_TEXT("advice", _("what to do"), finding->advice),
		};

		pen_printer__row(printer, "finding", PEN_ITEMS(row));
	}
	const struct pen_item summary[] = { PEN_I_INT("findings", _("findings"), (int64_t)trial->findings) };
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
}
