/* A proof, checked where there is no store: by the file, and by keys that are trusted. */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/months.h"
#include "model/printer.h"
#include "model/proven.h"

#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define PROOF_LARGEST ((size_t)16 << 20)
#define KEY_LARGEST ((size_t)64 << 10)

/* A verification. `failure` is what kept a key from being read. */
struct work {
	const char *path, *keys;
	struct pen_arena *arena;
	struct pen_proof proof;
	struct pen_proven proven;
	struct pen_error failure;
	struct pen_items *finding;
	size_t findings, room;
	char first[512];	/* what does not hold first, for the error */
};

/* ---------------------------------------------------------- the keys -- */

/* A file's public key; no file is no key. */
static enum pen_status read_key(struct work *work, const char *path, struct pen_key **key, struct pen_error *error)
{
	enum pen_status status;
	bool there;
	char *pem;
	size_t n;

	*key = NULL;
	status = pen_file__there(path, F_OK, &there, error);
	if (status != PEN_OK || !there)
		return status;
	status = pen_file__load(path, KEY_LARGEST, &pem, &n, error);
	if (status != PEN_OK)
		return status;
	status = pen_signature__read_public(key, work->proof.suite, pem, n, error);
	pen_memory__free(pem);
	return status == PEN_OK ? PEN_OK : pen_error__at(error, path, 0, NULL);
}

/* Names of files are made of it: as pen-admin lets ids be, and nothing else. */
static bool is_id(const char *s)
{
	return *s && *s != '.' && *s != '-' && strlen(s) < 64 &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(s);
}

static void look_at_key(struct work *work, const char *path, const struct pen_key *key, enum pen_vouched_trust *trust)
{
	struct pen_key *known;

	if (read_key(work, path, &known, &work->failure) != PEN_OK || !known)
		return;
	if (pen_signature__same(known, key))
		*trust = PEN_VOUCHED_TRUSTED;
	else if (*trust == PEN_VOUCHED_UNKNOWN)
		*trust = PEN_VOUCHED_OTHER;
	pen_signature__free(known);
}

/* ID.pub, and ID.INDEX.pub for each further key that somebody had. */
static enum pen_vouched_trust trust(void *context, const char *staff, const struct pen_key *key)
{
	enum pen_vouched_trust found = PEN_VOUCHED_UNKNOWN;
	struct work *work = context;
	char name[80], pattern[PATH_MAX];
	struct pen_error *error = &work->failure;
	glob_t files = { 0 };
	size_t i;

	snprintf(name, sizeof(name), "%s.pub", staff);
	if (!is_id(staff) || pen_file__join(pattern, sizeof(pattern), work->keys, name, error) != PEN_OK)
		return found;
	look_at_key(work, pattern, key, &found);
	snprintf(name, sizeof(name), "%s.[0-9]*.pub", staff);
	if (pen_file__join(pattern, sizeof(pattern), work->keys, name, error) != PEN_OK ||
	    glob(pattern, 0, NULL, &files) != 0)
		return found;
	for (i = 0; i < files.gl_pathc && found != PEN_VOUCHED_TRUSTED; i++)
		look_at_key(work, files.gl_pathv[i], key, &found);
	globfree(&files);
	return found;
}

/* The key of the log that the checkpoint names: pen/330100 is log-330100.pub. */
static enum pen_status read_log_key(struct work *work, struct pen_key **key, struct pen_error *error)
{
	struct pen_checkpoint checkpoint = { .origin = "" };
	char path[PATH_MAX], name[64];
	enum pen_status status = pen_note__read(work->proof.checkpoint, strlen(work->proof.checkpoint), &checkpoint, error);

	*key = NULL;
	/* One that cannot be read is told of when it is looked at. */
	if (status == PEN_INPUT || strncmp(checkpoint.origin, "pen/", 4) != 0 || !is_id(checkpoint.origin + 4))
		return PEN_OK;
	snprintf(name, sizeof(name), "log-%.50s.pub", checkpoint.origin + 4);
	status = pen_file__join(path, sizeof(path), work->keys, name, error);
	return status == PEN_OK ? read_key(work, path, key, error) : status;
}

/* ---------------------------------------------------------- findings -- */

static enum pen_status copy(struct work *work, const char *s, const char **out, struct pen_error *error)
{
	*out = pen_memory__copy(work->arena, s, strlen(s));
	return *out ? PEN_OK : pen_error__memory(error);
}

static enum pen_status keep_finding(void *context, const struct pen_vouched_found *found, struct pen_error *error)
{
	struct work *work = context;
	struct pen_item items[] = {
		PEN_I_TEXT("check", _("check"), NULL), PEN_I_TEXT("record", _("record"), NULL),
		PEN_I_TEXT("found", _("found"), NULL), PEN_I_TEXT("expected", _("expected"), NULL),
		PEN_I_FLAG("made", _("made"), !found->not_made),
	}, *kept = pen_memory__take(work->arena, sizeof(items));
	struct pen_items *list = pen_memory__realloc(work->finding, work->findings + 1, sizeof(*list));

	if (!list || !kept)
		return pen_error__memory(error);
	work->finding = list;
	if (copy(work, found->check, &items[0].s, error) != PEN_OK || copy(work, found->record, &items[1].s, error) != PEN_OK ||
	    copy(work, found->found, &items[2].s, error) != PEN_OK || copy(work, found->expected, &items[3].s, error) != PEN_OK)
		return error->status;
	memcpy(kept, items, sizeof(items));
	list[work->findings++] = (struct pen_items){ kept, sizeof(items) / sizeof(items[0]) };
	/* What does not hold goes before what could not be looked at. */
	if (!work->first[0] || (!found->not_made && work->proven.vouched.broken == 1))
		snprintf(work->first, sizeof(work->first), _("%s: found %s, expected %s"), found->record, found->found, found->expected);
	return PEN_OK;
}

/* -------------------------------------------------------- what is proven -- */

/* The columns of a row that are shown by themselves, whatever its kind. */
struct row_text { char employer[32], months[32]; };

static const char *text_of(const struct pen_json *leaf, const char *key)
{
	return pen_json__string(pen_json__member(leaf, key));
}

static struct pen_item number(const struct pen_json *leaf, const char *key, const char *title, enum pen_item_type type)
{
	struct pen_item item = { .key = key, .title = title, .type = type };

	item.null = !pen_json__integer(pen_json__member(leaf, key), &item.i);
	return item;
}

static struct pen_item value_of(const struct pen_sealtext_part *part, const char *key, const char *title, enum pen_item_type type)
{
	struct pen_item item = { .key = key, .title = title, .type = type };

	item.null = !pen_sealtext__integer(part, key, &item.i);
	return item;
}

/* "-" stands where a seal says nothing. */
static const char *or_null(const char *s)
{
	return *s && strcmp(s, "-") != 0 ? s : NULL;
}

static enum pen_status make_row(struct work *work, size_t i, struct pen_items *out, struct pen_error *error)
{
	const struct pen_proven_row *row = &work->proven.row[i];
	struct row_text *text = pen_memory__take(work->arena, sizeof(*text));
	struct pen_item months = number(row->leaf, "months", _("months"), PEN_ITEM_INT);
	struct pen_item year = value_of(&row->paragraph, "period", _("year"), PEN_ITEM_INT);
	const struct pen_json *whose = row->whose ? row->whose : row->leaf;
	struct pen_item *kept;

	if (!text)
		return pen_error__memory(error);
	year.key = "year";
	if (year.null)
		year = number(row->leaf, "year", _("year"), PEN_ITEM_INT);
	pen_sealtext__value(&row->paragraph, "employer", text->employer, sizeof(text->employer));
	if (!months.null && months.i == (months.i & PEN_MONTHS_ALL)) {
		pen_months__format((int32_t)months.i, text->months);
		months.i = pen_months__count((int32_t)months.i);
	}
	const struct pen_item items[] = {
		PEN_I_INT("row", _("row"), (int64_t)i + 1),
		PEN_I_TEXT("record", _("record kind"), row->kind ? row->kind->name : NULL),
		PEN_I_TEXT("id_number", _("citizen id"), text_of(whose, "id_number")),
		PEN_I_TEXT("name", _("name"), text_of(whose, "name")),
		year,
		PEN_I_TEXT("employer", _("employer"), or_null(text->employer[0] ? text->employer : "-")),
		number(row->leaf, "base_fen", _("base"), PEN_ITEM_FEN),
		months,
		PEN_I_TEXT("month_set", _("which months"), text->months[0] ? text->months : NULL),
		number(row->leaf, "unit_fen", _("unit part"), PEN_ITEM_FEN),
		number(row->leaf, "personal_fen", _("personal part"), PEN_ITEM_FEN),
		PEN_I_INT("seal", _("seal"), work->proof.row[i].seal),
		value_of(&row->paragraph, "folio", _("folio"), PEN_ITEM_INT),
		number(row->leaf, "line", _("line"), PEN_ITEM_INT),
	};
	kept = pen_memory__take(work->arena, sizeof(items));
	if (!kept)
		return pen_error__memory(error);
	memcpy(kept, items, sizeof(items));
	*out = (struct pen_items){ kept, sizeof(items) / sizeof(items[0]) };
	return PEN_OK;
}

/* Every column of a row, as a person reads it: rows of all kinds have that in common. */
static enum pen_status make_values(struct work *work, size_t i, struct pen_items *list, size_t *count, struct pen_error *error)
{
	const struct pen_proven_row *row = &work->proven.row[i];
	const struct pen_json *member;
	struct pen_value value;
	char shown[512];
	int column;
	bool flag;

	for (column = PEN_LINE + 1; row->kind && column < row->kind->count; column++) {
		member = pen_json__member(row->leaf, row->kind->columns[column].name);
		value = (struct pen_value){ .type = PEN_STRING, .s = pen_json__string(member) };
		if (value.s)
			value.n = strlen(value.s);
		else if (pen_json__integer(member, &value.i))
			value.type = PEN_INTEGER;
		else
			continue;
		struct pen_item items[] = {
			PEN_I_INT("row", _("row"), (int64_t)i + 1),
			PEN_I_TEXT("field", _("field"), row->kind->columns[column].name),
			PEN_I_TEXT("title", _("title"), row->kind->columns[column].title),
			PEN_I_TEXT("value", _("value"), NULL),
		}, *kept = pen_memory__take(work->arena, sizeof(items));

		/* A flag is shown in words, which a language changes. */
		flag = row->kind->columns[column].type == PEN_COLUMN_FLAG && value.type == PEN_INTEGER;
		if (flag)
			snprintf(shown, sizeof(shown), "%" PRId64, value.i);
		else
			pen_kind__show(row->kind, column, &value, shown, sizeof(shown));
		if (!kept || copy(work, shown, &items[3].s, error) != PEN_OK)
			return pen_error__memory(error);
		memcpy(kept, items, sizeof(items));
		list[(*count)++] = (struct pen_items){ kept, sizeof(items) / sizeof(items[0]) };
	}
	return PEN_OK;
}

/* Who signed a seal, as whom, by the name that the grant says. */
static enum pen_status make_signature(struct work *work, const struct pen_proven_seal *seal, const char *role,
    const struct pen_vouched_entry *by, const struct pen_vouched_entry *grant, struct pen_items *out, struct pen_error *error)
{
	const char *name = grant ? pen_vouched__says(grant, strcmp(grant->entry.act, "admin.init") == 0 ? "head_name" : "name") : "";
	const struct pen_item items[] = {
		PEN_I_INT("seal", _("seal"), seal->id),
		PEN_I_TEXT("role", _("role"), role),
		PEN_I_TEXT("staff", _("staff"), by->entry.staff),
		PEN_I_TEXT("name", _("name"), *name ? name : NULL),
		PEN_I_INT("entry", _("entry"), by->entry.at),
		PEN_I_TEXT("time", _("time"), by->entry.time),
	};
	struct pen_item *kept = pen_memory__take(work->arena, sizeof(items));

	if (!kept)
		return pen_error__memory(error);
	memcpy(kept, items, sizeof(items));
	*out = (struct pen_items){ kept, sizeof(items) / sizeof(items[0]) };
	return PEN_OK;
}

static enum pen_status make_signatures(struct work *work, struct pen_items *list, size_t *count, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;
	int k;

	*count = 0;
	for (i = 0; i < work->proof.seals && status == PEN_OK; i++) {
		const struct pen_proven_seal *seal = &work->proven.seal[i];

		for (k = 0; k < seal->roles && status == PEN_OK; k++)
			if (seal->by[k])
				status = make_signature(work, seal, seal->role[k], seal->by[k], seal->grant[k], &list[(*count)++], error);
		if (status == PEN_OK && seal->closed)
			status = make_signature(work, seal, "close", seal->closed, seal->closer, &list[(*count)++], error);
	}
	return status;
}

/* ------------------------------------------------------------ printing -- */

static enum pen_status print(struct work *work, enum pen_status outcome, struct pen_printer *printer, struct pen_error *error)
{
	const struct pen_vouched *vouched = &work->proven.vouched;
	bool holds = outcome != PEN_INTEGRITY;	/* what does not hold proves nothing */
	size_t rows = holds ? work->proof.rows : 0, signatures = 0, values = 0, i;
	struct pen_items *row = pen_memory__take(work->arena, (rows + 1) * sizeof(*row));
	struct pen_items *by = pen_memory__take(work->arena,
	    (work->proof.seals * (PEN_PROVEN_ROLES + 1) + 1) * sizeof(*by));
	struct pen_items *value = pen_memory__take(work->arena, (rows * PEN_COLUMNS_MOST + 1) * sizeof(*value));
	char agency[16] = "";
	enum pen_status status = row && by && value ? PEN_OK : pen_error__memory(error);

	for (i = 0; i < rows && status == PEN_OK; i++) {
		status = make_row(work, i, &row[i], error);
		if (status == PEN_OK)
			status = make_values(work, i, value, &values, error);
	}
	if (status == PEN_OK && holds)
		status = make_signatures(work, by, &signatures, error);
	if (status != PEN_OK)
		return status;
	if (work->proof.seals)
		pen_sealtext__value(&work->proven.seal[0].head, "agency", agency, sizeof(agency));
	const struct pen_item items[] = {
		PEN_I_TEXT("outcome", _("outcome"), outcome == PEN_OK ? "holds" : holds ? "incomplete" : "broken"),
		PEN_I_TEXT("agency", _("agency"), or_null(agency[0] ? agency : "-")),
		PEN_I_TEXT("suite", _("suite"), pen_digest__suite_name(work->proof.suite)),
		PEN_I_TEXT("checkpoint.origin", _("log"), vouched->checkpoint.origin[0] ? vouched->checkpoint.origin : NULL),
		PEN_I_INT("checkpoint.size", _("journal entries"), vouched->checkpoint.size),
		PEN_I_INT("checked.entries", _("entries of the journal"), (int64_t)work->proof.entries),
		PEN_I_INT("checked.signatures", _("signatures checked"), vouched->signatures),
		PEN_I_INT("broken", _("what does not hold"), vouched->broken),
		PEN_I_INT("not_made", _("checks not made"), vouched->not_made),
		PEN_I_LIST("rows", _("Rows proven"), row, rows),
		PEN_I_LIST("values", _("All that the rows say"), value, values),
		PEN_I_LIST("signatures", _("Signed by"), by, signatures),
		PEN_I_LIST("findings", _("Findings"), work->finding, work->findings),
	};

	pen_printer__one(printer, "proof", _("Proof"), PEN_ITEMS(items), outcome);
	return outcome;
}

/* ------------------------------------------------------------ the verb -- */

static enum pen_status outcome_of(struct work *work, struct pen_error *error)
{
	const struct pen_vouched *vouched = &work->proven.vouched;

	if (vouched->broken)
		return pen_error__set(error, PEN_INTEGRITY, "proof.broken",
		    _("%s does not hold: %s; %" PRId64 " findings: get it again from the agency, and ask there if it stays so"),
		    work->path, work->first, vouched->broken);
	if (vouched->not_made)
		return pen_error__set(error, PEN_INCOMPLETE, "proof.incomplete",
		    _("%" PRId64 " checks could not be made, the first: %s; put the public keys that are missing into %s, as ID.pub and log-AGENCY.pub, from somebody whom you trust with that"),
		    vouched->not_made, work->first, work->keys);
	return PEN_OK;
}

static enum pen_status check(struct work *work, struct pen_printer *printer, struct pen_error *error)
{
	struct pen_vouched_options options = { .trust = trust, .visit = keep_finding, .context = work };
	struct pen_key *log_key = NULL;
	enum pen_status outcome, status = read_log_key(work, &log_key, error);

	if (status != PEN_OK)
		return status;
	options.log_key = log_key;
	status = pen_proven__open(&work->proven, &work->proof, work->arena, &options, error);
	if (status == PEN_OK && work->failure.status != PEN_OK) {
		*error = work->failure;
		status = error->status;
	}
	if (status == PEN_OK) {
		struct pen_error said = { .status = PEN_OK };

		outcome = outcome_of(work, &said);
		status = print(work, outcome, printer, error);
		if (status == outcome && status != PEN_OK)
			*error = said;
	}
	pen_proven__close(&work->proven);
	pen_signature__free(log_key);
	return status;
}

static enum pen_status check_directory(const char *keys, struct pen_error *error)
{
	char path[PATH_MAX];
	bool there;
	enum pen_status status = pen_file__join(path, sizeof(path), keys, ".", error);

	if (status == PEN_OK)
		status = pen_file__there(path, R_OK | X_OK, &there, error);
	if (status == PEN_OK && !there)
		status = pen_error__set(error, PEN_USAGE, "proof.keys",
		    _("there is no directory %s to read: name the one with the public keys that you trust"), keys);
	return status;
}

enum pen_status pen_verify_proof(const char *path, const char *keys, struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .path = path, .keys = keys };
	enum pen_status status = check_directory(keys, error);
	char *bytes;
	size_t n;

	if (status == PEN_OK)
		status = pen_file__load(path, PROOF_LARGEST, &bytes, &n, error);
	if (status != PEN_OK)
		return status;
	work.arena = pen_memory__arena();
	status = work.arena ? pen_proof__read(&work.proof, work.arena, bytes, n, error) : pen_error__memory(error);
	pen_memory__free(bytes);
	if (status == PEN_INPUT)
		pen_error__at(error, path, 0, NULL);
	if (status == PEN_OK)
		status = check(&work, printer, error);
	pen_memory__free(work.finding);
	pen_memory__drop(work.arena);
	return status;
}
