/* Verification: everything that is stored is read again, and what does not hold
 * is told, by rule and by record. */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/note.h"
#include "model/printer.h"
#include "store/actwalk.h"
#include "store/blobwalk.h"
#include "store/journalwalk.h"
#include "store/keywalk.h"
#include "store/replaywalk.h"
#include "store/reviewwalk.h"
#include "store/rulewalk.h"
#include "store/schemawalk.h"
#include "store/sealwalk.h"
#include "store/session.h"
#include "store/settings.h"
#include "store/sourcewalk.h"
#include "store/sqlrule.h"

#include <inttypes.h>
#include <string.h>

#define NOTE_LARGEST ((size_t)64 << 10)

/* A verification. `mute`: the journal takes no entry, which is a finding by
 * itself, and no reason to look at nothing. */
struct work {
	struct pen_session *session;
	const struct pen_verify_options *options;
	struct pen_printer *printer;
	struct pen_walk walk;
	struct pen_journalwalk_tip tip;
	struct pen_checkpoint checkpoint;
	bool has_checkpoint, mute;
	char checkpoint_fault[1024], journal_fault[1024];
	unsigned parts;
	int64_t *batches;
	size_t batch_count;
	int64_t notes, warnings, errors, integrity;
	char rules_digest[PEN_DIGEST_HEX];
};

/* --------------------------------------------------------------- printing -- */

static const char *or_null(const char *s)
{
	return s != NULL && s[0] ? s : NULL;
}

static struct pen_item number(const char *key, const char *title, int64_t value)
{
	return (struct pen_item){ .key = key, .title = title, .type = PEN_ITEM_INT, .i = value, .null = value == 0 };
}

static enum pen_status print_finding(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct work *work = context;
	const struct pen_item row[] = {
		PEN_I_TEXT("rule", _("rule"), found->rule),
		PEN_I_TEXT("class", _("class"), found->class),
		PEN_I_TEXT("severity", _("severity"), found->severity),
		PEN_I_TEXT("clause", _("clause"), found->clause),
		PEN_I_TEXT("record", _("record"), found->record),
		PEN_I_TEXT("field", _("field"), or_null(found->field)),
		PEN_I_TEXT("found", _("found"), found->found),
		PEN_I_TEXT("expected", _("expected"), found->expected),
		number("batch", _("batch"), found->batch),
		number("line", _("line"), found->line),
		PEN_I_TEXT("advice", _("advice"), found->advice),
	};

	(void)error;
	if (strcmp(found->severity, "note") == 0)
		work->notes++;
	else if (strcmp(found->class, "seal") == 0)
		work->integrity++;
	else if (strcmp(found->severity, "warning") == 0)
		work->warnings++;
	else
		work->errors++;
	pen_printer__row(work->printer, "finding", PEN_ITEMS(row));
	return PEN_OK;
}

static void open_document(struct work *work)
{
	const struct pen_identity *identity = pen_store__identity(work->session->store);
	const struct pen_item columns[] = {
		PEN_I_TEXT("rule", _("rule"), NULL), PEN_I_TEXT("class", _("class"), NULL),
		PEN_I_TEXT("severity", _("severity"), NULL), PEN_I_TEXT("clause", _("clause"), NULL),
		PEN_I_TEXT("record", _("record"), NULL), PEN_I_TEXT("field", _("field"), NULL),
		PEN_I_TEXT("found", _("found"), NULL), PEN_I_TEXT("expected", _("expected"), NULL),
		PEN_I_INT("batch", _("batch"), 0), PEN_I_INT("line", _("line"), 0), PEN_I_TEXT("advice", _("advice"), NULL),
	};
	const struct pen_items shape = PEN_ITEMS(columns);
	const struct pen_item head[] = {
		PEN_I_TEXT("agency", _("agency"), identity->agency),
		PEN_I_TEXT("name", _("name"), identity->name),
		PEN_I_INT("as_of", _("journal entries"), work->walk.size),
	};

	pen_printer__open_table(work->printer, "findings", _("Findings"), &shape);
	pen_printer__head(work->printer, PEN_ITEMS(head));
}

static void close_document(struct work *work, enum pen_status status)
{
	const struct pen_walk *walk = &work->walk;
	const bool gaps = walk->base_unchecked || walk->share_unchecked;
	const struct pen_item summary[] = {
		PEN_I_INT("findings.integrity", _("broken seals"), work->integrity),
		PEN_I_INT("findings.error", _("errors"), work->errors),
		PEN_I_INT("findings.warning", _("warnings"), work->warnings),
		PEN_I_INT("findings.note", _("notes"), work->notes),
		PEN_I_INT("checked.entries", _("journal entries read"), walk->entries),
		PEN_I_INT("checked.seals", _("seals read"), walk->seals),
		PEN_I_INT("checked.signatures", _("signatures checked"), walk->signatures),
		PEN_I_INT("checked.folios", _("roots made again"), walk->folios),
		PEN_I_INT("checked.leaves", _("rows hashed"), walk->leaves),
		PEN_I_INT("checked.sources", _("source files read again"), walk->sources),
		PEN_I_INT("checked.blobs", _("files by digest"), walk->blobs),
		PEN_I_INT("checked.rows", _("rows under the rules"), walk->rows),
		PEN_I_INT("not_made", _("checks not made"), walk->not_made),
		PEN_I_TEXT("unchecked", _("parameters missing for"), !gaps ? NULL :
		    walk->base_unchecked && walk->share_unchecked ? "base.floor base.cap share.unit share.personal" :
		    walk->base_unchecked ? "base.floor base.cap" : "share.unit share.personal"),
		PEN_I_TEXT("rules_digest", _("rule set"), or_null(work->rules_digest)),
	};

	pen_printer__close_table(work->printer, PEN_ITEMS(summary), status);
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

static enum pen_status check_rule(const struct work *work, struct pen_error *error)
{
	const char *rule = work->options->rule;
	struct pen_sqlrules *rules;
	bool known;
	enum pen_status status;

	if (rule == NULL || pen_rule__named(rule) != NULL)
		return PEN_OK;
	status = pen_sqlrule__load(&rules, error);
	if (status != PEN_OK)
		return status;
	known = pen_sqlrule__named(rules, rule) != NULL;
	pen_sqlrule__free(rules);
	return known ? PEN_OK : pen_error__set(error, PEN_USAGE, "verify.rule",
	    _("there is no rule '%s': pen-verify catalogue lists them"), rule);
}

/* Enters that it begins. A journal that was cut takes no entry any more. */
static enum pen_status begin(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_session__note(work->session, "verify.begin",
	    work->options->batches ? "batches" : "store", NULL, error);

	if (status != PEN_INTEGRITY)
		return status;
	snprintf(work->journal_fault, sizeof(work->journal_fault), "%s", error->text);
	work->mute = true;
	*error = (struct pen_error){ .status = PEN_OK };
	return PEN_OK;
}

static enum pen_status prepare(struct work *work, struct pen_error *error)
{
	const struct pen_verify_options *options = work->options;
	enum pen_status status = check_rule(work, error);

	work->parts = options->parts ? options->parts : PEN_VERIFY_ALL;
	if (options->since != NULL)
		work->parts |= PEN_VERIFY_JOURNAL;
	if (status == PEN_OK && options->batches != NULL)
		status = pen_batch__select(work->session->store, "batch", options->batches, &work->batches,
		    &work->batch_count, error);
	if (status == PEN_OK && options->since != NULL)
		status = read_checkpoint(work, error);
	if (status == PEN_OK)
		status = pen_settings__rules(work->session->store, work->rules_digest, error);
	if (status == PEN_OK)
		status = pen_journalwalk__tip(&work->walk, &work->tip, error);
	return status == PEN_OK ? begin(work, error) : status;
}

/* ----------------------------------------------------------------- parts -- */

/* What one walk cannot read is a finding, and no reason not to take the next. */
static enum pen_status go_past(struct work *work, enum pen_status status, const char *rule, const char *record,
    struct pen_error *error)
{
	return pen_walk__damage(&work->walk, status, rule, 0, record, error);
}

static enum pen_status verify_journal(struct work *work, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (work->journal_fault[0])
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
		status = go_past(work, pen_actwalk__run(&work->walk, error), "journal.acts", _("the journal"), error);
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
	enum pen_status status = pen_rulewalk__rows(&work->walk, work->batches, work->batch_count, error);

	status = go_past(work, status, "seal.state", _("the rows"), error);
	if (status == PEN_OK)
		status = go_past(work, pen_reviewwalk__run(&work->walk, work->batches, work->batch_count, error),
		    "seal.state", _("the rows"), error);
	if (status == PEN_OK)
		status = go_past(work, pen_rulewalk__records(&work->walk, error), "seal.state", _("the rows"), error);
	return status;
}

/* What no batch brought is no batch's to make again. */
static enum pen_status replay(struct work *work, struct pen_error *error)
{
	enum pen_status status = pen_replaywalk__run(&work->walk, work->batches, work->batch_count, error);

	if (status == PEN_OK && work->batches == NULL)
		status = pen_rulewalk__record(&work->walk, "folio.belongs", error);
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
	    pen_session__note(work->session, "verify.read", work->options->batches ? "batches" : "store", text, error);
	pen_entry__body_free(&body);
	return status;
}

/* The worst of what was found. */
static enum pen_status outcome(const struct work *work, struct pen_error *error)
{
	if (work->integrity > 0)
		return pen_error__set(error, PEN_INTEGRITY, "verify.integrity",
		    _("%" PRId64 " findings say that what is stored is not what was entered and signed: keep the store as it is, and compare it with a backup"),
		    work->integrity);
	if (work->walk.not_made > 0)
		return pen_error__set(error, PEN_INCOMPLETE, "verify.incomplete",
		    _("%" PRId64 " checks could not be made: see the notes among the findings"), work->walk.not_made);
	return work->warnings + work->errors > 0 ? PEN_FINDINGS : PEN_OK;
}

enum pen_status pen_verify(struct pen_session *session, const struct pen_verify_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .options = options, .printer = printer };
	enum pen_status status;

	work.walk = (struct pen_walk){ .session = session, .visit = print_finding, .context = &work, .rule = options->rule };
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
	close_document(&work, status);
out:
	pen_walk__end(&work.walk);
	pen_memory__free(work.batches);
	return status;
}

/* ------------------------------------------------------------- catalogue -- */

static void print_rule(const struct pen_rule *rule, const char *file, bool own, struct pen_printer *printer)
{
	const struct pen_item row[] = {
		PEN_I_TEXT("rule", _("rule"), rule->id),
		PEN_I_TEXT("class", _("class"), pen_rule__class_name(rule->class)),
		PEN_I_TEXT("severity", _("severity"), pen_rule__severity_name(rule->severity)),
		PEN_I_TEXT("clause", _("clause"), rule->clause),
		PEN_I_TEXT("looks_at", _("looks at"), own ? _(rule->looks_at) : rule->looks_at),
		PEN_I_TEXT("advice", _("advice"), own ? _(rule->advice) : rule->advice),
		PEN_I_TEXT("file", _("file"), file),
	};

	pen_printer__row(printer, "rule", PEN_ITEMS(row));
}

enum pen_status pen_verify_catalogue(struct pen_printer *printer, struct pen_error *error)
{
	struct pen_sqlrules *rules;
	size_t i;
	enum pen_status status = pen_sqlrule__load(&rules, error);

	if (status != PEN_OK)
		return status;
	pen_printer__open_table(printer, "catalogue", _("Rules"), NULL);
	for (i = 0; i < pen_rule__count(); i++)
		print_rule(pen_rule__at(i), NULL, true, printer);
	for (i = 0; i < pen_sqlrule__count(rules); i++)
		print_rule(&pen_sqlrule__at(rules, i)->rule, pen_sqlrule__at(rules, i)->file, false, printer);
	const struct pen_item summary[] = {
		PEN_I_INT("program", _("in the program"), (int64_t)pen_rule__count()),
		PEN_I_INT("files", _("in share/rules"), (int64_t)pen_sqlrule__count(rules)),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
	pen_sqlrule__free(rules);
	return PEN_OK;
}
