#include "store/repository.h"
#include "adapter/gzip.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_LARGEST (16 << 20)	/* that a manifest may claim */
#define MANIFEST_LARGEST ((size_t)1 << 30)
#define HEAD "pen-backup/v1\n"

/* ------------------------------------------------------------- scratch -- */

/* Removes the files of a directory of ours but the mark, so that what is left
 * when this is cut short is ours still. */
static void empty_out(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, PEN_SCRATCH_MARK) != 0)
			unlinkat(dirfd(dir), entry->d_name, 0);	/* refuses "." and ".." */
	if (dir)
		closedir(dir);
}

/* Makes the directory; one that is there is taken over if it has the mark, or is
 * empty (it goes away at a word then, and only then). */
static enum pen_status make_scratch(const char *path, struct pen_error *error)
{
	char mark[PATH_MAX];

	if (pen_file__join(mark, sizeof(mark), path, PEN_SCRATCH_MARK, error) != PEN_OK)
		return error->status;
	if (mkdir(path, 0700) == 0)
		return PEN_OK;
	if (errno != EEXIST)
		return pen_error__errno(error, _("cannot make the directory %s"), path);
	if (access(mark, F_OK) == 0 || (rmdir(path) == 0 && mkdir(path, 0700) == 0))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "backup.in-the-way",
	    _("%s is in the way, and is not of this tool's making: rename or remove it"), path);
}

enum pen_status pen_repository__scratch(struct pen_scratch *scratch, const char *path, struct pen_error *error)
{
	int fd, mark;

	scratch->fd = -1;
	if (pen_file__join(scratch->path, sizeof(scratch->path), "", path, error) != PEN_OK)
		return error->status;
	if (make_scratch(path, error) != PEN_OK)
		return error->status;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return pen_error__errno(error, _("cannot open the directory %s"), path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		pen_error__set(error, PEN_BUSY, "backup.busy",
		    _("another run is at work in %s: try again when it is done"), path);
		goto err0;
	}
	mark = openat(fd, PEN_SCRATCH_MARK, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (mark < 0) {
		pen_error__errno(error, _("cannot write into %s"), path);
		goto err0;
	}
	close(mark);
	empty_out(path);
	scratch->fd = fd;
	return PEN_OK;

err0:
	close(fd);
	return error->status;
}

void pen_repository__clear(struct pen_scratch *scratch)
{
	if (scratch->fd < 0)
		return;
	empty_out(scratch->path);
	unlinkat(scratch->fd, PEN_SCRATCH_MARK, 0);
	rmdir(scratch->path);
	close(scratch->fd);
	scratch->fd = -1;
}

/* ------------------------------------------------------ the repository -- */

enum pen_status pen_repository__path(const struct pen_repository *repository, const char *folder,
    const char *name, const char *ending, char out[PATH_MAX], struct pen_error *error)
{
	int n = snprintf(out, PATH_MAX, "%s/%s%s%s%s", repository->dir, folder, *folder ? "/" : "", name, ending);

	if (n < 0 || n >= PATH_MAX)
		return pen_error__set(error, PEN_SYSTEM, "system.path",
		    _("found a path of %d bytes, expected fewer than %d: use a shorter one"), n, PATH_MAX);
	return PEN_OK;
}

enum pen_status pen_repository__go_on(const struct pen_repository *repository, const char *step,
    int64_t done, int64_t total, struct pen_error *error)
{
	const struct pen_session_options *options = &repository->options;

	if (options->stopped && options->stopped(options->context))
		return pen_error__set(error, PEN_INCOMPLETE, "backup.stopped",
		    _("stopped while %s; nothing is left half done: run it again"), step);
	if (options->progress)
		options->progress(options->context, step, done, total);
	return PEN_OK;
}

enum pen_status pen_repository__open(struct pen_repository *repository, const char *dir,
    const struct pen_session_options *options, struct pen_error *error)
{
	char path[PATH_MAX];

	memset(repository, 0, sizeof(*repository));
	if (options)
		repository->options = *options;
	if (pen_file__join(repository->dir, sizeof(repository->dir), "", dir, error) != PEN_OK ||
	    pen_repository__path(repository, "", "snapshots", "", path, error) != PEN_OK)
		return error->status;
	if (access(path, F_OK) == 0)
		return PEN_OK;
	return pen_error__set(error, PEN_INPUT, "backup.missing",
	    _("there is no backup repository in %s (no directory \"snapshots\"): name another, or make one with pen-backup create"), dir);
}

enum pen_status pen_repository__sync(const char *directory, struct pen_error *error)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems know no sync of a directory, and say EINVAL. */
	bool failed = fd < 0 || (fsync(fd) != 0 && errno != EINVAL);

	if (failed)
		pen_error__errno(error, _("cannot sync %s"), directory);
	if (fd >= 0)
		close(fd);
	return failed ? error->status : PEN_OK;
}

enum pen_status pen_repository__new_file(const char *path, FILE **file, struct pen_error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	*file = fd < 0 ? NULL : fdopen(fd, "w");
	if (*file)
		return PEN_OK;
	pen_error__errno(error, _("cannot create %s"), path);
	if (fd >= 0)
		close(fd);
	return error->status;
}

enum pen_status pen_repository__close_file(FILE *file, const char *path, enum pen_status status, struct pen_error *error)
{
	bool failed = fflush(file) != 0 || fsync(fileno(file)) != 0;

	if (failed && status == PEN_OK)
		status = pen_error__errno(error, _("cannot write %s"), path);
	if (fclose(file) != 0 && status == PEN_OK)
		status = pen_error__errno(error, _("cannot write %s"), path);
	return status;
}

/* ------------------------------------------------------- what it holds -- */

/* A text of the store on one line, whatever it is. */
static void add_plain(struct pen_text *text, const char *s)
{
	for (; s && *s; s++)
		pen_text__add(text, (unsigned char)*s < 0x20 ? "?" : s, 1);
}

enum pen_status pen_repository__facts(struct pen_store *store, bool folios, struct pen_text *facts, struct pen_error *error)
{
	enum pen_sql which = folios ? PEN_SQL_REPOSITORY_FOLIOS : PEN_SQL_REPOSITORY_COUNTS;
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

/* -------------------------------------------------------- the manifest -- */

/* The fields before the lists; room 0: an int64_t. */
#define FIELD_TEXT(key, member) { key, offsetof(struct pen_manifest, member), sizeof(((struct pen_manifest *)NULL)->member) }
#define FIELD_INT(key, member) { key, offsetof(struct pen_manifest, member), 0 }
static const struct field { const char *key; size_t offset, room; } fields[] = {
	FIELD_TEXT("agency", agency), FIELD_TEXT("name", name), FIELD_TEXT("suite", suite),
	FIELD_TEXT("time", time), FIELD_TEXT("signer", signer),
	FIELD_INT("journal-size", journal_size), FIELD_TEXT("journal-root", journal_root),
	FIELD_INT("page-size", page_size), FIELD_INT("bytes", bytes), FIELD_TEXT("digest", digest),
	FIELD_TEXT("engine", engine), FIELD_TEXT("program", program),
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

void pen_repository__drop(struct pen_manifest *manifest)
{
	pen_memory__free(manifest->chunks);
	pen_text__free(&manifest->facts);
	pen_text__free(&manifest->text);
	memset(manifest, 0, sizeof(*manifest));
}

enum pen_status pen_repository__add(struct pen_manifest *manifest, const struct pen_chunk *chunk, struct pen_error *error)
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

static bool take_chunk(const char *value, struct pen_chunk *chunk)
{
	char name[PEN_DIGEST_HEX];
	int64_t bytes;

	if (strcspn(value, " ") != PEN_DIGEST_HEX - 1)
		return false;
	snprintf(name, sizeof(name), "%s", value);
	if (pen_encode__unhex(name, chunk->name, sizeof(chunk->name)) != 0 || !take_number(value + sizeof(name), &bytes))
		return false;
	chunk->bytes = (int32_t)bytes;
	return bytes > 0 && bytes <= CHUNK_LARGEST;
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
		return pen_repository__add(manifest, &chunk, error);
	if (value_of(line, "count") || value_of(line, "folios"))
		pen_text__printf(&manifest->facts, "%s\n", line);
	return manifest->facts.failed ? pen_error__memory(error) : PEN_OK;
}

/* "20261123T081530Z-330100", or with "-02" for the second of one moment. */
static bool is_name(const char *s, size_t n)
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

enum pen_status pen_repository__bad(const struct pen_manifest *manifest, const char *what, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "backup.manifest",
	    _("snapshot %s does not hold: %s; take another snapshot, and make a new backup"), manifest->snapshot, what);
}

/* What the lines say must agree. */
static enum pen_status look_whole(const struct pen_manifest *manifest, struct pen_error *error)
{
	char begin[PEN_SNAPSHOT_ROOM], what[120];
	const char *odd = NULL, *name;
	enum pen_suite suite;
	int64_t bytes = 0;
	size_t i;

	for (i = 0; i < FIELDS; i++)	/* a text that is missing is "" */
		if (fields[i].room && *((const char *)manifest + fields[i].offset) == '\0')
			odd = fields[i].key;
	for (i = 0; i < manifest->count; i++)
		bytes += manifest->chunks[i].bytes;
	stamp(manifest, begin);
	name = pen_digest__suite(manifest->suite, &suite) == 0 ? pen_digest__name(suite) : "";
	if (!*name || strncmp(manifest->digest, name, strlen(name)) != 0 || manifest->digest[strlen(name)] != ':')
		odd = "digest";
	else if (bytes == 0 || bytes != manifest->bytes)
		odd = "bytes";
	/* A manifest under another's name would pass for another day's. */
	else if (!is_name(begin, strlen(begin)) || strncmp(manifest->snapshot, begin, strlen(begin)) != 0)
		odd = "time";
	if (!odd)
		return PEN_OK;
	snprintf(what, sizeof(what), _("\"%s\" is missing in its manifest, or disagrees with the rest"), odd);
	return pen_repository__bad(manifest, what, error);
}

static enum pen_status read_text(struct pen_manifest *manifest, struct pen_error *error)
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
	return pen_repository__bad(manifest, what, error);
}

enum pen_status pen_repository__compose(struct pen_manifest *manifest, struct pen_error *error)
{
	struct pen_text *text = &manifest->text;
	char name[PEN_DIGEST_HEX];
	size_t i;

	stamp(manifest, manifest->snapshot);
	if (look_whole(manifest, error) != PEN_OK)
		return error->status;
	pen_text__clear(text);
	pen_text__puts(text, HEAD);
	for (i = 0; i < FIELDS; i++) {
		pen_text__printf(text, "%s: ", fields[i].key);
		if (fields[i].room)
			add_plain(text, (const char *)manifest + fields[i].offset);
		else
			pen_text__printf(text, "%" PRId64, *(const int64_t *)(const void *)((const char *)manifest + fields[i].offset));
		pen_text__puts(text, "\n");
	}
	pen_text__add(text, manifest->facts.s, manifest->facts.n);
	for (i = 0; i < manifest->count; i++)
		pen_text__printf(text, "chunk: %s %" PRId32 "\n",
		    pen_encode__hex(manifest->chunks[i].name, 32, name), manifest->chunks[i].bytes);
	return text->failed ? pen_error__memory(error) : PEN_OK;
}

/* ----------------------------------------------------------- snapshots -- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

enum pen_status pen_repository__list(const struct pen_repository *repository,
    char (**names)[PEN_SNAPSHOT_ROOM], size_t *count, struct pen_error *error)
{
	char path[PATH_MAX], (*more)[PEN_SNAPSHOT_ROOM];
	struct dirent *entry;
	size_t n;
	DIR *dir;

	*names = NULL;
	*count = 0;
	if (pen_repository__path(repository, "", "snapshots", "", path, error) != PEN_OK)
		return error->status;
	dir = opendir(path);
	if (!dir)
		return pen_error__errno(error, _("cannot look into %s"), path);
	while ((entry = readdir(dir))) {
		n = strcspn(entry->d_name, ".");
		if (strcmp(entry->d_name + n, ".manifest") != 0 || !is_name(entry->d_name, n))
			continue;
		more = pen_memory__realloc(*names, *count + 1, sizeof(*more));
		if (!more)
			break;
		*names = more;
		snprintf(more[(*count)++], sizeof(*more), "%.*s", (int)n, entry->d_name);
	}
	closedir(dir);
	if (entry) {
		pen_memory__free(*names);
		return pen_error__memory(error);
	}
	if (*count)
		qsort(*names, *count, sizeof(**names), compare_names);
	return PEN_OK;
}

/* The name of the newest, or the name given if there is such a snapshot. */
static enum pen_status choose(const struct pen_repository *repository, const char *snapshot, char out[PEN_SNAPSHOT_ROOM],
    struct pen_error *error)
{
	bool newest = !snapshot || strcmp(snapshot, "latest") == 0;
	char (*names)[PEN_SNAPSHOT_ROOM];
	size_t count, i;

	if (pen_repository__list(repository, &names, &count, error) != PEN_OK)
		return error->status;
	for (i = count; i > 0; i--)
		if (newest || strcmp(names[i - 1], snapshot) == 0)
			break;
	if (i > 0)
		snprintf(out, PEN_SNAPSHOT_ROOM, "%s", names[i - 1]);
	pen_memory__free(names);
	if (i > 0)
		return PEN_OK;
	if (newest)
		return pen_error__set(error, PEN_INPUT, "backup.none",
		    _("there is no snapshot in %s: make one with pen-backup create"), repository->dir);
	return pen_error__set(error, PEN_USAGE, "backup.unknown",
	    _("there is no snapshot %s in %s: pen-backup list shows those that there are"), snapshot, repository->dir);
}

enum pen_status pen_repository__load(const struct pen_repository *repository, const char *snapshot,
    struct pen_manifest *manifest, struct pen_error *error)
{
	char path[PATH_MAX];

	if (choose(repository, snapshot, manifest->snapshot, error) != PEN_OK ||
	    pen_repository__path(repository, "snapshots", manifest->snapshot, ".manifest", path, error) != PEN_OK ||
	    pen_file__load(path, MANIFEST_LARGEST, &manifest->text.s, &manifest->text.n, error) != PEN_OK)
		return error->status;
	manifest->text.room = manifest->text.n + 1;
	return read_text(manifest, error);
}

/* -------------------------------------------------------------- chunks -- */

enum pen_status pen_repository__chunk(const struct pen_repository *repository, const struct pen_chunk *chunk,
    char out[PATH_MAX], struct pen_error *error)
{
	char name[PEN_DIGEST_HEX], folder[16];

	pen_encode__hex(chunk->name, sizeof(chunk->name), name);
	snprintf(folder, sizeof(folder), "chunks/%.2s", name);
	return pen_repository__path(repository, folder, name, ".gz", out, error);
}

enum pen_status pen_repository__bad_chunk(const struct pen_manifest *manifest, const struct pen_chunk *chunk,
    const char *what, struct pen_error *error)
{
	char name[PEN_DIGEST_HEX];

	return pen_error__set(error, PEN_INTEGRITY, "backup.chunk",
	    _("snapshot %s: chunk %s %s; take a snapshot without it, or, while the store lives, remove that chunk's file and make a new backup"),
	    manifest->snapshot, pen_encode__hex(chunk->name, sizeof(chunk->name), name), what);
}

/* The bytes of a chunk as they were; free with pen_memory__free. */
static enum pen_status read_chunk(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const struct pen_chunk *chunk, bool strict, char **bytes, struct pen_error *error)
{
	static const unsigned char head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3 };
	size_t largest = 2 * (size_t)chunk->bytes + 1024, n, packed_n;
	unsigned char name[PEN_DIGEST_SIZE];
	char path[PATH_MAX], *packed;
	enum pen_status status;

	if (pen_repository__chunk(repository, chunk, path, error) != PEN_OK)
		return error->status;
	if (pen_file__load(path, largest, &packed, &packed_n, error) != PEN_OK)
		return error->status != PEN_INPUT || strcmp(error->code, "file.unreadable") == 0 ? error->status
		    : pen_repository__bad_chunk(manifest, chunk, _("is missing, or is not the file that it was"), error);
	status = pen_gzip__unpack(packed, packed_n, (size_t)chunk->bytes, bytes, &n, error);
	if (status == PEN_INTEGRITY)
		pen_repository__bad_chunk(manifest, chunk, _("is damaged"), error);
	else if (status == PEN_OK && (n != (size_t)chunk->bytes || (strict && memcmp(packed, head, sizeof(head)) != 0) ||
	    !pen_digest__of(PEN_ED25519_SHA256, *bytes, n, name) || memcmp(name, chunk->name, sizeof(name)) != 0)) {
		pen_memory__free(*bytes);
		status = pen_repository__bad_chunk(manifest, chunk, _("is not what its name says"), error);
	}
	pen_memory__free(packed);
	return status;
}

/* All the chunks, one after the other, to the file and to the digest. */
static enum pen_status join(const struct pen_repository *repository, const struct pen_manifest *manifest,
    FILE *file, struct pen_digest *digest, bool strict, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int64_t done = 0;
	char *bytes;
	size_t i, n;

	for (i = 0; i < manifest->count && status == PEN_OK; i++) {
		status = read_chunk(repository, manifest, &manifest->chunks[i], strict, &bytes, error);
		if (status != PEN_OK)
			break;
		n = (size_t)manifest->chunks[i].bytes;
		pen_digest__add(digest, bytes, n);
		if (fwrite(bytes, 1, n, file) != n)
			status = pen_error__errno(error, _("cannot write the restored file"));
		pen_memory__free(bytes);
		done += (int64_t)n;
		if (status == PEN_OK && i % 16 == 0)
			status = pen_repository__go_on(repository, _("joining the chunks"), done, manifest->bytes, error);
	}
	return status;
}

enum pen_status pen_repository__unpack(const struct pen_repository *repository, const struct pen_manifest *manifest,
    const char *path, bool strict, struct pen_error *error)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char hex[PEN_DIGEST_HEX];
	enum pen_suite suite;
	struct pen_digest *digest;
	enum pen_status status;
	FILE *file;

	digest = pen_digest__suite(manifest->suite, &suite) == 0 ? pen_digest__new(suite) : NULL;
	if (!digest)
		return pen_error__memory(error);
	status = pen_repository__new_file(path, &file, error);
	if (status == PEN_OK) {
		pen_digest__start(digest);
		status = join(repository, manifest, file, digest, strict, error);
		status = pen_repository__close_file(file, path, status, error);
		pen_digest__end(digest, hash);
	}
	if (status == PEN_OK && strcmp(strchr(manifest->digest, ':') + 1, pen_encode__hex(hash, sizeof(hash), hex)) != 0)
		status = pen_repository__bad(manifest, _("the chunks that it names do not make up its digest"), error);
	pen_digest__free(digest);
	return status;
}
