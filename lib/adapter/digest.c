#include "adapter/digest.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

struct pen_digest {
	EVP_MD_CTX *context;	/* made ready for its algorithm, once */
};

/* What libcrypto looks up by name, looked up once: the search costs more than
 * the digest of a short leaf. Never released. */
struct algorithm {
	const char *suite;	/* our name of the suite */
	const char *name;	/* our name of the digest */
	const char *foreign;	/* libcrypto's */
	EVP_MD *md;
	EVP_MAC_CTX *hmac;	/* a pattern without key, copied for each use */
};

static struct algorithm algorithms[] = {
	[PEN_SM2_SM3] = { "sm2-sm3", "sm3", "SM3", NULL, NULL },
	[PEN_ED25519_SHA256] = { "ed25519-sha256", "sha256", "SHA256", NULL, NULL },
};
static pthread_once_t algorithms_once = PTHREAD_ONCE_INIT, patterns_once = PTHREAD_ONCE_INIT;

bool pen_digest__set_up(void)
{
	return OSSL_LIB_CTX_get0_global_default() != NULL;
}

/* A name that libcrypto does not know leaves NULL, which every use looks at. */
static void find_all(void)
{
	int i;

	if (!pen_digest__set_up())
		return;
	for (i = PEN_SM2_SM3; i <= PEN_ED25519_SHA256; i++)
		algorithms[i].md = EVP_MD_fetch(NULL, algorithms[i].foreign, NULL);
}

static void make_pattern(struct algorithm *algorithm, EVP_MAC *mac)
{
	OSSL_PARAM parameters[2];

	if (!mac)
		return;
	algorithm->hmac = EVP_MAC_CTX_new(mac);
	/* The constructor lacks a const; nothing is written there. */
	parameters[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    (char *)algorithm->foreign, 0);
	parameters[1] = OSSL_PARAM_construct_end();
	if (algorithm->hmac && !EVP_MAC_CTX_set_params(algorithm->hmac, parameters)) {
		EVP_MAC_CTX_free(algorithm->hmac);
		algorithm->hmac = NULL;
	}
}

static void make_patterns(void)
{
	EVP_MAC *mac = pen_digest__set_up() ? EVP_MAC_fetch(NULL, "HMAC", NULL) : NULL;

	make_pattern(&algorithms[PEN_SM2_SM3], mac);
	make_pattern(&algorithms[PEN_ED25519_SHA256], mac);
	EVP_MAC_free(mac);	/* the patterns keep it */
}

/* For the names alone; nothing is looked up in libcrypto. */
static const struct algorithm *look_up(enum pen_suite suite)
{
	assert(suite == PEN_SM2_SM3 || suite == PEN_ED25519_SHA256);
	return &algorithms[suite];
}

/* For use: whichever thread comes first fetches for all. */
static const struct algorithm *ready(enum pen_suite suite)
{
	pthread_once(&algorithms_once, find_all);
	return look_up(suite);
}

const char *pen_digest__suite_name(enum pen_suite suite)
{
	return look_up(suite)->suite;
}

int pen_digest__suite(const char *name, enum pen_suite *suite)
{
	/* The table begins at the first suite: there is none of number 0. */
	for (int i = PEN_SM2_SM3; i <= PEN_ED25519_SHA256; i++)
		if (strcmp(algorithms[i].suite, name) == 0) {
			*suite = (enum pen_suite)i;
			return 0;
		}
	return -1;
}

const char *pen_digest__name(enum pen_suite suite)
{
	return look_up(suite)->name;
}

struct pen_digest *pen_digest__new(enum pen_suite suite)
{
	const struct algorithm *algorithm = ready(suite);
	struct pen_digest *digest = pen_memory__calloc(1, sizeof *digest);

	if (!digest)
		goto err0;
	digest->context = EVP_MD_CTX_new();
	if (!digest->context)
		goto err1;
	/* From here on starting again takes no memory and cannot fail. */
	if (!algorithm->md || !EVP_DigestInit_ex2(digest->context, algorithm->md, NULL))
		goto err2;
	return digest;

err2:
	EVP_MD_CTX_free(digest->context);
err1:
	pen_memory__free(digest);
err0:
	return NULL;
}

/* A digest that did not take its bytes must not be mistaken for one that did,
 * even where assert is compiled away. */
static void must(int done)
{
	assert(done == 1);
	if (done != 1)
		abort();
}

/* No algorithm given: the one that was set stays, with its memory. */
void pen_digest__start(struct pen_digest *digest)
{
	must(EVP_DigestInit_ex2(digest->context, NULL, NULL));
}

void pen_digest__add(struct pen_digest *digest, const void *bytes, size_t n)
{
	must(EVP_DigestUpdate(digest->context, bytes, n));
}

void pen_digest__end(struct pen_digest *digest, unsigned char out[PEN_DIGEST_SIZE])
{
	must(EVP_DigestFinal_ex(digest->context, out, NULL));
}

void pen_digest__free(struct pen_digest *digest)
{
	if (!digest)
		return;
	EVP_MD_CTX_free(digest->context);
	pen_memory__free(digest);
}

bool pen_digest__of(enum pen_suite suite, const void *bytes, size_t n, unsigned char out[PEN_DIGEST_SIZE])
{
	const struct algorithm *algorithm = ready(suite);

	return algorithm->md && EVP_Digest(bytes, n, out, NULL, algorithm->md, NULL) == 1;
}

bool pen_digest__hmac(enum pen_suite suite, const void *key, size_t key_n, const void *bytes,
    size_t n, unsigned char out[PEN_DIGEST_SIZE])
{
	const struct algorithm *algorithm = ready(suite);
	EVP_MAC_CTX *context;
	size_t length = 0;
	bool done;

	/* Not everybody who digests asks for this. */
	pthread_once(&patterns_once, make_patterns);
	if (!algorithm->hmac)
		return false;
	/* A copy of the pattern spares the search for the digest by its name. */
	context = EVP_MAC_CTX_dup(algorithm->hmac);
	/* An empty key is a key; NULL would mean "as before". */
	done = context && EVP_MAC_init(context, key_n ? key : "", key_n, NULL)
	    && EVP_MAC_update(context, bytes, n)
	    && EVP_MAC_final(context, out, &length, PEN_DIGEST_SIZE)
	    && length == PEN_DIGEST_SIZE;
	EVP_MAC_CTX_free(context);
	return done;
}

enum pen_status pen_digest__random(void *out, size_t n, struct pen_error *error)
{
	assert(n <= INT_MAX);
	if (!pen_digest__set_up())
		return pen_error__memory(error);
	/* From the generator whose output is never shown as a nonce. */
	if (RAND_priv_bytes(out, (int)n) != 1)
		return pen_error__set(error, PEN_SYSTEM, "digest.random",
		    _("the system gave no random bytes (%zu asked for); see that /dev/urandom can be read, and run the command again"), n);
	return PEN_OK;
}
