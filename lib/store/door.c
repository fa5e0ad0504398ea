#include "store/door.h"
#include "base/error.h"

#include <string.h>

static enum pen_status check_terminal(struct pen_store *store, const char *machine, const char *agency,
    struct pen_error *error)
{
	struct pen_terminal terminal;
	int64_t size;
	bool found;

	if (pen_journal__size(store, &size, error) != PEN_OK ||
	    pen_terminal__at(store, machine, size, &terminal, &found, error) != PEN_OK)
		return error->status;
	if (!found)
		return pen_error__refuse(error, "R7.4", "terminal.unknown",
		    _("this computer, terminal %s, is not registered for the store: the system lead or the head registers it, from another one with pen-admin terminal add ID --name PLACE, or from here without the ID"),
		    machine);
	if (!pen_terminal__serves(&terminal, agency))
		return pen_error__refuse(error, "R7.4", "terminal.agency",
		    _("this computer, terminal %s (%s), is one of agency %s and serves its staff alone: work on one of agency %s, or of the store's own"),
		    machine, terminal.name, terminal.agency, agency);
	return PEN_OK;
}

static enum pen_status check_suspension(struct pen_store *store, struct pen_error *error)
{
	struct pen_suspension suspension;

	if (pen_suspension__now(store, &suspension, error) != PEN_OK)
		return error->status;
	if (!suspension.suspended)
		return PEN_OK;
	return pen_error__refuse(error, "R7.3", "store.suspended",
	    _("the store is suspended since %s by %s (%s): until pen-admin resume only pen-verify, pen-backup, pen-log incident and pen-admin status work"),
	    suspension.since, suspension.by, suspension.reason);
}

enum pen_status pen_door__open(struct pen_store *store, const char *machine, const char *agency,
    bool anywhere, bool suspended, struct pen_error *error)
{
	if (!anywhere && check_terminal(store, machine, agency, error) != PEN_OK)
		return error->status;
	return suspended ? PEN_OK : check_suspension(store, error);
}

bool pen_door__registers_itself(const char *machine, const char *act, const char *subject)
{
	return strcmp(act, "terminal.add") == 0 && subject && strncmp(subject, "terminal ", 9) == 0 &&
	    strcmp(subject + 9, machine) == 0;
}

bool pen_door__asks_no_terminal(const char *machine, const char *act, const char *subject)
{
	return strcmp(act, "backup.adopt") == 0 || pen_door__registers_itself(machine, act, subject);
}

enum pen_status pen_door__pass(struct pen_store *store, const char *machine, const char *agency,
    const char *act, const char *subject, struct pen_error *error)
{
	int64_t size;

	if (pen_journal__size(store, &size, error) != PEN_OK)
		return error->status;
	/* The first entry registers the computer that it is made on. */
	if (size == 0 || pen_door__registers_itself(machine, act, subject))
		return PEN_OK;
	return pen_door__open(store, machine, agency, pen_door__asks_no_terminal(machine, act, subject), pen_suspension__passes(act), error);
}
