/* Verification: everything that is stored is read again, and what does not hold
 * is told, by rule and by record. */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/note.h"
#include "model/printer.h"
#include "store/actwalk.h"
#include "store/adoption.h"
#include "store/adoptwalk.h"
#include "store/blobwalk.h"
#include "store/casewalk.h"
#include "store/cosigner.h"
#include "store/journalwalk.h"
#include "store/keywalk.h"
#include "work/recordwalk.h"
#include "store/replaywalk.h"
#include "work/ruleparts.h"
#include "store/schemawalk.h"
#include "store/sealwalk.h"
#include "store/session.h"
#include "store/settings.h"
#include "store/sourcewalk.h"
#include "store/sqlrule.h"
#include "work/tally.h"

#include <inttypes.h>
#include <string.h>

#define NOTE_LARGEST ((size_t)64 << 10)

/* A verification. `mute`: the journal takes no entry, which is a finding by
 * itself, and no reason to look at nothing. */
struct work {
	struct pen_session *session;
	const struct pen_verify_options *options;
	struct pen_tally tally;
	struct pen_walk walk;
	struct pen_journalwalk_tip tip;
	struct pen_checkpoint checkpoint;
	bool has_checkpoint, compares, mute;
	char checkpoint_fault[1024], journal_fault[1024];
	struct pen_text note, cosigners, strangers;	/* the checkpoint, who cosigned it, and who else did */
	unsigned parts;
	int64_t *batches;
	size_t batch_count;
	struct pen_sqlrules *rules;
	struct pen_scope scope;
	struct pen_lately lately;
	char rules_digest[PEN_DIGEST_HEX];
};

/* --------------------------------------------------------------- printing -- */

static void open_document(struct work *work)
{
	const struct pen_identity *identity = pen_store__identity(work->session->store);
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", _("agency"), identity->agency),
		PEN_I_TEXT("name", _("name"), identity->name),
		PEN_I_INT("as_of", _("journal entries"), work->walk.size),
	};

	pen_tally__open(&work->tally);
	pen_printer__head(work->tally.printer, PEN_ITEMS(head));
}

/* The rules for which a parameter was missing; NULL: none. */
static const char *unchecked(const struct pen_walk *walk, char out[80])
{
	snprintf(out, 80, "%s%s%s", walk->base_unchecked ? " base.floor base.cap" : "",
	    walk->share_unchecked ? " share.unit share.personal" : "", walk->deemed_unchecked ? " deemed.late" : "");
	return out[0] ? out + 1 : NULL;
}

/* What the verification was narrowed to; people are not told of what it was not. */
static struct pen_item only(const char *key, const char *title, const char *text)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_TEXT, .s = text, .machine = text == NULL };
}

/* What was looked at, and what came of it. */
static void close_document(struct work *work, const struct pen_item *rules, enum pen_status status)
{
	const struct pen_verify_options *options = work->options;
	const struct pen_walk *walk = &work->walk;
	char room[80];
	const struct pen_item summary[] = {
		PEN_I_INT("findings.integrity", _("broken seals"), work->tally.integrity),
		PEN_I_INT("findings.error", _("errors"), work->tally.errors),
		PEN_I_INT("findings.warning", _("warnings"), work->tally.warnings),
		PEN_I_INT("findings.note", _("notes"), work->tally.notes),
		PEN_I_INT("checked.entries", _("journal entries read"), walk->entries),
		PEN_I_INT("checked.seals", _("seals read"), walk->seals),
		PEN_I_INT("checked.signatures", _("signatures checked"), walk->signatures),
		PEN_I_INT("checked.folios", _("roots made again"), walk->folios),
		PEN_I_INT("checked.leaves", _("rows hashed"), walk->leaves),
		PEN_I_INT("checked.sources", _("source files read again"), walk->sources),
		PEN_I_INT("checked.blobs", _("files by digest"), walk->blobs),
		PEN_I_INT("checked.rows", _("rows under the rules"), walk->rows),
		PEN_I_FEN("checked.amount_fen", _("their amounts"), walk->amount_fen),
		PEN_I_INT("checked.rules", _("rules over records"), walk->rules),
		PEN_I_INT("not_made", _("checks not made"), walk->not_made),
		PEN_I_TEXT("unchecked", _("parameters missing for"), unchecked(walk, room)),
		PEN_I_TEXT("rules_digest", _("rule set"), work->rules_digest[0] ? work->rules_digest : NULL),
		PEN_I_TEXT("cosigned.checked", _("cosigned, and checked"), work->cosigners.s),
		PEN_I_TEXT("cosigned.unchecked", _("cosigned by others, not checked"), work->strangers.s),
		*rules,
		only("only.rule", _("only the rule"), options->rule),
		only("only.class", _("only the class"), options->classes),
		only("only.batch", _("only the batches"), options->batches),
		only("only.employer", _("only the employer"), options->employer),
		only("only.person", _("only the person"), options->person),
		{ .key = "only.since", .title = _("only since journal entry"), .type = PEN_ITEM_INT, .i = work->lately.from,
		    .null = walk->lately == NULL, .machine = walk->lately == NULL },
		{ .key = "left_out", .title = walk->lately ? _("findings not listed") : _("findings about others"),
		    .type = PEN_ITEM_INT, .i = walk->left_out, .machine = walk->scope == NULL && walk->lately == NULL },
		{ .key = "left_out_integrity", .title = _("of these, broken seals"), .type = PEN_ITEM_INT,
		    .i = walk->left_out_integrity, .machine = walk->lately == NULL },
	};

	pen_printer__close_table(work->tally.printer, PEN_ITEMS(summary), status);
}

/* ------------------------------------------------------------- beginning -- */

/* The checkpoint kept outside, under the log key that the store names. One that
 * is signed by another key is a finding: either was exchanged. */
static enum pen_status read_checkpoint(struct work *work, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(work->session->store);
	struct pen_key *key = NULL;
	char *note;
	size_t n;
	enum pen_status status = pen_file__load(work->options->since, NOTE_LARGEST, &note, &n, error);

	if (status != PEN_OK)
		return status;
	status = pen_signature__read_public(&key, identity->suite, identity->log_key, strlen(identity->log_key), error);
	if (status == PEN_OK)
		status = pen_note__open(identity->suite, note, n, identity->origin, key, &work->checkpoint, error);
	work->has_checkpoint = status == PEN_OK;
	if (status == PEN_OK)
		pen_text__add(&work->note, note, n);
	if (status == PEN_INTEGRITY) {
		snprintf(work->checkpoint_fault, sizeof(work->checkpoint_fault), "%s", error->text);
		status = PEN_OK;
	}
	if (status != PEN_OK)
		pen_error__at(error, work->options->since, 0, NULL);
	pen_signature__free(key);
	pen_memory__free(note);
	return status;
}

/* Since when findings are listed: an entry, a day, or the size of a checkpoint. One that
 * is not the log's own narrows nothing. */
static enum pen_status read_since(struct work *work, struct pen_error *error)
{
	const struct pen_verify_options *options = work->options;
	struct pen_adoption adoption;
	bool named, restored;
	int64_t from = 0;
	enum pen_status status = pen_lately__from(work->session->store, options->since, &from, &named, error);

	if (status == PEN_OK && !named && (options->employer || options->person))
		return pen_error__set(error, PEN_USAGE, "verify.since",
		    _("--since with the file of a checkpoint compares the whole journal, and does not go with --employer or --person: give an index or a day"));
	work->compares = !named;
	if (status == PEN_OK && !named) {
		status = read_checkpoint(work, error);
		from = work->has_checkpoint ? work->checkpoint.size : 0;
	}
	/* What a restored store did since it has that index again. */
	if (status == PEN_OK && work->has_checkpoint) {
		status = pen_adoption__naming(work->session->store, INT64_MAX, &work->checkpoint, &adoption, &restored, error);
		from = restored && adoption.size < from ? adoption.size : from;
	}
	if (status == PEN_OK && (named || work->has_checkpoint)) {
		status = pen_lately__read(&work->lately, work->session->store, from, error);
		work->walk.lately = &work->lately;
	}
	return status;
}

static enum pen_status check_rules(const struct work *work, struct pen_error *error)
{
	const char *at = work->options->rule;
	char rule[64];
	size_t n;

	for (; at != NULL; at = at[n] ? at + n + 1 : NULL) {
		n = strcspn(at, ",");
		snprintf(rule, sizeof(rule), "%.*s", (int)n, at);
		if (pen_rule__named(rule) == NULL && pen_sqlrule__named(work->rules, rule) == NULL)
			return pen_error__set(error, PEN_USAGE, "verify.rule",
			    _("there is no rule '%.*s': pen-verify catalogue lists them"), (int)n, at);
	}
	return PEN_OK;
}

/* "correctness,logic" to a bit for each. */
static enum pen_status read_classes(struct work *work, struct pen_error *error)
{
	const char *at = work->options->classes, *name;
	size_t n;
	int i;

	for (; at != NULL; at = at[n] ? at + n + 1 : NULL) {
		n = strcspn(at, ",");
		for (i = PEN_CORRECTNESS; i <= PEN_WORKFLOW; i++) {
			name = pen_rule__class_name((enum pen_rule_class)i);
			if (strlen(name) == n && strncmp(name, at, n) == 0)
				break;
		}
		if (i > PEN_WORKFLOW)
			return pen_error__set(error, PEN_USAGE, "verify.class",
			    _("there is no class '%.*s' of rules: expected correctness, completeness, logic, seal, workflow, or some of them with commas between"),
			    (int)n, at);
		work->walk.classes |= 1u << i;
	}
	return PEN_OK;
}

/* One employer or person: their batches, where no others were chosen. */
static enum pen_status read_scope(struct work *work, struct pen_error *error)
{
	const struct pen_verify_options *options = work->options;
	struct pen_store *store = work->session->store;
	enum pen_status status;
	size_t i;

	if (options->employer == NULL && options->person == NULL)
		return PEN_OK;
	if (options->employer != NULL && options->person != NULL)
		return pen_error__set(error, PEN_USAGE, "verify.scope", _("--employer and --person do not go together: give one of them"));
	if (options->employer != NULL)
		status = pen_scope__of_employer(&work->scope, store, options->employer, INT64_MAX, error);
	else
		status = pen_scope__of_person(&work->scope, store, options->person, INT64_MAX, error);
	if (status != PEN_OK)
		return status;
	work->walk.scope = &work->scope;
	if (work->batches != NULL)
		return PEN_OK;
	work->batches = pen_memory__calloc(work->scope.batches + 1, sizeof(*work->batches));
	if (work->batches == NULL)
		return pen_error__memory(error);
	for (i = 0; i < work->scope.batches; i++)
		work->batches[work->batch_count++] = work->scope.batch[i];
	return PEN_OK;
}

/* Enters that it begins. A journal that was cut takes no entry any more. */
static enum pen_status begin(struct work *work, struct pen_error *error)
{
	struct pen_body body;
	const char *text;
	enum pen_status status;

	/* The list of rules that was kept for it is named by this entry. */
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "rules", work->rules_digest);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__note(work->session, "verify.begin", work->batches ? "batches" : "store", text, error);
	pen_entry__body_free(&body);
	if (status != PEN_INTEGRITY)
		return status;
	snprintf(work->journal_fault, sizeof(work->journal_fault), "%s", error->text);
	work->mute = true;
	*error = (struct pen_error){ .status = PEN_OK };
	return PEN_OK;
}

/* Only what can find something of what is wanted: journal, seals and database have
 * rules of class seal alone. */
static void choose_parts(struct work *work)
{
	const unsigned sealed = PEN_VERIFY_JOURNAL | PEN_VERIFY_SEALS | PEN_VERIFY_STORE;

	work->parts = work->options->parts ? work->options->parts : PEN_VERIFY_ALL;
	if (work->compares)
		work->parts |= PEN_VERIFY_JOURNAL;
	if (!pen_walk__wants_class(&work->walk, PEN_SEAL))
		work->parts &= ~sealed;
	if (work->walk.scope != NULL)
		work->parts &= ~(unsigned)(PEN_VERIFY_JOURNAL | PEN_VERIFY_STORE);
}

static enum pen_status prepare(struct work *work, struct pen_error *error)
{
	const struct pen_verify_options *options = work->options;
	enum pen_status status = pen_sqlrule__load_all(&work->rules, pen_store__dir(work->session->store), error);

	if (status == PEN_OK)
		status = check_rules(work, error);
	if (status == PEN_OK)
		status = read_classes(work, error);
	if (status == PEN_OK && options->batches != NULL)
		status = pen_batch__select(work->session->store, "batch", options->batches, &work->batches,
		    &work->batch_count, error);
	if (status == PEN_OK)
		status = read_scope(work, error);
	if (status == PEN_OK && options->since != NULL)
		status = read_since(work, error);
	if (status == PEN_OK)
		status = pen_settings__name_rules(work->session->store, work->rules_digest, error);
	if (status == PEN_OK)
		status = pen_journalwalk__tip(&work->walk, &work->tip, error);
	choose_parts(work);
	return status == PEN_OK ? begin(work, error) : status;
}

/* ----------------------------------------------------------------- parts -- */

static enum pen_status take_cosigner(void *context, const struct pen_cosigner *cosigner, struct pen_error *error)
{
	struct work *work = context;
	struct pen_text *names = cosigner->state == PEN_COSIGNER_HOLDS ? &work->cosigners : &work->strangers;

	if (cosigner->state == PEN_COSIGNER_LOG)
		return PEN_OK;	/* it was checked when the note was opened */
	if (cosigner->state == PEN_COSIGNER_BROKEN)
		return pen_walk__report(&work->walk, &(struct pen_walk_place){ "journal.checkpoint", "signature",
		    _("a cosignature that does not hold"), _("one by the key that it names"), 0, 0 }, error,
		    _("the cosignature of %s on %s"), cosigner->staff, work->options->since);
	pen_text__printf(names, "%s%s", names->n ? " " : "", cosigner->name);
	return names->failed ? pen_error__memory(error) : PEN_OK;
}

/* What one walk cannot read is a finding, and no reason not to take the next. */
static enum pen_status go_past(struct work *work, enum pen_status status, const char *rule, const char *record,
    struct pen_error *error)
{
	return pen_walk__damage(&work->walk, status, rule, 0, record, error);
}

static enum pen_status verify_journal(struct work *work, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (work->has_checkpoint)
		status = pen_cosigner__each(work->session->store, work->note.s, work->note.n, take_cosigner, work, error);

	if (status == PEN_OK && work->journal_fault[0])
		status = pen_walk__report(&work->walk, &(struct pen_walk_place){ "journal.tree", "size", work->journal_fault,
		    _("a journal that can go on"), 0, 0 }, error, _("the journal takes no further entry"));
	if (status == PEN_OK && work->checkpoint_fault[0])
		status = pen_walk__report(&work->walk, &(struct pen_walk_place){ "journal.checkpoint", "signature",
		    work->checkpoint_fault, _("a signature by the store's log key"), 0, 0 }, error, "%s", work->options->since);
	if (status == PEN_OK)
		status = pen_journalwalk__run(&work->walk, &work->tip,
		    work->has_checkpoint ? &work->checkpoint : NULL, error);
	status = go_past(work, status, "journal.tree", _("the journal"), error);
	if (status == PEN_OK)
		status = go_past(work, pen_adoptwalk__run(&work->walk, error), "restore.signed", _("the journal"), error);
	if (status == PEN_OK)
		status = go_past(work, pen_actwalk__run(&work->walk, error), "journal.acts", _("the journal"), error);
	if (status == PEN_OK)
		status = go_past(work, pen_casewalk__run(&work->walk, error), "case.steps", _("cases of amendment"), error);
	if (status == PEN_OK)
		status = go_past(work, pen_keywalk__run(&work->walk, error), "staff.key", _("the journal"), error);
	return status;
}

static enum pen_status verify_seals(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_sealwalk__run(&work->walk, work->batches, work->batch_count, error);

	status = go_past(work, status, "seal.state", _("the seals"), error);
	if (status == PEN_OK && work->batches == NULL)
		status = go_past(work, pen_blobwalk__run(&work->walk, error), "blob.digest", _("what is kept whole"), error);
	return status;
}

static enum pen_status verify_rules(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_ruleparts__run(&work->walk, work->rules, work->batches, work->batch_count, error);

	return go_past(work, status, "seal.state", _("the rows"), error);
}

/* What no batch brought is no batch's to make again. */
static enum pen_status look_for_strays(struct work *work, struct pen_error *error)
{
	static const char rule[] = "folio.belongs";
	const struct pen_sqlrule *found = pen_sqlrule__named(work->rules, rule);
	const struct pen_recordwalk all = { NULL, 0, NULL };

	if (found == NULL)
		return pen_walk__not_made(&work->walk, rule, "share/rules", _("there is no file of this rule"), error);
	return pen_recordwalk__rule(&work->walk, &all, found, error);
}

static enum pen_status replay(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_replaywalk__run(&work->walk, work->batches, work->batch_count, error);

	if (status == PEN_OK && work->batches == NULL)
		status = look_for_strays(work, error);
	return pen_walk__damage(&work->walk, status, "seal.state", 0, _("the batches"), error);
}

/* The engine's check reads the whole file: not for the sake of another rule. */
static enum pen_status verify_store(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_walk__go_on(&work->walk, _("the file of the store"), 0, -1, error);

	if (status == PEN_OK && pen_walk__wants(&work->walk, "store.integrity"))
		status = pen_schemawalk__integrity(&work->walk, error);
	if (status == PEN_OK && pen_walk__wants(&work->walk, "store.schema"))
		status = pen_schemawalk__schema(&work->walk, error);
	return pen_walk__damage(&work->walk, status, "store.integrity", 0, _("the file of the store"), error);
}

/* ---------------------------------------------------------------- ending -- */

static enum pen_status end(struct work *work, struct pen_error *error)
{
	struct pen_body body;
	const char *text;
	enum pen_status status;

	if (work->mute)
		return PEN_OK;
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "entries", work->walk.entries);
	pen_entry__body_int(&body, "findings", work->walk.found);
	pen_entry__body_int(&body, "leaves", work->walk.leaves);
	pen_entry__body_int(&body, "not_made", work->walk.not_made);
	pen_entry__body_int(&body, "rows", work->walk.rows);
	pen_entry__body_text(&body, "rules", work->rules_digest);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__note(work->session, "verify.read", work->batches ? "batches" : "store", text, error);
	pen_entry__body_free(&body);
	return status;
}

/* The worst of what was found. */
static enum pen_status outcome(const struct work *work, struct pen_error *error)
{
	if (work->tally.integrity > 0)
		return pen_error__set(error, PEN_INTEGRITY, "verify.integrity",
		    _("%" PRId64 " findings say that what is stored is not what was entered and signed: keep the store as it is, and compare it with a backup"),
		    work->tally.integrity);
	if (work->walk.left_out_integrity > 0)
		return pen_error__set(error, PEN_INTEGRITY, "verify.earlier",
		    _("%" PRId64 " findings about what was entered before that, and is not listed, say that it is not what was entered and signed: run it again without --since"),
		    work->walk.left_out_integrity);
	if (work->walk.not_made > 0)
		return pen_error__set(error, PEN_INCOMPLETE, "verify.incomplete",
		    _("%" PRId64 " checks could not be made: see the notes among the findings"), work->walk.not_made);
	return work->tally.warnings + work->tally.errors > 0 ? PEN_FINDINGS : PEN_OK;
}

enum pen_status pen_verify(struct pen_session *session, const struct pen_verify_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_item rules;
	struct work work = { .session = session, .options = options, .tally = { .printer = printer } };
	enum pen_status status;

	work.walk = (struct pen_walk){ .session = session, .visit = pen_tally__visit, .context = &work.tally, .rule = options->rule };
	status = prepare(&work, error);
	if (status != PEN_OK)
		goto out;
	open_document(&work);
	if (work.parts & PEN_VERIFY_JOURNAL)
		status = verify_journal(&work, error);
	if (status == PEN_OK && (work.parts & PEN_VERIFY_SEALS))
		status = verify_seals(&work, error);
	if (status == PEN_OK && (work.parts & PEN_VERIFY_RULES))
		status = verify_rules(&work, error);
	if (status == PEN_OK && (work.parts & PEN_VERIFY_REPLAY))
		status = replay(&work, error);
	if (status == PEN_OK && (work.parts & PEN_VERIFY_STORE) && work.batches == NULL)
		status = verify_store(&work, error);
	if (status == PEN_OK)
		status = end(&work, error);
	if (status == PEN_OK)
		status = outcome(&work, error);
	if (pen_tally__list(&work.tally, &rules, error) != PEN_OK)
		status = error->status;
	close_document(&work, &rules, status);
out:
	pen_walk__end(&work.walk);
	pen_tally__drop(&work.tally);
	pen_scope__drop(&work.scope);
	pen_lately__drop(&work.lately);
	pen_sqlrule__free(work.rules);
	pen_memory__free(work.batches);
	pen_text__free(&work.note);
	pen_text__free(&work.cosigners);
	pen_text__free(&work.strangers);
	return status;
}
