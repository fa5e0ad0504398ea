/* What a store is, holds, and waits for. */
#include "store/session.h"
#include "base/date.h"
#include "model/printer.h"
#include "store/suspension.h"
#include "work/duties.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define STATES 16
#define DEPTH 8		/* of devices upon devices: LVM upon dm-crypt upon RAID */

/* ---- does it lie on an encrypted file system? ---- */

/* The first line of a file of the system; "" if there is none. */
static void first_line(const char *path, char *out, size_t room)
{
	FILE *file = fopen(path, "re");

	out[0] = '\0';
	if (file && !fgets(out, (int)room, file))
		out[0] = '\0';
	if (file)
		fclose(file);
	out[strcspn(out, "\n")] = '\0';
}

/* Whether a device, by its folder in /sys, or one that it rests on, is made by
 * dm-crypt. */
static bool rests_on_crypt(const char *device, int depth)
{
	char path[PATH_MAX], uuid[160];
	struct dirent *entry;
	bool found;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/dm/uuid", device);
	first_line(path, uuid, sizeof(uuid));
	if (strncmp(uuid, "CRYPT-", 6) == 0)
		return true;
	snprintf(path, sizeof(path), "%s/slaves", device);
	dir = depth < DEPTH ? opendir(path) : NULL;
	found = false;
	while (dir && !found && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/slaves/%s", device, entry->d_name) < (int)sizeof(path))
			found = rests_on_crypt(path, depth + 1);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* A mount, from a line of /proc/self/mountinfo. */
struct mount { unsigned major, minor; char type[64], source[PATH_MAX]; };

/* "36 35 98:0 /a /b rw,noatime master:1 - ext3 /dev/root rw": the optional
 * fields end at the dash. */
static bool read_mount(const char *line, struct mount *mount)
{
	const char *dash = strstr(line, " - ");

	return dash && sscanf(line, "%*d %*d %u:%u", &mount->major, &mount->minor) == 2 &&
	    sscanf(dash, " - %63s %4095s", mount->type, mount->source) == 2;
}

/* The mount that a file lies on, by its device; false if it is not to be found. */
static bool find_mount(dev_t device, struct mount *mount)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	bool found = false;
	size_t room = 0;

	if (!file)
		return false;
	while (!found && getline(&line, &room, file) > 0)
		found = read_mount(line, mount) && makedev(mount->major, mount->minor) == device;
	free(line);
	fclose(file);
	return found;
}

static bool is_encrypting(const char *type)
{
	static const char *const types[] = { "ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.securefs" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* "yes", "no", or "unknown" where it cannot be told from here: a file system
 * over the network, or one that encrypts by itself without saying so. What a
 * disk or a hypervisor encrypts beneath the system does not show. */
static const char *is_encrypted(const char *dir)
{
	struct stat st, device;
	struct statx extended;
	struct mount mount;
	char path[64];

	if (stat(dir, &st) != 0)
		return "unknown";
	/* fscrypt: by directory. */
	if (statx(AT_FDCWD, dir, 0, STATX_BASIC_STATS, &extended) == 0 &&
	    extended.stx_attributes & STATX_ATTR_ENCRYPTED)
		return "yes";
	if (!find_mount(st.st_dev, &mount))
		return "unknown";
	if (is_encrypting(mount.type))
		return "yes";
	if (strncmp(mount.source, "/dev/", 5) != 0)
		return "unknown";
	/* btrfs gives files a device of no disk; the mount's source has one. */
	if (stat(mount.source, &device) != 0 || !S_ISBLK(device.st_mode))
		device.st_rdev = st.st_dev;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(device.st_rdev), minor(device.st_rdev));
	if (rests_on_crypt(path, 0))
		return "yes";
	return stat(path, &device) == 0 ? "no" : "unknown";
}

/* ---- what it holds ---- */

/* Counts by state, as records of their own. */
struct states {
	struct pen_store_count counts[STATES];
	struct pen_item item[STATES][2];
	struct pen_items list[STATES];
	size_t n;
	int64_t held;
};

static enum pen_status count_states(struct pen_store *store, enum pen_store_table table,
    struct states *states, struct pen_error *error)
{
	size_t i;

	if (pen_store__states(store, table, states->counts, STATES, &states->n, error) != PEN_OK)
		return error->status;
	states->held = 0;
	for (i = 0; i < states->n; i++) {
		states->item[i][0] = (struct pen_item)PEN_I_TEXT("state", NULL, states->counts[i].state);
		states->item[i][1] = (struct pen_item)PEN_I_INT("count", NULL, states->counts[i].count);
		states->list[i] = PEN_ITEMS(states->item[i]);
		if (strcmp(states->counts[i].state, "held") == 0)
			states->held = states->counts[i].count;
	}
	return PEN_OK;
}

/* ---- the clock ---- */

/* By how many seconds the clock here is behind the newest entry: either ran wrong. */
static enum pen_status clock_behind(struct pen_store *store, int64_t size, int64_t *seconds, struct pen_error *error)
{
	char newest[21], now[21];

	if (pen_journal__time(store, size - 1, newest, error) != PEN_OK)
		return error->status;
	*seconds = pen_date__between(pen_date__now(now), newest);
	return PEN_OK;
}

/* ---- what is due ---- */

struct duties { struct pen_item item[PEN_DUTIES][5]; struct pen_items list[PEN_DUTIES]; };

static enum pen_status list_duties(struct pen_store *store, struct duties *duties, struct pen_error *error)
{
	struct pen_duty all[PEN_DUTIES];
	size_t i;

	if (pen_duties__read(store, all, error) != PEN_OK)
		return error->status;
	for (i = 0; i < PEN_DUTIES; i++) {
		const struct pen_item items[] = {
			PEN_I_TEXT("duty", NULL, all[i].name), PEN_I_TEXT("clause", NULL, all[i].clause),
			PEN_I_DATE("last", NULL, all[i].last), PEN_I_DATE("due", NULL, all[i].due),
			PEN_I_FLAG("overdue", NULL, all[i].overdue)
		};

		memcpy(duties->item[i], items, sizeof(items));
		duties->list[i] = PEN_ITEMS(duties->item[i]);
	}
	return PEN_OK;
}

enum pen_status pen_status_show(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(session->store);
	struct pen_db *db = pen_store__db(session->store);
	struct pen_suspension suspension;
	struct states batches, folios, cases;
	struct duties duties;
	int64_t size, behind = 0;
	int version;

	if (pen_db__version(db, &version, error) != PEN_OK || pen_journal__size(session->store, &size, error) != PEN_OK)
		return error->status;
	if (pen_suspension__now(session->store, &suspension, error) != PEN_OK ||
	    clock_behind(session->store, size, &behind, error) != PEN_OK)
		return error->status;
	if (count_states(session->store, PEN_STORE_BATCHES, &batches, error) != PEN_OK ||
	    count_states(session->store, PEN_STORE_FOLIOS, &folios, error) != PEN_OK ||
	    count_states(session->store, PEN_STORE_CASES, &cases, error) != PEN_OK ||
	    list_duties(session->store, &duties, error) != PEN_OK)
		return error->status;
	pen_printer__one(printer, "status", NULL, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_TEXT("store", NULL, pen_store__dir(session->store)),
		PEN_I_TEXT("agency", NULL, identity->agency),
		PEN_I_TEXT("name", NULL, identity->name),
		PEN_I_TEXT("suite", NULL, pen_digest__suite_name(identity->suite)),
		PEN_I_TEXT("engine", NULL, pen_db__engine(db)),
		PEN_I_INT("schema", NULL, version),
		PEN_I_DATE("live_on", NULL, identity->live_on),
		PEN_I_FLAG("copy", NULL, pen_store__is_copy(session->store)),
		PEN_I_TEXT("encrypted", NULL, is_encrypted(pen_store__dir(session->store))),
		PEN_I_INT("journal", NULL, size),
		PEN_I_TEXT("terminal", NULL, session->terminal),
		PEN_I_TEXT("suspended.since", NULL, suspension.suspended ? suspension.since : NULL),
		PEN_I_TEXT("suspended.by", NULL, suspension.suspended ? suspension.by : NULL),
		PEN_I_TEXT("suspended.reason", NULL, suspension.suspended ? suspension.reason : NULL),
		{ .key = "clock_behind", .type = PEN_ITEM_INT, .i = behind, .null = behind <= PEN_JOURNAL_LEEWAY },
		PEN_I_LIST("batches", NULL, batches.list, batches.n),
		PEN_I_LIST("folios", NULL, folios.list, folios.n),
		PEN_I_INT("held", NULL, folios.held),
		PEN_I_LIST("duties", NULL, duties.list, PEN_DUTIES),
		PEN_I_LIST("cases", NULL, cases.list, cases.n) })), PEN_OK);
	return PEN_OK;
}
