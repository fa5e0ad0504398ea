/* Makes a store: nothing is there of it until all of it is. */
#include "store/keypair.h"
#include "store/making.h"
#include "store/session.h"
#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/identifier.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/terminal.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define TABLES 64
#define TABLE_LARGEST ((size_t)16 << 20)
#define KEY_LARGEST ((size_t)64 << 10)

/* A store in the making. It is made in the place itself if that is an empty directory,
 * else in a directory beside it that takes its name at the end. */
struct making {
	const struct pen_init_options *options;
	struct pen_identity identity;
	struct pen_session session;
	struct pen_keypair head, log;
	struct pen_making place;
	char dir[PATH_MAX];
	bool in_place, keys_made;
	int64_t tables;
};

/* ---- what is asked for ---- */

static enum pen_status check_name(const char *name, struct pen_error *error)
{
	const char *p;

	for (p = name; *p && (unsigned char)*p >= 0x20; p++)
		;
	if (name[0] && !*p && strlen(name) < sizeof(((struct pen_identity *)0)->name))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "init.name",
	    _("\"%s\" is no name of an agency: expected 1 to 255 bytes on one line"), name);
}

static enum pen_status fill_identity(struct making *making, struct pen_error *error)
{
	const struct pen_init_options *options = making->options;
	struct pen_identity *identity = &making->identity;
	const char *suite = options->suite ? options->suite : "sm2-sm3";

	if (!options->store || !options->agency || !options->name || !options->head_id || !options->head_name)
		return pen_error__set(error, PEN_USAGE, "init.missing",
		    _("a store needs a directory, an agency, its name, and a head with id and name"));
	if (strlen(options->agency) != 6 ||
	    pen_identifier__area(options->agency, 6, identity->agency) != PEN_IDENTIFIER_OK)
		return pen_error__set(error, PEN_USAGE, "init.agency",
		    _("\"%s\" is no agency: expected six digits of GB/T 2260, such as 330100"), options->agency);
	if (check_name(options->name, error) != PEN_OK)
		return error->status;
	if (pen_staff__check(options->head_id, options->head_name, error) != PEN_OK)
		return error->status;
	if (pen_digest__suite(suite, &identity->suite) != 0)
		return pen_error__set(error, PEN_USAGE, "init.suite",
		    _("there is no suite \"%s\": expected sm2-sm3 or ed25519-sha256"), suite);
	if (options->live_on && !pen_date__valid(options->live_on))
		return pen_error__set(error, PEN_USAGE, "init.live-on",
		    _("%d is no day on which the system can have gone live"), (int)options->live_on);
	snprintf(identity->name, sizeof(identity->name), "%s", options->name);
	snprintf(identity->origin, sizeof(identity->origin), "pen/%s", identity->agency);
	identity->live_on = options->live_on ? options->live_on : pen_date__today();
	return pen_digest__random(identity->secret, sizeof(identity->secret), error);
}

/* ---- keys ---- */

static enum pen_status place_keys(struct making *making, struct pen_error *error)
{
	char dir[PATH_MAX], stem[16];

	snprintf(stem, sizeof(stem), "log-%s", making->identity.agency);
	if (pen_session__key_path(making->options->keys, "", dir, sizeof(dir), error) != PEN_OK ||
	    pen_keypair__place(&making->head, dir, making->options->head_id, error) != PEN_OK)
		return error->status;
	return pen_keypair__place(&making->log, dir, stem, error);
}

/* A pair that is made here; its files must not be there. */
static enum pen_status make_pair(struct making *making, struct pen_keypair *pair, struct pen_error *error)
{
	if (pen_keypair__check(pair, making->options->store, error) != PEN_OK)
		return error->status;
	return pen_keypair__generate(pair, making->identity.suite, error);
}

/* The head brought a public key: the private half must lie where keys lie, as
 * the first entry is signed with it. */
static enum pen_status read_head(struct making *making, struct pen_error *error)
{
	const struct pen_init_options *options = making->options;
	struct pen_keypair *head = &making->head;
	struct pen_key *public = NULL;
	enum pen_status status;
	bool found;
	char *pem;
	size_t n;

	if (pen_file__there(head->private_path, F_OK, &found, error) != PEN_OK)
		return error->status;
	if (!found)
		return pen_error__refuse(error, "R8.1", "key.missing",
		    _("the first entry is signed by %s, whose private key is not in %s: put it there, or let a pair be made"),
		    options->head_id, head->private_path);
	if (pen_staff__read_public(making->identity.suite, options->public_key, &public, &head->pem, error) != PEN_OK)
		return error->status;
	status = pen_file__load(head->private_path, KEY_LARGEST, &pem, &n, error);
	if (status == PEN_OK) {
		status = pen_signature__read_private(&head->key, making->identity.suite, pem, n,
		    options->passphrase, options->context, error);
		explicit_bzero(pem, n);
		pen_memory__free(pem);
	}
	if (status == PEN_OK && !pen_signature__same(head->key, public))
		status = pen_error__refuse(error, "R8.1", "key.other",
		    _("%s is not the public half of %s: name the right one"), options->public_key, head->private_path);
	pen_signature__free(public);
	return status;
}

static enum pen_status prepare_keys(struct making *making, struct pen_error *error)
{
	const bool fresh = making->options->public_key == NULL;

	/* Both are looked for before the first is made: of what is in the way the first is named. */
	if (fresh && pen_keypair__check(&making->head, making->options->store, error) != PEN_OK)
		return error->status;
	if (make_pair(making, &making->log, error) != PEN_OK)
		return error->status;
	making->identity.log_key = making->log.pem;
	return fresh ? make_pair(making, &making->head, error) : read_head(making, error);
}

static enum pen_status write_pair(struct making *making, struct pen_keypair *pair, struct pen_error *error)
{
	const struct pen_init_options *options = making->options;

	return pen_keypair__write(pair, options->store, options->passphrase, options->context, error);
}

static enum pen_status write_keys(struct making *making, struct pen_error *error)
{
	char dir[PATH_MAX];

	if (pen_session__key_path(making->options->keys, "", dir, sizeof(dir), error) != PEN_OK)
		return error->status;
	making->keys_made = access(dir, F_OK) != 0;
	if (pen_file__directory(dir, 0700, error) != PEN_OK)
		return error->status;
	if (!making->options->public_key && write_pair(making, &making->head, error) != PEN_OK)
		return error->status;
	return write_pair(making, &making->log, error);
}

/* ---- entries ---- */

/* What the first entry says binds every column that init writes: secrets and
 * keys by their digests. */
static enum pen_status enter_init(struct making *making, const char *host, struct pen_error *error)
{
	const struct pen_identity *identity = &making->identity;
	char head_key[PEN_DIGEST_HEX], log_key[PEN_DIGEST_HEX], secret[PEN_DIGEST_HEX];
	struct pen_store *store = making->session.store;
	enum pen_status status;
	struct pen_body body;
	const char *text;
	int64_t at;

	if (pen_store__digest(store, making->head.pem, strlen(making->head.pem), head_key, error) != PEN_OK ||
	    pen_store__digest(store, making->log.pem, strlen(making->log.pem), log_key, error) != PEN_OK ||
	    pen_store__digest(store, identity->secret, sizeof(identity->secret), secret, error) != PEN_OK)
		return error->status;
	pen_entry__body_open(&body);
	pen_entry__body_text(&body, "agency", identity->agency);
	pen_entry__body_text(&body, "head", making->session.staff.id);
	pen_entry__body_text(&body, "head_name", making->session.staff.name);
	pen_entry__body_text(&body, "key", head_key);
	pen_entry__body_int(&body, "live_on", identity->live_on);
	pen_entry__body_text(&body, "log_key", log_key);
	pen_entry__body_text(&body, "name", identity->name);
	pen_entry__body_text(&body, "origin", identity->origin);
	pen_entry__body_text(&body, "secret", secret);
	pen_entry__body_text(&body, "suite", pen_digest__suite_name(identity->suite));
	pen_entry__body_text(&body, "terminal_name", host);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__act(&making->session, "admin.init", "store", text, true, &at, error)
	    : pen_error__memory(error);
	pen_entry__body_free(&body);
	assert(status != PEN_OK || at == 0);
	return status;
}

static enum pen_status enter_head(struct making *making, struct pen_error *error)
{
	struct pen_store *store = making->session.store;
	const struct pen_staff *staff = &making->session.staff;

	if (pen_staff__enter(store, staff, 0, error) != PEN_OK)
		return error->status;
	if (pen_staff__set_key(store, staff->id, 0, making->head.pem, error) != PEN_OK)
		return error->status;
	return pen_staff__set_role(store, staff->id, "head", 0, true, error);
}

/* Puts one table that came with the program in force. */
static enum pen_status load_table(struct making *making, const char *name, struct pen_error *error)
{
	struct pen_session *session = &making->session;
	char file[80], path[PATH_MAX], digest[PEN_DIGEST_HEX], subject[80], body[PEN_DIGEST_HEX + 16], *csv;
	enum pen_status status;
	int64_t at;
	size_t n;

	snprintf(file, sizeof(file), "params/%s.csv", name);
	if (pen_file__join(path, sizeof(path), pen_file__share(), file, error) != PEN_OK)
		return error->status;
	if (pen_file__load(path, TABLE_LARGEST, &csv, &n, error) != PEN_OK)
		return error->status;
	status = pen_store__digest(session->store, csv, n, digest, error);
	snprintf(subject, sizeof(subject), "parameters %s", name);
	snprintf(body, sizeof(body), "{\"digest\":\"%s\"}", digest);
	if (status == PEN_OK)
		status = pen_session__act(session, "parameters.load", subject, body, true, &at, error);
	if (status == PEN_OK)
		status = pen_settings__load(session->store, name, csv, n, at, digest, error);
	pen_memory__free(csv);
	return status;
}

static enum pen_status load_tables(struct making *making, struct pen_error *error)
{
	char names[TABLES][64];
	size_t count, i;

	if (pen_settings__shipped(names, TABLES, &count, error) != PEN_OK)
		return error->status;
	for (i = 0; i < count; i++)
		if (load_table(making, names[i], error) != PEN_OK)
			return error->status;
	making->tables = (int64_t)count;
	return PEN_OK;
}

/* The store's first transaction: who it is, who its head is, on which machine,
 * under which parameters. */
static enum pen_status enter_all(struct making *making, struct pen_error *error)
{
	struct pen_session *session = &making->session;
	struct pen_db *db = pen_store__db(session->store);
	struct pen_terminal terminal = { .at = 0 };

	memcpy(terminal.id, session->terminal, sizeof(terminal.id));
	if (gethostname(terminal.name, sizeof(terminal.name) - 1) != 0 || !terminal.name[0])
		snprintf(terminal.name, sizeof(terminal.name), "localhost");
	if (pen_db__begin_write(db, error) != PEN_OK)
		return error->status;
	if (enter_init(making, terminal.name, error) != PEN_OK || enter_head(making, error) != PEN_OK)
		goto err0;
	if (pen_terminal__enter(session->store, &terminal, true, error) != PEN_OK)
		goto err0;
	if (load_tables(making, error) != PEN_OK)
		goto err0;
	if (pen_db__commit(db, error) != PEN_OK)
		goto err0;
	return PEN_OK;

err0:
	pen_db__rollback(db);
	return error->status;
}

/* ---- making ---- */

/* Where a store is already, what its making left when it was killed at the very end goes. */
static enum pen_status find_place(struct making *making, struct pen_error *error)
{
	const char *dir = making->options->store;
	size_t n;

	if (pen_store__check_free(dir, &making->in_place, error) != PEN_OK) {
		if (!making->options->public_key)
			pen_keypair__settle_left(&making->head, dir);
		pen_keypair__settle_left(&making->log, dir);
		return error->status;
	}
	if (pen_file__join(making->dir, sizeof(making->dir), "", dir, error) != PEN_OK || making->in_place)
		return making->in_place ? PEN_OK : error->status;
	n = strlen(making->dir);
	while (n > 1 && making->dir[n - 1] == '/')
		making->dir[--n] = '\0';
	if ((size_t)snprintf(making->dir + n, sizeof(making->dir) - n, ".new") >= sizeof(making->dir) - n)
		return pen_error__set(error, PEN_USAGE, "system.path", _("the name of the store is too long: use a shorter one"));
	return PEN_OK;
}

static enum pen_status fill_store(struct making *making, struct pen_error *error)
{
	struct pen_session *session = &making->session;

	if (pen_store__create(&session->store, making->dir, &making->identity, error) != PEN_OK)
		return error->status;
	snprintf(session->staff.id, sizeof(session->staff.id), "%s", making->options->head_id);
	snprintf(session->staff.name, sizeof(session->staff.name), "%s", making->options->head_name);
	memcpy(session->staff.agency, making->identity.agency, sizeof(session->staff.agency));
	session->key = making->head.key;
	if (pen_session__terminal(session->store, session->terminal, error) != PEN_OK)
		return error->status;
	return enter_all(making, error);
}

/* The store, its keys, and then its name; only then is it whole, and the keys are its. */
static enum pen_status make_store(struct making *making, struct pen_error *error)
{
	enum pen_status status = pen_making__take(&making->place, making->dir, error);

	if (status == PEN_OK)
		status = fill_store(making, error);
	if (status == PEN_OK)
		status = write_keys(making, error);
	/* Its files must not change names while the engine has them open. */
	pen_store__close(making->session.store);
	making->session.store = NULL;
	if (status == PEN_OK)
		status = pen_making__finish(&making->place, making->in_place ? NULL : making->options->store, error);
	if (status != PEN_OK)
		return status;
	pen_keypair__settle(&making->head);
	pen_keypair__settle(&making->log);
	return PEN_OK;
}

/* How many tables would be in force; nothing more can be said without a store. */
static enum pen_status count_tables(struct making *making, struct pen_error *error)
{
	char names[TABLES][64];
	size_t count;

	if (pen_settings__shipped(names, TABLES, &count, error) != PEN_OK)
		return error->status;
	making->tables = (int64_t)count;
	return PEN_OK;
}

static enum pen_status make(struct making *making, struct pen_error *error)
{
	if (place_keys(making, error) != PEN_OK || find_place(making, error) != PEN_OK ||
	    prepare_keys(making, error) != PEN_OK)
		return error->status;
	return making->options->dry_run ? count_tables(making, error) : make_store(making, error);
}

/* On failure nothing stays; keys are ours to remove only if we wrote them. */
static void clear(struct making *making, bool keep)
{
	char dir[PATH_MAX];

	pen_making__give_up(&making->place);
	pen_keypair__free(&making->head);
	pen_keypair__free(&making->log);
	if (!keep && making->keys_made &&
	    pen_session__key_path(making->options->keys, "", dir, sizeof(dir), NULL) == PEN_OK)
		rmdir(dir);
	explicit_bzero(&making->identity, sizeof(making->identity));
}

static void print(const struct making *making, struct pen_printer *printer)
{
	const struct pen_init_options *options = making->options;
	const struct pen_item items[] = {
		PEN_I_TEXT("id", NULL, options->head_id),
		PEN_I_TEXT("name", NULL, options->head_name),
		PEN_I_TEXT("role", NULL, "head"),
		PEN_I_TEXT("agency", NULL, making->identity.agency),
		PEN_I_TEXT("key", NULL, making->head.private_path),
		PEN_I_TEXT("public_key", NULL, options->public_key ? options->public_key : making->head.public_path),
		PEN_I_TEXT("store", NULL, options->store),
		PEN_I_TEXT("agency_name", NULL, making->identity.name),
		PEN_I_TEXT("suite", NULL, pen_digest__suite_name(making->identity.suite)),
		PEN_I_DATE("live_on", NULL, making->identity.live_on),
		PEN_I_TEXT("log_key", NULL, making->log.private_path),
		PEN_I_TEXT("log_public_key", NULL, making->log.public_path),
		PEN_I_INT("parameter_tables", NULL, making->tables),
		PEN_I_FLAG("dry_run", _("dry run"), options->dry_run)
	};

	pen_printer__one(printer, "init", options->dry_run ? _("A store would be made") : _("A store was made"), PEN_ITEMS(items), PEN_OK);
}

enum pen_status pen_init(const struct pen_init_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	struct making *making = pen_memory__calloc(1, sizeof(*making));
	enum pen_status status;

	if (!making)
		return pen_error__memory(error);
	making->options = options;
	making->place.mark = making->head.claim = making->log.claim = -1;
	status = fill_identity(making, error);
	if (status == PEN_OK)
		status = make(making, error);
	if (status == PEN_OK)
		print(making, printer);
	clear(making, status == PEN_OK);
	pen_memory__free(making);
	return status;
}
