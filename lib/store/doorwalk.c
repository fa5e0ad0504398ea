#include "store/doorwalk.h"
#include "base/date.h"
#include "base/error.h"
#include "model/maker.h"
#include "store/door.h"

#include <inttypes.h>
#include <string.h>

#define ACT_ATTEMPT "refused"

/* Which roles an act asks for, one of them, and for whose agency. Acts that are not
 * here, and make no batch (maker.h), ask for some role, as every read does; a seal's
 * signatures are looked at with the seal. */
enum whose { OWN, BATCH, ANY };
static const struct demand { const char *act; enum whose whose; const char *roles[4]; } demands[] = {
	{ "staff.add", OWN, { "head" } },
	{ "staff.revoke", OWN, { "head" } },
	{ "terminal.add", OWN, { "syslead", "head" } },
	{ "terminal.remove", OWN, { "syslead", "head" } },
	{ PEN_ACT_SUSPEND, OWN, { "syslead", "dba" } },
	{ PEN_ACT_RESUME, OWN, { "syslead", "dba", "head" } },
	{ "parameters.load", OWN, { "syslead", "head" } },
	{ "import.stage", BATCH, { "operator" } },
	{ "import.staged", BATCH, { "operator" } },
	{ "import.confirm", BATCH, { "operator" } },
	{ "import.discard", BATCH, { "operator" } },
	{ "import.release", ANY, { "operator", "lead" } },
	{ "import.reject", ANY, { "operator", "lead" } },
	{ "seal.acknowledge", ANY, { "operator" } },
	{ "seal.close", ANY, { "operator", "lead", "head" } },
	{ "seal.void", ANY, { "operator", "lead" } },
	{ "benefit.pay", OWN, { "operator" } },
	{ "amend.request", ANY, { "operator" } },
	{ "amend.object", ANY, { "operator" } },
	{ "amend.revise", ANY, { "operator" } },
	{ "amend.withdraw", ANY, { "operator" } },
	{ "amend.approve", OWN, { "lead", "head" } },
	{ "amend.return", OWN, { "lead", "head" } },
	{ "amend.reject", OWN, { "lead", "head" } },
	{ "amend.unseal", OWN, { "syslead" } },
	{ "amend.apply", ANY, { "amender", "operator" } },
	{ "amend.check", OWN, { "lead" } },
	{ "amend.close", OWN, { "lead" } },
	{ "backup.adopt", OWN, { "dba", "head", "syslead" } },
};

static enum pen_status report(struct pen_walk *walk, const struct pen_doorwalk_entry *entry, const char *rule,
    const char *field, const char *found, const char *expected, struct pen_error *error)
{
	return pen_walk__report(walk, &(struct pen_walk_place){ rule, field, found, expected, 0, 0 }, error,
	    _("journal entry %" PRId64 " (%s)"), entry->at, entry->act);
}

/* A line of the signed text, "key: value"; "" if there is none. */
static void said(const char *text, const char *key, char *out, size_t room)
{
	char begin[24];
	const char *line;

	snprintf(begin, sizeof(begin), "\n%s: ", key);
	line = strstr(text, begin);
	line = line ? line + strlen(begin) : "";
	snprintf(out, room, "%.*s", (int)strcspn(line, "\n"), line);
}

/* ------------------------------------------------------- where, and when -- */

static enum pen_status check_terminal(struct pen_walk *walk, const struct pen_doorwalk_entry *entry,
    const char *machine, const char *agency, struct pen_error *error)
{
	struct pen_terminal terminal;
	char expected[160];
	enum pen_status status;
	bool found;

	if (pen_door__asks_no_terminal(machine, entry->act, entry->subject))
		return PEN_OK;
	status = pen_terminal__at(walk->session->store, machine, entry->at, &terminal, &found, error);
	if (status != PEN_OK || (found && pen_terminal__serves(&terminal, agency)))
		return status;
	if (!found)
		return report(walk, entry, "journal.terminal", "terminal", machine,
		    _("a terminal that was registered at this entry"), error);
	snprintf(expected, sizeof(expected), _("a terminal that serves agency %s"), agency);
	return report(walk, entry, "journal.terminal", "agency", terminal.agency, expected, error);
}

static enum pen_status check_suspension(struct pen_doorwalk *door, struct pen_walk *walk,
    const struct pen_doorwalk_entry *entry, const char *machine, struct pen_error *error)
{
	char expected[96];

	if (!door->suspended || pen_suspension__passes(entry->act) ||
	    pen_door__registers_itself(machine, entry->act, entry->subject))
		return PEN_OK;
	snprintf(expected, sizeof(expected), _("no such act: the store was suspended by entry %" PRId64), door->suspended_at);
	return report(walk, entry, "journal.suspended", "act", entry->act, expected, error);
}

/* Clocks of several computers differ a little, and are put right now and then:
 * worth a note, since nothing goes by them. */
static enum pen_status check_clock(struct pen_doorwalk *door, struct pen_walk *walk,
    const struct pen_doorwalk_entry *entry, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	char expected[96];

	if (door->time[0] && pen_date__between(entry->time, door->time) > PEN_JOURNAL_LEEWAY) {
		snprintf(expected, sizeof(expected), _("not before %s, the time of the entry before"), door->time);
		status = report(walk, entry, "journal.clock", "time", entry->time, expected, error);
	}
	snprintf(door->time, sizeof(door->time), "%s", entry->time);
	return status;
}

/* ------------------------------------------------------------------- who -- */

/* False: it asks for some role. */
static bool demand_of(const char *act, struct demand *demand)
{
	const struct pen_maker *maker = pen_maker__of(act);
	size_t i;

	if (maker)
		*demand = (struct demand){ act, OWN, { maker->role } };
	for (i = 0; !maker && i < sizeof(demands) / sizeof(demands[0]); i++)
		if (strcmp(demands[i].act, act) == 0) {
			*demand = demands[i];
			return true;
		}
	return maker;
}

static enum pen_status holds_one(struct pen_walk *walk, const struct pen_doorwalk_entry *entry,
    const char *const *roles, bool *holds, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	for (*holds = false; *roles && !*holds && status == PEN_OK; roles++)
		status = pen_staff__holds(walk->session->store, entry->staff, *roles, entry->at, holds, error);
	return status;
}

/* The agency that an act is for; "" where it does not matter, or cannot be told. */
static enum pen_status agency_for(struct pen_walk *walk, const struct pen_doorwalk_entry *entry,
    const struct demand *demand, char out[7], struct pen_error *error)
{
	struct pen_store *store = walk->session->store;
	struct pen_statement *s;
	const char *agency;
	enum pen_status status;
	bool row;

	out[0] = '\0';
	if (demand->whose == OWN)
		snprintf(out, 7, "%s", pen_store__identity(store)->agency);
	if (demand->whose != BATCH || strncmp(entry->subject, "batch ", 6) != 0)
		return PEN_OK;
	if (pen_store__sql(store, PEN_SQL_DOORWALK_BATCH, &s, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(s, ":subject", entry->subject + 6);
	status = pen_db__step(s, &row, error);
	agency = status == PEN_OK && row ? pen_db__text(s, 0) : NULL;
	if (agency)
		snprintf(out, 7, "%s", agency);
	pen_db__reset(s);
	return status;
}

static void name_roles(const char *const *roles, char *out, size_t room)
{
	size_t n = 0;

	for (; *roles && n < room; roles++)
		n += (size_t)snprintf(out + n, room - n, "%s%s", n ? ", " : "", *roles);
}

static enum pen_status check_demand(struct pen_walk *walk, const struct pen_doorwalk_entry *entry,
    const struct demand *demand, const char *agency, struct pen_error *error)
{
	const char *const *roles = demand ? demand->roles : pen_staff__roles;
	char wanted[7] = "", expected[160], names[96];
	enum pen_status status;
	bool holds;

	status = holds_one(walk, entry, roles, &holds, error);
	if (status == PEN_OK && !holds) {
		name_roles(roles, names, sizeof(names));
		snprintf(expected, sizeof(expected), _("somebody who held a role for it at this entry: %s"), names);
		return report(walk, entry, "journal.role", "staff", entry->staff, expected, error);
	}
	if (status == PEN_OK && demand)
		status = agency_for(walk, entry, demand, wanted, error);
	if (status != PEN_OK || !wanted[0] || strcmp(wanted, agency) == 0)
		return status;
	snprintf(expected, sizeof(expected), _("somebody of agency %s"), wanted);
	return report(walk, entry, "journal.role", "agency", agency, expected, error);
}

static enum pen_status check_author(struct pen_walk *walk, const struct pen_doorwalk_entry *entry,
    const char *agency, struct pen_error *error)
{
	struct pen_staff staff;
	struct demand demand;
	enum pen_status status;
	bool found;

	if (strcmp(entry->act, "admin.init") == 0)
		return entry->at == 0 ? PEN_OK : report(walk, entry, "journal.role", "act", entry->act,
		    _("the first entry alone makes a store"), error);
	status = pen_staff__find(walk->session->store, entry->staff, &staff, &found, error);
	if (status != PEN_OK)
		return status;
	if (found && strcmp(staff.agency, agency) != 0)
		return report(walk, entry, "journal.role", "agency", agency, staff.agency, error);
	return check_demand(walk, entry, demand_of(entry->act, &demand) ? &demand : NULL, agency, error);
}

/* -------------------------------------------------------------- an entry -- */

/* What has no author, or no columns that could be read, is told elsewhere. */
enum pen_status pen_doorwalk__entry(struct pen_doorwalk *door, struct pen_walk *walk,
    const struct pen_doorwalk_entry *entry, struct pen_error *error)
{
	char machine[80], agency[16];
	enum pen_status status = PEN_OK;

	if (!entry->text || !entry->act || !entry->subject || !entry->time)
		return PEN_OK;
	said(entry->text, "terminal", machine, sizeof(machine));
	said(entry->text, "agency", agency, sizeof(agency));
	if (strcmp(entry->act, ACT_ATTEMPT) != 0 && entry->staff) {
		status = check_terminal(walk, entry, machine, agency, error);
		if (status == PEN_OK)
			status = check_suspension(door, walk, entry, machine, error);
		if (status == PEN_OK)
			status = check_author(walk, entry, agency, error);
	}
	if (status == PEN_OK)
		status = check_clock(door, walk, entry, error);
	if (strcmp(entry->act, PEN_ACT_SUSPEND) == 0) {
		door->suspended = true;
		door->suspended_at = entry->at;
	} else if (strcmp(entry->act, PEN_ACT_RESUME) == 0) {
		door->suspended = false;
	}
	return status;
}
