/* Grants and takes roles, and enters people with their keys: the head's acts. */
#include "store/keypair.h"
#include "store/session.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/printer.h"

#include <limits.h>
#include <string.h>

static const char *const head_alone[] = { "head", NULL };

/* Somebody being added. pem is NULL where the key stays as it is; the pair has a key
 * where one was made. */
struct adding {
	const struct pen_staffing_options *options;
	struct pen_staff staff;
	struct pen_keypair pair;
	char *brought;			/* a public key */
	const char *pem;		/* that, or the pair's */
	bool is_new, grants;
};

/* ---- what is asked for ---- */

static enum pen_status check_role(const char *role, struct pen_error *error)
{
	if (role && pen_staff__is_role(role))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "staff.role",
	    _("there is no role \"%s\": expected operator, lead, head, syslead, amender, dba, netadmin or auditor"),
	    role ? role : "");
}

static enum pen_status fill_new(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	const struct pen_staffing_options *options = adding->options;
	const char *own = pen_store__identity(session->store)->agency;
	struct pen_staff *staff = &adding->staff;

	if (!options->name)
		return pen_error__set(error, PEN_USAGE, "staff.name",
		    _("%s is new to the store: give the name too, with --name"), options->id);
	if (options->agency && pen_staff__check_agency(own, options->agency, error) != PEN_OK)
		return error->status;
	snprintf(staff->id, sizeof(staff->id), "%s", options->id);
	snprintf(staff->name, sizeof(staff->name), "%s", options->name);
	snprintf(staff->agency, sizeof(staff->agency), "%s", options->agency ? options->agency : own);
	return PEN_OK;
}

/* Somebody whom the store knows stays who they are. */
static enum pen_status check_known(const struct adding *adding, struct pen_error *error)
{
	const struct pen_staffing_options *options = adding->options;
	const struct pen_staff *staff = &adding->staff;

	if (options->name && strcmp(options->name, staff->name) != 0)
		return pen_error__set(error, PEN_USAGE, "staff.other",
		    _("%s is %s, and not %s: take another id for another person"), staff->id, staff->name, options->name);
	if (options->agency && strcmp(options->agency, staff->agency) != 0)
		return pen_error__set(error, PEN_USAGE, "staff.other",
		    _("%s belongs to agency %s, and not to %s: take another id there"), staff->id, staff->agency, options->agency);
	return PEN_OK;
}

static enum pen_status find_person(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	const struct pen_staffing_options *options = adding->options;
	bool found, holds;
	int64_t size;

	if (pen_staff__find(session->store, options->id, &adding->staff, &found, error) != PEN_OK)
		return error->status;
	adding->is_new = !found;
	if ((found ? check_known(adding, error) : fill_new(session, adding, error)) != PEN_OK)
		return error->status;
	if (pen_journal__size(session->store, &size, error) != PEN_OK)
		return error->status;
	if (pen_staff__holds(session->store, options->id, options->role, size, &holds, error) != PEN_OK)
		return error->status;
	adding->grants = !holds;
	return PEN_OK;
}

/* ---- the key ---- */

static enum pen_status place_pair(struct adding *adding, struct pen_error *error)
{
	char dir[PATH_MAX];

	if (pen_session__key_path(adding->options->keys, "", dir, sizeof(dir), error) != PEN_OK)
		return error->status;
	return pen_keypair__place(&adding->pair, dir, adding->staff.id, error);
}

static enum pen_status make_pair(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	if (pen_keypair__check(&adding->pair, pen_store__dir(session->store), error) != PEN_OK ||
	    pen_keypair__generate(&adding->pair, pen_store__suite(session->store), error) != PEN_OK)
		return error->status;
	adding->pem = adding->pair.pem;
	return PEN_OK;
}

/* Nothing to do if it is this person's present key already. */
static enum pen_status compare_present(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	enum pen_status status;
	char *present = NULL;
	int64_t size;

	if (pen_journal__size(session->store, &size, error) != PEN_OK)
		return error->status;
	status = pen_staff__key_at(session->store, adding->staff.id, size, &present, error);
	adding->pem = status == PEN_OK && present && strcmp(present, adding->brought) == 0 ? NULL : adding->brought;
	pen_memory__free(present);
	return status;
}

/* A key that was brought: not somebody else's, or one person could be two. */
static enum pen_status take_public(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	const char *path = adding->options->public_key;
	struct pen_key *key = NULL;
	enum pen_status status;
	char *owner = NULL;

	if (pen_staff__read_public(pen_store__suite(session->store), path, &key, &adding->brought, error) != PEN_OK)
		return error->status;
	status = pen_staff__key_owner(session->store, adding->staff.id, key, &owner, error);
	if (status == PEN_OK && owner)
		status = pen_error__refuse(error, "R4.1.1", "key.shared",
		    _("the key in %s is that of %s: every person has a key of their own"), path, owner);
	pen_signature__free(key);
	pen_memory__free(owner);
	return status == PEN_OK ? compare_present(session, adding, error) : status;
}

static enum pen_status find_key(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	if (adding->options->public_key)
		return take_public(session, adding, error);
	if (place_pair(adding, error) != PEN_OK)
		return error->status;
	return adding->is_new ? make_pair(session, adding, error) : PEN_OK;
}

static enum pen_status write_pair(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	const struct pen_staffing_options *options = adding->options;
	char dir[PATH_MAX];

	if (pen_session__key_path(options->keys, "", dir, sizeof(dir), error) != PEN_OK)
		return error->status;
	if (pen_file__directory(dir, 0700, error) != PEN_OK)
		return error->status;
	return pen_keypair__write(&adding->pair, pen_store__dir(session->store), options->passphrase, options->context, error);
}

/* ---- adding ---- */

/* The entry says all that is written, the key by its digest. */
static enum pen_status act(struct pen_session *session, const struct adding *adding, int64_t *at, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX] = "", subject[80];
	struct pen_body body;
	enum pen_status status;
	const char *text;

	if (adding->pem && pen_store__digest(session->store, adding->pem, strlen(adding->pem), digest, error) != PEN_OK)
		return error->status;
	snprintf(subject, sizeof(subject), "staff %s", adding->staff.id);
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "agency", adding->staff.agency);
	pen_entry__body_text(&body, "key", adding->pem ? digest : NULL);
	pen_entry__body_text(&body, "name", adding->staff.name);
	pen_entry__body_text(&body, "role", adding->grants ? adding->options->role : NULL);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__act(session, "staff.add", subject, text, true, at, error)
	    : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

static enum pen_status enter(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	struct pen_store *store = session->store;
	const char *id = adding->staff.id;
	int64_t at;

	if (act(session, adding, &at, error) != PEN_OK)
		return error->status;
	if (adding->is_new && pen_staff__enter(store, &adding->staff, at, error) != PEN_OK)
		return error->status;
	if (adding->pem && pen_staff__set_key(store, id, at, adding->pem, error) != PEN_OK)
		return error->status;
	if (adding->grants && pen_staff__set_role(store, id, adding->options->role, at, true, error) != PEN_OK)
		return error->status;
	return adding->pair.key && !adding->options->dry_run ? write_pair(session, adding, error) : PEN_OK;
}

static enum pen_status add(struct pen_session *session, struct adding *adding, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);

	/* Done before: nothing changes. What a run that was killed right behind it would have
	 * tidied up goes. */
	if (!adding->is_new && !adding->options->public_key && !adding->options->dry_run)
		pen_keypair__settle_left(&adding->pair, pen_store__dir(session->store));
	if (!adding->is_new && !adding->grants && !adding->pem)
		return PEN_OK;
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (enter(session, adding, error) != PEN_OK)
		goto err0;
	if (adding->options->dry_run)
		pen_db__rollback(db);
	else if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	if (!adding->options->dry_run)
		pen_keypair__settle(&adding->pair);
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

static void print_added(const struct adding *adding, struct pen_printer *printer)
{
	const struct pen_item items[] = {
		PEN_I_TEXT("id", NULL, adding->staff.id),
		PEN_I_TEXT("name", NULL, adding->staff.name),
		PEN_I_TEXT("role", NULL, adding->options->role),
		PEN_I_TEXT("agency", NULL, adding->staff.agency),
		PEN_I_TEXT("key", NULL, adding->pair.key ? adding->pair.private_path : NULL),
		PEN_I_TEXT("public_key", NULL, adding->pair.key ? adding->pair.public_path : adding->options->public_key),
		PEN_I_FLAG("dry_run", _("dry run"), adding->options->dry_run)
	};

	pen_printer__one(printer, "staff", NULL, PEN_ITEMS(items), PEN_OK);
}

enum pen_status pen_staffing_add(struct pen_session *session,
    const struct pen_staffing_options *options, struct pen_printer *printer, struct pen_error *error)
{
	struct adding *adding;
	enum pen_status status;

	if (!options->id || pen_staff__check(options->id, options->name, error) != PEN_OK)
		return options->id ? error->status :
		    pen_error__set(error, PEN_USAGE, "staff.id", _("say whom: the id of somebody of the staff"));
	if (check_role(options->role, error) != PEN_OK || pen_session__writable(session, error) != PEN_OK)
		return error->status;
	if (pen_session__require(session, head_alone, NULL, "R3", "staff.add", error) != PEN_OK)
		return error->status;
	adding = pen_memory__calloc(1, sizeof(*adding));
	if (!adding)
		return pen_error__memory(error);
	adding->options = options;
	adding->pair.claim = -1;
	status = find_person(session, adding, error);
	if (status == PEN_OK)
		status = find_key(session, adding, error);
	if (status == PEN_OK)
		status = add(session, adding, error);
	if (status == PEN_OK)
		print_added(adding, printer);
	if (status == PEN_REFUSED && !options->dry_run)
		pen_session__refused(session, "staff.add", options->id, error);
	pen_keypair__free(&adding->pair);
	pen_memory__free(adding->brought);
	pen_memory__free(adding);
	return status;
}

/* ---- revoking ---- */

/* The roles that go: of `id`, those it holds; and who else is a head. */
struct revoking {
	const char *id, *role;
	const char *roles[8];	/* of pen_staff__roles */
	int count;
	char last[64];		/* whose head's role is being looked at */
	bool last_holds, other_head, dry_run;
};

/* Heads other than the person, from grants and revocations in their order. */
static enum pen_status look_for_heads(void *context, const struct pen_staff *staff, const char *role,
    bool granted, int64_t at, struct pen_error *error)
{
	struct revoking *revoking = context;

	(void)at;
	(void)error;
	if (strcmp(role, "head") != 0 || strcmp(staff->id, revoking->id) == 0)
		return PEN_OK;
	if (strcmp(staff->id, revoking->last) != 0) {
		revoking->other_head |= revoking->last_holds;
		snprintf(revoking->last, sizeof(revoking->last), "%s", staff->id);
	}
	revoking->last_holds = granted;
	return PEN_OK;
}

static enum pen_status check_heads(struct pen_session *session, struct revoking *revoking, struct pen_error *error)
{
	bool head = false;
	int i;

	for (i = 0; i < revoking->count; i++)
		head |= strcmp(revoking->roles[i], "head") == 0;
	if (!head)
		return PEN_OK;
	if (pen_staff__each(session->store, look_for_heads, revoking, error) != PEN_OK)
		return error->status;
	if (revoking->other_head || revoking->last_holds)
		return PEN_OK;
	return pen_error__refuse(error, "R3", "staff.last-head",
	    _("%s is the only head, and nobody could grant a role afterwards: make somebody else head first"), revoking->id);
}

static enum pen_status find_roles(struct pen_session *session, struct revoking *revoking, struct pen_error *error)
{
	const char *const *role;
	int64_t size;
	bool holds;

	if (pen_journal__size(session->store, &size, error) != PEN_OK)
		return error->status;
	for (role = pen_staff__roles; *role; role++) {
		if (revoking->role && strcmp(revoking->role, *role) != 0)
			continue;
		if (pen_staff__holds(session->store, revoking->id, *role, size, &holds, error) != PEN_OK)
			return error->status;
		if (holds)
			revoking->roles[revoking->count++] = *role;
	}
	if (revoking->count > 0)
		return check_heads(session, revoking, error);
	return pen_error__set(error, PEN_USAGE, "staff.not-held",
	    _("%s does not hold %s: pen-admin staff list says who holds what"), revoking->id,
	    revoking->role ? revoking->role : _("any role"));
}

static enum pen_status take_away(struct pen_session *session, const struct revoking *revoking, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	char subject[80], body[40];
	int64_t at;
	int i;

	snprintf(subject, sizeof(subject), "staff %s", revoking->id);
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	for (i = 0; i < revoking->count; i++) {
		snprintf(body, sizeof(body), "{\"role\":\"%s\"}", revoking->roles[i]);
		if (pen_session__act(session, "staff.revoke", subject, body, true, &at, error) != PEN_OK)
			goto err0;
		if (pen_staff__set_role(session->store, revoking->id, revoking->roles[i], at, false, error) != PEN_OK)
			goto err0;
	}
	if (revoking->dry_run)
		pen_db__rollback(db);
	else if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

static enum pen_status print_revoked(const struct revoking *revoking, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_text roles = { 0 };
	int i;

	for (i = 0; i < revoking->count; i++)
		pen_text__printf(&roles, "%s%s", i ? " " : "", revoking->roles[i]);
	if (roles.failed)
		return pen_error__memory(error);
	pen_printer__one(printer, "revoked", NULL, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_TEXT("id", NULL, revoking->id), PEN_I_TEXT("revoked", NULL, roles.s),
		PEN_I_FLAG("dry_run", _("dry run"), revoking->dry_run) })), PEN_OK);
	pen_text__free(&roles);
	return PEN_OK;
}

enum pen_status pen_staffing_revoke(struct pen_session *session, const char *id,
    const char *role, bool dry_run, struct pen_printer *printer, struct pen_error *error)
{
	struct revoking revoking = { .id = id, .role = role, .dry_run = dry_run };
	enum pen_status status;

	if (pen_staff__check(id, NULL, error) != PEN_OK || (role && check_role(role, error) != PEN_OK))
		return error->status;
	if (pen_session__writable(session, error) != PEN_OK)
		return error->status;
	if (pen_session__require(session, head_alone, NULL, "R3", "staff.revoke", error) != PEN_OK)
		return error->status;
	status = find_roles(session, &revoking, error);
	if (status == PEN_REFUSED && !dry_run)
		return pen_session__refused(session, "staff.revoke", id, error);
	if (status == PEN_OK)
		status = take_away(session, &revoking, error);
	return status == PEN_OK ? print_revoked(&revoking, printer, error) : status;
}

/* ---- listing ---- */

/* A grant waits for the revocation that may follow it. */
struct listing {
	struct pen_session *session;
	struct pen_printer *printer;
	struct pen_staff staff;
	char role[16], since[21];
	bool waits;
	int64_t holders;
};

static void print_grant(struct listing *listing, const char *until)
{
	const struct pen_item items[] = {
		PEN_I_TEXT("id", NULL, listing->staff.id),
		PEN_I_TEXT("name", NULL, listing->staff.name),
		PEN_I_TEXT("agency", NULL, listing->staff.agency),
		PEN_I_TEXT("role", NULL, listing->role),
		PEN_I_TEXT("since", NULL, listing->since),
		PEN_I_TEXT("until", NULL, until)
	};

	pen_printer__row(listing->printer, "staff", PEN_ITEMS(items));
	listing->holders += until == NULL;
	listing->waits = false;
}

static enum pen_status list_one(void *context, const struct pen_staff *staff, const char *role,
    bool granted, int64_t at, struct pen_error *error)
{
	struct listing *listing = context;
	char time[21];

	if (pen_journal__time(listing->session->store, at, time, error) != PEN_OK)
		return error->status;
	if (listing->waits)
		print_grant(listing, granted ? NULL : time);
	if (!granted)
		return PEN_OK;
	listing->staff = *staff;
	snprintf(listing->role, sizeof(listing->role), "%s", role);
	memcpy(listing->since, time, sizeof(time));
	listing->waits = true;
	return PEN_OK;
}

enum pen_status pen_staffing_list(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error)
{
	struct listing listing = { .session = session, .printer = printer };
	enum pen_status status;

	pen_printer__open_table(printer, "staff", NULL, NULL);
	status = pen_staff__each(session->store, list_one, &listing, error);
	if (status != PEN_OK)
		return status;
	if (listing.waits)
		print_grant(&listing, NULL);
	pen_printer__close_table(printer, PEN_ITEMS(((const struct pen_item[]){
		PEN_I_INT("held", NULL, listing.holders) })), PEN_OK);
	return PEN_OK;
}
