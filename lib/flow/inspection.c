/* The inspection of the database (R7.1): the checks are run here, and what they find
 * is entered in the running log, whatever it is. */
#include "base/date.h"
#include "base/error.h"
#include "base/text.h"
#include "model/printer.h"
#include "store/actwalk.h"
#include "store/journalwalk.h"
#include "store/keywalk.h"
#include "store/runlog.h"
#include "store/schemawalk.h"

#include <inttypes.h>
#include <string.h>

#define ACT "log.inspect"
#define TOLD 20		/* findings that the entry names; how many there are it says in any case */

struct work {
	struct pen_session *session;
	struct pen_walk walk;
	struct pen_text found;		/* a few words on each finding, behind each other */
	int64_t integrity;
	struct pen_runlog entry;
};

/* ------------------------------------------------------------- checking -- */

static enum pen_status take_finding(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	struct work *work = context;
	size_t from = work->found.n;

	(void)error;
	work->integrity += strcmp(found->severity, "note") != 0;
	if (work->walk.found > TOLD)
		return PEN_OK;
	pen_text__printf(&work->found, "%s%s: %s: %s", from ? "; " : "", found->rule, found->record, found->found);
	/* What was found may hold anything; the entry stays one line. */
	for (; !work->found.failed && from < work->found.n; from++)
		if ((unsigned char)work->found.s[from] < 0x20)
			work->found.s[from] = ' ';
	return PEN_OK;
}

/* What pen-verify does with journal and store, without the rows and files, which
 * take as long as the store is large. */
static enum pen_status check(struct work *work, struct pen_error *error)
{
	struct pen_walk *walk = &work->walk;
	struct pen_journalwalk_tip tip;
	enum pen_status status = pen_journalwalk__tip(walk, &tip, error);

	if (status == PEN_OK)
		status = pen_session__note(work->session, "verify.begin", "inspection", NULL, error);
	if (status == PEN_OK)
		status = pen_journalwalk__run(walk, &tip, NULL, error);
	if (status == PEN_OK)
		status = pen_actwalk__run(walk, error);
	if (status == PEN_OK)
		status = pen_keywalk__run(walk, error);
	status = pen_walk__damage(walk, status, "journal.tree", 0, _("the journal"), error);
	if (status == PEN_OK)
		status = pen_walk__go_on(walk, _("the file of the store"), 0, -1, error);
	if (status == PEN_OK)
		status = pen_schemawalk__integrity(walk, error);
	if (status == PEN_OK)
		status = pen_schemawalk__schema(walk, error);
	return pen_walk__damage(walk, status, "store.integrity", 0, _("the file of the store"), error);
}

/* ------------------------------------------------------------- entering -- */

static enum pen_status enter(struct work *work, bool dry_run, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	struct pen_runlog *entry = &work->entry;
	const char *agency = work->session->staff.agency;
	enum pen_status status;

	if (work->found.failed)
		return pen_error__memory(error);
	entry->kind = "inspect";
	entry->v[PEN_RUNLOG_AGENCY] = pen_value__string(agency, strlen(agency));
	entry->v[PEN_RUNLOG_ON_DATE] = pen_value__integer(pen_date__today());
	entry->v[PEN_RUNLOG_ENTRIES] = pen_value__integer(work->walk.entries);
	entry->v[PEN_RUNLOG_FINDINGS] = pen_value__integer(work->walk.found);
	if (work->found.n)
		entry->v[PEN_RUNLOG_FOUND] = pen_value__string(work->found.s, work->found.n);
	status = pen_db__begin_write(db, error);
	if (status == PEN_OK)
		status = pen_runlog__enter(work->session, entry, error);
	if (status == PEN_OK && !dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

static void print(const struct work *work, bool dry_run, enum pen_status status, struct pen_printer *printer)
{
	const struct pen_runlog *entry = &work->entry;
	const struct pen_item record[] = {
		PEN_I_INT("log", _("entry"), entry->id),
		PEN_I_DATE("on", _("day"), entry->v[PEN_RUNLOG_ON_DATE].i),
		PEN_I_INT("entries", _("journal entries read"), work->walk.entries),
		PEN_I_INT("signatures", _("signatures checked"), work->walk.signatures),
		PEN_I_INT("findings", _("findings"), work->walk.found),
		PEN_I_INT("not_made", _("checks not made"), work->walk.not_made),
		PEN_I_TEXT("found", _("found"), work->found.s),
		PEN_I_FLAG("dry_run", _("dry run"), dry_run),
	};

	pen_printer__one(printer, "inspection", _("Inspection of the database"), PEN_ITEMS(record), status);
}

static enum pen_status outcome(const struct work *work, struct pen_error *error)
{
	if (work->integrity > 0)
		return pen_error__set(error, PEN_INTEGRITY, "inspect.integrity",
		    _("%" PRId64 " findings say that what is stored is not what was entered and signed: keep the store as it is, report it (pen-log incident), and run pen-verify"),
		    work->integrity);
	if (work->walk.not_made > 0)
		return pen_error__set(error, PEN_INCOMPLETE, "inspect.incomplete",
		    _("%" PRId64 " checks could not be made: see what was found"), work->walk.not_made);
	return PEN_OK;
}

enum pen_status pen_inspection_run(struct pen_session *session, const char *note, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	static const char *const roles[] = { "dba", NULL };
	struct work work = { .session = session };
	enum pen_status status = pen_session__writable(session, error);

	work.walk = (struct pen_walk){ .session = session, .visit = take_finding, .context = &work };
	if (status == PEN_OK)
		status = pen_session__require(session, roles, NULL, "R7.1", ACT, error);
	if (status == PEN_OK)
		status = pen_runlog__say(&work.entry, PEN_RUNLOG_NOTE, "note", note, error);
	if (status == PEN_OK)
		status = check(&work, error);
	if (status == PEN_OK)
		status = enter(&work, dry_run, error);
	if (status == PEN_OK) {
		status = outcome(&work, error);
		print(&work, dry_run, status, printer);
	}
	pen_walk__end(&work.walk);
	pen_text__free(&work.found);
	return status;
}
