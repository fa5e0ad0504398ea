/* What employers answered to the detail that they were given (R4.2.3), on what
 * paper. A file goes in as far as its folios can be answered, and what is left is
 * told; one that is malformed, or names somebody who is not asked, not at all. */
#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/identifier.h"
#include "base/memory.h"
#include "model/printer.h"
#include "work/answers.h"
#include "store/blob.h"
#include "store/sealing.h"
#include "store/session.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

#define PAPER_LARGEST ((size_t)256 << 20)

/* An answer as it goes to a folio. `seal` is open, and void by another answer;
 * `left`: why it cannot go there, "" if it can, under the code. */
struct entry {
	struct pen_folio folio;
	const struct pen_answer *by;
	bool unchanged;
	int64_t seal;
	const char *code;
	char left[160];
};

struct work {
	struct pen_session *session;
	struct pen_store *store;
	const struct pen_acknowledge_options *options;
	struct pen_answer *answers;
	size_t answer_count;
	int64_t *ids;				/* of the batches */
	size_t id_count;
	struct pen_folio *folios;
	size_t folio_count, folio_room;
	struct entry *entries;			/* one for a folio at most */
	size_t count;
	char document[PEN_DIGEST_HEX];
	int64_t agreed, objected, unchanged, left;
};

/* A code is looked up only if it can be one: a slip of the pen is said to be that. */
static enum pen_status check_code(const char *code, struct pen_error *error)
{
	char expected;

	switch (pen_identifier__credit(code, strlen(code), &expected)) {
	case PEN_IDENTIFIER_OK:
		return PEN_OK;
	case PEN_IDENTIFIER_LENGTH:
		return pen_error__set(error, PEN_USAGE, "credit.length",
		    _("--employer is '%s', %zu characters; expected the 18 of a unified social credit code"), code, strlen(code));
	case PEN_IDENTIFIER_CHECK:
		return pen_error__set(error, PEN_USAGE, "credit.check",
		    _("--employer is '%s'; its last character should be %c: a character is wrong, or two are swapped"), code, expected);
	default:
		return pen_error__set(error, PEN_USAGE, "credit.char",
		    _("--employer is '%s'; expected digits and capital letters without I, O, S, V and Z"), code);
	}
}

/* From the file, or the one on the command line. */
static enum pen_status read_answers(struct work *work, struct pen_error *error)
{
	const struct pen_acknowledge_options *options = work->options;
	struct pen_answer *answer;

	if (options->document == NULL)
		return pen_error__set(error, PEN_USAGE, "acknowledge.document",
		    _("the paper that says so is missing: name its file with --document"));
	if ((options->from != NULL) == (options->employer != NULL))
		return pen_error__set(error, PEN_USAGE, "acknowledge.from",
		    _("give the answers with --from FILE, or one of them with --employer CODE --answer agreed|objected"));
	if (options->from != NULL)
		return pen_answers__read(options->from, &work->answers, &work->answer_count, error);
	if (options->answer == NULL || (strcmp(options->answer, "agreed") != 0 && strcmp(options->answer, "objected") != 0))
		return pen_error__set(error, PEN_USAGE, "acknowledge.answer", _("--answer is '%s'; expected agreed or objected"),
		    options->answer ? options->answer : "");
	if (check_code(options->employer, error) != PEN_OK)
		return error->status;
	answer = pen_memory__calloc(1, sizeof(*answer));
	if (answer == NULL)
		return pen_error__memory(error);
	answer->on = pen_date__today();
	snprintf(answer->code, sizeof(answer->code), "%s", options->employer);
	snprintf(answer->answer, sizeof(answer->answer), "%s", options->answer);
	work->answers = answer;
	work->answer_count = 1;
	return PEN_OK;
}

/* ---------------------------------------------------------- their folios -- */

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct work *work = context;
	struct pen_folio *more;

	if (work->folio_count == work->folio_room) {
		work->folio_room = work->folio_room ? 2 * work->folio_room : 64;
		more = pen_memory__realloc(work->folios, work->folio_room, sizeof(*more));
		if (more == NULL)
			return pen_error__memory(error);
		work->folios = more;
	}
	work->folios[work->folio_count++] = *folio;
	return PEN_OK;
}

/* Batches that employers are asked about, of an agency that one acts for.
 * Outside of a transaction: a refusal is entered in one of its own. */
static enum pen_status check_batch(struct work *work, int64_t id, struct pen_error *error)
{
	static const char *const roles[] = { "operator", NULL };
	struct pen_batch batch;
	struct pen_form *form = NULL;
	bool found;
	enum pen_status status = pen_batch__find(work->store, id, &batch, &found, error);

	if (status == PEN_OK)
		status = pen_session__require(work->session, roles, batch.agency, "R4.2.3", "seal.acknowledge", error);
	if (status == PEN_OK)
		status = pen_settings__kept_form(work->store, batch.form_digest, &form, error);
	if (status == PEN_OK && !form->agreement)
		status = pen_error__set(error, PEN_USAGE, "acknowledge.form",
		    _("batch %" PRId64 " is of form %s, which asks employers for no answer"), id, batch.form);
	pen_form__free(form);
	return status;
}

static enum pen_status check_batches(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_batch__select(work->store, "batch", work->options->batch, &work->ids,
	    &work->id_count, error);
	size_t i;

	for (i = 0; i < work->id_count && status == PEN_OK; i++)
		status = check_batch(work, work->ids[i], error);
	return status;
}

static bool is_over(enum pen_folio_state state)
{
	return state == PEN_FOLIO_REPLACED || state == PEN_FOLIO_REJECTED || state == PEN_FOLIO_DISCARDED;
}

static enum pen_status wrong(struct work *work, const struct pen_answer *answer, const char *code, struct pen_error *error,
    const char *text)
{
	pen_error__set(error, PEN_INPUT, code, _("%s: %s; nothing was entered"), answer->code, text);
	return pen_error__at(error, answer->line ? work->options->from : NULL, answer->line, NULL);
}

/* Looks whether this answer may go to this folio, and whether it is news. */
static enum pen_status admit(struct work *work, struct entry *entry, struct pen_error *error)
{
	const struct pen_answer *by = entry->by;
	struct pen_agreement newest;
	enum pen_status status = pen_sealing__agreement(work->store, entry->folio.id, &newest, error);

	if (status == PEN_OK)
		status = pen_sealing__of_folio(work->store, entry->folio.id, &entry->seal, error);
	if (status != PEN_OK)
		return status;
	entry->unchanged = strcmp(newest.answer, by->answer) == 0 && strcmp(newest.document, work->document) == 0;
	/* Agreed once more, on another paper: what is signed rests on the first. */
	if (strcmp(newest.answer, by->answer) == 0 && (entry->seal || entry->folio.state == PEN_FOLIO_SEALED))
		entry->unchanged = true;
	if (entry->folio.state == PEN_FOLIO_SEALED && !entry->unchanged) {
		snprintf(entry->left, sizeof(entry->left),
		    _("its folio %" PRId64 " is sealed; an objection now goes by pen-amend object"), entry->folio.id);
		entry->code = "acknowledge.sealed";
		return PEN_OK;
	}
	if (entry->folio.state != PEN_FOLIO_CONFIRMED && entry->folio.state != PEN_FOLIO_SEALED) {
		snprintf(entry->left, sizeof(entry->left), is_over(entry->folio.state) ? _("its folio %" PRId64 " is %s") :
		    _("its folio %" PRId64 " is %s, not confirmed yet"), entry->folio.id, pen_folio__state_name(entry->folio.state));
		entry->code = "acknowledge.state";
		return PEN_OK;
	}
	return PEN_OK;
}

static bool is_about(const struct pen_answer *answer, const struct pen_folio *folio)
{
	return strcmp(folio->credit_code, answer->code) == 0 && (answer->year == 0 || folio->period == answer->year);
}

/* The folios that an answer is about: those under way, else those that were. */
static enum pen_status place(struct work *work, const struct pen_answer *answer, struct pen_error *error)
{
	struct entry *entry, *left = NULL;
	enum pen_status status = PEN_OK;
	char text[96];
	bool any = false, taken = false, under_way = false;
	size_t i;

	for (i = 0; i < work->folio_count; i++)
		under_way |= is_about(answer, &work->folios[i]) && !is_over(work->folios[i].state);
	for (i = 0; i < work->folio_count && status == PEN_OK; i++) {
		if (!is_about(answer, &work->folios[i]) || (under_way && is_over(work->folios[i].state)))
			continue;
		any = true;
		entry = &work->entries[i];
		if (entry->by != NULL) {
			snprintf(text, sizeof(text), _("it is answered on line %ld already"), entry->by->line);
			return wrong(work, answer, "acknowledge.twice", error, text);
		}
		entry->by = answer;
		status = admit(work, entry, error);
		taken |= !entry->left[0];
		if (entry->left[0] && left == NULL)
			left = entry;
	}
	/* Told beside what goes in: rows of an employer may wait for a review while
	 * the others do not. An answer by itself that goes nowhere is a mistake. */
	if (status == PEN_OK && left != NULL && !taken && work->options->from == NULL)
		return wrong(work, answer, left->code, error, left->left);
	if (status == PEN_OK && !any)
		status = wrong(work, answer, "acknowledge.employer", error, _("there is no form of this employer in the batch"));
	return status;
}

static enum pen_status place_all(struct work *work, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < work->id_count && status == PEN_OK; i++)
		status = pen_folio__each_of_batch(work->store, work->ids[i], take_folio, work, error);
	if (status != PEN_OK)
		return status;
	work->entries = pen_memory__calloc(work->folio_count ? work->folio_count : 1, sizeof(*work->entries));
	if (work->entries == NULL)
		return pen_error__memory(error);
	work->count = work->folio_count;
	for (i = 0; i < work->count; i++)
		work->entries[i].folio = work->folios[i];
	for (i = 0; i < work->answer_count && status == PEN_OK; i++)
		status = place(work, &work->answers[i], error);
	for (i = 0; i < work->count && status == PEN_OK; i++) {
		if (work->entries[i].by == NULL)
			continue;
		if (work->entries[i].left[0])
			work->left++;
		else if (work->entries[i].unchanged)
			work->unchanged++;
		else if (strcmp(work->entries[i].by->answer, "agreed") == 0)
			work->agreed++;
		else
			work->objected++;
	}
	return status;
}

/* ------------------------------------------------------------ entering them -- */

static struct pen_agreement agreement_of(const struct work *work, const struct entry *entry)
{
	struct pen_agreement agreement = { .answered_on = entry->by->on };

	snprintf(agreement.answer, sizeof(agreement.answer), "%s", entry->by->answer);
	snprintf(agreement.document, sizeof(agreement.document), "%s", work->document);
	return agreement;
}

static const char *note_of(const struct entry *entry)
{
	return entry->by->note[0] ? entry->by->note : NULL;
}

static bool is_news(const struct entry *entry)
{
	return entry->by != NULL && !entry->unchanged && !entry->left[0];
}

/* The digest over the answers, which the entry names, so that none of them is
 * changed, added or taken out unseen. */
static enum pen_status digest_answers(struct work *work, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_text text = { NULL, 0, 0, false };
	struct pen_agreement agreement;
	enum pen_status status;
	size_t i;

	for (i = 0; i < work->count; i++) {
		if (!is_news(&work->entries[i]))
			continue;
		agreement = agreement_of(work, &work->entries[i]);
		pen_sealing__answer_line(&text, work->entries[i].folio.id, &agreement, note_of(&work->entries[i]));
	}
	status = text.failed ? pen_error__memory(error) :
	    pen_store__digest(work->store, text.s, text.n, digest, error);
	pen_text__free(&text);
	return status;
}

static enum pen_status enter_act(struct work *work, int64_t *at, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX], subject[96], kept[PEN_BLOB_TITLE];
	struct pen_body body;
	const char *text;
	enum pen_status status = digest_answers(work, digest, error);

	if (status == PEN_OK)
		status = pen_blob__title(work->store, work->document, kept, error);
	if (status != PEN_OK)
		return status;
	snprintf(subject, sizeof(subject), "batch %.80s", work->options->batch);
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "agreed", work->agreed);
	pen_entry__body_text(&body, "answers", digest);
	pen_entry__body_text(&body, "document", work->document);
	pen_entry__body_text(&body, "kept", kept);
	pen_entry__body_int(&body, "objected", work->objected);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__act(work->session, "seal.acknowledge", subject, text, false, at, error);
	pen_entry__body_free(&body);
	return status;
}

/* A seal that was signed on another answer is void: its other folios are signed
 * again. Two folios may have been in the same one. */
static enum pen_status void_seal(struct work *work, const struct entry *entry, struct pen_error *error)
{
	char subject[32], reason[96];
	struct pen_seal seal;
	struct pen_body body;
	const char *text;
	int64_t at;
	bool found;
	enum pen_status status = pen_sealing__find(work->store, entry->seal, &seal, &found, error);

	if (status != PEN_OK || !found || strcmp(seal.state, "open") != 0)
		return status;
	snprintf(subject, sizeof(subject), "seal %" PRId64, seal.id);
	snprintf(reason, sizeof(reason), "folio %" PRId64 ": %s", entry->folio.id, entry->by->answer);
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "batch", seal.batch);
	pen_entry__body_text(&body, "digest", seal.digest);
	pen_entry__body_text(&body, "reason", reason);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__act(work->session, "seal.void", subject, text, false, &at, error);
	pen_entry__body_free(&body);
	return status == PEN_OK ? pen_sealing__set_state(work->store, seal.id, "void", at, error) : status;
}

static enum pen_status enter_all(struct work *work, struct pen_error *error)
{
	struct pen_agreement agreement;
	int64_t at;
	size_t i;
	enum pen_status status = enter_act(work, &at, error);

	for (i = 0; i < work->count && status == PEN_OK; i++) {
		if (!is_news(&work->entries[i]))
			continue;
		agreement = agreement_of(work, &work->entries[i]);
		status = pen_sealing__agree(work->store, work->entries[i].folio.id, at, &agreement,
		    note_of(&work->entries[i]), error);
		if (status == PEN_OK && work->entries[i].seal)
			status = void_seal(work, &work->entries[i], error);
	}
	return status;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum pen_status in_transaction(struct work *work, const char *paper, size_t n, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->store);
	bool news;
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = pen_blob__keep(work->store, "paper", base_name(work->options->document), paper, n, work->document, error);
	if (status == PEN_OK)
		status = place_all(work, error);
	news = work->agreed + work->objected > 0;
	if (status == PEN_OK && news)
		status = enter_all(work, error);
	if (status == PEN_OK && news && !work->options->dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);	/* harmless after the commit */
	return status;
}

/* ----------------------------------------------------------------- telling -- */

static void print_entry(const struct entry *entry, struct pen_printer *printer)
{
	const struct pen_item row[] = {
		{ .key = "line", .title = _("line"), .type = PEN_ITEM_INT, .i = entry->by->line, .null = entry->by->line == 0 },
		PEN_I_INT("folio", _("folio"), entry->folio.id),
		PEN_I_TEXT("employer", _("employer"), entry->by->code),
		PEN_I_TEXT("answer", _("answer"), entry->by->answer),
		PEN_I_DATE("answered_on", _("answered on"), entry->by->on),
		PEN_I_TEXT("outcome", _("outcome"), entry->left[0] ? "left" : entry->unchanged ? "unchanged" : "entered"),
		{ .key = "voided_seal", .title = _("seal made void"), .type = PEN_ITEM_INT, .i = entry->seal,
		    .null = entry->seal == 0 || !is_news(entry) },
		PEN_I_TEXT("reason", _("reason"), entry->left[0] ? entry->left : NULL),
	};

	pen_printer__row(printer, "answer", PEN_ITEMS(row));
}

static void print(const struct work *work, enum pen_status status, struct pen_printer *printer)
{
	int64_t waiting = 0;
	size_t i;

	pen_printer__open_table(printer, "acknowledge", _("Answers of employers"), NULL);
	for (i = 0; i < work->count; i++) {
		if (work->entries[i].by != NULL)
			print_entry(&work->entries[i], printer);
		else if (!is_over(work->entries[i].folio.state))
			waiting++;
	}
	const struct pen_item summary[] = {
		PEN_I_INT("agreed", _("agreed"), work->agreed),
		PEN_I_INT("objected", _("objected"), work->objected),
		PEN_I_INT("unchanged", _("unchanged"), work->unchanged),
		PEN_I_INT("other_folios", _("folios not spoken of"), waiting),
		PEN_I_TEXT("document", _("document"), work->document),
		PEN_I_FLAG("dry_run", _("dry run"), work->options->dry_run),
		PEN_I_INT("left", _("left"), work->left),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), status);
}

static void let_go(struct work *work)
{
	pen_memory__free(work->ids);
	pen_memory__free(work->answers);
	pen_memory__free(work->folios);
	pen_memory__free(work->entries);
}

enum pen_status pen_acknowledge(struct pen_session *session, const struct pen_acknowledge_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store, .options = options };
	char *paper = NULL;
	size_t n = 0;
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = read_answers(&work, error);
	if (status == PEN_OK)
		status = check_batches(&work, error);
	if (status == PEN_OK)
		status = pen_file__load(options->document, PAPER_LARGEST, &paper, &n, error);
	if (status == PEN_OK && n == 0)
		status = pen_error__set(error, PEN_INPUT, "acknowledge.empty", _("%s is empty: expected the paper"), options->document);
	if (status == PEN_OK)
		status = in_transaction(&work, paper, n, error);
	if (status == PEN_OK) {
		status = work.left > 0 ? PEN_FINDINGS : PEN_OK;
		print(&work, status, printer);
	}
	pen_memory__free(paper);
	let_go(&work);
	return status;
}
