#include "store/sealwalk.h"
#include "adapter/json.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/sealtext.h"
#include "store/hand.h"
#include "store/paragraphs.h"
#include "store/replaywalk.h"
#include "store/rootwalk.h"

#include <inttypes.h>
#include <string.h>

#define SIGNATURES 8		/* more than any form asks for */
#define SLICE 100		/* entries at a time, as the statement's LIMIT says */

static struct pen_store *store_of(const struct pen_walk *walk)
{
	return walk->session->store;
}

/* ------------------------------------------------------------ one seal -- */

/* A seal under examination, with all that belongs to it. */
struct sealed {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	const struct pen_seal *seal;
	struct pen_form *form;
	char *text;
	struct pen_folio *folios;
	size_t count;
	struct pen_seal_signature signatures[SIGNATURES];
	size_t signed_by;
	char paragraphs[PEN_DIGEST_HEX];	/* the root over those of the text */
	bool nodes;				/* the nodes kept are theirs */
};

static enum pen_status say(struct sealed *s, const char *rule, const char *field, const char *found,
    const char *expected, struct pen_error *error)
{
	return pen_walk__report(s->walk, &(struct pen_walk_place){ rule, field, found, expected, s->batch->id, 0 },
	    error, _("seal %" PRId64 " of batch %" PRId64), s->seal->id, s->batch->id);
}

/* The folio that a line of a seal's text speaks of; 0 in its head. */
static int64_t folio_of_line(const char *text, long line)
{
	int64_t folio = 0;

	for (; line > 0 && text != NULL; line--) {
		if (strncmp(text, "folio: ", 7) == 0)
			folio = strtoll(text + 7, NULL, 10);
		text = strchr(text, '\n');
		text = text == NULL ? NULL : text + 1;
	}
	return folio;
}

/* The first line in which the store disagrees with what was signed. */
static enum pen_status report_line(struct sealed *s, const char *now, struct pen_error *error)
{
	char found[121], expected[121], field[40];
	long line = pen_sealtext__differ(now, s->text, found, expected);
	int64_t folio;

	if (line == 0)
		return PEN_OK;
	snprintf(field, sizeof(field), "%.*s", (int)strcspn(expected, ":"), expected);
	if (strcmp(field, "previous") == 0)
		return say(s, "seal.chain", field, found, expected, error);
	folio = folio_of_line(s->text, line);
	if (folio == 0)
		return say(s, "seal.text", field, found, expected, error);
	return pen_walk__report(s->walk,
	    &(struct pen_walk_place){ "seal.text", field, found, expected, s->batch->id, 0 }, error,
	    _("seal %" PRId64 " of batch %" PRId64 ", folio %" PRId64), s->seal->id, s->batch->id, folio);
}

static enum pen_status check_text(struct sealed *s, struct pen_error *error)
{
	struct pen_text now = { NULL, 0, 0, false };
	char digest[PEN_DIGEST_HEX], previous[PEN_DIGEST_HEX];
	enum pen_status status = pen_store__digest(store_of(s->walk), s->text, strlen(s->text), digest, error);

	if (status == PEN_OK && strcmp(digest, s->seal->digest) != 0)
		status = say(s, "seal.text", "digest", s->seal->digest, digest, error);
	if (status == PEN_OK && !s->nodes)
		status = say(s, "seal.nodes", "hash", _("nodes that are not those of the paragraphs"),
		    _("the nodes kept with the text"), error);
	if (status == PEN_OK && s->count == 0)
		return say(s, "seal.text", "folios", _("no folio"), _("the folios of the signed text"), error);
	if (status == PEN_OK)
		status = pen_sealing__previous(store_of(s->walk), s->seal->id, previous, error);
	if (status == PEN_OK)
		status = pen_sealing__text(store_of(s->walk), s->seal->id, previous, s->batch, s->folios, s->count, &now, error);
	if (status == PEN_OK)
		status = report_line(s, now.s, error);
	pen_text__free(&now);
	return status;
}

/* ---------------------------------------------------------- signatures -- */

static bool is_act(const struct pen_sealing_entry *entry, const char *act, int64_t seal)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "seal %" PRId64, seal);
	return strcmp(entry->act, act) == 0 && strcmp(entry->subject, subject) == 0;
}

/* A digest in the body of an entry; "" if there is none. */
static void digest_in(const char *text, const char *key, char digest[PEN_DIGEST_HEX])
{
	const char *body = strstr(text, "\nbody: ");
	struct pen_error ignored = { .status = PEN_OK };
	struct pen_json *json = NULL;
	const char *s;

	digest[0] = '\0';
	if (body == NULL)
		return;
	body += 7;
	if (pen_json__parse(&json, body, strcspn(body, "\n"), &ignored) != PEN_OK)
		return;
	s = pen_json__string(pen_json__member(json, key));
	if (s != NULL && strlen(s) < PEN_DIGEST_HEX)
		memcpy(digest, s, strlen(s) + 1);
	pen_json__free(json);
}

/* The root over the paragraphs, by which single folios are proven: the entry says it,
 * but for those that were made before entries did. */
static enum pen_status check_paragraphs(struct sealed *s, const struct pen_seal_signature *by, struct pen_error *error)
{
	struct pen_journal_entry entry;
	char said[PEN_DIGEST_HEX];
	enum pen_status status = pen_journal__entry(store_of(s->walk), by->at, &entry, error);

	if (status == PEN_OK) {
		digest_in(entry.text.s, "paragraphs", said);
		if (said[0] && strcmp(said, s->paragraphs) != 0)
			status = say(s, "seal.text", "paragraphs", s->paragraphs, said, error);
	}
	pen_text__free(&entry.text);
	return status;
}

/* A signature is an act: the journal has it, by the same person. */
static enum pen_status check_entry(struct sealed *s, const struct pen_seal_signature *by, struct pen_error *error)
{
	struct pen_sealing_entry entry;
	char found[160], expected[160];
	enum pen_status status = pen_sealing__entry(store_of(s->walk), by->at, &entry, error);

	if (status == PEN_OK && is_act(&entry, "seal.sign", s->seal->id) && strcmp(entry.staff, by->staff) == 0)
		return check_paragraphs(s, by, error);
	if (status != PEN_OK)
		return status;
	snprintf(found, sizeof(found), _("entry %" PRId64 ": %s of %s by %s"), by->at,
	    entry.act[0] ? entry.act : "-", entry.subject[0] ? entry.subject : "-", entry.staff[0] ? entry.staff : "-");
	snprintf(expected, sizeof(expected), _("seal.sign of seal %" PRId64 " by %s"), s->seal->id, by->staff);
	return say(s, "seal.signature", "at", found, expected, error);
}

/* Whether that person could sign in that role: NULL, or what stands against it. */
static enum pen_status bar(struct sealed *s, size_t i, const char **why, struct pen_error *error)
{
	const struct pen_seal_signature *by = &s->signatures[i];
	struct pen_store *store = store_of(s->walk);
	struct pen_staff staff;
	bool holds, known, had = false;
	size_t k;
	enum pen_status status = pen_staff__find(store, by->staff, &staff, &known, error);

	if (status == PEN_OK)
		status = pen_staff__holds(store, by->staff, by->role, by->at, &holds, error);
	if (status == PEN_OK && i > 0)
		status = pen_hand__had(store, by->staff, s->batch, s->folios, s->count, &had, error);
	if (status != PEN_OK)
		return status;
	*why = NULL;
	if (!known)
		*why = _("nobody of that name is on the staff");
	else if (!holds)
		*why = _("the role was not held at that entry");
	else if (strcmp(staff.agency, s->batch->agency) != 0)
		*why = _("somebody of another agency");
	else if (had)
		*why = _("somebody who brought the batch in, or confirmed it");
	for (k = 0; k < i && *why == NULL; k++) {
		if (strcmp(s->signatures[k].staff, by->staff) == 0)
			*why = _("somebody who signed in another role already");
	}
	return PEN_OK;
}

static enum pen_status check_signature(struct sealed *s, size_t i, struct pen_error *error)
{
	const struct pen_seal_signature *by = &s->signatures[i];
	const char *why, *asked = i < (size_t)s->form->roles ? s->form->role[i] : _("no further signature");
	char found[160], expected[160];
	enum pen_status status;

	status = pen_walk__signed(s->walk, by->staff, by->at, s->text, strlen(s->text), by->bytes, by->n, &why, error);
	if (status == PEN_OK && why != NULL) {
		snprintf(expected, sizeof(expected), _("a signature by %s (%s) over the seal's text"), by->staff, by->role);
		status = say(s, "seal.signature", by->role, why, expected, error);
	}
	if (status == PEN_OK && strcmp(asked, by->role) != 0)
		status = say(s, "seal.role", by->role, by->role, asked, error);
	if (status == PEN_OK)
		status = bar(s, i, &why, error);
	if (status == PEN_OK && why != NULL) {
		snprintf(found, sizeof(found), "%s: %s", by->staff, why);
		snprintf(expected, sizeof(expected), _("a %s of agency %s who had no part in the batch before"),
		    by->role, s->batch->agency);
		status = say(s, "seal.role", by->role, found, expected, error);
	}
	if (status == PEN_OK)
		status = check_entry(s, by, error);
	return status;
}

/* ---------------------------------------------------------------- state -- */

/* Open: signed by somebody, and not ended. Closed: signed by all, and both
 * ends by the journal. */
static enum pen_status check_state(struct sealed *s, struct pen_error *error)
{
	const char *state = s->seal->state;
	bool open = strcmp(state, "open") == 0, closed = strcmp(state, "closed") == 0;
	struct pen_sealing_entry entry = { .staff = "" };
	char found[64], expected[64];
	size_t least = closed ? (size_t)s->form->roles : 1;
	enum pen_status status = PEN_OK;

	if (s->signed_by < least) {
		snprintf(found, sizeof(found), _("%zu signatures"), s->signed_by);
		snprintf(expected, sizeof(expected), _("%zu, as it is %s"), least, state);
		status = say(s, "seal.role", "signatures", found, expected, error);
	}
	if (status == PEN_OK)
		status = pen_sealing__entry(store_of(s->walk), s->seal->at, &entry, error);
	if (status == PEN_OK && !is_act(&entry, "seal.sign", s->seal->id)) {
		snprintf(found, sizeof(found), _("entry %" PRId64 ": %s"), s->seal->at, entry.act[0] ? entry.act : "-");
		status = say(s, "seal.state", "at", found, _("the entry of its first signature"), error);
	}
	if (status != PEN_OK || (open && s->seal->ended_at < 0))
		return status;
	status = pen_sealing__entry(store_of(s->walk), s->seal->ended_at, &entry, error);
	if (status == PEN_OK && (open || !is_act(&entry, closed ? "seal.close" : "seal.void", s->seal->id))) {
		snprintf(found, sizeof(found), _("%s, by entry %" PRId64 ": %s"), state, s->seal->ended_at,
		    entry.act[0] ? entry.act : "-");
		status = say(s, "seal.state", "state", found, _("the state that the journal made"), error);
	}
	return status;
}

static void let_go(struct sealed *s)
{
	pen_form__free(s->form);
	pen_memory__free(s->text);
	pen_memory__free(s->folios);
}

static enum pen_status take_up(struct sealed *s, struct pen_error *error)
{
	struct pen_store *store = store_of(s->walk);
	enum pen_status status = pen_settings__kept_form(store, s->batch->form_digest, &s->form, error);

	if (status == PEN_OK)
		status = pen_sealing__load_text(store, s->seal->id, &s->text, error);
	if (status == PEN_OK)
		status = pen_sealing__folios(store, s->seal->id, &s->folios, &s->count, error);
	if (status == PEN_OK)
		status = pen_sealing__signatures(store, s->seal->id, s->signatures, SIGNATURES, &s->signed_by, error);
	if (status == PEN_OK)
		status = pen_paragraphs__compare(store, s->seal->id, s->text, s->paragraphs, &s->nodes, error);
	return status;
}

enum pen_status pen_sealwalk__seal(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_seal *seal, struct pen_error *error)
{
	struct sealed s = { .walk = walk, .batch = batch, .seal = seal };
	char record[64];
	size_t i;
	enum pen_status status = take_up(&s, error);

	walk->seals++;
	if (status == PEN_OK)
		status = check_state(&s, error);
	for (i = 0; i < s.signed_by && status == PEN_OK; i++)
		status = check_signature(&s, i, error);
	if (status == PEN_OK)
		status = check_text(&s, error);
	snprintf(record, sizeof(record), _("seal %" PRId64 " of batch %" PRId64), seal->id, batch->id);
	status = pen_walk__damage(walk, status, "seal.text", batch->id, record, error);
	let_go(&s);
	return status;
}

/* ----------------------------------------------------------------- rows -- */

/* A number of the folio's record, or a sum of money, against what its rows come
 * to. */
static enum pen_status compare_sum(struct pen_walk *walk, const struct pen_folio *folio, const char *field,
    int64_t kept, int64_t made, bool *differs, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_folio(folio);
	char found[24], expected[24];

	if (kept == made)
		return PEN_OK;
	*differs = true;
	if (strcmp(field, "rows") == 0) {
		snprintf(found, sizeof(found), "%" PRId64, made);
		snprintf(expected, sizeof(expected), "%" PRId64, kept);
	} else {
		pen_money__format(made, found);
		pen_money__format(kept, expected);
	}
	return pen_walk__report_of(walk, &key,
	    &(struct pen_walk_place){ "seal.sums", field, found, expected, folio->batch, 0 }, error,
	    _("folio %" PRId64 " (%s%s%s) of batch %" PRId64), folio->id, folio->form,
	    folio->credit_code[0] ? " " : "", folio->credit_code, folio->batch);
}

static enum pen_status report_root(struct pen_walk *walk, const struct pen_folio *folio,
    const struct pen_roots_sum *sum, int64_t first_bad, struct pen_error *error)
{
	const struct pen_walk_key key = pen_walk__key_of_folio(folio);
	bool root = strcmp(folio->root, sum->root) != 0;
	char from[64] = "";

	if (!root && first_bad < 0)
		return PEN_OK;
	if (first_bad >= 0)
		snprintf(from, sizeof(from), _(", from row %" PRId64 " on"), first_bad + 1);
	return pen_walk__report_of(walk, &key, &(struct pen_walk_place){ root ? "seal.root" : "seal.nodes", root ? "root" : "hash",
	    root ? sum->root : _("nodes that are not those of the rows"),
	    root ? folio->root : _("the nodes kept with the root"), folio->batch, 0 }, error,
	    _("folio %" PRId64 " (%s%s%s) of batch %" PRId64 "%s"), folio->id, folio->form,
	    folio->credit_code[0] ? " " : "", folio->credit_code, folio->batch, from);
}

/* Opened when there is a folio, so that what hinders it is told of the folio. */
struct pen_sealwalk_rows {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	pen_sealwalk_told *told;
	void *context;
	struct pen_rootwalk *roots;
};

static enum pen_status compare_folio(struct pen_walk *walk, const struct pen_rootwalk_result *result, bool *differs,
    struct pen_error *error)
{
	const struct pen_folio *folio = result->folio;
	enum pen_status status = report_root(walk, folio, &result->sum, result->first_bad, error);

	*differs = strcmp(folio->root, result->sum.root) != 0;
	if (status == PEN_OK)
		status = compare_sum(walk, folio, "rows", folio->rows, result->sum.rows, differs, error);
	if (status == PEN_OK)
		status = compare_sum(walk, folio, "unit_fen", folio->unit_fen, result->sum.unit_fen, differs, error);
	if (status == PEN_OK)
		status = compare_sum(walk, folio, "personal_fen", folio->personal_fen, result->sum.personal_fen, differs, error);
	return status;
}

static enum pen_status take_result(void *context, const struct pen_rootwalk_result *result, struct pen_error *error)
{
	struct pen_sealwalk_rows *rows = context;
	struct pen_walk *walk = rows->walk;
	bool differs = result->status == PEN_INTEGRITY;
	char record[64];
	enum pen_status status;

	if (result->status == PEN_OK) {
		walk->folios++;
		walk->leaves += result->sum.rows;
		status = compare_folio(walk, result, &differs, error);
	} else {
		snprintf(record, sizeof(record), _("folio %" PRId64 " of batch %" PRId64), result->folio->id, rows->batch->id);
		status = pen_walk__damage(walk, result->status, "seal.root", rows->batch->id, record, error);
	}
	return status == PEN_OK && rows->told != NULL ? rows->told(rows->context, result->folio, differs, error) : status;
}

enum pen_status pen_sealwalk__open(struct pen_sealwalk_rows **rows, struct pen_walk *walk, const struct pen_batch *batch,
    pen_sealwalk_told *told, void *context, struct pen_error *error)
{
	struct pen_sealwalk_rows *made = pen_memory__calloc(1, sizeof(*made));

	if (made == NULL)
		return pen_error__memory(error);
	*made = (struct pen_sealwalk_rows){ .walk = walk, .batch = batch, .told = told, .context = context };
	*rows = made;
	return PEN_OK;
}

enum pen_status pen_sealwalk__add(struct pen_sealwalk_rows *rows, const struct pen_folio *folio, struct pen_error *error)
{
	struct pen_rootwalk_result none = { .folio = folio, .first_bad = -1 };

	if (rows->roots == NULL)
		none.status = pen_rootwalk__open(&rows->roots, store_of(rows->walk), rows->batch, false, take_result, rows, error);
	return none.status == PEN_OK ? pen_rootwalk__add(rows->roots, folio, error) : take_result(rows, &none, error);
}

enum pen_status pen_sealwalk__end(struct pen_sealwalk_rows *rows, struct pen_error *error)
{
	return rows->roots == NULL ? PEN_OK : pen_rootwalk__end(rows->roots, error);
}

void pen_sealwalk__close(struct pen_sealwalk_rows *rows)
{
	if (rows == NULL)
		return;
	pen_rootwalk__close(rows->roots);
	pen_memory__free(rows);
}

enum pen_status pen_sealwalk__folios(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, struct pen_error *error)
{
	struct pen_sealwalk_rows *rows = NULL;
	enum pen_status status = pen_sealwalk__open(&rows, walk, batch, NULL, NULL, error);
	size_t i;

	for (i = 0; i < count && status == PEN_OK; i++)
		status = pen_sealwalk__add(rows, &folios[i], error);
	if (status == PEN_OK)
		status = pen_sealwalk__end(rows, error);
	pen_sealwalk__close(rows);
	return status;
}

/* ------------------------------------------------------------ all seals -- */

/* suspect: batches of seals that do not hold, in the order of the seals. */
struct run {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	int64_t next;
	int64_t *suspect;
	size_t suspects;
};

/* A root that was made to fit rows that were changed shows in the seal's text alone:
 * the rows of such a batch are looked at one by one. */
static enum pen_status suspect(struct run *run, int64_t batch, struct pen_error *error)
{
	int64_t *more = pen_memory__realloc(run->suspect, run->suspects + 1, sizeof(*more));

	if (more == NULL)
		return pen_error__memory(error);
	run->suspect = more;
	more[run->suspects++] = batch;
	return PEN_OK;
}

static enum pen_status visit_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct run *run = context;
	int64_t before = run->walk->found;
	struct pen_batch batch;
	char found[64];
	bool known;
	enum pen_status status = PEN_OK;

	if (seal->at >= run->walk->size)
		return PEN_OK;
	if (seal->id != run->next) {
		snprintf(found, sizeof(found), _("seal %" PRId64), seal->id);
		status = pen_walk__report(run->walk, &(struct pen_walk_place){ "seal.chain", "id", found,
		    _("a seal of every number"), seal->batch, 0 }, error, _("seal %" PRId64), run->next);
	}
	run->next = seal->id + 1;
	if (status != PEN_OK || !pen_walk__among(run->batches, run->count, seal->batch))
		return status;
	status = pen_batch__find(store_of(run->walk), seal->batch, &batch, &known, error);
	if (status == PEN_OK && !known)
		return pen_walk__report(run->walk, &(struct pen_walk_place){ "seal.text", "batch",
		    _("no such batch"), _("the batch of the signed text"), seal->batch, 0 }, error,
		    _("seal %" PRId64), seal->id);
	if (status == PEN_OK)
		status = pen_sealwalk__seal(run->walk, &batch, seal, error);
	if (status == PEN_OK && run->walk->found > before)
		status = suspect(run, seal->batch, error);
	return status == PEN_OK ? pen_walk__go_on(run->walk, _("the seals"), seal->id, -1, error) : status;
}

/* ------------------------------------------- what the journal says of them -- */

/* An act upon seals; number: of the seal or batch that is its subject. */
struct act { int64_t at, number; char digest[PEN_DIGEST_HEX]; };
typedef enum pen_status act_check(struct pen_walk *walk, const struct act *act, struct pen_error *error);

static enum pen_status read_acts(struct pen_walk *walk, const char *name, const char *key, int64_t after,
    struct act acts[SLICE], size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	struct act *act;
	enum pen_status status = pen_store__sql(store_of(walk), PEN_SQL_SEALWALK_ACTS, &s, error);
	const char *subject;
	bool row;

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_text(s, ":act", name);
	pen_db__bind_int(s, ":after", after);
	while (*count < SLICE && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		act = &acts[(*count)++];
		act->at = pen_db__int(s, 0);
		subject = strchr(pen_db__text(s, 1), ' ');
		act->number = subject == NULL ? 0 : strtoll(subject, NULL, 10);
		digest_in(pen_db__text(s, 2), key, act->digest);
	}
	pen_db__reset(s);
	return status;
}

static enum pen_status each_act(struct pen_walk *walk, const char *name, const char *key, act_check *check,
    struct pen_error *error)
{
	struct act acts[SLICE];
	int64_t after = -1;
	enum pen_status status;
	size_t count, i;

	do {
		status = read_acts(walk, name, key, after, acts, &count, error);
		for (i = 0; i < count && status == PEN_OK; i++) {
			after = acts[i].at;
			if (after < walk->size)
				status = check(walk, &acts[i], error);
		}
	} while (status == PEN_OK && count == SLICE);
	return status;
}

/* A seal that the journal knows is there, and is the one that was signed. */
static enum pen_status check_signing(struct pen_walk *walk, const struct act *act, struct pen_error *error)
{
	struct pen_seal seal = { .digest = "" };
	bool found;
	enum pen_status status = pen_sealing__find(store_of(walk), act->number, &seal, &found, error);

	if (status != PEN_OK || (found && strcmp(seal.digest, act->digest) == 0))
		return status;
	return pen_walk__report(walk, &(struct pen_walk_place){ "seal.chain", "digest",
	    found ? seal.digest : _("no such seal"), act->digest, found ? seal.batch : 0, 0 }, error,
	    _("seal %" PRId64 ", signed by journal entry %" PRId64), act->number, act->at);
}

/* The answers are those that were entered. */
static enum pen_status check_answers(struct pen_walk *walk, const struct act *act, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = pen_sealing__answers(store_of(walk), act->at, digest, error);

	if (status != PEN_OK || strcmp(digest, act->digest) == 0)
		return status;
	return pen_walk__report(walk, &(struct pen_walk_place){ "seal.answers", "answers", digest, act->digest,
	    act->number, 0 }, error, _("the employers' answers of journal entry %" PRId64), act->at);
}

/* ------------------------------------------------------------ all folios -- */

/* A batch's folios whose rows are to be held against what they were made from. */
struct batch_run {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	bool suspect;
	struct pen_sealwalk_rows *rows;
	struct pen_replaywalk_list doubtful;
};

/* Until the first signature the source file alone stands witness. */
static enum pen_status take_folio(void *context, const struct pen_folio *folio, bool differs, struct pen_error *error)
{
	struct batch_run *run = context;
	enum pen_status status = PEN_OK;

	if (differs || ((run->suspect || !folio->root[0]) && pen_replaywalk__due(run->walk, run->batch, folio)))
		status = pen_replaywalk__add(&run->doubtful, folio, error);
	return status == PEN_OK ? pen_walk__go_on(run->walk, _("the sealed rows"), run->walk->leaves, -1, error) : status;
}

static enum pen_status visit_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct batch_run *run = context;
	bool let_in = folio->confirmed_at >= 0 && folio->confirmed_at < run->walk->size;
	enum pen_status status;

	if (let_in && folio->root[0])
		return pen_sealwalk__add(run->rows, folio, error);
	/* Those before it first: all are told in their order. */
	status = pen_sealwalk__end(run->rows, error);
	if (status == PEN_OK && let_in && folio->state == PEN_FOLIO_SEALED)
		status = pen_walk__report(run->walk, &(struct pen_walk_place){ "seal.root", "root", _("none"),
		    _("the root that was signed"), folio->batch, 0 }, error, _("folio %" PRId64 " of batch %" PRId64),
		    folio->id, folio->batch);
	return status == PEN_OK ? take_folio(run, folio, false, error) : status;
}

static enum pen_status visit_batch(void *context, const struct pen_batch *batch, struct pen_error *error)
{
	struct run *run = context;
	struct batch_run work = { .walk = run->walk, .batch = batch,
		.suspect = run->suspects > 0 && pen_walk__among(run->suspect, run->suspects, batch->id) };
	char record[32];
	enum pen_status status;

	if (!pen_walk__among(run->batches, run->count, batch->id))
		return PEN_OK;
	status = pen_sealwalk__open(&work.rows, run->walk, batch, take_folio, &work, error);
	if (status == PEN_OK)
		status = pen_folio__each_of_batch(store_of(run->walk), batch->id, visit_folio, &work, error);
	if (status == PEN_OK)
		status = pen_sealwalk__end(work.rows, error);
	pen_sealwalk__close(work.rows);
	snprintf(record, sizeof(record), _("batch %" PRId64), batch->id);
	status = pen_walk__damage(run->walk, status, "seal.state", batch->id, record, error);
	if (status == PEN_OK && work.doubtful.count > 0)
		status = pen_replaywalk__folios(run->walk, batch, &work.doubtful, false, error);
	pen_replaywalk__free(&work.doubtful);
	return status;
}

enum pen_status pen_sealwalk__run(struct pen_walk *walk, const int64_t *batches, size_t count,
    struct pen_error *error)
{
	struct run run = { .walk = walk, .batches = batches, .count = count, .next = 1 };
	enum pen_status status = pen_sealing__each(store_of(walk), 0, visit_seal, &run, error);

	if (status == PEN_OK)
		status = each_act(walk, "seal.sign", "digest", check_signing, error);
	if (status == PEN_OK)
		status = each_act(walk, "seal.acknowledge", "answers", check_answers, error);
	if (status == PEN_OK)
		status = pen_batch__each(store_of(walk), visit_batch, &run, error);
	pen_memory__free(run.suspect);
	return status;
}
