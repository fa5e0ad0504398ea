/* The proof of single rows: one file for somebody who has no store, by pen-seal(5). */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/ledger.h"
#include "work/logkey.h"
#include "store/people.h"
#include "store/proving.h"
#include "store/roots.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define NOTE_LARGEST ((size_t)64 << 10)
#define NEWEST INT64_MAX	/* rows and names as they stand now */

struct work {
	struct pen_session *session;
	struct pen_store *store;
	const struct pen_prove_options *options;
	struct pen_proving *proving;
	struct pen_someone who;
	struct pen_business business;
	bool identified;	/* the row that says who it is is in */
	int64_t rows;		/* that were asked for */
	char subject[96];
};

/* ------------------------------------------------------ what is asked for -- */

static enum pen_status check_options(const struct pen_prove_options *o, struct pen_error *error)
{
	bool by_year = o->year != 0, by_folio = o->folio != 0;

	if (by_year && by_folio)
		return pen_error__set(error, PEN_USAGE, "prove.which",
		    _("a year and a folio ask for different rows: give --year or --folio"));
	if (by_year && o->person && !o->line)
		return PEN_OK;
	if (by_folio && !o->person != !o->employer)
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "prove.which",
	    _("say which rows: --person ID --year YYYY, for one employer of several with --employer CODE; or --folio N with --person ID (or --employer CODE, for what is no person's), for one of several rows with --line N"));
}

/* Who it is about, and the subject under which it is entered: by numbers alone. */
static enum pen_status identify(struct work *work, struct pen_error *error)
{
	const struct pen_prove_options *o = work->options;
	enum pen_status status = PEN_OK;
	char about[48];

	if (o->person)
		status = pen_people__person(work->store, o->person, NEWEST, &work->who, error);
	if (status == PEN_OK && o->employer)
		status = pen_people__employer(work->store, o->employer, NEWEST, &work->business, error);
	if (status != PEN_OK)
		return status;
	snprintf(about, sizeof(about), o->person ? "person %" PRId64 : "employer %" PRId64,
	    o->person ? work->who.person : work->business.employer);
	if (o->year)
		snprintf(work->subject, sizeof(work->subject), "%s year %d", about, (int)o->year);
	else
		snprintf(work->subject, sizeof(work->subject), "%s folio %" PRId64, about, o->folio);
	return PEN_OK;
}

static enum pen_status find_folio(struct work *work, int64_t id, struct pen_folio *folio, struct pen_error *error)
{
	bool found;
	enum pen_status status = pen_folio__find(work->store, id, folio, &found, error);

	if (status == PEN_OK && !found)
		return pen_error__set(error, PEN_USAGE, "prove.folio",
		    _("there is no folio %" PRId64 ": pen-seal show BATCH lists those of a batch"), id);
	return status;
}

static enum pen_status find_kind(struct work *work, const struct pen_folio *folio, const struct pen_kind **kind,
    struct pen_error *error)
{
	struct pen_batch batch;
	bool found;
	enum pen_status status = pen_batch__find(work->store, folio->batch, &batch, &found, error);

	return status == PEN_OK ? pen_roots__kind(work->store, &batch, folio, kind, error) : status;
}

/* ---------------------------------------------------------------- rows -- */

/* The rows of a subject in a folio: those that are shown now, or every one; of one
 * line, if one was named. */
static enum pen_status add_rows(struct work *work, const struct pen_folio *folio, const struct pen_kind *kind,
    int64_t subject, int64_t line, bool shown, int64_t *added, struct pen_error *error)
{
	struct pen_ledger_rows *rows;
	const struct pen_row *row;
	enum pen_status status = pen_ledger__open(&rows, work->store, kind, folio->id, subject, shown ? NEWEST : -1, error);

	*added = 0;
	if (status != PEN_OK)
		return status;
	while ((status = pen_ledger__next(rows, &row, error)) == PEN_OK && row) {
		if (line && row->v[PEN_LINE].i != line)
			continue;
		status = pen_proving__add(work->proving, folio, row, error);
		if (status != PEN_OK)
			break;
		++*added;
	}
	pen_ledger__close(rows);
	return status;
}

/* The row by which the number in the others is a person's or an employer's. */
static enum pen_status add_whose(struct work *work, bool of_people, int64_t subject, struct pen_error *error)
{
	const struct pen_kind *kind = pen_kind__of(of_people ? PEN_KIND_REGISTRATION : PEN_KIND_EMPLOYER);
	struct pen_folio folio;
	int64_t id, line, added;
	enum pen_status status = pen_proving__whose(work->store, of_people, subject, &id, &line, error);

	if (status == PEN_OK && !id)
		return pen_error__refuse(error, "R4.1.1", "prove.whose",
		    _("no registration, or no employer's own row, says whose number %" PRId64 " is: bring it in and have it sealed first"),
		    subject);
	if (status == PEN_OK)
		status = find_folio(work, id, &folio, error);
	return status == PEN_OK ? add_rows(work, &folio, kind, subject, line, false, &added, error) : status;
}

static enum pen_status add_year(struct work *work, struct pen_error *error)
{
	const struct pen_prove_options *o = work->options;
	const struct pen_kind *kind = pen_kind__of(PEN_KIND_CONTRIBUTION);
	struct pen_folio folio;
	int64_t *folios = NULL, added;
	size_t count = 0, i;
	enum pen_status status = pen_proving__folios(work->store, work->who.person, work->business.employer, o->year,
	    &folios, &count, error);

	for (i = 0; i < count && status == PEN_OK; i++) {
		status = find_folio(work, folios[i], &folio, error);
		if (status == PEN_OK)
			status = add_rows(work, &folio, kind, work->who.person, 0, true, &added, error);
		work->rows += status == PEN_OK ? added : 0;
	}
	pen_memory__free(folios);
	if (status == PEN_OK && !work->rows)
		return pen_error__set(error, PEN_USAGE, "prove.none",
		    _("%s has no contribution of %d with the employers that they are registered with: name another year, or another employer with --employer"),
		    work->who.name, (int)o->year);
	return status == PEN_OK ? add_whose(work, true, work->who.person, error) : status;
}

static enum pen_status add_folio(struct work *work, struct pen_error *error)
{
	const struct pen_prove_options *o = work->options;
	int64_t subject = o->person ? work->who.person : work->business.employer;
	const struct pen_kind *kind;
	struct pen_folio folio;
	enum pen_status status = find_folio(work, o->folio, &folio, error);

	if (status == PEN_OK)
		status = find_kind(work, &folio, &kind, error);
	if (status == PEN_OK && kind->of_people != (o->person != NULL))
		return pen_error__set(error, PEN_USAGE, "prove.which", kind->of_people
		    ? _("folio %" PRId64 " (%s) has rows of people: name one with --person ID")
		    : _("folio %" PRId64 " (%s) has rows of employers: name one with --employer CODE"), folio.id, folio.form);
	if (status == PEN_OK)
		status = add_rows(work, &folio, kind, subject, o->line, false, &work->rows, error);
	if (status == PEN_OK && !work->rows)
		return pen_error__set(error, PEN_USAGE, "prove.none",
		    _("folio %" PRId64 " (%s) has no such row of %s: pen-import show %" PRId64 " --rows lists what its batch has"),
		    folio.id, folio.form, o->person ? work->who.name : work->business.name, folio.batch);
	if (status != PEN_OK || kind->id == PEN_KIND_REGISTRATION || kind->id == PEN_KIND_EMPLOYER)
		return status;
	return add_whose(work, kind->of_people, subject, error);
}

/* ---------------------------------------------------------- checkpoint -- */

/* One that was kept: of this journal, and new enough. */
static enum pen_status read_note(struct work *work, struct pen_text *note, struct pen_checkpoint *checkpoint,
    struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(work->store);
	const char *path = work->options->checkpoint;
	struct pen_checkpoint own;
	struct pen_key *key = NULL;
	int64_t size;
	char *bytes;
	size_t n;
	enum pen_status status = pen_file__load(path, NOTE_LARGEST, &bytes, &n, error);

	if (status != PEN_OK)
		return status;
	status = pen_signature__read_public(&key, identity->suite, identity->log_key, strlen(identity->log_key), error);
	if (status == PEN_OK)
		status = pen_note__open(identity->suite, bytes, n, identity->origin, key, checkpoint, error);
	if (status == PEN_OK)
		status = pen_journal__size(work->store, &size, error);
	if (status == PEN_OK && checkpoint->size <= size)
		status = pen_journal__checkpoint(work->store, checkpoint->size, &own, error);
	if (status == PEN_OK && (checkpoint->size > size || memcmp(own.root, checkpoint->root, sizeof(own.root)) != 0))
		status = pen_error__set(error, PEN_INTEGRITY, "prove.checkpoint",
		    _("the journal is not the one that the checkpoint was taken from: run pen-verify journal --since with it"));
	if (status == PEN_OK && checkpoint->size < pen_proving__size(work->proving))
		status = pen_error__refuse(error, "R4.2.3", "prove.checkpoint",
		    _("the checkpoint binds %" PRId64 " journal entries, and what is to be proven was sealed by later ones, up to the %" PRId64 "th: give one that was made since (pen-seal checkpoint)"),
		    checkpoint->size, pen_proving__size(work->proving));
	if (status == PEN_OK)
		pen_text__add(note, bytes, n);
	pen_signature__free(key);
	pen_memory__free(bytes);
	return status == PEN_OK ? PEN_OK : pen_error__at(error, path, 0, NULL);
}

/* One that is made now, which needs the log key; a copy signs nothing. */
static enum pen_status make_note(struct work *work, struct pen_text *note, struct pen_checkpoint *checkpoint,
    struct pen_error *error)
{
	struct pen_key *key;
	enum pen_status status;

	if (pen_store__is_copy(work->store))
		return pen_error__refuse(error, "R8.1", "prove.copy",
		    _("a proof ends in a checkpoint, and none is made on a copy: give one that was made on the living store, with --checkpoint FILE"));
	status = pen_logkey__load(work->session, work->options->log_key, &key, error);
	if (status == PEN_INPUT && !work->options->log_key)
		return pen_error__refuse(error, "R8.1", "prove.log-key",
		    _("a proof ends in a checkpoint, and the log key to sign one is not here: give a checkpoint with --checkpoint FILE (whoever keeps the log key prints one with pen-seal checkpoint), or the key with --log-key FILE"));
	if (status != PEN_OK)
		return status;
	status = pen_logkey__checkpoint(work->session, key, note, error);
	pen_signature__free(key);
	return status == PEN_OK ? pen_note__read(note->s, note->n, checkpoint, error) : status;
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status note_end(struct work *work, int64_t size, struct pen_error *error)
{
	struct pen_body body;
	const char *text;
	enum pen_status status;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "checkpoint", size);
	pen_entry__body_int(&body, "rows", work->rows);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__note(work->session, "seal.prove", work->subject, text, error);
	pen_entry__body_free(&body);
	return status;
}

/* All that is read for it, under one lock: to take it for each small thing costs more
 * than the reading. */
static enum pen_status gather(struct work *work, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->store);
	enum pen_status status = pen_db__begin_read(db, error);

	if (status == PEN_OK)
		status = work->options->year ? add_year(work, error) : add_folio(work, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status write_out(struct work *work, const char *note, const struct pen_checkpoint *checkpoint,
    struct pen_text *text, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->store);
	enum pen_status status = pen_db__begin_read(db, error);

	if (status == PEN_OK)
		status = pen_proving__end(work->proving, note, checkpoint, text, error);
	pen_db__rollback(db);
	return status;
}

static enum pen_status prove(struct work *work, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_text note = { NULL, 0, 0, false }, text = { NULL, 0, 0, false };
	struct pen_checkpoint checkpoint;
	enum pen_status status = gather(work, error);

	if (status == PEN_OK)
		status = work->options->checkpoint ? read_note(work, &note, &checkpoint, error)
		    : make_note(work, &note, &checkpoint, error);
	if (status == PEN_OK && note.failed)
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = write_out(work, note.s, &checkpoint, &text, error);
	if (status == PEN_OK)
		status = note_end(work, checkpoint.size, error);
	if (status == PEN_OK)
		pen_printer__raw(printer, text.s, text.n);
	pen_text__free(&note);
	pen_text__free(&text);
	return status;
}

enum pen_status pen_prove(struct pen_session *session, const struct pen_prove_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .store = session->store, .options = options };
	enum pen_status status = check_options(options, error);

	if (status == PEN_OK)
		status = identify(&work, error);
	if (status != PEN_OK)
		return status;
	status = pen_session__note(session, "seal.prove.begin", work.subject, NULL, error);
	if (status == PEN_OK)
		status = pen_proving__open(&work.proving, session->store, error);
	if (status == PEN_OK)
		status = prove(&work, printer, error);
	if (status == PEN_REFUSED)
		pen_session__refused(session, "seal.prove", work.subject, error);
	pen_proving__close(work.proving);
	return status;
}
