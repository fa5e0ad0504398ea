#include "model/proof.h"
#include "base/encode.h"
#include "base/error.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define MAGIC "pen-proof/v1"
#define END "end: " MAGIC
#define MOST 1000	/* rows, seals, entries or keys of one proof */

/* ------------------------------------------------------------ writing -- */

/* Each line of a text after a blank, so that it ends where no blank stands. */
static void block(struct pen_text *text, const char *key, const char *lines)
{
	size_t n;

	pen_text__printf(text, "%s:\n", key);
	for (; *lines; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		pen_text__puts(text, " ");
		pen_text__add(text, lines, n);
		pen_text__puts(text, "\n");
	}
}

static void path(struct pen_text *text, const char *key, const struct pen_merkle_path *siblings)
{
	char hex[PEN_DIGEST_HEX];
	int i;

	pen_text__printf(text, "%s:%s", key, siblings->n ? "" : " -");
	for (i = 0; i < siblings->n; i++)
		pen_text__printf(text, " %s", pen_encode__hex(siblings->hash[i], PEN_DIGEST_SIZE, hex));
	pen_text__puts(text, "\n");
}

static void write_row(struct pen_text *text, size_t number, const struct pen_proof_row *row)
{
	pen_text__printf(text, "\nrow: %zu\nleaf: %s\nindex: %" PRId64 "\n", number, row->leaf, row->index);
	path(text, "path", &row->path);
	pen_text__printf(text, "seal: %" PRId64 "\nnumber: %" PRId64 "\n", row->seal, row->number);
	path(text, "seal-path", &row->seal_path);
	block(text, "paragraph", row->paragraph);
}

void pen_proof__write(const struct pen_proof *proof, struct pen_text *text)
{
	size_t i;

	pen_text__printf(text, MAGIC "\nsuite: %s\nrows: %zu\nseals: %zu\nentries: %zu\nkeys: %zu\n",
	    pen_digest__suite_name(proof->suite), proof->rows, proof->seals, proof->entries, proof->keys);
	for (i = 0; i < proof->rows; i++)
		write_row(text, i + 1, &proof->row[i]);
	for (i = 0; i < proof->seals; i++) {
		pen_text__printf(text, "\nseal: %" PRId64 "\n", proof->seal[i].id);
		path(text, "path", &proof->seal[i].path);
		block(text, "paragraph", proof->seal[i].head);
	}
	for (i = 0; i < proof->entries; i++) {
		pen_text__printf(text, "\nentry: %" PRId64 "\n", proof->entry[i].at);
		path(text, "path", &proof->entry[i].path);
		pen_text__printf(text, "signature: %s\n", proof->entry[i].signature);
		block(text, "text", proof->entry[i].text);
	}
	for (i = 0; i < proof->keys; i++) {
		pen_text__printf(text, "\nkey: %s\n", proof->key[i].staff);
		block(text, "pem", proof->key[i].pem);
	}
	pen_text__puts(text, "\n");
	block(text, "checkpoint", proof->checkpoint);
	pen_text__puts(text, "\n" END "\n");
}

/* ------------------------------------------------------------ reading -- */

/* What is left of the bytes, and the number of the line that comes next. */
struct rest {
	const char *s, *end;
	long line;
	struct pen_arena *arena;
};

static enum pen_status not_so(const struct rest *rest, const char *expected, struct pen_error *error)
{
	pen_error__set(error, PEN_INPUT, "proof.form",
	    _("no proof as pen-seal prove writes it: expected %s here; get the file again from whoever made it, whole and unchanged"),
	    expected);
	return pen_error__at(error, NULL, rest->line, NULL);
}

/* The next line without its LF; NULL if there is none that is ended. */
static const char *peek(const struct rest *rest, size_t *n)
{
	const char *stop = rest->s < rest->end ? memchr(rest->s, '\n', (size_t)(rest->end - rest->s)) : NULL;

	*n = stop ? (size_t)(stop - rest->s) : 0;
	return stop ? rest->s : NULL;
}

static void pass(struct rest *rest, size_t n)
{
	rest->s += n + 1;
	rest->line++;
}

/* A line that is just this. */
static enum pen_status literal(struct rest *rest, const char *expected, struct pen_error *error)
{
	size_t n;
	const char *line = peek(rest, &n);

	if (!line || n != strlen(expected) || memcmp(line, expected, n) != 0)
		return not_so(rest, *expected ? expected : _("an empty line"), error);
	pass(rest, n);
	return PEN_OK;
}

/* "key: value": the value, copied. */
static enum pen_status value(struct rest *rest, const char *key, const char **out, struct pen_error *error)
{
	size_t n, k = strlen(key);
	const char *line = peek(rest, &n);

	if (!line || n < k + 3 || memcmp(line, key, k) != 0 || memcmp(line + k, ": ", 2) != 0)
		return not_so(rest, key, error);
	*out = pen_memory__copy(rest->arena, line + k + 2, n - k - 2);
	if (!*out)
		return pen_error__memory(error);
	pass(rest, n);
	return PEN_OK;
}

static enum pen_status integer(struct rest *rest, const char *key, int64_t most, int64_t *out, struct pen_error *error)
{
	const struct rest before = *rest;
	const char *digits;
	char *end;
	enum pen_status status = value(rest, key, &digits, error);

	if (status != PEN_OK)
		return status;
	errno = 0;
	*out = strtoll(digits, &end, 10);
	if (errno || *end || *digits < '0' || *digits > '9' || *out > most)
		return not_so(&before, _("a number"), error);
	return PEN_OK;
}

static enum pen_status read_path(struct rest *rest, const char *key, struct pen_merkle_path *out, struct pen_error *error)
{
	const struct rest before = *rest;
	char hex[PEN_DIGEST_HEX];
	const char *s;
	enum pen_status status = value(rest, key, &s, error);

	if (status != PEN_OK)
		return status;
	out->n = 0;
	if (strcmp(s, "-") == 0)
		return PEN_OK;
	for (;; s++) {
		snprintf(hex, sizeof(hex), "%s", s);
		if (out->n == PEN_MERKLE_LEVELS || pen_encode__unhex(hex, out->hash[out->n++], PEN_DIGEST_SIZE) != 0)
			return not_so(&before, _("digests of 64 hexadecimal digits, each after a blank"), error);
		s += sizeof(hex) - 1;
		if (*s != ' ')
			break;
	}
	return *s ? not_so(&before, _("digests of 64 hexadecimal digits, each after a blank"), error) : PEN_OK;
}

/* "key:" and the lines after it that begin with a blank, which is left out. */
static enum pen_status read_block(struct rest *rest, const char *key, const char **out, struct pen_error *error)
{
	struct pen_text lines = { 0 };
	char head[32];
	const char *line;
	size_t n;
	enum pen_status status;

	snprintf(head, sizeof(head), "%s:", key);
	status = literal(rest, head, error);
	if (status != PEN_OK)
		return status;
	while ((line = peek(rest, &n)) && n > 0 && line[0] == ' ') {
		pen_text__add(&lines, line + 1, n);	/* with its LF */
		pass(rest, n);
	}
	if (lines.failed)
		status = pen_error__memory(error);
	else if (!lines.n)
		status = not_so(rest, _("a line after a blank"), error);
	else if (!(*out = pen_memory__copy(rest->arena, lines.s, lines.n)))
		status = pen_error__memory(error);
	pen_text__free(&lines);
	return status;
}

/* ---- sections ---- */

static enum pen_status read_row(struct rest *rest, size_t number, struct pen_proof_row *row, struct pen_error *error)
{
	char head[32];
	enum pen_status status = literal(rest, "", error);

	snprintf(head, sizeof(head), "row: %zu", number);
	if (status == PEN_OK)
		status = literal(rest, head, error);
	if (status == PEN_OK)
		status = value(rest, "leaf", &row->leaf, error);
	if (status == PEN_OK)
		status = integer(rest, "index", INT64_MAX, &row->index, error);
	if (status == PEN_OK)
		status = read_path(rest, "path", &row->path, error);
	if (status == PEN_OK)
		status = integer(rest, "seal", INT64_MAX, &row->seal, error);
	if (status == PEN_OK)
		status = integer(rest, "number", INT64_MAX, &row->number, error);
	if (status == PEN_OK)
		status = read_path(rest, "seal-path", &row->seal_path, error);
	if (status == PEN_OK)
		status = read_block(rest, "paragraph", &row->paragraph, error);
	return status;
}

static enum pen_status read_seal(struct rest *rest, struct pen_proof_seal *seal, struct pen_error *error)
{
	enum pen_status status = literal(rest, "", error);

	if (status == PEN_OK)
		status = integer(rest, "seal", INT64_MAX, &seal->id, error);
	if (status == PEN_OK)
		status = read_path(rest, "path", &seal->path, error);
	if (status == PEN_OK)
		status = read_block(rest, "paragraph", &seal->head, error);
	return status;
}

static enum pen_status read_entry(struct rest *rest, struct pen_proof_entry *entry, struct pen_error *error)
{
	enum pen_status status = literal(rest, "", error);

	if (status == PEN_OK)
		status = integer(rest, "entry", INT64_MAX, &entry->at, error);
	if (status == PEN_OK)
		status = read_path(rest, "path", &entry->path, error);
	if (status == PEN_OK)
		status = value(rest, "signature", &entry->signature, error);
	if (status == PEN_OK)
		status = read_block(rest, "text", &entry->text, error);
	return status;
}

static enum pen_status read_key(struct rest *rest, struct pen_proof_key *key, struct pen_error *error)
{
	enum pen_status status = literal(rest, "", error);

	if (status == PEN_OK)
		status = value(rest, "key", &key->staff, error);
	if (status == PEN_OK)
		status = read_block(rest, "pem", &key->pem, error);
	return status;
}

/* ---- the whole ---- */

/* What follows may not be more than the head says; memory is taken for so many. */
static enum pen_status read_head(struct rest *rest, struct pen_proof *proof, struct pen_error *error)
{
	const struct rest before = *rest;
	int64_t rows = 0, seals = 0, entries = 0, keys = 0;
	const char *suite;
	enum pen_status status = literal(rest, MAGIC, error);

	if (status == PEN_OK)
		status = value(rest, "suite", &suite, error);
	if (status == PEN_OK && pen_digest__suite(suite, &proof->suite) != 0)
		status = not_so(&before, "sm2-sm3, ed25519-sha256", error);
	if (status == PEN_OK)
		status = integer(rest, "rows", MOST, &rows, error);
	if (status == PEN_OK)
		status = integer(rest, "seals", MOST, &seals, error);
	if (status == PEN_OK)
		status = integer(rest, "entries", MOST, &entries, error);
	if (status == PEN_OK)
		status = integer(rest, "keys", MOST, &keys, error);
	if (status != PEN_OK)
		return status;
	proof->row = pen_memory__take(rest->arena, (size_t)(rows + 1) * sizeof(*proof->row));
	proof->seal = pen_memory__take(rest->arena, (size_t)(seals + 1) * sizeof(*proof->seal));
	proof->entry = pen_memory__take(rest->arena, (size_t)(entries + 1) * sizeof(*proof->entry));
	proof->key = pen_memory__take(rest->arena, (size_t)(keys + 1) * sizeof(*proof->key));
	if (!proof->row || !proof->seal || !proof->entry || !proof->key)
		return pen_error__memory(error);
	proof->rows = (size_t)rows;
	proof->seals = (size_t)seals;
	proof->entries = (size_t)entries;
	proof->keys = (size_t)keys;
	return PEN_OK;
}

/* Written again it must come out as it stood: there is one text for a proof. */
static enum pen_status compare(const struct pen_proof *proof, const char *bytes, size_t n, struct pen_error *error)
{
	struct rest rest = { .line = 1 };
	struct pen_text again = { 0 };
	enum pen_status status = PEN_OK;
	size_t i;

	pen_proof__write(proof, &again);
	for (i = 0; !again.failed && i < n && i < again.n && bytes[i] == again.s[i]; i++)
		rest.line += bytes[i] == '\n';
	if (again.failed)
		status = pen_error__memory(error);
	else if (i < n || i < again.n)
		status = not_so(&rest, _("a line as it was written"), error);
	pen_text__free(&again);
	return status;
}

enum pen_status pen_proof__read(struct pen_proof *proof, struct pen_arena *arena, const char *bytes, size_t n,
    struct pen_error *error)
{
	struct rest rest = { bytes, bytes + n, 1, arena };
	enum pen_status status;
	size_t i;

	*proof = (struct pen_proof){ .rows = 0 };
	status = read_head(&rest, proof, error);
	for (i = 0; i < proof->rows && status == PEN_OK; i++)
		status = read_row(&rest, i + 1, &proof->row[i], error);
	for (i = 0; i < proof->seals && status == PEN_OK; i++)
		status = read_seal(&rest, &proof->seal[i], error);
	for (i = 0; i < proof->entries && status == PEN_OK; i++)
		status = read_entry(&rest, &proof->entry[i], error);
	for (i = 0; i < proof->keys && status == PEN_OK; i++)
		status = read_key(&rest, &proof->key[i], error);
	if (status == PEN_OK)
		status = literal(&rest, "", error);
	if (status == PEN_OK)
		status = read_block(&rest, "checkpoint", &proof->checkpoint, error);
	if (status == PEN_OK)
		status = literal(&rest, "", error);
	if (status == PEN_OK)
		status = literal(&rest, END, error);
	if (status == PEN_OK && rest.s < rest.end)
		status = not_so(&rest, _("the end"), error);
	return status == PEN_OK ? compare(proof, bytes, n, error) : status;
}
