#include "model/vouched.h"
#include "base/encode.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* ----------------------------------------------------------- reporting -- */

static enum pen_status tell(struct pen_vouched *v, const struct pen_vouched_found *found, struct pen_error *error)
{
	if (found->not_made)
		v->not_made++;
	else
		v->broken++;
	*error = (struct pen_error){ .status = PEN_OK };
	return v->options->visit(v->options->context, found, error);
}

enum pen_status pen_vouched__report(struct pen_vouched *v, const char *check, const char *found,
    const char *expected, struct pen_error *error, const char *record, ...)
{
	char name[256];
	va_list arguments;

	va_start(arguments, record);
	vsnprintf(name, sizeof(name), record, arguments);
	va_end(arguments);
	return tell(v, &(struct pen_vouched_found){ check, name, found, expected, false }, error);
}

static enum pen_status skip(struct pen_vouched *v, const char *check, const char *record, const char *found,
    const char *expected, struct pen_error *error)
{
	return tell(v, &(struct pen_vouched_found){ check, record, found, expected, true }, error);
}

/* ------------------------------------------------------- looking things up -- */

const char *pen_vouched__says(const struct pen_vouched_entry *entry, const char *key)
{
	const char *s = pen_json__string(pen_json__member(entry->body, key));

	return s ? s : "";
}

static bool is_act(const struct pen_vouched_entry *entry, const char *act)
{
	return entry->holds && strcmp(entry->entry.act, act) == 0;
}

const struct pen_vouched_entry *pen_vouched__act(const struct pen_vouched *v, const char *act, const char *subject,
    const char *role)
{
	size_t i;

	for (i = 0; i < v->proof->entries; i++)
		if (is_act(&v->entry[i], act) && strcmp(v->entry[i].entry.subject, subject) == 0 &&
		    (!role || strcmp(pen_vouched__says(&v->entry[i], "role"), role) == 0))
			return &v->entry[i];
	return NULL;
}

/* Whether an entry says who somebody is: the making of the store its head, the
 * others their subject. */
static bool is_about(const struct pen_vouched_entry *entry, const char *staff)
{
	if (is_act(entry, "admin.init"))
		return entry->entry.at == 0 && strcmp(pen_vouched__says(entry, "head"), staff) == 0;
	return (is_act(entry, "staff.add") || is_act(entry, "staff.revoke")) &&
	    strncmp(entry->entry.subject, "staff ", 6) == 0 && strcmp(entry->entry.subject + 6, staff) == 0;
}

/* What an entry makes counts for those after it; what the first makes, for itself too. */
static bool counts(const struct pen_vouched_entry *entry, int64_t at, const struct pen_vouched_entry *best)
{
	return (entry->entry.at < at || entry->entry.at == 0) && (!best || entry->entry.at > best->entry.at);
}

const struct pen_vouched_entry *pen_vouched__grant(const struct pen_vouched *v, const char *staff, const char *role,
    int64_t at)
{
	const struct pen_vouched_entry *entry, *best = NULL;
	const char *granted;
	size_t i;

	for (i = 0; i < v->proof->entries; i++) {
		entry = &v->entry[i];
		granted = is_act(entry, "admin.init") ? "head" : pen_vouched__says(entry, "role");
		if (is_about(entry, staff) && strcmp(granted, role) == 0 && counts(entry, at, best))
			best = entry;
	}
	return best && !is_act(best, "staff.revoke") ? best : NULL;
}

/* The key in force for somebody at an index, by the entry that says its digest; NULL
 * if the proof has no such entry or no such key. */
static struct pen_vouched_key *key_of(const struct pen_vouched *v, const char *staff, int64_t at)
{
	const struct pen_vouched_entry *entry, *best = NULL;
	size_t i;

	for (i = 0; i < v->proof->entries; i++) {
		entry = &v->entry[i];
		if (is_about(entry, staff) && *pen_vouched__says(entry, "key") && counts(entry, at, best))
			best = entry;
	}
	for (i = 0; best && i < v->proof->keys; i++)
		if (strcmp(v->proof->key[i].staff, staff) == 0 &&
		    strcmp(v->key[i].digest, pen_vouched__says(best, "key")) == 0)
			return &v->key[i];
	return NULL;
}

/* ---------------------------------------------------------- checkpoint -- */

static enum pen_status check_checkpoint(struct pen_vouched *v, struct pen_error *error)
{
	const char *note = v->proof->checkpoint;
	char found[sizeof(error->text)];
	enum pen_status status = pen_note__read(note, strlen(note), &v->checkpoint, error);

	if (status == PEN_OK && !v->options->log_key)
		return skip(v, "proof.checkpoint", v->checkpoint.origin, _("the log's key is not among the trusted keys"),
		    _("the signature of the log"), error);
	if (status == PEN_OK)
		status = pen_note__open(v->proof->suite, note, strlen(note), v->checkpoint.origin, v->options->log_key,
		    &v->checkpoint, error);
	if (status != PEN_INPUT && status != PEN_INTEGRITY) {
		v->signatures += status == PEN_OK;
		return status;
	}
	snprintf(found, sizeof(found), "%s", error->text);
	return pen_vouched__report(v, "proof.checkpoint", found, _("a checkpoint signed by the log"), error,
	    "%s", _("the checkpoint"));
}

/* The first entry names the log key, the origin and the suite. */
static enum pen_status check_making(struct pen_vouched *v, const struct pen_vouched_entry *entry, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX] = "", *pem = NULL;
	unsigned char hash[PEN_DIGEST_SIZE];
	const char *wrong = NULL, *expected = "";
	enum pen_status status = PEN_OK;

	if (v->options->log_key)
		status = pen_signature__write_public(v->options->log_key, &pem, error);
	if (status == PEN_OK && pem && !pen_digest__of(v->proof->suite, pem, strlen(pem), hash))
		status = pen_error__memory(error);
	if (status == PEN_OK && pem)
		pen_encode__hex(hash, sizeof(hash), digest);
	pen_memory__free(pem);
	if (status != PEN_OK)
		return status;
	if (strcmp(pen_vouched__says(entry, "suite"), expected = pen_digest__suite_name(v->proof->suite)) != 0)
		wrong = pen_vouched__says(entry, "suite");
	else if (strcmp(pen_vouched__says(entry, "origin"), expected = v->checkpoint.origin) != 0)
		wrong = pen_vouched__says(entry, "origin");
	else if (digest[0] && strcmp(pen_vouched__says(entry, "log_key"), expected = digest) != 0)
		wrong = pen_vouched__says(entry, "log_key");
	return !wrong ? PEN_OK : pen_vouched__report(v, "proof.checkpoint", wrong, expected, error,
	    _("entry %" PRId64 ", the making of the store"), entry->entry.at);
}

/* ------------------------------------------------------------- entries -- */

/* The body's JSON, as long as it is an entry that the checkpoint binds. */
static enum pen_status read_entry(struct pen_vouched *v, size_t i, struct pen_error *error)
{
	const struct pen_proof_entry *given = &v->proof->entry[i];
	struct pen_vouched_entry *entry = &v->entry[i];
	unsigned char hash[PEN_DIGEST_SIZE];
	struct pen_text leaf = { 0 };
	enum pen_status status = pen_entry__read(&entry->entry, v->arena, given->text, error);

	if (status == PEN_OK && entry->entry.body)
		status = pen_json__parse(&entry->body, entry->entry.body, strlen(entry->entry.body), error);
	if (status == PEN_INPUT || (status == PEN_OK && entry->entry.at != given->at))
		return pen_vouched__report(v, "proof.entry", _("no such entry"), _("a journal entry of that index"), error,
		    _("entry %" PRId64), given->at);
	if (status != PEN_OK)
		return status;
	pen_text__printf(&leaf, "%ssignature: %s\n", given->text, given->signature);
	if (leaf.failed)
		return pen_error__memory(error);
	pen_merkle__leaf_hash(v->tree, leaf.s, leaf.n, hash);
	pen_text__free(&leaf);
	entry->holds = pen_merkle__climb(v->tree, hash, given->at, v->checkpoint.size, &given->path, hash) &&
	    memcmp(hash, v->checkpoint.root, sizeof(hash)) == 0;
	if (entry->holds)
		return PEN_OK;
	return pen_vouched__report(v, "proof.entry", _("its path does not lead to the checkpoint"),
	    _("an entry that the checkpoint binds"), error, _("entry %" PRId64), given->at);
}

/* Whether the key is the one that is trusted as its owner's: told once a key. */
static enum pen_status check_trust(struct pen_vouched *v, const char *staff, struct pen_vouched_key *key,
    struct pen_error *error)
{
	enum pen_vouched_trust trust;

	if (key->told)
		return PEN_OK;
	key->told = true;
	trust = v->options->trust(v->options->context, staff, key->key);
	if (trust == PEN_VOUCHED_UNKNOWN)
		return skip(v, "proof.key", staff, _("no key of theirs is among the trusted keys"),
		    _("the key by which they signed"), error);
	if (trust == PEN_VOUCHED_OTHER)
		return pen_vouched__report(v, "proof.key", _("signed by another key than the trusted ones"),
		    _("a key that is trusted as theirs"), error, "%s", staff);
	return PEN_OK;
}

static enum pen_status check_signature(struct pen_vouched *v, size_t i, struct pen_error *error)
{
	const struct pen_proof_entry *given = &v->proof->entry[i];
	const struct pen_entry *entry = &v->entry[i].entry;
	unsigned char signature[PEN_SIGNATURE_ROOM];
	struct pen_vouched_key *key = entry->staff ? key_of(v, entry->staff, entry->at) : NULL;
	bool good = false;
	size_t n;

	if (!key || !key->key)
		return pen_vouched__report(v, "proof.key", entry->staff ? entry->staff : _("nobody"),
		    _("a key that an entry of the proof grants"), error, _("entry %" PRId64), entry->at);
	if (pen_encode__unbase64(given->signature, strlen(given->signature), signature, sizeof(signature), &n) == 0 &&
	    pen_signature__verify(key->key, given->text, strlen(given->text), signature, n, &good, error) != PEN_OK)
		return error->status;
	if (!good)
		return pen_vouched__report(v, "proof.signature", _("the signature does not hold"), entry->staff, error,
		    _("entry %" PRId64), entry->at);
	v->signatures++;
	return check_trust(v, entry->staff, key, error);
}

/* Keys and roles are the word of a head of the store's own agency. */
static enum pen_status check_authority(struct pen_vouched *v, const struct pen_vouched_entry *entry, struct pen_error *error)
{
	const struct pen_vouched_entry *grant, *making = &v->entry[0];

	if (is_act(entry, "admin.init"))
		return entry->entry.at == 0 ? check_making(v, entry, error) : PEN_OK;
	if (!is_act(entry, "staff.add"))
		return PEN_OK;
	grant = entry->entry.staff ? pen_vouched__grant(v, entry->entry.staff, "head", entry->entry.at) : NULL;
	if (grant && is_act(making, "admin.init") &&
	    strcmp(pen_vouched__says(grant, "agency"), pen_vouched__says(making, "agency")) == 0)
		return PEN_OK;
	return pen_vouched__report(v, "proof.role", entry->entry.staff ? entry->entry.staff : _("nobody"),
	    _("a head of the store's agency, by entries of the proof"), error, _("entry %" PRId64), entry->entry.at);
}

/* ------------------------------------------------------------ the whole -- */

static enum pen_status read_key(struct pen_vouched *v, size_t i, struct pen_error *error)
{
	const struct pen_proof_key *given = &v->proof->key[i];
	unsigned char hash[PEN_DIGEST_SIZE];
	enum pen_status status;

	if (!pen_digest__of(v->proof->suite, given->pem, strlen(given->pem), hash))
		return pen_error__memory(error);
	pen_encode__hex(hash, sizeof(hash), v->key[i].digest);
	status = pen_signature__read_public(&v->key[i].key, v->proof->suite, given->pem, strlen(given->pem), error);
	if (status != PEN_INPUT)
		return status;
	return pen_vouched__report(v, "proof.key", _("no public key of the suite"), _("a public key in PEM"), error,
	    "%s", given->staff);
}

enum pen_status pen_vouched__open(struct pen_vouched *v, const struct pen_proof *proof, struct pen_arena *arena,
    const struct pen_vouched_options *options, struct pen_error *error)
{
	enum pen_status status;
	size_t i;

	*v = (struct pen_vouched){ .proof = proof, .options = options, .arena = arena };
	v->tree = pen_merkle__new(proof->suite);
	v->entry = pen_memory__calloc(proof->entries + 1, sizeof(*v->entry));
	v->key = pen_memory__calloc(proof->keys + 1, sizeof(*v->key));
	if (!v->tree || !v->entry || !v->key)
		return pen_error__memory(error);
	status = check_checkpoint(v, error);
	for (i = 0; i < proof->entries && status == PEN_OK; i++)
		status = read_entry(v, i, error);
	for (i = 0; i < proof->keys && status == PEN_OK; i++)
		status = read_key(v, i, error);
	/* What the checkpoint does not bind is no entry: nothing more is asked of it. */
	for (i = 0; i < proof->entries && status == PEN_OK; i++) {
		if (!v->entry[i].holds)
			continue;
		status = check_signature(v, i, error);
		if (status == PEN_OK)
			status = check_authority(v, &v->entry[i], error);
	}
	return status;
}

void pen_vouched__close(struct pen_vouched *v)
{
	size_t i;

	for (i = 0; v->entry && i < v->proof->entries; i++)
		pen_json__free(v->entry[i].body);
	for (i = 0; v->key && i < v->proof->keys; i++)
		pen_signature__free(v->key[i].key);
	pen_memory__free(v->entry);
	pen_memory__free(v->key);
	pen_merkle__free(v->tree);
}
