#include "store/manifest.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_LARGEST (16 << 20)	/* that a manifest may claim */
#define HEAD "pen-backup/v1\n"

/* ------------------------------------------------------- what it holds -- */

/* A text of the store on one line, whatever it is. */
static void add_plain(struct pen_text *text, const char *s)
{
	for (; s && *s; s++)
		pen_text__add(text, (unsigned char)*s < 0x20 ? "?" : s, 1);
}

enum pen_status pen_manifest__facts(struct pen_store *store, bool folios, struct pen_text *facts, struct pen_error *error)
{
	enum pen_sql which = folios ? PEN_SQL_MANIFEST_FOLIOS : PEN_SQL_MANIFEST_COUNTS;
	int texts = folios ? 2 : 1, i;
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, which, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		pen_text__puts(facts, folios ? "folios:" : "count:");
		for (i = 0; i < pen_db__columns(statement); i++) {
			pen_text__puts(facts, " ");
			if (i < texts)
				add_plain(facts, pen_db__text(statement, i));
			else
				pen_text__printf(facts, "%" PRId64, pen_db__int(statement, i));
		}
		pen_text__puts(facts, "\n");
	}
	pen_db__reset(statement);
	return status == PEN_OK && facts->failed ? pen_error__memory(error) : status;
}

/* ---------------------------------------------------------- the fields -- */

/* The fields before the lists; room 0: an int64_t. */
#define FIELD_TEXT(key, member) { key, offsetof(struct pen_manifest, member), sizeof(((struct pen_manifest *)NULL)->member) }
#define FIELD_INT(key, member) { key, offsetof(struct pen_manifest, member), 0 }
static const struct field { const char *key; size_t offset, room; } fields[] = {
	FIELD_TEXT("agency", agency), FIELD_TEXT("name", name), FIELD_TEXT("suite", suite),
	FIELD_TEXT("time", time), FIELD_TEXT("signer", signer),
	FIELD_INT("journal-size", journal_size), FIELD_TEXT("journal-root", journal_root),
	FIELD_INT("page-size", page_size), FIELD_INT("bytes", bytes), FIELD_TEXT("digest", digest),
	FIELD_TEXT("engine", engine), FIELD_TEXT("program", program),
	FIELD_TEXT("recipient", recipient),	/* may be missing */
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

void pen_manifest__drop(struct pen_manifest *manifest)
{
	pen_memory__free(manifest->chunks);
	pen_text__free(&manifest->facts);
	pen_text__free(&manifest->text);
	memset(manifest, 0, sizeof(*manifest));
}

enum pen_status pen_manifest__add(struct pen_manifest *manifest, const struct pen_chunk *chunk, struct pen_error *error)
{
	size_t room = manifest->room ? manifest->room * 2 : 256;
	struct pen_chunk *more;

	if (manifest->count == manifest->room) {
		more = pen_memory__realloc(manifest->chunks, room, sizeof(*more));
		if (!more)
			return pen_error__memory(error);
		manifest->chunks = more;
		manifest->room = room;
	}
	manifest->chunks[manifest->count++] = *chunk;
	return PEN_OK;
}

/* The value of a line "key: value", if its key is this one; else NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);

	return strncmp(line, key, n) == 0 && strncmp(line + n, ": ", 2) == 0 ? line + n + 2 : NULL;
}

/* Digits alone, at most 18 of them. */
static bool take_number(const char *s, int64_t *out)
{
	size_t n = strspn(s, "0123456789");

	*out = n <= 18 ? strtoll(s, NULL, 10) : 0;
	return n > 0 && n <= 18 && s[n] == '\0';
}

/* "NAME BYTES", and after it the CRC-32, which older manifests do not have, or the tag. */
static bool take_chunk(const char *value, struct pen_chunk *chunk)
{
	char name[PEN_DIGEST_HEX], number[20];
	unsigned char crc[4];
	int64_t bytes;
	size_t n;

	memset(chunk, 0, sizeof(*chunk));
	if (strcspn(value, " ") != PEN_DIGEST_HEX - 1)
		return false;
	snprintf(name, sizeof(name), "%s", value);
	if (pen_encode__unhex(name, chunk->name, sizeof(chunk->name)) != 0)
		return false;
	value += sizeof(name);
	n = strcspn(value, " ");
	snprintf(number, sizeof(number), "%.*s", (int)n, value);
	if (n >= sizeof(number) || !take_number(number, &bytes) || bytes <= 0 || bytes > CHUNK_LARGEST)
		return false;
	chunk->bytes = (int32_t)bytes;
	if (value[n] == '\0')
		return true;
	chunk->has_tag = pen_encode__unhex(value + n + 1, chunk->tag, sizeof(chunk->tag)) == 0;
	if (chunk->has_tag)
		return true;
	chunk->has_crc = strlen(value + n + 1) == 8 && pen_encode__unhex(value + n + 1, crc, sizeof(crc)) == 0;
	chunk->crc = (uint32_t)crc[0] << 24 | (uint32_t)crc[1] << 16 | (uint32_t)crc[2] << 8 | crc[3];
	return chunk->has_crc;
}

/* False if the value cannot be; a field that is not known is passed over. */
static bool take_field(struct pen_manifest *manifest, const char *line)
{
	const struct field *field = fields;
	const char *value = NULL;
	char *into;
	int n;

	while (field < fields + FIELDS && !(value = value_of(line, field->key)))
		field++;
	if (!value)
		return strstr(line, ": ") != NULL;
	into = (char *)manifest + field->offset;
	if (!field->room)
		return take_number(value, (int64_t *)(void *)into);
	n = snprintf(into, field->room, "%s", value);
	return n > 0 && (size_t)n < field->room;
}

static enum pen_status take_line(struct pen_manifest *manifest, const char *line, bool *good, struct pen_error *error)
{
	const char *value = value_of(line, "chunk");
	struct pen_chunk chunk;

	*good = value ? take_chunk(value, &chunk) : take_field(manifest, line);
	if (value && *good)
		return pen_manifest__add(manifest, &chunk, error);
	if (value_of(line, "count") || value_of(line, "folios"))
		pen_text__printf(&manifest->facts, "%s\n", line);
	return manifest->facts.failed ? pen_error__memory(error) : PEN_OK;
}

bool pen_manifest__is_name(const char *s, size_t n)
{
	static const char shape[] = "ddddddddTddddddZ-dddddd-dd";
	size_t i;

	for (i = 0; i < n && i < sizeof(shape) - 1; i++)
		if (shape[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != shape[i])
			return false;
	return i == n && (n == 23 || n == 26);
}

/* The name that a snapshot of this time and agency begins with. */
static void stamp(const struct pen_manifest *manifest, char out[PEN_SNAPSHOT_ROOM])
{
	const char *t = manifest->time;

	snprintf(out, PEN_SNAPSHOT_ROOM, "%.4s%.2s%.5s%.2s%.3s-%s", t, t + 5, t + 8, t + 14, t + 17, manifest->agency);
}

enum pen_status pen_manifest__bad(const struct pen_manifest *manifest, const char *what, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "backup.manifest",
	    _("snapshot %s does not hold: %s; take another snapshot, and make a new backup"), manifest->snapshot, what);
}

bool pen_manifest__digested_by(const struct pen_manifest *manifest, enum pen_suite *suite)
{
	static const enum pen_suite known[] = { PEN_ED25519_SHA256, PEN_SM2_SM3 };
	const char *name;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		name = pen_digest__name(known[i]);
		if (strncmp(manifest->digest, name, strlen(name)) == 0 && manifest->digest[strlen(name)] == ':') {
			*suite = known[i];
			return true;
		}
	}
	return false;
}

/* What the lines say must agree. */
static enum pen_status look_whole(const struct pen_manifest *manifest, struct pen_error *error)
{
	char begin[PEN_SNAPSHOT_ROOM], what[120];
	const char *odd = NULL;
	enum pen_suite suite;
	int64_t bytes = 0;
	size_t i;

	for (i = 0; i < FIELDS - 1; i++)	/* a text that is missing is "" */
		if (fields[i].room && *((const char *)manifest + fields[i].offset) == '\0')
			odd = fields[i].key;
	for (i = 0; i < manifest->count; i++)
		bytes += manifest->chunks[i].bytes;
	stamp(manifest, begin);
	if (pen_digest__suite(manifest->suite, &suite) != 0)
		odd = "suite";
	else if (!pen_manifest__digested_by(manifest, &suite))
		odd = "digest";
	else if (bytes == 0 || bytes != manifest->bytes)
		odd = "bytes";
	/* A manifest under another's name would pass for another day's. */
	else if (!pen_manifest__is_name(begin, strlen(begin)) || strncmp(manifest->snapshot, begin, strlen(begin)) != 0)
		odd = "time";
	if (!odd)
		return PEN_OK;
	snprintf(what, sizeof(what), _("\"%s\" is missing in its manifest, or disagrees with the rest"), odd);
	return pen_manifest__bad(manifest, what, error);
}

enum pen_status pen_manifest__read(struct pen_manifest *manifest, struct pen_error *error)
{
	char *s = manifest->text.s, *end = s + manifest->text.n, *next, what[80];
	bool good = manifest->text.n > strlen(HEAD) && memcmp(s, HEAD, strlen(HEAD)) == 0;
	enum pen_status status = PEN_OK;
	long line = 1;

	for (s += strlen(HEAD); good && s < end && status == PEN_OK; s = next + 1) {
		line++;
		next = memchr(s, '\n', (size_t)(end - s));
		good = next && !memchr(s, '\0', (size_t)(next - s));
		if (!good)
			break;
		/* A string for as long as it is looked at; what was signed stays. */
		*next = '\0';
		status = take_line(manifest, s, &good, error);
		*next = '\n';
	}
	if (status != PEN_OK)
		return status;
	if (good)
		return look_whole(manifest, error);
	snprintf(what, sizeof(what), _("line %ld of its manifest cannot be read"), line);
	return pen_manifest__bad(manifest, what, error);
}

enum pen_status pen_manifest__compose(struct pen_manifest *manifest, struct pen_error *error)
{
	struct pen_text *text = &manifest->text;
	char name[PEN_DIGEST_HEX];
	size_t i;

	stamp(manifest, manifest->snapshot);
	if (look_whole(manifest, error) != PEN_OK)
		return error->status;
	pen_text__clear(text);
	pen_text__puts(text, HEAD);
	for (i = 0; i < FIELDS - (manifest->recipient[0] == '\0'); i++) {
		pen_text__printf(text, "%s: ", fields[i].key);
		if (fields[i].room)
			add_plain(text, (const char *)manifest + fields[i].offset);
		else
			pen_text__printf(text, "%" PRId64, *(const int64_t *)(const void *)((const char *)manifest + fields[i].offset));
		pen_text__puts(text, "\n");
	}
	pen_text__add(text, manifest->facts.s, manifest->facts.n);
	for (i = 0; i < manifest->count; i++) {
		pen_text__printf(text, "chunk: %s %" PRId32,
		    pen_encode__hex(manifest->chunks[i].name, 32, name), manifest->chunks[i].bytes);
		if (manifest->chunks[i].has_crc)
			pen_text__printf(text, " %08" PRIx32, manifest->chunks[i].crc);
		if (manifest->chunks[i].has_tag)
			pen_text__printf(text, " %s", pen_encode__hex(manifest->chunks[i].tag, 32, name));
		pen_text__puts(text, "\n");
	}
	return text->failed ? pen_error__memory(error) : PEN_OK;
}

/* ---------------------------------------------------------- comparing -- */

static int compare_chunks(const void *a, const void *b)
{
	return memcmp(((const struct pen_chunk *)a)->name, ((const struct pen_chunk *)b)->name, sizeof(((const struct pen_chunk *)a)->name));
}

int64_t pen_manifest__count_new(struct pen_manifest *manifest, const struct pen_manifest *before)
{
	const struct pen_chunk *chunk;
	int64_t n = 0;
	size_t i;

	if (manifest->count)
		qsort(manifest->chunks, manifest->count, sizeof(*manifest->chunks), compare_chunks);
	for (i = 0; i < manifest->count; i++) {
		chunk = &manifest->chunks[i];
		if ((i == 0 || compare_chunks(chunk, chunk - 1) != 0) && (!before->count ||
		    !bsearch(chunk, before->chunks, before->count, sizeof(*chunk), compare_chunks)))
			n++;
	}
	return n;
}
