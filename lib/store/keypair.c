/*
 * A claim is STEM.pem.new:
 *   store: /var/lib/pen
 *   private: SHA-256 of the private file, hex
 *   public: that of the public one
 * Whoever holds its lock is at work. A file that is none of the two is never touched.
 */
#include "store/keypair.h"

#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/leftover.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LARGEST ((size_t)64 << 10)	/* of a PEM file */
#define CLAIM_LARGEST (PATH_MAX + 256)

/* ---- files ---- */

static enum pen_status key_exists(const char *path, struct pen_error *error)
{
	return pen_error__set(error, PEN_USAGE, "key.exists",
	    _("there is a key in %s already, and keys are not overwritten: give its public half with --public-key, or move it away"),
	    path);
}

enum pen_status pen_keypair__check_file(const char *path, struct pen_error *error)
{
	bool found;

	if (pen_file__there(path, F_OK, &found, error) != PEN_OK)
		return error->status;
	return found ? key_exists(path, error) : PEN_OK;
}

/* A write may do a part only, and goes on then. */
static bool write_all(int fd, const char *s, size_t n)
{
	ssize_t done = 0;

	for (; n > 0; s += done, n -= (size_t)done) {
		done = write(fd, s, n);
		if (done < 0)
			return false;
	}
	return true;
}

/* Gives a file its name, where nothing is: 0, or -1 and errno. */
static int name_new(const char *draft, const char *path)
{
	struct stat st;

	if (renameat2(AT_FDCWD, draft, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (lstat(path, &st) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(draft, path);
}

/* Writes a file that must not be there yet, whole or not at all. */
static enum pen_status write_new(const char *path, const char *text, mode_t mode, struct pen_error *error)
{
	char draft[PATH_MAX];
	int fd;

	if ((size_t)snprintf(draft, sizeof(draft), "%s.%ld.tmp", path, (long)getpid()) >= sizeof(draft))
		return pen_error__set(error, PEN_USAGE, "system.path", _("the name of the key's file is too long: use a shorter one"));
	pen_leftover__sweep(path);
	fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return pen_error__errno(error, _("cannot write the key to %s"), path);
	/* The name as well: a key that is entered and cannot be found again signs nothing. */
	if (!pen_leftover__claim(fd) || !write_all(fd, text, strlen(text)) || fsync(fd) != 0)
		goto err0;
	if (name_new(draft, path) != 0)
		goto err0;
	if (pen_file__sync_directory(path) != 0)
		goto err1;
	close(fd);
	return PEN_OK;

err1:
	unlink(path);
err0:
	if (errno == EEXIST)
		key_exists(path, error);
	else
		pen_error__errno(error, _("cannot write the key to %s"), path);
	unlink(draft);
	close(fd);
	return error->status;
}

/* ---- texts ---- */

struct texts { char *private, *public; };

/* The private half as PEM, under the passphrase that `ask` gives. */
static enum pen_status private_pem(const struct pen_key *key, pen_passphrase *ask, void *context,
    char **pem, struct pen_error *error)
{
	char passphrase[1024];
	enum pen_status status;

	if (!ask)
		return pen_signature__write_private(key, NULL, pem, error);
	if (ask(context, passphrase, sizeof(passphrase)) <= 0)
		return pen_error__set(error, PEN_USAGE, "key.passphrase",
		    _("no passphrase was given for the new key, or not twice the same: run the command again"));
	status = pen_signature__write_private(key, passphrase, pem, error);
	explicit_bzero(passphrase, sizeof(passphrase));
	return status;
}

static void free_texts(struct texts *texts)
{
	if (texts->private)
		explicit_bzero(texts->private, strlen(texts->private));
	pen_memory__free(texts->private);
	pen_memory__free(texts->public);
}

static enum pen_status make_texts(struct texts *texts, const struct pen_key *key, pen_passphrase *ask, void *context,
    struct pen_error *error)
{
	*texts = (struct texts){ .public = NULL };
	if (private_pem(key, ask, context, &texts->private, error) == PEN_OK &&
	    pen_signature__write_public(key, &texts->public, error) == PEN_OK)
		return PEN_OK;
	free_texts(texts);
	return error->status;
}

static enum pen_status write_texts(const struct texts *texts, const char *private_path, const char *public_path,
    struct pen_error *error)
{
	if (write_new(private_path, texts->private, 0600, error) != PEN_OK)
		return error->status;
	if (write_new(public_path, texts->public, 0644, error) == PEN_OK)
		return PEN_OK;
	unlink(private_path);
	return error->status;
}

enum pen_status pen_keypair__write_files(const struct pen_key *key, pen_passphrase *ask, void *context,
    const char *private_path, const char *public_path, struct pen_error *error)
{
	struct texts texts;
	enum pen_status status;

	if (make_texts(&texts, key, ask, context, error) != PEN_OK)
		return error->status;
	status = write_texts(&texts, private_path, public_path, error);
	free_texts(&texts);
	return status;
}

/* ---- the claim ---- */

/* A store's directory from the root of the file system, also of one that is still to be
 * made; false if it cannot be told. */
static bool whole_path(const char *store, char out[PATH_MAX])
{
	char parent[PATH_MAX], resolved[PATH_MAX], *slash;
	const char *name = parent;
	size_t n = (size_t)snprintf(parent, sizeof(parent), "%s", store);

	if (realpath(store, out))
		return true;
	if (n >= sizeof(parent))
		return false;
	while (n > 1 && parent[n - 1] == '/')
		parent[--n] = '\0';
	slash = strrchr(parent, '/');
	if (slash) {
		name = slash + 1;
		*slash = '\0';
	}
	if (!realpath(!slash ? "." : slash == parent ? "/" : parent, resolved))
		return false;
	return (size_t)snprintf(out, PATH_MAX, "%s/%s", strcmp(resolved, "/") == 0 ? "" : resolved, name) < PATH_MAX;
}

static bool claim_path(const struct pen_keypair *pair, char out[PATH_MAX])
{
	return (size_t)snprintf(out, PATH_MAX, "%s.new", pair->private_path) < PATH_MAX;
}

static bool digest_of(const char *text, size_t n, char hex[PEN_DIGEST_HEX])
{
	unsigned char digest[PEN_DIGEST_SIZE];

	if (!pen_digest__of(PEN_ED25519_SHA256, text, n, digest))
		return false;
	pen_encode__hex(digest, sizeof(digest), hex);
	return true;
}

/* What a claim says, by the digests of the files; false: not to be told. */
static bool claim_text(const char *store, const char *private, const char *public, char out[CLAIM_LARGEST])
{
	char path[PATH_MAX];

	return whole_path(store, path) &&
	    snprintf(out, CLAIM_LARGEST, "store: %s\nprivate: %s\npublic: %s\n", path, private, public) < CLAIM_LARGEST;
}

/* Whether there is no file, or the one that a claim names on this line. */
static bool is_claimed(const char *path, const char *line, const char *claim)
{
	char hex[PEN_DIGEST_HEX], expected[PEN_DIGEST_HEX + 16], *text;
	struct pen_error ignored;
	struct stat st;
	bool same;
	size_t n;

	if (lstat(path, &st) != 0)
		return errno == ENOENT;
	if (!S_ISREG(st.st_mode) || pen_file__load(path, KEY_LARGEST, &text, &n, &ignored) != PEN_OK)
		return false;
	same = digest_of(text, n, hex);
	explicit_bzero(text, n);
	pen_memory__free(text);
	snprintf(expected, sizeof(expected), "\n%s: %s\n", line, hex);
	return same && strstr(claim, expected) != NULL;
}

/* Whether a claim is of this store, and all that lies there is what it names: nobody's. */
static bool is_left(const struct pen_keypair *pair, const char *store, const char *claim)
{
	char path[PATH_MAX], begin[PATH_MAX + 16];
	size_t n;

	if (!whole_path(store, path))
		return false;
	n = (size_t)snprintf(begin, sizeof(begin), "store: %s\n", path);
	/* The line's end is the next one's beginning. */
	return strncmp(claim, begin, n) == 0 && is_claimed(pair->private_path, "private", claim + n - 1) &&
	    is_claimed(pair->public_path, "public", claim + n - 1);
}

/* Reads a claim; false: it is none. */
static bool read_claim(int fd, char out[CLAIM_LARGEST])
{
	ssize_t n = pread(fd, out, CLAIM_LARGEST - 1, 0);

	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* The claim on a pair, if a killed run has left it; -1: none. */
static int open_left(const struct pen_keypair *pair, const char *store, char claim[CLAIM_LARGEST])
{
	char path[PATH_MAX];
	int fd = claim_path(pair, path) ? open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && read_claim(fd, claim) && is_left(pair, store, claim))
		return fd;
	close(fd);
	return -1;
}

enum pen_status pen_keypair__check(const struct pen_keypair *pair, const char *store, struct pen_error *error)
{
	char claim[CLAIM_LARGEST];
	int left = open_left(pair, store, claim);

	if (left >= 0) {
		close(left);
		return PEN_OK;
	}
	if (pen_keypair__check_file(pair->private_path, error) != PEN_OK)
		return error->status;
	return pen_keypair__check_file(pair->public_path, error);
}

/* Opens and locks the claim, and takes away what a killed run has left under it. */
static enum pen_status take_claim(struct pen_keypair *pair, const char *store, struct pen_error *error)
{
	char path[PATH_MAX], claim[CLAIM_LARGEST];
	struct stat st;
	int fd;

	if (!claim_path(pair, path))
		return pen_error__set(error, PEN_USAGE, "system.path", _("the name of the key's file is too long: use a shorter one"));
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return pen_error__errno(error, _("cannot write the key to %s"), path);
	/* Who waited for it to be settled comes too late as well: it has no name any more. */
	if ((flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) || fstat(fd, &st) != 0 || st.st_nlink == 0) {
		close(fd);
		return pen_error__set(error, PEN_BUSY, "key.busy",
		    _("another run is making the key %s: try again when it is done"), pair->private_path);
	}
	pair->claim = fd;
	if (read_claim(fd, claim) && is_left(pair, store, claim)) {
		unlink(pair->private_path);
		unlink(pair->public_path);
	}
	return PEN_OK;
}

/* Says in the claim what is about to be written. */
static enum pen_status enter_claim(struct pen_keypair *pair, const char *store, const struct texts *texts,
    struct pen_error *error)
{
	char private[PEN_DIGEST_HEX], public[PEN_DIGEST_HEX], claim[CLAIM_LARGEST];

	if (!digest_of(texts->private, strlen(texts->private), private) ||
	    !digest_of(texts->public, strlen(texts->public), public))
		return pen_error__memory(error);
	/* Where the store's place cannot be told nothing is claimed. */
	if (!claim_text(store, private, public, claim))
		claim[0] = '\0';
	if (ftruncate(pair->claim, 0) != 0 || lseek(pair->claim, 0, SEEK_SET) != 0 ||
	    !write_all(pair->claim, claim, strlen(claim)) || fsync(pair->claim) != 0 ||
	    pen_file__sync_directory(pair->private_path) != 0)
		return pen_error__errno(error, _("cannot write the key to %s"), pair->private_path);
	return PEN_OK;
}

/* ---- a pair ---- */

enum pen_status pen_keypair__place(struct pen_keypair *pair, const char *dir, const char *stem, struct pen_error *error)
{
	char file[80];

	*pair = (struct pen_keypair){ .claim = -1 };
	snprintf(file, sizeof(file), "%s.pem", stem);
	if (pen_file__join(pair->private_path, sizeof(pair->private_path), dir, file, error) != PEN_OK)
		return error->status;
	snprintf(file, sizeof(file), "%s.pub", stem);
	return pen_file__join(pair->public_path, sizeof(pair->public_path), dir, file, error);
}

enum pen_status pen_keypair__generate(struct pen_keypair *pair, enum pen_suite suite, struct pen_error *error)
{
	if (pen_signature__generate(&pair->key, suite, error) != PEN_OK)
		return error->status;
	return pen_signature__write_public(pair->key, &pair->pem, error);
}

enum pen_status pen_keypair__write(struct pen_keypair *pair, const char *store, pen_passphrase *ask, void *context,
    struct pen_error *error)
{
	struct texts texts;
	enum pen_status status;

	if (make_texts(&texts, pair->key, ask, context, error) != PEN_OK)
		return error->status;
	status = take_claim(pair, store, error);
	if (status == PEN_OK)
		status = enter_claim(pair, store, &texts, error);
	if (status == PEN_OK)
		status = write_texts(&texts, pair->private_path, pair->public_path, error);
	pair->written = status == PEN_OK;
	free_texts(&texts);
	return status;
}

void pen_keypair__settle(struct pen_keypair *pair)
{
	char path[PATH_MAX];

	if (pair->claim >= 0 && claim_path(pair, path)) {
		unlink(path);
		close(pair->claim);
	}
	pair->claim = -1;
	pair->written = false;
}

void pen_keypair__settle_left(const struct pen_keypair *pair, const char *store)
{
	char path[PATH_MAX], claim[CLAIM_LARGEST];
	int left = open_left(pair, store, claim);

	if (left < 0)
		return;
	if (claim_path(pair, path))
		unlink(path);
	close(left);
}

void pen_keypair__free(struct pen_keypair *pair)
{
	if (pair->written) {
		unlink(pair->private_path);
		unlink(pair->public_path);
	}
	pen_keypair__settle(pair);
	pen_signature__free(pair->key);
	pen_memory__free(pair->pem);
	pair->key = NULL;
	pair->pem = NULL;
}
