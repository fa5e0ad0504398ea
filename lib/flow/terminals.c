/* Registers the computers that may be used, and takes them away (R7.4). */
#include "store/door.h"
#include "store/session.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"

#include <string.h>

#define ACT_ADD "terminal.add"
#define ACT_REMOVE "terminal.remove"
#define SHORTEST 8	/* of an id that is given by its beginning */

static const char *const designators[] = { "syslead", "head", NULL };

/* ---- this computer ---- */

static enum pen_status suite_of(const char *store, const char *name, enum pen_suite *suite, struct pen_error *error)
{
	struct pen_store *opened;

	if (name && pen_digest__suite(name, suite) != 0)
		return pen_error__set(error, PEN_USAGE, "terminal.suite",
		    _("there is no suite \"%s\": expected sm2-sm3 or ed25519-sha256"), name);
	*suite = name ? *suite : PEN_SM2_SM3;
	if (name || !store)
		return PEN_OK;
	if (pen_store__open(&opened, store, false, error) != PEN_OK)
		return error->status;
	*suite = pen_store__suite(opened);
	pen_store__close(opened);
	return PEN_OK;
}

enum pen_status pen_terminals_here(const char *store, const char *suite, struct pen_printer *printer, struct pen_error *error)
{
	char id[PEN_DIGEST_HEX];
	enum pen_suite of;

	if (suite_of(store, suite, &of, error) != PEN_OK || pen_terminal__here(of, id, error) != PEN_OK)
		return error->status;
	pen_printer__one(printer, "terminal", NULL, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_TEXT("id", NULL, id), PEN_I_TEXT("suite", NULL, pen_digest__suite_name(of)) })), PEN_OK);
	return PEN_OK;
}

/* ---- entering ---- */

/* A terminal coming or going; `changes`: there is something to enter. */
struct change { struct pen_terminal terminal; bool allowed, changes, dry_run; };

/* The entry says all that is written. */
static enum pen_status act(struct pen_session *session, struct change *change, struct pen_error *error)
{
	struct pen_terminal *terminal = &change->terminal;
	char subject[PEN_DIGEST_HEX + 16];
	struct pen_body body;
	enum pen_status status;
	const char *text;

	snprintf(subject, sizeof(subject), "terminal %s", terminal->id);
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "agency", terminal->agency[0] ? terminal->agency : NULL);
	pen_entry__body_text(&body, "name", terminal->name);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__act(session, change->allowed ? ACT_ADD : ACT_REMOVE, subject, text, false, &terminal->at, error)
	    : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

static enum pen_status enter(struct pen_session *session, struct change *change, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);

	if (!change->changes)
		return PEN_OK;	/* done before */
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (act(session, change, error) != PEN_OK ||
	    pen_terminal__enter(session->store, &change->terminal, change->allowed, error) != PEN_OK)
		goto err0;
	if (change->dry_run)
		pen_db__rollback(db);
	else if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

static void print(struct pen_session *session, const struct change *change, struct pen_printer *printer)
{
	const struct pen_terminal *terminal = &change->terminal;
	const char *own = pen_store__identity(session->store)->agency;

	pen_printer__one(printer, change->allowed ? "terminal" : "removed", NULL, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_TEXT("id", NULL, terminal->id),
		PEN_I_TEXT("name", NULL, terminal->name),
		PEN_I_TEXT("agency", NULL, terminal->agency[0] ? terminal->agency : own),
		PEN_I_FLAG("here", NULL, strcmp(terminal->id, session->terminal) == 0),
		PEN_I_FLAG("dry_run", _("dry run"), change->dry_run) })), PEN_OK);
}

/* ---- adding ---- */

static bool is_id(const char *id)
{
	return strlen(id) == PEN_DIGEST_HEX - 1 && strspn(id, "0123456789abcdef") == PEN_DIGEST_HEX - 1;
}

static enum pen_status fill(struct pen_session *session, const struct pen_terminals_options *options,
    struct change *change, struct pen_error *error)
{
	const char *own = pen_store__identity(session->store)->agency, *id = options->id ? options->id : session->terminal;
	struct pen_terminal *terminal = &change->terminal;

	if (!is_id(id))
		return pen_error__set(error, PEN_USAGE, "terminal.id",
		    _("\"%s\" is no terminal's id: expected 64 characters of 0-9a-f, as pen-admin terminal id prints them on that computer"), id);
	if (!options->name)
		return pen_error__set(error, PEN_USAGE, "terminal.name",
		    _("say where the computer stands, with --name, such as \"counter 4\""));
	if (pen_staff__check_name(options->name, error) != PEN_OK)
		return error->status;
	if (options->agency && pen_staff__check_agency(own, options->agency, error) != PEN_OK)
		return error->status;
	snprintf(terminal->id, sizeof(terminal->id), "%s", id);
	snprintf(terminal->name, sizeof(terminal->name), "%s", options->name);
	if (options->agency && strcmp(options->agency, own) != 0)
		snprintf(terminal->agency, sizeof(terminal->agency), "%s", options->agency);
	return PEN_OK;
}

/* One that is registered already changes its place or its agency, or nothing. The
 * one acted from stays the store's own, or nobody could take that back there. */
static enum pen_status compare(struct pen_session *session, struct change *change, struct pen_error *error)
{
	const struct pen_terminal *wanted = &change->terminal;
	struct pen_terminal known;
	int64_t size;
	bool found;

	if (pen_journal__size(session->store, &size, error) != PEN_OK ||
	    pen_terminal__at(session->store, wanted->id, size, &known, &found, error) != PEN_OK)
		return error->status;
	change->changes = !found || strcmp(known.name, wanted->name) != 0 || strcmp(known.agency, wanted->agency) != 0;
	if (strcmp(wanted->id, session->terminal) != 0 || !wanted->agency[0])
		return PEN_OK;
	return pen_error__refuse(error, "R7.4", "terminal.own",
	    _("this is the computer that you act from, and as a county's it would be closed to you: register it for agency %s from another one"),
	    wanted->agency);
}

enum pen_status pen_terminals_add(struct pen_session *session, const struct pen_terminals_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct change change = { .allowed = true, .dry_run = options->dry_run };
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = fill(session, options, &change, error);
	if (status == PEN_OK)
		status = pen_session__require(session, designators, NULL, "R7.4", ACT_ADD, error);
	if (status != PEN_OK)
		return status;
	status = compare(session, &change, error);
	if (status == PEN_REFUSED && !options->dry_run)
		pen_session__refused(session, ACT_ADD, change.terminal.id, error);
	if (status == PEN_OK)
		status = enter(session, &change, error);
	if (status == PEN_OK)
		print(session, &change, printer);
	return status;
}

/* ---- removing ---- */

/* The registered one whose id begins so; how many there are. */
struct finding { const char *beginning; struct pen_terminal terminal, waits; bool waiting; int count; };

static void settle(struct finding *finding)
{
	if (finding->waiting && strncmp(finding->waits.id, finding->beginning, strlen(finding->beginning)) == 0) {
		finding->terminal = finding->waits;
		finding->count++;
	}
	finding->waiting = false;
}

/* What the newest row of each says counts; rows come by id. */
static enum pen_status look(void *context, const struct pen_terminal *terminal, bool allowed, const char *time,
    const char *staff, struct pen_error *error)
{
	struct finding *finding = context;

	(void)time;
	(void)staff;
	(void)error;
	if (finding->waiting && strcmp(finding->waits.id, terminal->id) != 0)
		settle(finding);
	finding->waits = *terminal;
	finding->waiting = allowed;
	return PEN_OK;
}

static enum pen_status find(struct pen_session *session, const char *id, struct pen_terminal *terminal, struct pen_error *error)
{
	struct finding finding = { .beginning = id };

	if (strlen(id) < SHORTEST)
		return pen_error__set(error, PEN_USAGE, "terminal.id",
		    _("\"%s\" is too short for a terminal's id: give %d characters of it at least"), id, SHORTEST);
	if (pen_terminal__each(session->store, look, &finding, error) != PEN_OK)
		return error->status;
	settle(&finding);
	if (finding.count > 1)
		return pen_error__set(error, PEN_USAGE, "terminal.id",
		    _("%d registered terminals begin with \"%s\": give more of the id"), finding.count, id);
	if (finding.count == 0)
		return pen_error__set(error, PEN_USAGE, "terminal.none",
		    _("no registered terminal is \"%s\": pen-admin terminal list says which there are"), id);
	*terminal = finding.terminal;
	return PEN_OK;
}

/* Whoever acts does so from one that is registered, so one always stays. */
static enum pen_status check_other(struct pen_session *session, const struct pen_terminal *terminal, struct pen_error *error)
{
	if (strcmp(terminal->id, session->terminal) != 0)
		return PEN_OK;
	return pen_error__refuse(error, "R7.4", "terminal.own",
	    _("this is the computer that you act from: take it away from another one, so that one stays"));
}

enum pen_status pen_terminals_remove(struct pen_session *session, const char *id, bool dry_run,
    struct pen_printer *printer, struct pen_error *error)
{
	struct change change = { .allowed = false, .changes = true, .dry_run = dry_run };
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = pen_session__require(session, designators, NULL, "R7.4", ACT_REMOVE, error);
	if (status == PEN_OK)
		status = find(session, id, &change.terminal, error);
	if (status != PEN_OK)
		return status;
	status = check_other(session, &change.terminal, error);
	if (status == PEN_REFUSED && !dry_run)
		pen_session__refused(session, ACT_REMOVE, change.terminal.id, error);
	if (status == PEN_OK)
		status = enter(session, &change, error);
	if (status == PEN_OK)
		print(session, &change, printer);
	return status;
}

/* ---- listing ---- */

/* A registration waits for what comes after it. */
struct listing {
	struct pen_session *session;
	struct pen_printer *printer;
	struct pen_terminal terminal;
	char since[21], by[64];
	bool waits;
	int64_t registered;
};

static void print_line(struct listing *listing, const char *until)
{
	const struct pen_terminal *terminal = &listing->terminal;
	const char *own = pen_store__identity(listing->session->store)->agency;
	const struct pen_item items[] = {
		PEN_I_TEXT("id", NULL, terminal->id),
		PEN_I_TEXT("name", NULL, terminal->name),
		PEN_I_TEXT("agency", NULL, terminal->agency[0] ? terminal->agency : own),
		PEN_I_TEXT("since", NULL, listing->since),
		PEN_I_TEXT("until", NULL, until),
		PEN_I_TEXT("by", NULL, listing->by),
		PEN_I_FLAG("here", NULL, strcmp(terminal->id, listing->session->terminal) == 0)
	};

	pen_printer__row(listing->printer, "terminal", PEN_ITEMS(items));
	listing->registered += until == NULL;
	listing->waits = false;
}

static enum pen_status list_one(void *context, const struct pen_terminal *terminal, bool allowed, const char *time,
    const char *staff, struct pen_error *error)
{
	struct listing *listing = context;

	(void)error;
	if (listing->waits)
		print_line(listing, strcmp(listing->terminal.id, terminal->id) == 0 ? time : NULL);
	if (!allowed)
		return PEN_OK;
	listing->terminal = *terminal;
	snprintf(listing->since, sizeof(listing->since), "%s", time);
	snprintf(listing->by, sizeof(listing->by), "%s", staff);
	listing->waits = true;
	return PEN_OK;
}

enum pen_status pen_terminals_list(struct pen_session *session, struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .session = session, .printer = printer };
	enum pen_status status;

	pen_printer__open_table(printer, "terminals", NULL, NULL);
	status = pen_terminal__each(session->store, list_one, &listing, error);
	if (status != PEN_OK)
		return status;
	if (listing.waits)
		print_line(&listing, NULL);
	pen_printer__close_table(printer, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_INT("registered", NULL, listing.registered) })), PEN_OK);
	return PEN_OK;
}
