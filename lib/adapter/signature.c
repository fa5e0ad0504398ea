#include "adapter/signature.h"
#include "base/error.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* The signer's id that GB/T 32918 gives where none is agreed on. It goes into
 * what is signed, so everybody has to use the same. */
#define SM2_ID "1234567812345678"

struct pen_key {
	EVP_PKEY *pkey;		/* of the suite's kind */
	enum pen_suite suite;
	bool private;		/* the private half is there */
};

/* libcrypto's name of the suite's keys. */
static const char *kind(enum pen_suite suite)
{
	return suite == PEN_SM2_SM3 ? "SM2" : "ED25519";
}

/* What libcrypto complained of, at any step of what failed. Empties the queue. */
struct complaints { bool memory, algorithm; };

static struct complaints complaints(void)
{
	struct complaints of = { false, false };
	unsigned long reason;

	while ((reason = ERR_get_error()) != 0) {
		of.memory |= ERR_GET_REASON(reason) == ERR_R_MALLOC_FAILURE;
		of.algorithm |= ERR_GET_LIB(reason) == ERR_LIB_EVP && ERR_GET_REASON(reason) == ERR_R_UNSUPPORTED;
	}
	return of;
}

/* libcrypto's last reason goes into the text. Its queue is emptied here and
 * wherever a failure is an answer: nothing of ours is left for others to find. */
static enum pen_status fail(struct pen_error *error, enum pen_status status, const char *code, const char *what)
{
	unsigned long reason = ERR_peek_last_error();
	const char *text = reason ? ERR_reason_error_string(reason) : NULL;

	if (complaints().memory)
		return pen_error__memory(error);
	return pen_error__set(error, status, code, "%s%s%s%s", what, text ? " (" : "", text ? text : "", text ? ")" : "");
}

static enum pen_status fail_system(struct pen_error *error)
{
	return fail(error, PEN_SYSTEM, "key.crypto", _("libcrypto failed at its work with a key; see that the library is whole"));
}

/* Whether an answer is none because libcrypto could not do its work; then the error says so.
 * Where memory runs out, some of its decoders take a key for one of a kind that they do not
 * know, and an algorithm that was being looked up then is not found any more. */
static bool is_itself_at_fault(struct pen_error *error)
{
	void *probe = OPENSSL_malloc(4096);
	struct complaints of = complaints();

	OPENSSL_free(probe);
	if (!probe || of.memory)
		pen_error__memory(error);
	else if (of.algorithm)
		fail_system(error);
	return !probe || of.memory || of.algorithm;
}

/* ---------------------------------------------------------------- keys -- */

/* Takes over pkey, also when it fails. */
static enum pen_status wrap(struct pen_key **key, EVP_PKEY *pkey, enum pen_suite suite, bool private,
    struct pen_error *error)
{
	struct pen_key *made = pen_memory__calloc(1, sizeof *made);

	if (!made) {
		EVP_PKEY_free(pkey);
		return pen_error__memory(error);
	}
	*made = (struct pen_key){ pkey, suite, private };
	*key = made;
	return PEN_OK;
}

void pen_signature__free(struct pen_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	pen_memory__free(key);
}

enum pen_status pen_signature__generate(struct pen_key **key, enum pen_suite suite, struct pen_error *error)
{
	EVP_PKEY *pkey = pen_digest__set_up() ? EVP_PKEY_Q_keygen(NULL, NULL, kind(suite)) : NULL;

	if (!pkey)
		return fail_system(error);
	return wrap(key, pkey, suite, true, error);
}

/* A key as it was read: of the right kind, and one that the curve has. */
static enum pen_status check_kind(EVP_PKEY *pkey, enum pen_suite suite, struct pen_error *error)
{
	EVP_PKEY_CTX *context;
	const char *found = EVP_PKEY_get0_type_name(pkey);
	bool sound;

	/* A curve of the same family is another kind: P-256 is no SM2. (Without memory
	 * libcrypto says no of the same kind, too.) */
	if (!EVP_PKEY_is_a(pkey, kind(suite)) && (!found || strcmp(found, kind(suite)) != 0))
		return pen_error__set(error, PEN_INPUT, "key.suite",
		    _("the key is of type %s; expected %s, for the suite %s of this store; give another key"),
		    found ? found : "?", kind(suite), pen_digest__suite_name(suite));
	context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	if (!context)
		return fail_system(error);
	/* On the curve and finite: more than that need not be looked at, for the order of either
	 * curve is prime, or the key a string of bytes (SEC 1, 3.2.2: of a cofactor of 1). */
	sound = EVP_PKEY_public_check_quick(context) == 1;
	EVP_PKEY_CTX_free(context);
	if (!sound)
		return fail(error, PEN_INPUT, "key.unsound", _("the public key is no point of its curve; fetch it again from its owner"));
	return PEN_OK;
}

/* The same key can be written with its point compressed or not, and with its
 * curve by name or in full: we write it as libcrypto does a new one, so that one
 * key is one text. Ed25519 has but one form. */
static enum pen_status admit(EVP_PKEY *pkey, enum pen_suite suite, struct pen_error *error)
{
	if (check_kind(pkey, suite, error) != PEN_OK)
		return error->status;
	if (suite == PEN_SM2_SM3 &&
	    (EVP_PKEY_set_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") != 1 ||
	     EVP_PKEY_set_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_ENCODING, "named_curve") != 1))
		return fail_system(error);
	return PEN_OK;
}

/* Between libcrypto's way of asking for a passphrase and ours. */
struct question {
	pen_passphrase *ask;
	void *context;
	bool asked, given;
};

/* Always given, even where nobody can be asked: without it libcrypto would turn
 * to the terminal by itself. */
static int put_question(char *buf, int room, int writing, void *context)
{
	struct question *question = context;
	int n = -1;

	(void)writing;
	question->asked = true;
	if (question->ask)
		n = question->ask(question->context, buf, room);
	question->given = n >= 0;
	return n;
}

/* A key that cannot be read is not always to blame. */
static enum pen_status unreadable(struct pen_error *error, const char *what)
{
	if (is_itself_at_fault(error))
		return error->status;
	return pen_error__set(error, PEN_INPUT, "key.unreadable", "%s", what);
}

/* What was asked and answered tells a locked key from what is no key. */
static enum pen_status refuse_private(const struct question *question, struct pen_error *error)
{
	if (!question->asked)
		return unreadable(error,
		    _("no private key in PEM: expected \"BEGIN PRIVATE KEY\", \"BEGIN ENCRYPTED PRIVATE KEY\" or \"BEGIN EC PRIVATE KEY\"; name the file that holds the private key"));
	return fail(error, PEN_REFUSED, "key.passphrase", question->given
	    ? _("the passphrase does not open the private key; try again")
	    : _("the private key is encrypted and no passphrase was given; give one at the terminal or in PEN_PASSPHRASE_FILE"));
}

enum pen_status pen_signature__read_private(struct pen_key **key, enum pen_suite suite,
    const char *pem, size_t n, pen_passphrase *ask, void *context, struct pen_error *error)
{
	struct question question = { ask, context, false, false };
	EVP_PKEY *pkey;
	BIO *in;
	enum pen_status status;

	assert(n <= INT_MAX);
	in = pen_digest__set_up() ? BIO_new_mem_buf(pem, (int)n) : NULL;
	if (!in)
		return pen_error__memory(error);
	pkey = PEM_read_bio_PrivateKey(in, NULL, put_question, &question);
	BIO_free(in);
	if (!pkey)
		return refuse_private(&question, error);
	/* The decoders that were tried in vain have left their complaints. */
	ERR_clear_error();
	status = admit(pkey, suite, error);
	if (status != PEN_OK) {
		EVP_PKEY_free(pkey);
		return status;
	}
	return wrap(key, pkey, suite, true, error);
}

enum pen_status pen_signature__read_public(struct pen_key **key, enum pen_suite suite,
    const char *pem, size_t n, struct pen_error *error)
{
	EVP_PKEY *pkey;
	BIO *in;
	enum pen_status status;

	assert(n <= INT_MAX);
	in = pen_digest__set_up() ? BIO_new_mem_buf(pem, (int)n) : NULL;
	if (!in)
		return pen_error__memory(error);
	pkey = PEM_read_bio_PUBKEY(in, NULL, NULL, NULL);
	BIO_free(in);
	if (!pkey)
		return unreadable(error,
		    _("no public key in PEM: expected \"BEGIN PUBLIC KEY\", as openssl pkey -pubout writes it; name the file that holds the public key"));
	ERR_clear_error();
	status = admit(pkey, suite, error);
	if (status != PEN_OK) {
		EVP_PKEY_free(pkey);
		return status;
	}
	return wrap(key, pkey, suite, false, error);
}

/* What was written to the BIO, as a string; takes over the BIO. */
static enum pen_status take_text(BIO *out, bool written, char **pem, struct pen_error *error)
{
	char *bytes = NULL;
	long n = written ? BIO_get_mem_data(out, &bytes) : 0;
	char *copy = NULL;
	enum pen_status status;

	if (n > 0)
		copy = pen_memory__calloc((size_t)n + 1, 1);
	if (copy) {
		memcpy(copy, bytes, (size_t)n);
		*pem = copy;
		status = PEN_OK;
	} else {
		status = n > 0 ? pen_error__memory(error) : fail_system(error);
	}
	BIO_free(out);
	return status;
}

enum pen_status pen_signature__write_private(const struct pen_key *key, const char *passphrase,
    char **pem, struct pen_error *error)
{
	/* This kind of memory is wiped when it is freed. */
	BIO *out = BIO_new(BIO_s_secmem());
	bool written;

	assert(key->private);
	if (!out)
		return fail_system(error);
	/* Without a passphrase it is written in the clear. */
	written = PEM_write_bio_PKCS8PrivateKey(out, key->pkey, passphrase ? EVP_aes_256_cbc() : NULL,
	    passphrase, passphrase ? (int)strlen(passphrase) : 0, NULL, NULL) == 1;
	return take_text(out, written, pem, error);
}

enum pen_status pen_signature__write_public(const struct pen_key *key, char **pem, struct pen_error *error)
{
	BIO *out = BIO_new(BIO_s_mem());

	if (!out)
		return fail_system(error);
	return take_text(out, PEM_write_bio_PUBKEY(out, key->pkey) == 1, pem, error);
}

/* Called twice, without and with room, as libcrypto does it. */
static int raw_bytes(const struct pen_key *key, unsigned char *bytes, size_t *n)
{
	int length;

	if (key->suite == PEN_ED25519_SHA256)
		return EVP_PKEY_get_raw_public_key(key->pkey, bytes, n);
	/* It moves the pointer that it is given: ours to the bytes is a copy. */
	length = i2d_PUBKEY(key->pkey, bytes ? &bytes : NULL);
	*n = length > 0 ? (size_t)length : 0;
	return length > 0;
}

enum pen_status pen_signature__raw_public(const struct pen_key *key, unsigned char **bytes,
    size_t *n, struct pen_error *error)
{
	unsigned char *raw;

	if (raw_bytes(key, NULL, n) != 1)
		return fail_system(error);
	raw = pen_memory__calloc(*n, 1);
	if (!raw)
		return pen_error__memory(error);
	if (raw_bytes(key, raw, n) != 1) {
		pen_memory__free(raw);
		return fail_system(error);
	}
	*bytes = raw;
	return PEN_OK;
}

bool pen_signature__same(const struct pen_key *a, const struct pen_key *b)
{
	bool same = a->suite == b->suite && EVP_PKEY_eq(a->pkey, b->pkey) == 1;

	ERR_clear_error();
	return same;
}

/* ---------------------------------------------------------- signatures -- */

/* What signing and verifying share: a context that knows key, digest and id.
 * Invariant: of is used by md and outlives it. */
struct signing { EVP_MD_CTX *md; EVP_PKEY_CTX *of; };

static void end(struct signing *signing)
{
	EVP_MD_CTX_free(signing->md);
	EVP_PKEY_CTX_free(signing->of);
}

/* For signing or verifying, as `init` says. SM2 digests the id with the public key
 * first; Ed25519 takes no digest. False leaves what was made to end(). */
static bool begin(struct signing *signing, const struct pen_key *key,
    int init(EVP_MD_CTX *, EVP_PKEY_CTX **, const EVP_MD *, ENGINE *, EVP_PKEY *))
{
	const EVP_MD *digest = NULL;

	*signing = (struct signing){ EVP_MD_CTX_new(), EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL) };
	if (!signing->md || !signing->of)
		return false;
	if (key->suite == PEN_SM2_SM3) {
		if (EVP_PKEY_CTX_set1_id(signing->of, SM2_ID, (int)strlen(SM2_ID)) <= 0)
			return false;
		digest = EVP_sm3();
	}
	/* The id must be there before the digest begins. md only borrows. */
	EVP_MD_CTX_set_pkey_ctx(signing->md, signing->of);
	return init(signing->md, NULL, digest, NULL, key->pkey) == 1;
}

enum pen_status pen_signature__sign(const struct pen_key *key, const void *bytes, size_t n,
    unsigned char out[PEN_SIGNATURE_ROOM], size_t *out_n, struct pen_error *error)
{
	struct signing signing;
	size_t length = PEN_SIGNATURE_ROOM;	/* the room; then what was written */
	bool done;

	/* Whoever asks for a signature has read or made the private half. */
	assert(key->private);
	done = begin(&signing, key, EVP_DigestSignInit)
	    && EVP_DigestSign(signing.md, out, &length, bytes, n) == 1;
	end(&signing);
	if (!done)
		return fail_system(error);
	*out_n = length;
	return PEN_OK;
}

/* A signature that cannot be parsed is simply not good. */
static bool is_good(const struct pen_key *key, const void *bytes, size_t n, const unsigned char *signature, size_t signature_n)
{
	struct signing signing;
	bool good;

	good = begin(&signing, key, EVP_DigestVerifyInit)
	    && EVP_DigestVerify(signing.md, signature, signature_n, bytes, n) == 1;
	end(&signing);
	return good;
}

/* libcrypto says no as well when it lacks a piece of memory, and not always why: so a no is
 * asked for twice, which costs nobody much. */
enum pen_status pen_signature__verify(const struct pen_key *key, const void *bytes, size_t n,
    const unsigned char *signature, size_t signature_n, bool *good, struct pen_error *error)
{
	*good = is_good(key, bytes, n, signature, signature_n) || is_good(key, bytes, n, signature, signature_n);
	if (*good) {
		ERR_clear_error();
		return PEN_OK;
	}
	return is_itself_at_fault(error) ? error->status : PEN_OK;
}
